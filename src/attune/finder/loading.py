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
import secrets
import shutil
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from attune.core import columns as core_columns
from attune.core import index as core_index
from attune.core.index import Index
from attune.core.vocabulary import Vocabulary
from attune.directory.dates import day_of
from attune.directory.models import IndexEpoch
from attune.finder import rows as finder_rows
from attune.finder.people import People
from attune.finder.rows import Row, read_rows
from attune.vocabulary.places import Resolved
from attune.vocabulary.queries import core_vocabulary

logger = logging.getLogger(__name__)

RENEWED_AFTER = timedelta(days=1)
# The change log keeps its rows a day longer (``duties.KEPT_FOR``).
TOO_OLD = timedelta(days=6)

UNSEEN = """
    FROM directory_directorychange
    WHERE transaction >= pg_snapshot_xmin(%(snapshot)s::pg_snapshot)
    AND NOT pg_visible_in_snapshot(transaction, %(snapshot)s::pg_snapshot)
    -- A restored copy holds rows from another server, whose transactions are still to come here.
    AND pg_visible_in_snapshot(transaction, pg_current_snapshot())
"""
# Until when, and which listing's diary.
Hold = tuple[datetime, int]
# What a transaction has to go by instead: its snapshot says nothing of its own writes.
SEEN_INSIDE = """
    SELECT pg_current_xact_id()::text, string_agg(id::text, ' ' ORDER BY id)
    FROM directory_directorychange
"""
EPOCH = "(SELECT value FROM directory_indexepoch ORDER BY id DESC LIMIT 1)"
LEVEL = f"{EPOCH} = %(epoch)s AND NOT EXISTS (SELECT {UNSEEN})"


@dataclass(frozen=True)
class Loaded:
    """The index as one snapshot of the database shows it.

    Threads share it. They fill ``people`` and ``places``, and change nothing else.
    """

    index: Index
    built_at: datetime
    epoch: UUID
    # PostgreSQL's pg_snapshot, as text.
    snapshot: str
    # The next one to run out first.
    holds: tuple[Hold, ...]
    people: People = field(default_factory=People)
    # Typed places that were looked up, and those that nobody could find.
    places: dict[str, Resolved | None] = field(default_factory=dict)

    @property
    def words(self) -> Vocabulary:
        return self.index.words

    def is_older_than(self, age: timedelta, now: datetime) -> bool:
        return now - self.built_at >= age

    def must_be_rebuilt(self, now: datetime) -> bool:
        return self.is_older_than(TOO_OLD, now) or self.index.needs_rebuild(now)

    def has_old_words(self, now: datetime) -> bool:
        """Whether a statement among its words is no longer in force."""
        return self.words.holds_until is not None and day_of(now) >= self.words.holds_until

    def is_over(self, now: datetime) -> bool:
        """Whether time alone has made it untrue."""
        has_lapsed_hold = bool(self.holds) and self.holds[0][0] <= now
        return has_lapsed_hold or self.has_old_words(now) or self.must_be_rebuilt(now)


