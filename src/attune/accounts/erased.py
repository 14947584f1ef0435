"""Keys that were destroyed, listed beside the key file, where no restored database reaches.

A restored backup holds the keys of people who were erased after it was made. Each of them is in
this list, which outlives the database: their keys open nothing, and the next start erases them
again. A line holds the codes of the key and of the account, and the day: nothing of the person.
"""

import os
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from attune.accounts.keys import KeyFileUnusable


class Erased(NamedTuple):
    key_code: str
    user_code: str
    at: datetime


def note_erased(key_code: str, user_code: str, *, at: datetime) -> None:
    """Write the line down so that it survives a power cut. Raises ``OSError``."""
    path = _file()
    line = f"{key_code} {user_code} {at.isoformat()}\n"
    if not _ends_with_a_whole_line(path):
        line = "\n" + line
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, line.encode("ascii"))
        os.fsync(handle)
    finally:
        os.close(handle)
    _fsync_folder(path.parent)


def is_erased(key_code: str) -> bool:
    """Whether this key was destroyed. Raises ``KeyFileUnusable`` if the list cannot be read."""
    try:
        return key_code in _codes(*_state())
    except OSError as error:
        raise KeyFileUnusable(
            f"The list of destroyed keys {_file()} cannot be read: {error.strerror}."
        ) from error


def erased_keys() -> list[Erased]:
    """Return every whole line, oldest first. No file: nobody was erased yet."""
    path = _file()
    if not path.exists():
        return []
    lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    return [found for line in lines if (found := _parsed(line))]


def _parsed(line: str) -> Erased | None:
    """Return what a line says; None for one that a power cut left torn."""
    try:
        key_code, user_code, moment = line.split()
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return Erased(key_code, user_code, at) if at.tzinfo else None


def _ends_with_a_whole_line(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"
    except OSError:
        # There is no file, or nothing in it.
        return True


def _fsync_folder(folder: Path) -> None:
    """Have a file that was made just now be found again after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _file() -> Path:
    key_file = Path(settings.KEY_FILE)
    return key_file.with_name(key_file.name + ".erased")


def _state() -> tuple[Path, int]:
    """Return the file and its length: it only ever grows."""
    path = _file()
    try:
        return path, path.stat().st_size
    except FileNotFoundError:
        return path, 0


@lru_cache(maxsize=2)
def _codes(path: Path, size: int) -> frozenset[str]:
    return frozenset(one.key_code for one in erased_keys()) if size else frozenset()
