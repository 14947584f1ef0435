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


class Erased(NamedTuple):
    key_code: str
    user_code: str
    at: datetime


def note_erased(key_code: str, user_code: str, *, at: datetime) -> None:
    """Write the line down so that it survives a power cut. Raises ``OSError``."""
    handle = os.open(_file(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, f"{key_code} {user_code} {at.isoformat()}\n".encode("ascii"))
        os.fsync(handle)
    finally:
        os.close(handle)


def is_erased(key_code: str) -> bool:
    return key_code in _codes(*_state())


def erased_keys() -> list[Erased]:
    """Return every line, oldest first. No file: nobody was erased yet."""
    path = _file()
    if not path.exists():
        return []
    lines = path.read_text(encoding="ascii").splitlines()
    parts = (line.split() for line in lines)
    return [
        Erased(one[0], one[1], datetime.fromisoformat(one[2])) for one in parts if len(one) == 3
    ]


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
