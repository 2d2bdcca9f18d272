"""What a backup ends with: the public key of its installation and a signature over every byte before."""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.records.vault import Vault

_BEGIN = b"fallverlauf backup 1\n"  # SQLite reads no further than its pages, so that this does not disturb it
_KEY, _SIGNATURE = 32, 64
LENGTH = len(_BEGIN) + _KEY + _SIGNATURE
_AT_ONCE = 1 << 20


def add(file: Path, vault: Vault) -> None:
    """Signs a file, once all is in it."""
    with file.open("r+b") as content:
        length = content.seek(0, os.SEEK_END)
        signature = vault.sign(_said(content, length))
        content.seek(length)
        content.write(_BEGIN + bytes.fromhex(vault.public_key) + bytes.fromhex(signature))


def signer(file: Path) -> str | None:
    """The public key (hex) a file says it is signed with; None if it is not signed."""
    with file.open("rb") as content:
        end = _end(content)
    return end[len(_BEGIN) : -_SIGNATURE].hex() if end.startswith(_BEGIN) else None


def holds(file: Path) -> bool:
    """Whether a signed file is as it was signed, by the key it names."""
    with file.open("rb") as content:
        end = _end(content)
        said = _said(content, content.seek(0, os.SEEK_END) - LENGTH)
    try:
        Ed25519PublicKey.from_public_bytes(end[len(_BEGIN) : -_SIGNATURE]).verify(end[-_SIGNATURE:], said)
    except InvalidSignature:
        return False
    return True


def _end(content: BinaryIO) -> bytes:
    content.seek(max(content.seek(0, os.SEEK_END) - LENGTH, 0))
    return content.read()


def _said(content: BinaryIO, length: int) -> bytes:
    """What is signed: the hash of the first `length` bytes, and that it is that of a backup."""
    whole = blake2b()
    content.seek(0)
    while length > 0 and (part := content.read(min(length, _AT_ONCE))):
        whole.update(part)
        length -= len(part)
    return _BEGIN + whole.digest()
