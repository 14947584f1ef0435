"""The finder's index: every listing as columns, for one quick scan.

Two levels: listings, and the practices (places and lines) that belong to them.

Written rows never change. A changed listing is appended, its older row hidden, and a new ``Index``
made that sees both; an older one goes on seeing what it saw. So readers need no lock, and a change
costs what one row costs. One writer at a time.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from attune.core.columns import (
    EPOCH,
    FINDER_DAYS,
    LAYOUT,
    LEVELS,
    NEVER,
    BoolArray,
    Columns,
    Ints,
    Rows,
    Shorts,
    Store,
    Writer,
    axes_of,
    rows_in,
    rows_needed,
)
from attune.core.entries import FEE_KINDS, FeeEntry, ListingEntry, PracticeEntry
from attune.core.vocabulary import Vocabulary

__all__ = ["FINDER_DAYS", "FeeEntry", "Index", "ListingEntry", "PracticeEntry"]

# The finder looks 28 days ahead, to the end of the person's own last day, wherever they are.
LATEST_AGE_DAYS = 5
# Some two kilobytes each.
MOST_KEPT = 10_000

T = TypeVar("T")


class Index:
    """Every listing at one moment, to be searched by ``attune.core.matching``.

    Make one with ``build`` or ``from_arrays``; change it with ``with_changes``.
    """

    def __init__(
        self,
        words: Vocabulary,
        base_day: date,
        *,
        store: "Store",
        used: Mapping[str, int],
        hidden: BoolArray,
        rows: dict[str, int],
        zones: tuple[str, ...],
    ) -> None:
        self.words, self.base_day, self.zones = words, base_day, zones
        self.columns = store.view(used)
        self.hidden = hidden
        self.rows = rows
        self._store, self._used = store, used
        # To look up single ones, which NumPy does slowly.
        self.all_starts = self.columns.starts.data
        self._remembered: dict[Hashable, Any] = {}

    @classmethod
    def build(cls, entries: Sequence[ListingEntry], vocabulary: Vocabulary, base_day: date) -> Self:
        """Index these listings; free times count from ``base_day`` (00:00 UTC) on."""
        empty = dict.fromkeys(LEVELS, 0)
        store = Store.allocate(rows_needed(entries), vocabulary)
        nothing = np.zeros(0, np.bool_)
        index = cls(
            vocabulary, base_day, store=store, used=empty, hidden=nothing, rows={}, zones=()
        )
        return index.with_changes(entries, ())

    def with_changes(self, entries: Sequence[ListingEntry], removed_ids: Collection[int]) -> Self:
        """Return an index with these listings added or replaced, and those removed."""
        store, start = self._store, self._used
        needed = rows_needed(entries)
        # A store that was read from files may not be written to: it has no room.
        if entries and (start != store.used or not store.has_room(needed)):
            store = store.grown(start, needed)
        zones = _with_zones(self.zones, entries)
        used = {level: start[level] + needed[level] for level in LEVELS}
        if entries:
            # First, so that rows that a failure left half written are never written again.
            store.used = used
            Writer(store.columns, start, self.words, self.base_day, zones).write(entries)
        rows = self.rows.copy()
        hidden = np.concatenate((self.hidden, np.zeros(len(entries), np.bool_)))
        gone = [one.listing_id for one in entries] + list(removed_ids)
        for row in self._live_rows_of(gone) if self.rows else ():
            hidden[row] = True
            rows.pop(self.columns.code[row].decode(), None)
        rows.update((one.code, start["listing"] + place) for place, one in enumerate(entries))
        return type(self)(
            self.words,
            self.base_day,
            store=store,
            used=used,
            hidden=hidden,
            rows=rows,
            zones=zones,
        )

    def needs_rebuild(self, now: datetime) -> bool:
        """Whether too few days remain ahead, or too many rows are hidden ones."""
        age = (now.astimezone(UTC).date() - self.base_day).days
        return not 0 <= age <= LATEST_AGE_DAYS or len(self.hidden) - len(self) > 1000 + len(self)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all that ``from_arrays`` needs, to be kept in files."""
        arrays = {name: getattr(self.columns, name) for name in LAYOUT}
        return arrays | {
            "hidden": self.hidden,
            "zones": np.array(self.zones, dtype="U64"),
            "axes": np.array(axes_of(self.words), dtype="U96"),
            "base_day": np.array([(self.base_day - EPOCH).days]),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], vocabulary: Vocabulary) -> Self:
        """Return the index that gave ``arrays`` (they may be read-only maps of files).

        Raises:
            ValueError: they were made with other words, or another layout.
        """
        expected = LAYOUT.keys() | {"hidden", "zones", "axes", "base_day"}
        if arrays.keys() != expected or arrays["axes"].tolist() != axes_of(vocabulary):
            raise ValueError("These arrays were made with another vocabulary or layout.")
        columns = Columns(**{name: arrays[name] for name in LAYOUT})
        used = {level: rows_in(columns, level) for level in LEVELS}
        hidden = np.array(arrays["hidden"])
        live = np.flatnonzero(~hidden)
        codes = [code.decode() for code in columns.code[live].tolist()]
        rows = dict(zip(codes, live.tolist(), strict=True))
        base_day = EPOCH + timedelta(days=int(arrays["base_day"][0]))
        zones = tuple(arrays["zones"].tolist())
        store = Store(columns, used)
        return cls(
            vocabulary, base_day, store=store, used=used, hidden=hidden, rows=rows, zones=zones
        )

    def remember(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what ``make`` makes of this index; it is made once for each key.

        For what many enquiries share. Two threads may both make it, and make the same.
        """
        if key not in self._remembered:
            self._remembered[key] = make()
        return cast("T", self._remembered[key])

    def keep(self, key: Hashable, make: Callable[[], T]) -> T:
        """Do what ``remember`` does, for what is made of single rows.

        Written rows never change: it is kept for the indexes that this one grows into, too.
        """
        kept = self._store.kept
        made = kept.get(key)
        if made is None:
            if len(kept) >= MOST_KEPT:
                kept.clear()
            made = kept[key] = make()
        return cast("T", made)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def base_half_hour(self) -> int:
        """Half-hours from 1970-01-01 to the base day."""
        return (self.base_day - EPOCH).days * 48

    def code_of(self, row: int) -> str:
        """Return the code of the listing in a row."""
        code: bytes = self.columns.code.item(row)
        return code.decode()

    def codes_of(self, rows: Rows) -> list[str]:
        """Return the codes of the listings in some rows."""
        return [code.decode() for code in self.columns.code[rows].tolist()]

    def practice_code_of(self, practice: int) -> str:
        """Return the code of the practice in a row."""
        code: bytes = self.columns.practice_code.item(practice)
        return code.decode()

    def practices_of(self, rows: Rows) -> tuple[Rows, Rows]:
        """Return the practice rows of some listing rows, and for each its place in ``rows``."""
        columns = self.columns
        return _few_each(columns.first_practice[rows], columns.practice_count[rows])

    def weekly_places_of(self, rows: Rows) -> tuple[Rows, Rows]:
        """Return the weekly-place rows of some listing rows, and for each its place in ``rows``."""
        columns = self.columns
        return _few_each(columns.first_weekly[rows], columns.weekly_count[rows])

    def starts_of(self, practices: Rows) -> tuple[Ints, Rows]:
        """Return the bookable starts of some practices, and for each its place in ``practices``.

        UTC minutes since 1970-01-01, ascending within a practice.
        """
        columns = self.columns
        places, owners = _spread(columns.first_start[practices], columns.start_count[practices])
        return columns.starts[places], owners

    def fee_of(self, row: int, group: int) -> FeeEntry | None:
        """Return what a client group (its place in the words) pays there; None: not said."""
        columns, at = self.columns, (group, row)
        kind = FEE_KINDS[columns.fee_kind.item(at)]
        if kind == "none":
            return None
        return FeeEntry(
            kind=kind,
            minor=columns.fee_minor.item(at),
            upper_minor=_unless_never(columns.fee_upper.item(at)),
            currency=columns.fee_currency.item(at).to_bytes(3, "big").decode(),
            concession_minor=_unless_never(columns.fee_concession.item(at)),
            minutes=columns.fee_minutes.item(at),
        )

    def _live_rows_of(self, listing_ids: Iterable[int]) -> Rows:
        wanted = np.array(list(listing_ids), dtype=np.int64)
        return np.flatnonzero(np.isin(self.columns.listing_id, wanted) & ~self.hidden)


def _few_each(firsts: Rows, counts: Shorts) -> tuple[Rows, Rows]:
    """Do what ``_spread`` does, all first members before all second ones: quicker for a few."""
    members, owners = [firsts[:0]], [firsts[:0]]
    for number in range(int(counts.max(initial=0))):
        longer = np.flatnonzero(counts > number)
        members.append(firsts[longer] + number)
        owners.append(longer)
    return np.concatenate(members), np.concatenate(owners)


def _spread(firsts: Rows, counts: Rows) -> tuple[Rows, Rows]:
    """Turn runs (first, count) into all their members and, for each, the run it is in."""
    owners = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return np.arange(len(owners)) + (firsts - before)[owners], owners


def _with_zones(zones: tuple[str, ...], entries: Sequence[ListingEntry]) -> tuple[str, ...]:
    named = dict.fromkeys(practice.zone for one in entries for practice in one.practices)
    return zones + tuple(zone for zone in named if zone not in zones)


def _unless_never(number: int) -> int | None:
    return None if number == NEVER else number
