"""The seal of a rule pack: a list of the SHA-256 of all its files, signed by who publishes it.

pack.sig:   xiangyin-rules 1
            key 1a2b3c4d
            signature <base64 of the 64 bytes of Ed25519>
            <sha256>  <file name>
            ...

Signed is the canonical form of {"format", "files": {name: sha256}}; the manifest is one of the files, so id, version
and dates are covered. Hidden files do not belong to a pack.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from kiosk.fund.canonical import canonical
from kiosk.fund.certificate import Trust
from kiosk.fund.errors import DataError

SEAL = "pack.sig"
FORMAT = "xiangyin-rules 1"
#: A pack is a handful of short texts; more is a mistake or an attack.
MOST_FILES, MOST_BYTES = 200, 5_000_000
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


class Sealed(StrEnum):
    SIGNED = "signed"        # by a publisher whose key this terminal trusts, and not altered since
    UNSIGNED = "unsigned"
    STRANGER = "stranger"    # a signature by a key that this terminal does not know
    ALTERED = "altered"


@dataclass(frozen=True)
class Seal:
    """`sentence` is for the technician; `digest` is that of the files as they lie there now."""

    state: Sealed
    digest: str
    sentence: str
    key_id: str = ""
    publisher: str = ""

    @property
    def good(self) -> bool:
        return self.state is Sealed.SIGNED


class Publishers(Protocol):
    """The keys of those whose packs are accepted (kiosk.adapters.publisher_keys)."""

    def publisher(self, key_id: str) -> str:
        """A name for people, "" when the key is not known."""

    def check(self, key_id: str, message: bytes, signature: bytes) -> Trust: ...


class PackSigner(Protocol):
    @property
    def key_id(self) -> str: ...

    def sign(self, message: bytes) -> bytes: ...


def listing(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of the pack by name, the seal and hidden files left out. Raises DataError for what a pack
    cannot hold: folders, links, too much."""
    found: dict[str, str] = {}
    size = 0
    try:
        paths = sorted(path for path in folder.iterdir() if path.name != SEAL and not path.name.startswith("."))
        for path in paths:
            if path.is_symlink() or not path.is_file():
                raise DataError(f"{folder.name}/{path.name}", "规则包里只能放文件，不能放文件夹或链接。")
            size += path.stat().st_size
            if len(paths) > MOST_FILES or size > MOST_BYTES:
                raise DataError(folder.name, "文件太多或太大，不像规则包。")
            found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as fault:
        raise DataError(str(folder), f"这个文件夹读不出来（{type(fault).__name__}）。") from None
    return found


def message(files: Mapping[str, str]) -> bytes:
    """What is signed."""
    return canonical({"format": FORMAT, "files": dict(files)})


def digest(files: Mapping[str, str]) -> str:
    """One SHA-256 for the whole pack."""
    return hashlib.sha256(message(files)).hexdigest()


def sealed(folder: Path, signer: PackSigner) -> str:
    """The text of pack.sig for the files as they are now. Raises DataError."""
    files = listing(folder)
    signature = base64.b64encode(signer.sign(message(files))).decode()
    lines = [FORMAT, f"key {signer.key_id}", f"signature {signature}",
             *(f"{sha}  {name}" for name, sha in files.items())]
    return "\n".join(lines) + "\n"


def check_seal(folder: Path, keys: Publishers) -> Seal:
    """Who signed the pack, and whether it is as it was then. Raises DataError when the folder cannot be read."""
    files = listing(folder)
    now = digest(files)
    try:
        text = (folder / SEAL).read_text(encoding="utf-8")
    except FileNotFoundError:
        return Seal(Sealed.UNSIGNED, now, "没有签名。")
    except (OSError, UnicodeDecodeError):
        return Seal(Sealed.ALTERED, now, "签名文件 pack.sig 坏了。")
    read = _parse(text)
    if read is None:
        return Seal(Sealed.ALTERED, now, "签名文件 pack.sig 坏了。")
    key_id, signature, signed = read
    changed = _changes(signed, files)
    if changed:
        return Seal(Sealed.ALTERED, now, f"签名以后被改动过：{changed}。", key_id)
    trust = keys.check(key_id, message(signed), signature)
    if trust is Trust.UNKNOWN_KEY:
        return Seal(Sealed.STRANGER, now, f"签名的密钥 {key_id} 不在本机认可的发布单位里。", key_id)
    if trust is not Trust.GOOD:
        return Seal(Sealed.ALTERED, now, "签名对不上，是假的或者坏了。", key_id)
    publisher = keys.publisher(key_id)
    return Seal(Sealed.SIGNED, now, f"{publisher}签名，没有改动过。", key_id, publisher)


def _parse(text: str) -> tuple[str, bytes, dict[str, str]] | None:
    lines = text.splitlines()
    if len(lines) < 4 or lines[0] != FORMAT or not lines[1].startswith("key ") \
            or not lines[2].startswith("signature "):
        return None
    entries = [_LINE.fullmatch(line) for line in lines[3:]]
    try:
        signature = base64.b64decode(lines[2].removeprefix("signature "), validate=True)
    except (binascii.Error, ValueError):
        return None
    files = {entry[2]: entry[1] for entry in entries if entry}
    if len(files) != len(lines) - 3:
        return None
    return lines[1].removeprefix("key "), signature, files


def _changes(signed: Mapping[str, str], files: Mapping[str, str]) -> str:
    told = [f"改了 {name}" for name in sorted(signed.keys() & files.keys()) if signed[name] != files[name]]
    told += [f"多了 {name}" for name in sorted(files.keys() - signed.keys())]
    told += [f"少了 {name}" for name in sorted(signed.keys() - files.keys())]
    return "、".join(told)
