"""The key file: one secret from which every other key of this site is derived.

It is made on the first start, readable by its owner only, and lives outside the data folder, so
that a copy of the data (a backup) does not contain the key to it.
"""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class KeyFileUnusable(Exception):
    """The key file is missing, unreadable or not ours; sealed data stays closed."""


def ensure_key_file(path: Path) -> None:
    """Make the key file if there is none. Never overwrites one."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"attune-key-1 {secrets.token_hex(32)}\n")
        file.flush()
        os.fsync(file.fileno())


@lru_cache(maxsize=4)
def _secret(path: Path) -> bytes:
    try:
        label, value = path.read_text(encoding="ascii").split()
        key = bytes.fromhex(value)
    except (OSError, ValueError) as error:
        raise KeyFileUnusable(f"The key file {path.name} cannot be used.") from error
    if label != "attune-key-1" or len(key) != 32:
        raise KeyFileUnusable(f"The key file {path.name} is not an Attune key file.")
    return key


@lru_cache(maxsize=64)
def derived_key(path: Path, purpose: str) -> bytes:
    """Return 32 bytes for one purpose. Raises ``KeyFileUnusable``."""
    return HKDF(SHA256(), length=32, salt=None, info=f"attune/{purpose}".encode()).derive(
        _secret(path)
    )