class _Process:
    """What this process has loaded."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.renewal = threading.Lock()
        self.loaded: Loaded | None = None
        self.levelled_at: float | None = None
        # What a transaction saw of the change log, and its own index.
        self.inside: tuple[tuple[str, str], Loaded] | None = None


_process = _Process()


def current(now: datetime) -> Loaded:
    """Return the index, level with everything that has been committed.

    Inside a transaction it is built for that transaction only: it may see rows that nobody else
    ever will.
    """
    if connection.in_atomic_block:
        return _inside(now)
    return current_and(now, "SELECT", {})[0]


def current_and(
    now: datetime, query: str, values: dict[str, Any]
) -> tuple[Loaded, tuple[Any, ...]]:
    """
    Return the index and the answer to a query, from one round trip to the database.

    Args:
        query: of one row at most.

        values: what its ``%(names)s`` stand for.

    Returns:
        The index as from ``current``, and the row: all null if there is none.
    """
    if connection.in_atomic_block:
        return _inside(now), _level_and(None, query, values)[1]
    loaded = _process.loaded
    is_level, row = _level_and(loaded, query, values)
    if loaded is None or not is_level or loaded.is_over(now):
        with _process.lock:
            loaded = _process.loaded = _levelled(_process.loaded, now)
    elif loaded.is_older_than(RENEWED_AFTER, now) and _process.renewal.acquire(blocking=False):
        threading.Thread(target=_renew, args=(now,), daemon=True).start()
    _process.levelled_at = time.monotonic()
    return loaded, row


def _inside(now: datetime) -> Loaded:
    """Return the index as the transaction sees it, the same one until it sees another change."""
    with connection.cursor() as cursor:
        cursor.execute(SEEN_INSIDE)
        seen = cursor.fetchone()
    kept = _process.inside
    if kept is None or kept[0] != seen or kept[1].is_over(now):
        kept = _process.inside = seen, _build(now)
    return kept[1]


def index_age_seconds() -> float | None:
    """Return how long ago this process last made sure of its index; None: not loaded yet."""
    return None if _process.levelled_at is None else time.monotonic() - _process.levelled_at


def _level_and(
    loaded: Loaded | None, query: str, values: dict[str, Any]
) -> tuple[bool, tuple[Any, ...]]:
    """Return whether nothing has changed since, and the row that was asked for."""
    level, known = "false", dict[str, Any]()
    if loaded:
        level, known = LEVEL, {"epoch": loaded.epoch, "snapshot": loaded.snapshot}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {level}, asked.*"  # noqa: S608 - the query is written by us
            f" FROM (SELECT) AS one LEFT JOIN LATERAL ({query}) AS asked ON true",
            known | values,
        )
        is_unchanged, *row = cursor.fetchone()
    return bool(is_unchanged), tuple(row)


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
    index = loaded.index
    if loaded.must_be_rebuilt(now) or loaded.has_old_words(now):
        return None
    with _one_snapshot() as cursor:
        cursor.execute(
            f"SELECT pg_current_snapshot()::text, {EPOCH},"
            f" (SELECT array_agg(DISTINCT listing_id) {UNSEEN})",
            {"snapshot": loaded.snapshot},
        )
        snapshot, epoch, changed = cursor.fetchone()
        # A change without a listing is one of everything.
        if epoch != loaded.epoch or None in (changed or ()):
            return None
        lapsed = {listing_id for until, listing_id in loaded.holds if until <= now}
        ids = lapsed.union(changed or ())
        rows = list(read_rows(sorted(ids), base_day=index.base_day, now=now))
    found = {row.entry.listing_id for row in rows}
    kept = [hold for hold in loaded.holds if hold[1] not in ids]
    return replace(
        loaded,
        index=index.with_changes([row.entry for row in rows], ids - found) if ids else index,
        snapshot=snapshot,
        holds=tuple(sorted([*kept, *_holds(rows)])),
        people=loaded.people.without(ids),
    )


def _build(now: datetime) -> Loaded:
    epoch, base_day = _epoch(), now.astimezone(UTC).date()
    with _one_snapshot() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        (snapshot,) = cursor.fetchone()
        words = core_vocabulary(day_of(now))
        rows = list(read_rows(None, base_day=base_day, now=now))
    index = Index.build([row.entry for row in rows], words, base_day)
    return Loaded(index, now, epoch, snapshot, holds=tuple(sorted(_holds(rows))))


def _holds(rows: Iterable[Row]) -> list[Hold]:
    return [(until, row.entry.listing_id) for row in rows for until in row.holds_end]


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
        saved = _saved(folder, now)
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
    about = {
        "made_by": _made_by(),
        "built_at": loaded.built_at.isoformat(),
        "epoch": str(loaded.epoch),
        "snapshot": loaded.snapshot,
        "holds": [[until.isoformat(), listing_id] for until, listing_id in loaded.holds],
    }
    new = folder / secrets.token_hex(8)
    try:
        new.mkdir()
        for name, array in loaded.index.arrays().items():
            np.save(new / f"{name}.npy", array)
        (new / "about.json").write_text(json.dumps(about))
        (folder / "next").unlink(missing_ok=True)
        (folder / "next").symlink_to(new.name)
        (folder / "next").replace(folder / "current")
    except OSError as error:
        # The next start builds again; matching goes on.
        logger.warning("The index could not be saved: %s", error.strerror)
    for other in folder.iterdir():
        if other.is_dir() and other.resolve() != (folder / "current").resolve():
            shutil.rmtree(other, ignore_errors=True)


def _saved(folder: Path, now: datetime) -> Loaded | None:
    """Map the index saved last; None: there is none, or other code or words made it."""
    last = folder / "current"
    try:
        about = json.loads((last / "about.json").read_text())
        if about["made_by"] != _made_by():
            return None
        # Plain views of the mapped files: the mapping's own class is slow to take a part of.
        arrays = {one.stem: np.asarray(np.load(one, mmap_mode="r")) for one in last.glob("*.npy")}
        return Loaded(
            index=Index.from_arrays(arrays, core_vocabulary(day_of(now))),
            built_at=datetime.fromisoformat(about["built_at"]),
            epoch=UUID(about["epoch"]),
            snapshot=about["snapshot"],
            holds=tuple((datetime.fromisoformat(until), one) for until, one in about["holds"]),
        )
    except (OSError, ValueError, KeyError):
        return None


def _made_by() -> str:
    """Return a digest of the code that decides what the files hold."""
    sources = (core_columns.__file__, core_index.__file__, finder_rows.__file__)
    return hashlib.sha256(b"".join(Path(one).read_bytes() for one in sources)).hexdigest()
