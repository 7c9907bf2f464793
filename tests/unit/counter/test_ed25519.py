from __future__ import annotations

import stat
from pathlib import Path

import pytest

from kiosk.adapters.ed25519 import Ed25519Signer
from kiosk.fund.certificate import Trust
from kiosk.fund.errors import DataError


def test_the_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first, second = Ed25519Signer(tmp_path / "keys"), Ed25519Signer(tmp_path / "keys")
    assert first.key_id == second.key_id
    assert len(first.key_id) == 8
    key = tmp_path / "keys" / "certificate.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "keys").iterdir() if path.name.startswith(".")] == []
    assert b"PRIVATE" not in (tmp_path / "keys" / "certificate.pub").read_bytes()


def test_good_bad_and_unknown(tmp_path: Path) -> None:
    signer, other = Ed25519Signer(tmp_path / "a"), Ed25519Signer(tmp_path / "b")
    signature = signer.sign(b"facts")
    assert len(signature) == 64
    assert signer.check(signer.key_id, b"facts", signature) is Trust.GOOD
    assert signer.check(signer.key_id, b"fakts", signature) is Trust.BAD
    assert signer.check(signer.key_id, b"facts", b"short") is Trust.BAD
    assert other.check(signer.key_id, b"facts", signature) is Trust.UNKNOWN_KEY


def test_other_terminals_are_trusted_by_their_public_key(tmp_path: Path) -> None:
    hall, other = Ed25519Signer(tmp_path / "hall"), tmp_path / "other"
    (other / "trusted").mkdir(parents=True)
    (other / "trusted" / "hall.pub").write_bytes((tmp_path / "hall" / "certificate.pub").read_bytes())
    trusting = Ed25519Signer(other)
    assert trusting.trusted() == (trusting.key_id, hall.key_id)
    assert trusting.check(hall.key_id, b"facts", hall.sign(b"facts")) is Trust.GOOD
    assert trusting.check(trusting.key_id, b"facts", hall.sign(b"facts")) is Trust.BAD


@pytest.mark.unexpected_log
def test_rubbish_in_the_trusted_folder_is_skipped_aloud(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "trusted").mkdir()
    (tmp_path / "trusted" / "x.pub").write_text("hello")
    assert len(Ed25519Signer(tmp_path).trusted()) == 1
    assert "not an Ed25519 public key" in caplog.text


def test_a_damaged_key_is_explained(tmp_path: Path) -> None:
    (tmp_path / "certificate.key").write_text("hello")
    with pytest.raises(DataError, match="签名密钥损坏"):
        Ed25519Signer(tmp_path)
