"""Messages that have left and are not marked yet: an empty file for each, in the data folder.

A file is there in microseconds and outlives the worker; a row is marked only when the database
has it on disk. So a worker that dies between the two, or whose database does, leaves a note, and
whoever sends next marks the row instead of sending again. Notes carry nothing but a Message-ID,
and only save repetitions: nothing breaks where they cannot be written.
"""

import contextlib
from pathlib import Path

from django.conf import settings


def note(message_id: str) -> None:
    """Note that a mail server has taken this message."""
    with contextlib.suppress(OSError):
        _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        _file(message_id).touch()


def forget(message_id: str) -> None:
    """Its row is marked."""
    with contextlib.suppress(OSError):
        _file(message_id).unlink(missing_ok=True)


def noted() -> list[str]:
    """Return the Message-IDs of what has left, unless its row was marked and it was forgotten."""
    try:
        return [f"<{one.name}>" for one in _folder().iterdir()]
    except OSError:
        return []


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "departed"


def _file(message_id: str) -> Path:
    return _folder() / message_id.strip("<>")
