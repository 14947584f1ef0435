"""The index of this process, kept level with the database.

It is mapped from the files of the last build, or built whole, and then follows the change log
(``DirectoryChange``). Every match asks, in one query, whether there is a change that the index's
snapshot could not see: ids and times commit out of order, a snapshot misses none. What changed is
read, with the next snapshot, in one REPEATABLE READ transaction.

Two things move without a row being written. A hold that runs out frees its time, so its listing
is read again then. Counters and checks of training age, so the whole is built again every day.
"""

import fcntl
import hashlib
import json
import logging
import os
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction

from attune.core import index as core_index
from attune.core.index import Index
from attune.core.vocabulary import Vocabulary
from attune.directory.models import IndexEpoch
from attune.finder import rows as finder_rows
from attune.finder.rows import read_rows
from attune.vocabulary.queries import core_vocabulary

logger = logging.getLogger(__name__)

RENEWED_AFTER = timedelta(days=1)
# Younger than the oldest row of the change log, and 28 days of times are still ahead.
TOO_OLD = timedelta(days=6)

UNSEEN = """
    FROM directory_directorychange
    WHERE transaction >= pg_snapshot_xmin(%(snapshot)s::pg_snapshot)
    AND NOT pg_visible_in_snapshot(transaction, %(snapshot)s::pg_snapshot)
"""
EPOCH = "(SELECT value FROM directory_indexepoch ORDER BY id DESC LIMIT 1)"


@dataclass(frozen=True)
class Loaded:
    """The index as one snapshot of the database shows it. Threads share it; none changes it."""

    index: Index
    words: Vocabulary
    base_day: date
    built_at: datetime
    epoch: UUID
    # PostgreSQL's pg_snapshot, as text.
    snapshot: str
    # When the hold in the diary of a listing (by its id) runs out; the next one first.
    holds: tuple[tuple[datetime, int], ...]

    def is_older_than(self, age: timedelta, now: datetime) -> bool:
        return now - self.built_at >= age

    def has_lapsed_hold(self, now: datetime) -> bool:
        return bool(self.holds) and self.holds[0][0] <= now


class _Process:
    """What this process has loaded."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.renewal = threading.Lock()
        self.loaded: Loaded | None = None
        self.levelled_at: float | None = None


_process = _Process()


def current(now: datetime) -> Loaded:
    """Return the index, level with everything that has been committed.

    Inside a transaction it is built for that transaction only, and not kept: it may see rows that
    nobody else ever will.
    """
    if connection.in_atomic_block:
        return _build(now)
    loaded = _process.loaded
    if loaded is None or not _is_level(loaded, now):
        with _process.lock:
            loaded = _process.loaded = _levelled(_process.loaded, now)
    elif loaded.is_older_than(RENEWED_AFTER, now) and _process.renewal.acquire(blocking=False):
        threading.Thread(target=_renew, args=(now,), daemon=True).start()
    _process.levelled_at = time.monotonic()
    return loaded


def index_age_seconds() -> float | None:
    """Return how long ago this process last made sure of its index; None: not loaded yet."""
    return None if _process.levelled_at is None else time.monotonic() - _process.levelled_at


def _is_level(loaded: Loaded, now: datetime) -> bool:
    """Whether nothing has changed since, asked in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {EPOCH} = %(epoch)s AND NOT EXISTS (SELECT {UNSEEN})",  # noqa: S608 - constants
            {"epoch": loaded.epoch, "snapshot": loaded.snapshot},
        )
        (is_unchanged,) = cursor.fetchone()
    return bool(is_unchanged) and not (
        loaded.has_lapsed_hold(now) or loaded.is_older_than(TOO_OLD, now)
    )


def _levelled(loaded: Loaded | None, now: datetime) -> Loaded:
    """Return an index that is level: this one caught up, the saved one caught up, or a new one."""
    caught_up = loaded and _caught_up(loaded, now)
    return caught_up or _saved_or_built(now, younger_than=TOO_OLD)


def _renew(now: datetime) -> None:
    """Take over, beside the requests, an index of today."""
    try:
        renewed = _saved_or_built(now, younger_than=RENEWED_AFTER)
        with _process.lock:
            _process.loaded = renewed
    finally:
        connection.close()
        _process.renewal.release()


