"""The key file: the secrets from which every other key of this site is derived.

It is made on the first start, readable by its owner only, and lives outside the data folder, so
that a copy of the data (a backup) does not contain the key to it. Each line holds one version of
the master key; rotation adds a line, and the highest version seals what is sealed from then on.
Hashes by which things are found are made with the lowest, so that they stay what they are: once
it seals nothing any more, its line says that it is for hashes only.

    attune-key-1 64 hexadecimal digits
    attune-hash-key-1 the same, of a version that no longer seals or opens
"""

import os
import secrets
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from attune.core.errors import NotNow

_SEALS, _HASHES_ONLY = "attune-key-", "attune-hash-key-"
_BYTES = 32
# A sealed value names its version in seven bits.
LAST_VERSION = 127
# What tells one state of the file from another, so that a rotation is noticed at once.
State = tuple[int, int, int]
_made_here: dict[Path, State] = {}


class KeyFileUnusable(NotNow):
    """The key file is missing, unreadable or not the right one; sealed data stays closed."""


@dataclass(frozen=True)
class Master:
    """One version of the master key."""

    version: int
    key: bytes = field(repr=False)
    seals: bool = True


def ensure_key_file(path: Path) -> None:
    """Make the key file if there is none. Never overwrites one."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = _written_beside(path, [_new_master(1)])
    try:
        # Unlike renaming, this never replaces what another process made meanwhile.
        os.link(part, path)
        _made_here[path] = state_of(path)
    except FileExistsError:
        pass
    finally:
        part.unlink()
    _keep_names_in(path.parent)


def take_back_new_file(path: Path) -> bool:
    """Delete the key file if it is the very one that this process made; return whether it was.

    For a database that was sealed with another: with this one, nothing was sealed yet.
    """
    if _made_here.get(path) != state_of(path):
        return False
    path.unlink()
    return True


def add_master_key(path: Path) -> int:
    """Add a new version to the key file, which is replaced whole; return its number."""
    masters = _masters_in(path)
    version = max(masters) + 1
    if version > LAST_VERSION:
        raise KeyFileUnusable(f"The key file {path} has had its {LAST_VERSION} versions.")
    _replace(path, [*masters.values(), _new_master(version)])
    return version


def forget_old_versions(path: Path) -> tuple[int, ...]:
    """Leave the newest version, and the lowest for hashes only; return those that went whole."""
    masters = _masters_in(path)
    lowest, newest = min(masters), max(masters)
    kept = [masters[newest]]
    if lowest != newest:
        kept.insert(0, Master(lowest, masters[lowest].key, seals=False))
    _replace(path, kept)
    return tuple(sorted(set(masters) - {lowest, newest}))


def master_versions(path: Path) -> tuple[int, ...]:
    """Return the versions that seal and open, oldest first. Raises ``KeyFileUnusable``."""
    return tuple(one.version for one in _masters_in(path).values() if one.seals)


def known_versions(path: Path) -> tuple[int, ...]:
    """Return every version in the key file, oldest first. Raises ``KeyFileUnusable``."""
    return tuple(_masters_in(path))


def derived_key(path: Path, purpose: str, *, version: int | None = None) -> bytes:
    """Return 32 bytes for one purpose. Raises ``KeyFileUnusable``.

    Args:
        version: of the master key; by default the lowest.
    """
    return _derived(path, state_of(path), purpose, version)


def state_of(path: Path) -> State:
    """Return what changes with the file. Raises ``KeyFileUnusable`` if it is not there."""
    try:
        found = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    return found.st_mtime_ns, found.st_size, found.st_ino


@lru_cache(maxsize=256)
def _derived(path: Path, state: State, purpose: str, version: int | None) -> bytes:
    masters = _masters(path, state)
    master = masters.get(min(masters) if version is None else version)
    if master is None:
        raise KeyFileUnusable(f"The key file {path} lacks version {version} of the key.")
    info = f"attune/{purpose}".encode()
    return HKDF(SHA256(), length=_BYTES, salt=None, info=info).derive(master.key)


def _masters_in(path: Path) -> dict[int, Master]:
    return _masters(path, state_of(path))


@lru_cache(maxsize=4)
def _masters(path: Path, _state: State) -> dict[int, Master]:
    """Return the versions in the file, the lowest first."""
    try:
        lines = path.read_text(encoding="ascii").split("\n")
        found = [_parsed(line) for line in lines if line.strip()]
    except OSError as error:
        raise _unreadable(path, error) from error
    except ValueError as error:
        raise KeyFileUnusable(f"The key file {path} is not an Attune key file.") from error
    masters = {one.version: one for one in sorted(found, key=attrgetter("version"))}
    if not found or len(masters) < len(found) or not masters[max(masters)].seals:
        raise KeyFileUnusable(f"The key file {path} is not an Attune key file.")
    return masters


def _parsed(line: str) -> Master:
    """Return what one line holds. Raises ``ValueError``."""
    label, value = line.split()
    name, _, number = label.rpartition("-")
    version, key = int(number), bytes.fromhex(value)
    if f"{name}-" not in (_SEALS, _HASHES_ONLY) or len(key) != _BYTES:
        raise ValueError(name)
    if not 1 <= version <= LAST_VERSION:
        raise ValueError(version)
    return Master(version, key, seals=f"{name}-" == _SEALS)


def _unreadable(path: Path, error: OSError) -> KeyFileUnusable:
    return KeyFileUnusable(f"The key file {path} cannot be read: {error.strerror}.")


def _new_master(version: int) -> Master:
    return Master(version, secrets.token_bytes(_BYTES))


def _replace(path: Path, masters: list[Master]) -> None:
    """Put these in the place of what the file holds, at once. Raises ``OSError``."""
    # Where the name is a link to the file, the file is replaced and not the link.
    path = path.resolve()
    part = _written_beside(path, masters, owned_as=path)
    part.replace(path)
    _keep_names_in(path.parent)


def _written_beside(path: Path, masters: list[Master], *, owned_as: Path | None = None) -> Path:
    """Write a file next to ``path`` that survives a power cut; return where it is."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            if owned_as is not None:
                # Whoever rotates may be another user than the service, which has to read it.
                owner = owned_as.stat()
                os.fchown(handle, owner.st_uid, owner.st_gid)
            file.writelines(_line(one) for one in masters)
            file.flush()
            os.fsync(handle)
    except OSError:
        part.unlink()
        raise
    return part


def _line(master: Master) -> str:
    label = _SEALS if master.seals else _HASHES_ONLY
    return f"{label}{master.version} {master.key.hex()}\n"


def _keep_names_in(folder: Path) -> None:
    """Have the names in a folder survive a power cut, as what the files hold does."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
