"""The key file: the secrets from which every other key of this site is derived.

It is made on the first start, readable by its owner only, and lives outside the data folder, so
that a copy of the data (a backup) does not contain the key to it. Each line holds one version of
the master key; rotation adds a line, and the highest version seals what is sealed from then on.
Hashes by which things are found are made with the lowest, so that they stay what they are.
"""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_LABEL = "attune-key-"


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
    _write(handle, [_line(1, secrets.token_bytes(32))])


def add_master_key(path: Path) -> int:
    """Add a new version to the key file, which is replaced whole; return its number."""
    known = _masters_in(path)
    version = max(known) + 1
    lines = [_line(one, key) for one, key in sorted(known.items())]
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    _write(handle, [*lines, _line(version, secrets.token_bytes(32))])
    part.replace(path)
    return version


def master_versions(path: Path) -> tuple[int, ...]:
    """Return the versions in the key file, oldest first. Raises ``KeyFileUnusable``."""
    return tuple(sorted(_masters_in(path)))


def derived_key(path: Path, purpose: str, *, version: int | None = None) -> bytes:
    """Return 32 bytes for one purpose. Raises ``KeyFileUnusable``.

    Args:
        version: of the master key; by default the lowest.
    """
    return _derived(path, _written_at(path), purpose, version)


@lru_cache(maxsize=256)
def _derived(path: Path, written_at: int, purpose: str, version: int | None) -> bytes:
    masters = _masters(path, written_at)
    master = masters.get(min(masters) if version is None else version)
    if master is None:
        raise KeyFileUnusable(f"The key file {path.name} lacks version {version} of the key.")
    return HKDF(SHA256(), length=32, salt=None, info=f"attune/{purpose}".encode()).derive(master)


def _masters_in(path: Path) -> dict[int, bytes]:
    return _masters(path, _written_at(path))


def _written_at(path: Path) -> int:
    """Return what tells one state of the file from another, so that a rotation is noticed."""
    try:
        return path.stat().st_mtime_ns
    except OSError as error:
        raise KeyFileUnusable(f"The key file {path.name} cannot be read.") from error


@lru_cache(maxsize=4)
def _masters(path: Path, _written_at: int) -> dict[int, bytes]:
    try:
        lines = path.read_text(encoding="ascii").split("\n")
        found = dict(_parsed(line) for line in lines if line.strip())
    except (OSError, ValueError) as error:
        raise KeyFileUnusable(f"The key file {path.name} is not an Attune key file.") from error
    if not found or any(len(key) != 32 for key in found.values()):
        raise KeyFileUnusable(f"The key file {path.name} is not an Attune key file.")
    return found


def _parsed(line: str) -> tuple[int, bytes]:
    label, value = line.split()
    if not label.startswith(_LABEL):
        raise ValueError(label)
    return int(label.removeprefix(_LABEL)), bytes.fromhex(value)


def _line(version: int, key: bytes) -> str:
    return f"{_LABEL}{version} {key.hex()}\n"


def _write(handle: int, lines: list[str]) -> None:
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