def _caught_up(loaded: Loaded, now: datetime) -> Loaded | None:
    """Return the index with every change since its snapshot; None: it has to be built anew."""
    if loaded.is_older_than(TOO_OLD, now):
        return None
    with _one_snapshot() as cursor:
        cursor.execute(
            f"SELECT pg_current_snapshot()::text, {EPOCH},"  # noqa: S608 - constants
            f" (SELECT array_agg(DISTINCT listing_id) {UNSEEN})",
            {"snapshot": loaded.snapshot},
        )
        snapshot, epoch, changed = cursor.fetchone()
        # A change without a listing is one of everything.
        if epoch != loaded.epoch or None in (changed or ()):
            return None
        lapsed = {listing_id for until, listing_id in loaded.holds if until <= now}
        ids = lapsed.union(changed or ())
        rows = list(read_rows(sorted(ids), base_day=loaded.base_day, now=now))
    found = {row.entry.listing_id for row in rows}
    kept = [hold for hold in loaded.holds if hold[1] not in ids]
    return replace(
        loaded,
        index=loaded.index.with_changes([row.entry for row in rows], ids - found),
        snapshot=snapshot,
        holds=_in_order(kept + _holds(rows)),
    )


def _build(now: datetime) -> Loaded:
    epoch, base_day = _epoch(), now.date()
    holds: list[tuple[datetime, int]] = []

    def entries() -> Iterator[core_index.ListingEntry]:
        for row in read_rows(None, base_day=base_day, now=now):
            holds.extend((until, row.entry.listing_id) for until in row.holds_end)
            yield row.entry

    with _one_snapshot() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        (snapshot,) = cursor.fetchone()
        words = core_vocabulary()
        index = Index.build(entries(), words, base_day)
    return Loaded(index, words, base_day, now, epoch, snapshot, tuple(sorted(holds)))


def _epoch() -> UUID:
    """Return which database this is, naming it if it has no name yet."""
    known = IndexEpoch.objects.order_by("-pk").first()
    return (known or IndexEpoch.objects.create(value=uuid4())).value


@contextmanager
def _one_snapshot() -> Iterator[CursorWrapper]:
    """Read everything inside as of one moment. In an outer transaction, as that one reads."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield cursor


# -- the files of the last build ---------------------------------------------------------------


def _saved_or_built(now: datetime, *, younger_than: timedelta) -> Loaded:
    """Return the saved index caught up, or build one and save it.

    One process builds at a time; those that waited map what it saved.
    """
    with _folder_of_our_own() as folder:
        saved = _saved(folder)
        if saved and not saved.is_older_than(younger_than, now):
            caught_up = _caught_up(saved, now)
            if caught_up:
                return caught_up
        built = _build(now)
        _save(built, folder)
    return built


@contextmanager
def _folder_of_our_own() -> Iterator[Path]:
    """Hold the index's folder against other processes."""
    folder: Path = settings.INDEX_DIR
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _save(loaded: Loaded, folder: Path) -> None:
    """Write the index beside the one saved before, then put it in its place."""
    name = secrets.token_hex(8)
    arrays = folder / name
    try:
        arrays.mkdir()
        loaded.index.save(arrays)
        (arrays / "about.json").write_text(
            json.dumps(
                {
                    "made_by": _made_by(),
                    "base_day": loaded.base_day.isoformat(),
                    "built_at": loaded.built_at.isoformat(),
                    "epoch": str(loaded.epoch),
                    "snapshot": loaded.snapshot,
                    "holds": [[until.isoformat(), one] for until, one in loaded.holds],
                }
            )
        )
        (folder / "next").symlink_to(name)
        (folder / "next").replace(folder / "current")
    except OSError as error:
        # The next start builds again; matching goes on.
        logger.warning("The index could not be saved: %s", error.strerror)
    for old in folder.iterdir():
        if old.is_dir() and not old.is_symlink() and old != (folder / "current").resolve():
            shutil.rmtree(old, ignore_errors=True)


def _saved(folder: Path) -> Loaded | None:
    """Map the index saved last; None: there is none, or one that this version did not write."""
    arrays = folder / "current"
    try:
        about = json.loads((arrays / "about.json").read_text())
        if about["made_by"] != _made_by():
            return None
        words = core_vocabulary()
        return Loaded(
            index=Index.load(arrays, words),
            words=words,
            base_day=date.fromisoformat(about["base_day"]),
            built_at=datetime.fromisoformat(about["built_at"]),
            epoch=UUID(about["epoch"]),
            snapshot=about["snapshot"],
            holds=tuple((datetime.fromisoformat(until), one) for until, one in about["holds"]),
        )
    except (OSError, ValueError, KeyError):
        return None


def _made_by() -> str:
    """Return a digest of the code that decides what the files hold."""
    sources = (core_index.__file__, finder_rows.__file__)
    return hashlib.sha256(b"".join(Path(one).read_bytes() for one in sources)).hexdigest()
