"""Whether the key file is the one that this database was sealed with.

For each version of the master key the database keeps a mark, a hash that only this key gives.
Nothing is opened, sealed or looked up by its hash under a file that gives other marks: a wrong file
closes what is sealed, and never spoils it. Each process compares once for each state of the file.
"""

from pathlib import Path

from django.conf import settings
from django.db import connection

from attune.accounts.keys import (
    KeyFileUnusable,
    State,
    derived_key,
    known_versions,
    state_of,
    take_back_new_file,
)

_HAS_MARKS = "SELECT to_regclass('accounts_keymark') IS NOT NULL"
_MARKS = "SELECT master_version, mark FROM accounts_keymark"
_ADD = "INSERT INTO accounts_keymark (master_version, mark) VALUES (%s, %s) ON CONFLICT DO NOTHING"
_FORGET = "DELETE FROM accounts_keymark WHERE master_version = ANY(%s)"
WHAT_TO_DO = (
    "Nothing was changed. Put the right file back in its place, and all opens again; "
    "if every copy of it is lost, docs/howto/keys.md says what that means."
)

# The key files that were compared, as they were then.
_trusted: dict[Path, State] = {}


def trusted_key_file() -> Path:
    """Return where the key file is, known to be the right one. Raises ``KeyFileUnusable``."""
    path: Path = settings.KEY_FILE
    state = state_of(path)
    if _trusted.get(path) != state:
        refuse_wrong_key_file(path)
        _trusted[path] = state
    return path


def refuse_wrong_key_file(path: Path) -> None:
    """Raise ``KeyFileUnusable`` unless the file gives every mark that the database holds."""
    marks = _marks_in_database()
    ours = {version: _mark(path, version) for version in known_versions(path)}
    if marks.items() <= ours.items():
        return
    if take_back_new_file(path):
        raise KeyFileUnusable(
            f"There is no key file {path}, and this database was sealed with one. {WHAT_TO_DO}"
        )
    missing = sorted(marks.keys() - ours.keys())
    if missing and all(ours[version] == mark for version, mark in marks.items() if version in ours):
        raise KeyFileUnusable(
            f"The key file {path} lacks version {missing[0]} of the key, with which this database "
            f"was sealed: it is an older copy, or of another site. {WHAT_TO_DO}"
        )
    raise KeyFileUnusable(
        f"The key file {path} is not the one that this database was sealed with. {WHAT_TO_DO}"
    )


def mark_key_file() -> None:
    """Have the database know every version of the key file, which is the right one.

    Raises ``KeyFileUnusable`` if it is not.
    """
    path = trusted_key_file()
    with connection.cursor() as cursor:
        for version in known_versions(path):
            cursor.execute(_ADD, [version, _mark(path, version)])


def forget_marks(versions: tuple[int, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [list(versions)])


def _marks_in_database() -> dict[int, str]:
    """Return version and mark; none in a database without tables."""
    with connection.cursor() as cursor:
        cursor.execute(_HAS_MARKS)
        if cursor.fetchone() != (True,):
            return {}
        cursor.execute(_MARKS)
        return dict(cursor.fetchall())


def _mark(path: Path, version: int) -> str:
    return derived_key(path, "mark", version=version).hex()
