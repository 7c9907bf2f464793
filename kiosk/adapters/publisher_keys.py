"""Ed25519 keys of those who publish rule packs.

state/keys/publishers/*.pub      public keys that this terminal trusts; the file's name is the publisher's name
anywhere else, at the publisher's: NAME.key (private, mode 0600) and NAME.pub, made by `kiosk packs key NAME.key`
"""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.adapters import ed25519
from kiosk.fund.certificate import Trust
from kiosk.fund.errors import DataError, WorldError


class PublisherKeys:
    """Implements kiosk.fund.rule_packs_seal.Publishers."""

    def __init__(self, folder: Path) -> None:
        self._known: dict[str, tuple[str, Ed25519PublicKey]] = {}
        for path in sorted(folder.glob("*.pub")):
            public = ed25519.public_key(path)
            if public is not None:
                self._known.setdefault(ed25519.key_id(public), (path.stem, public))

    def publisher(self, key_id: str) -> str:
        return self._known[key_id][0] if key_id in self._known else ""

    def check(self, key_id: str, message: bytes, signature: bytes) -> Trust:
        if key_id not in self._known:
            return Trust.UNKNOWN_KEY
        try:
            self._known[key_id][1].verify(signature, message)
        except InvalidSignature:
            return Trust.BAD
        return Trust.GOOD


class PublisherKey:
    """A publisher's private key. Implements kiosk.fund.rule_packs_seal.PackSigner."""

    def __init__(self, file: Path) -> None:
        """Raises DataError when there is no such key."""
        private = ed25519.private_key(file)
        if private is None:
            raise DataError(str(file), "这里没有能用的签名密钥。用 kiosk packs key 文件.key 做一把，或者检查路径。")
        self._private, self.key_id = private, ed25519.key_id(private.public_key())

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)


def make(file: Path) -> tuple[str, Path]:
    """A new pair: `file` and beside it the public key. Returns the key's id and the public file. Raises WorldError."""
    public = file.with_suffix(".pub")
    if file.exists() or public.exists():
        raise WorldError(str(file), f"{file} 或 {public.name} 已经有了，不覆盖。换个名字，或者先移走。")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return ed25519.write_pair(file, public), public
    except OSError as fault:
        raise WorldError(str(fault), f"写不进 {file.parent}，请检查权限和硬盘。") from fault
