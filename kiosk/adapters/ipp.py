"""A small client of the Internet Printing Protocol (RFC 8010 encoding, RFC 8011 operations), as the kiosk needs it.

Why not `lp` and `ipptool`: one request here takes about a millisecond instead of a process of ten, the printer's own
status codes arrive as numbers, and nothing but CUPS itself has to be installed (docs/decisions.md, 9).
"""

from __future__ import annotations

import http.client
import itertools
import socket
import ssl
import struct
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from kiosk.fund.errors import WorldError


class Op(IntEnum):
    """Operation codes, RFC 8011 5.4.15."""

    CREATE_JOB = 0x0005
    SEND_DOCUMENT = 0x0006
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B


class IppError(WorldError):
    """The print service could not be asked or said no. `status` is the IPP status code, 0 when nothing answered."""

    sentence = "打印机现在用不了，请叫工作人员。"

    def __init__(self, detail: str, status: int = 0) -> None:
        super().__init__(detail)
        self.status = status


class Uri(str):
    """A value of the type uri."""


class Keyword(str):
    """A value of the type keyword."""


class Mime(str):
    """A value of the type mimeMediaType."""


Value = str | int | bool
Attributes = Mapping[str, "Value | Sequence[Value]"]

_OPERATION, _JOB, _END = 0x01, 0x02, 0x03
_INTEGER, _BOOLEAN, _ENUM = 0x21, 0x22, 0x23
_TEXT_LANGUAGE, _NAME_LANGUAGE = 0x35, 0x36
_NAME, _KEYWORD, _URI, _CHARSET, _LANGUAGE, _MIME = 0x42, 0x44, 0x45, 0x47, 0x48, 0x49


@dataclass(frozen=True)
class Answer:
    """`groups` are the attribute groups after the operation group, in order: one per printer or job."""

    status: int
    groups: tuple[dict[str, list[Value]], ...]

    def first(self) -> dict[str, list[Value]]:
        return self.groups[0] if self.groups else {}


def _one(tag: int, name: str, data: bytes) -> bytes:
    label = name.encode("ascii")
    return struct.pack(">BH", tag, len(label)) + label + struct.pack(">H", len(data)) + data


def _tagged(value: Value) -> tuple[int, bytes]:
    if isinstance(value, bool):
        return _BOOLEAN, struct.pack(">B", value)
    if isinstance(value, int):
        return _INTEGER, struct.pack(">i", value)
    tag = {Uri: _URI, Keyword: _KEYWORD, Mime: _MIME}.get(type(value), _NAME)
    return tag, value.encode("utf-8")


def _group(attributes: Attributes) -> bytes:
    parts = []
    for name, given in attributes.items():
        values = [given] if isinstance(given, str | int) else list(given)
        for index, value in enumerate(values):
            tag, data = _tagged(value)
            parts.append(_one(tag, name if index == 0 else "", data))  # further values of a set carry no name
    return b"".join(parts)


def encode(operation: Op, request_id: int, attributes: Attributes, job: Attributes | None = None) -> bytes:
    """The bytes of a request, without a document."""
    head = struct.pack(">BBHI", 2, 0, operation, request_id) + bytes([_OPERATION])
    first = _one(_CHARSET, "attributes-charset", b"utf-8") + _one(_LANGUAGE, "attributes-natural-language", b"en")
    tail = bytes([_JOB]) + _group(job) if job else b""
    return head + first + _group(attributes) + tail + bytes([_END])


def _value(tag: int, data: bytes) -> Value:
    if tag in (_INTEGER, _ENUM) and len(data) == 4:
        return int(struct.unpack(">i", data)[0])
    if tag == _BOOLEAN and len(data) == 1:
        return data != b"\x00"
    if tag in (_TEXT_LANGUAGE, _NAME_LANGUAGE) and len(data) >= 4:
        skip = 2 + struct.unpack(">H", data[:2])[0]
        data = data[skip + 2:]
    return data.decode("utf-8", "replace")


def decode(answer: bytes) -> Answer:
    """Read an answer. Values of types not needed here (ranges, dates, collections) come as meaningless text.

    Raises IppError when the bytes are not an IPP answer.
    """
    try:
        status = int(struct.unpack(">BBHI", answer[:8])[2])
        groups: list[dict[str, list[Value]]] = []
        current: dict[str, list[Value]] = {}
        name, at = "", 8
        while answer[at] != _END:
            tag = answer[at]
            if tag < 0x10:  # a delimiter: a new group begins
                current = {}
                if tag != _OPERATION:
                    groups.append(current)
                at += 1
                continue
            length = struct.unpack(">H", answer[at + 1:at + 3])[0]
            name = answer[at + 3:at + 3 + length].decode("ascii", "replace") or name
            at += 3 + length
            size = struct.unpack(">H", answer[at:at + 2])[0]
            current.setdefault(name, []).append(_value(tag, answer[at + 2:at + 2 + size]))
            at += 2 + size
    except (struct.error, IndexError) as error:
        raise IppError(f"not an IPP answer: {error}") from error
    return Answer(status, tuple(groups))


class _SocketConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket: CUPS without a network port."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class IppClient:
    """Asks one print queue or one printer; a connection per request.

    `server` is "host:port" or the path of a Unix socket, `path` what stands behind it ("/printers/kiosk").
    """

    def __init__(self, server: str, path: str, user: str, timeout: float = 5.0, secure: bool = False) -> None:
        self._server, self._path, self._user = server, path, user
        self._timeout, self._secure = timeout, secure
        self._ids = itertools.count(1)

    @classmethod
    def of_printer(cls, uri: str, user: str, timeout: float = 2.0) -> IppClient | None:
        """A network printer itself, from the device-uri of its queue; None where it does not speak IPP."""
        parts = urllib.parse.urlsplit(uri)
        if parts.scheme not in ("ipp", "ipps") or not parts.hostname:
            return None
        return cls(f"{parts.hostname}:{parts.port or 631}", parts.path or "/", user, timeout, parts.scheme == "ipps")

    def ask(self, operation: Op, attributes: Attributes | None = None, job: Attributes | None = None,
            document: Path | None = None) -> Answer:
        """Send one request. Raises IppError when nothing answers or the answer is a refusal."""
        host = "localhost" if self._server.startswith("/") else self._server
        whole = {"printer-uri": Uri(f"ipp://{host}{self._path}"), "requesting-user-name": self._user,
                 **(attributes or {})}
        body = encode(operation, next(self._ids), whole, job) + (document.read_bytes() if document else b"")
        answer = decode(self._post(body))
        if answer.status >= 0x0400:
            raise IppError(f"{operation.name} answered 0x{answer.status:04x}", answer.status)
        return answer

    def _connection(self) -> http.client.HTTPConnection:
        if self._server.startswith("/"):
            return _SocketConnection(self._server, self._timeout)
        if self._secure:  # printers sign their own certificates; nothing secret is asked of them here
            return http.client.HTTPSConnection(self._server, timeout=self._timeout,
                                               context=ssl._create_unverified_context())
        return http.client.HTTPConnection(self._server, timeout=self._timeout)

    def _post(self, body: bytes) -> bytes:
        connection = self._connection()
        try:
            connection.request("POST", self._path, body, {"Content-Type": "application/ipp"})
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise IppError(f"{type(error).__name__}: {error}") from error
        finally:
            connection.close()
        if response.status != 200:
            raise IppError(f"HTTP {response.status}")
        return content
