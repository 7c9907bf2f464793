"""Signing certificates with Ed25519 (RFC 8032): the terminal's own key pair, and the keys of terminals it trusts.

state/keys/certificate.key       private key, PKCS#8 PEM, mode 0600, made on first use
state/keys/certificate.pub       public key, PEM: give this file to other terminals
state/keys/trusted/*.pub         public keys of other terminals whose certificates this one accepts
"""

from __future__ import annotations

import hashlib
import logging
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from kiosk.fund.certificate import Trust
from kiosk.fund.errors import DataError

log = logging.getLogger(__name__)


class Ed25519Signer:
    """Implements kiosk.fund.certificate.Signer. Makes the key pair on first use."""

    def __init__(self, folder: Path) -> None:
        """`folder` is state/keys. Raises DataError when the key file is damaged."""
        self._private = _own_key(folder)
        public = self._private.public_key()
        self._key_id = key_id(public)
        self._known = {self._key_id: public}
        for path in sorted((folder / "trusted").glob("*.pub")):
            other = public_key(path)
            if other is not None:
                self._known.setdefault(key_id(other), other)

    @property
    def key_id(self) -> str:
        return self._key_id

    def trusted(self) -> tuple[str, ...]:
        """Ids of all keys that are accepted, the own one first."""
        return tuple(self._known)

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)

    def check(self, key_id: str, message: bytes, signature: bytes) -> Trust:
        public = self._known.get(key_id)
        if public is None:
            return Trust.UNKNOWN_KEY
        try:
            public.verify(signature, message)
        except InvalidSignature:
            return Trust.BAD
        return Trust.GOOD


def key_id(public: Ed25519PublicKey) -> str:
    """First 8 hex digits of the SHA-256 of the raw public key."""
    return hashlib.sha256(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:8]


def _own_key(folder: Path) -> Ed25519PrivateKey:
    path = folder / "certificate.key"
    if not path.exists():
        _make(folder, path)
    private = private_key(path)
    if private is None:
        raise DataError(str(path), "签名密钥损坏了。请从备份恢复；没有备份就移走它，会生成新密钥，旧证明将核验不了。")
    return private


def _make(folder: Path, path: Path) -> None:
    """Write a new pair. Two starts at once agree on one key: the first link wins."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f".certificate.{os.getpid()}.key"
    made = write_pair(draft, draft.with_suffix(".pub"))
    try:
        os.link(draft, path)
        os.replace(draft.with_suffix(".pub"), folder / "certificate.pub")
    except FileExistsError:
        draft.with_suffix(".pub").unlink()
        return
    finally:
        draft.unlink()
    log.info("new signing key made", extra={"code": made})


def write_pair(file: Path, public_file: Path) -> str:
    """A new key pair into two files, PKCS#8 PEM (mode 0600) and PEM; returns the key's id. Raises OSError."""
    private = Ed25519PrivateKey.generate()
    _write(file, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)
    _write(public_file, private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), 0o644)
    return key_id(private.public_key())


def private_key(path: Path) -> Ed25519PrivateKey | None:
    """None when the file is missing or holds no Ed25519 private key."""
    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return private if isinstance(private, Ed25519PrivateKey) else None


def _write(path: Path, content: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def public_key(path: Path) -> Ed25519PublicKey | None:
    """None, with a warning in the log, when the file holds no Ed25519 public key."""
    try:
        public = load_pem_public_key(path.read_bytes())
    except (ValueError, UnsupportedAlgorithm):
        public = None
    if isinstance(public, Ed25519PublicKey):
        return public
    log.warning("a trusted key file is not an Ed25519 public key", extra={"file": path.name})
    return None
