"""The finder's index: every listing as columns, for one quick scan.

Two levels: listings, and the practices (places and lines) that belong to them. A field with many
values is one row of bytes per value, so that a query reads only the values it names. The rows of
every array are its last dimension.

Written rows never change. A changed listing is appended, its older row hidden, and a new ``Index``
made that sees both; an older one goes on seeing what it saw. So readers need no lock, and a change
costs what one row costs. One writer at a time.
"""

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Any, Self, cast

import numpy as np
from numpy.typing import NDArray

from attune.core.geo import LatLon, unit_vectors
from attune.core.vocabulary import Vocabulary

FINDER_DAYS = 35
HALF_HOURS = FINDER_DAYS * 48
WORDS = -(-HALF_HOURS // 64)
# The finder looks 28 days ahead, to the end of the person's own last day, wherever they are.
LATEST_AGE_DAYS = 5
EPOCH = date(1970, 1, 1)
NEVER = -1

IN_PERSON = "in-person"
ACCESS_LEVELS = ("unknown", "no", "partly", "yes")
FEE_KINDS = ("none", "free", "donation", "fixed", "range")
# Level of an issue: 1 to 5 is the rank among the main ones.
NOT_LISTED, ALSO = 0, 6
OFFERED, CHECKED = 1, 2

# How much a booking that waits for its practitioner weighs against one showing.
SHOWINGS_PER_ASK = 10

BoolArray = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Floats = NDArray[np.float64]
Codes = NDArray[np.bytes_]
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class FeeEntry:
    """What a standard session costs one client group, in whole minor units.

    ``kind``: free, donation, fixed or range (from ``minor`` to ``upper_minor``).
    """

    kind: str
    minor: int
    upper_minor: int | None
    currency: str
    concession_minor: int | None
    minutes: int


@dataclass(frozen=True)
class PracticeEntry:
    """A place or a line where a practitioner works.

    Args:
        point: None where nobody is seen in person.
        zone: IANA name; weekly places are wall time in it.
        starts: bookable starts, ascending, UTC minutes since 1970-01-01; notice not applied.
        access: access need -> "yes", "partly" or "no"; a missing one is unknown. A line has no
            steps: say "yes" to a step-free way in.
    """

    code: str
    channels: frozenset[str]
    point: LatLon | None
    zone: str
    starts: NDArray[Any]
    access: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ListingEntry:
    """A listing as the finder sees it.

    Args:
        verified_until: last day on which the registration check holds; None: never checked.
        paused_until: the first day on which they are back; None: not paused.
        confirmed_on: when they last said that openings and hours are right.
        gender: slug; empty: not said.
        issues: issue -> rank 1 to 5 among the main ones, 0: also works with it.
        therapies: therapy type -> whether the training was checked.
        fees: client group -> its standard session.
        weekly_places: (practice code, weekday, minute of the day, first day), wall time.
        asked, answered: in the last 90 days; answered within 48 hours.
        shown: in the last seven days. open_asks: waiting now.
    """

    listing_id: int
    code: str
    practices: tuple[PracticeEntry, ...]
    is_published: bool = True
    verified_until: date | None = None
    paused_until: date | None = None
    confirmed_on: date | None = None
    gender: str = ""
    languages: frozenset[str] = frozenset()
    communities: frozenset[str] = frozenset()
    client_groups: frozenset[str] = frozenset({"adults"})
    issues: Mapping[str, int] = field(default_factory=dict)
    therapies: Mapping[str, bool] = field(default_factory=dict)
    fees: Mapping[str, FeeEntry] = field(default_factory=dict)
    notice_hours: int = 24
    weekly_places: tuple[tuple[str, int, int, date], ...] = ()
    answered: int = 0
    asked: int = 0
    shown: int = 0
    open_asks: int = 0


def _column(per: str, dtype: Any, leading: str = "") -> Any:
    return field(metadata={"per": per, "dtype": dtype, "leading": leading})


@dataclass(frozen=True)
class Columns:
    """The arrays. ``per`` says what a row is; ``leading`` what the first dimension counts.

    Days count from 1970-01-01 (``NEVER``: none); money is in minor units.
    """

    listing_id: Longs = _column("listing", np.int64)
    code: Codes = _column("listing", "S16")
    code_hash: Hashes = _column("listing", np.uint64)
    is_published: BoolArray = _column("listing", np.bool_)
    verified_until: Ints = _column("listing", np.int32)
    paused_until: Ints = _column("listing", np.int32)
    confirmed_on: Ints = _column("listing", np.int32)
    # 0: not said, else the position among the vocabulary's genders plus one.
    gender: Bytes = _column("listing", np.uint8)
    channels: Bytes = _column("listing", np.uint8)
    notice_hours: Ints = _column("listing", np.int32)
    answered: Ints = _column("listing", np.int32)
    asked: Ints = _column("listing", np.int32)
    # Recent showings, and open asks at their weight in showings, per bookable start.
    load: Floats = _column("listing", np.float64)
    languages: Bytes = _column("listing", np.uint8, "languages")
    communities: Bytes = _column("listing", np.uint8, "communities")
    client_groups: Bytes = _column("listing", np.uint8, "client_groups")
    issues: Bytes = _column("listing", np.uint8, "issues")
    therapies: Bytes = _column("listing", np.uint8, "therapy_types")
    fee_kind: Bytes = _column("listing", np.uint8, "client_groups")
    fee_minor: Ints = _column("listing", np.int32, "client_groups")
    fee_upper: Ints = _column("listing", np.int32, "client_groups")
    fee_concession: Ints = _column("listing", np.int32, "client_groups")
    fee_minutes: Ints = _column("listing", np.int32, "client_groups")
    # Three letters as one number.
    fee_currency: Ints = _column("listing", np.int32, "client_groups")
    first_practice: Rows = _column("listing", np.intp)
    practice_count: Rows = _column("listing", np.intp)
    first_weekly: Rows = _column("listing", np.intp)
    weekly_count: Rows = _column("listing", np.intp)

    practice_code: Codes = _column("practice", "S16")
    listing_of: Rows = _column("practice", np.intp)
    practice_channels: Bytes = _column("practice", np.uint8)
    # On the unit sphere; NaN where nobody is seen in person.
    vectors: Floats = _column("practice", np.float64, "three")
    access: Bytes = _column("practice", np.uint8, "access_needs")
    # Bit b of word w: a bookable start lies in half-hour 64 w + b (UTC) from the base day on.
    bits: Hashes = _column("practice", np.uint64, "words")
    first_start: Rows = _column("practice", np.intp)
    start_count: Rows = _column("practice", np.intp)

    # UTC minutes since 1970-01-01.
    starts: Ints = _column("start", np.int32)

    weekly_practice: Rows = _column("weekly", np.intp)
    # Minute of the week, wall time in the zone, Monday 00:00 is 0.
    weekly_minute: Ints = _column("weekly", np.int32)
    weekly_from: Ints = _column("weekly", np.int32)
    weekly_zone: Bytes = _column("weekly", np.uint8)


LAYOUT = {one.name: one.metadata for one in dataclasses.fields(Columns)}
LEVELS = ("listing", "practice", "start", "weekly")


class Index:
    """Every listing at one moment, to be searched by ``attune.core.matching``.

    Make one with ``build`` or ``from_arrays``; change it with ``with_changes``.
    """

    def __init__(
        self,
        words: Vocabulary,
        base_day: date,
        store: "_Store",
        used: Mapping[str, int],
        hidden: BoolArray,
        rows: dict[str, int],
        zones: tuple[str, ...],
    ) -> None:
        self.words, self.base_day, self.zones = words, base_day, zones
        self.columns = store.view(used)
        self.hidden = hidden
        self.rows = rows
        self.has_replies = bool(self.columns.asked.any())
        self._store, self._used = store, used

    @classmethod
    def build(cls, entries: Sequence[ListingEntry], vocabulary: Vocabulary, base_day: date) -> Self:
        """Index these listings; free times count from ``base_day`` (00:00 UTC) on."""
        empty = dict.fromkeys(LEVELS, 0)
        store = _Store.allocate(_needed(entries), vocabulary)
        index = cls(vocabulary, base_day, store, empty, np.zeros(0, np.bool_), {}, ())
        return index.with_changes(entries, ())

    def with_changes(self, entries: Sequence[ListingEntry], removed_ids: Collection[int]) -> Self:
        """Return an index with these listings added or replaced, and those removed."""
        store, start = self._store, self._used
        needed = _needed(entries)
        if start != store.used or not store.has_room(needed):
            store = store.grown(start, needed)
        zones = _with_zones(self.zones, entries)
        write_entries(store, start, entries, self.words, self.base_day, zones)
        used = {level: start[level] + needed[level] for level in LEVELS}
        store.used = used
        rows = self.rows.copy()
        hidden = np.concatenate((self.hidden, np.zeros(len(entries), np.bool_)))
        gone = [one.listing_id for one in entries] + list(removed_ids)
        for row in self._live_rows_of(gone) if self.rows else ():
            hidden[row] = True
            rows.pop(self.columns.code[row].decode(), None)
        rows.update((one.code, start["listing"] + place) for place, one in enumerate(entries))
        return type(self)(self.words, self.base_day, store, used, hidden, rows, zones)

    def needs_rebuild(self, now: datetime) -> bool:
        """Whether too few days remain ahead, or too many rows are hidden ones."""
        age = (now.astimezone(UTC).date() - self.base_day).days
        return not 0 <= age <= LATEST_AGE_DAYS or int(self.hidden.sum()) > 1000 + len(self)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all that ``from_arrays`` needs, to be kept in files."""
        arrays = {name: getattr(self.columns, name) for name in LAYOUT}
        return arrays | {
            "hidden": self.hidden,
            "zones": np.array(self.zones, dtype="U64"),
            "axes": np.array(_axes(self.words), dtype="U96"),
            "base_day": np.array([(self.base_day - EPOCH).days]),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], vocabulary: Vocabulary) -> Self:
        """Return the index that gave ``arrays`` (they may be read-only maps of files).

        Raises:
            ValueError: they were made with other words, or another layout.
        """
        expected = LAYOUT.keys() | {"hidden", "zones", "axes", "base_day"}
        if arrays.keys() != expected or arrays["axes"].tolist() != _axes(vocabulary):
            raise ValueError("These arrays were made with another vocabulary or layout.")
        columns = Columns(**{name: arrays[name] for name in LAYOUT})
        used = {level: _rows_in(columns, level) for level in LEVELS}
        hidden = np.array(arrays["hidden"])
        live = np.flatnonzero(~hidden)
        codes = [code.decode() for code in columns.code[live].tolist()]
        rows = dict(zip(codes, live.tolist(), strict=True))
        base_day = EPOCH + timedelta(days=int(arrays["base_day"][0]))
        zones = tuple(arrays["zones"].tolist())
        return cls(vocabulary, base_day, _Store(columns, used), used, hidden, rows, zones)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def base_half_hour(self) -> int:
        """Half-hours from 1970-01-01 to the base day."""
        return (self.base_day - EPOCH).days * 48

    def code_of(self, row: int) -> str:
        """Return the code of the listing in a row."""
        code: bytes = self.columns.code[row]
        return code.decode()

    def practice_code_of(self, practice: int) -> str:
        """Return the code of the practice in a row."""
        code: bytes = self.columns.practice_code[practice]
        return code.decode()

    def practices_of(self, rows: Rows) -> tuple[Rows, Rows]:
        """Return the practice rows of some listing rows, and for each its place in ``rows``."""
        columns = self.columns
        return _spread(columns.first_practice[rows], columns.practice_count[rows])

    def weekly_places_of(self, rows: Rows) -> tuple[Rows, Rows]:
        """Return the weekly-place rows of some listing rows, and for each its place in ``rows``."""
        columns = self.columns
        return _spread(columns.first_weekly[rows], columns.weekly_count[rows])

    def starts_of(self, practice: int) -> Ints:
        """Return the bookable starts of one practice: ascending UTC minutes since 1970-01-01."""
        first = self.columns.first_start[practice]
        return self.columns.starts[first : first + self.columns.start_count[practice]]

    def fee_of(self, row: int, client_group: str) -> FeeEntry | None:
        """Return what a client group pays for a standard session there; None: not said."""
        columns, group = self.columns, self.words.client_groups.index(client_group)
        kind = FEE_KINDS[columns.fee_kind[group, row]]
        if kind == "none":
            return None
        return FeeEntry(
            kind=kind,
            minor=int(columns.fee_minor[group, row]),
            upper_minor=_unless_never(columns.fee_upper[group, row]),
            currency=int(columns.fee_currency[group, row]).to_bytes(3, "big").decode(),
            concession_minor=_unless_never(columns.fee_concession[group, row]),
            minutes=int(columns.fee_minutes[group, row]),
        )

    def _live_rows_of(self, listing_ids: Iterable[int]) -> Rows:
        wanted = np.array(list(listing_ids), dtype=np.int64)
        return np.flatnonzero(np.isin(self.columns.listing_id, wanted) & ~self.hidden)


class _Store:
    """The arrays at their full size; rows beyond ``used`` are free."""

    def __init__(self, columns: Columns, used: Mapping[str, int]) -> None:
        self.columns, self.used = columns, used

    @classmethod
    def allocate(cls, needed: Mapping[str, int], words: Vocabulary) -> Self:
        leading = {axis: len(values) for axis, values in _axis_values(words).items()}
        leading |= {"three": 3, "words": WORDS}
        columns = Columns(
            **{
                name: np.zeros(
                    (*((leading[one["leading"]],) if one["leading"] else ()), needed[one["per"]]),
                    one["dtype"],
                )
                for name, one in LAYOUT.items()
            }
        )
        return cls(columns, dict.fromkeys(LEVELS, 0))

    def view(self, used: Mapping[str, int]) -> Columns:
        return Columns(
            **{
                name: getattr(self.columns, name)[..., : used[one["per"]]]
                for name, one in LAYOUT.items()
            }
        )

    def has_room(self, needed: Mapping[str, int]) -> bool:
        return all(
            self.used[level] + needed[level] <= _rows_in(self.columns, level) for level in LEVELS
        )

    def grown(self, used: Mapping[str, int], needed: Mapping[str, int]) -> "_Store":
        """Copy the used rows into larger arrays, an eighth more than is needed."""
        sizes = {level: (used[level] + needed[level]) * 9 // 8 + 256 for level in LEVELS}
        seen = self.view(used)
        columns = {}
        for name, one in LAYOUT.items():
            old = getattr(seen, name)
            columns[name] = np.zeros((*old.shape[:-1], sizes[one["per"]]), old.dtype)
            columns[name][..., : old.shape[-1]] = old
        return _Store(Columns(**columns), used)


def write_entries(
    store: _Store,
    start: Mapping[str, int],
    entries: Sequence[ListingEntry],
    words: Vocabulary,
    base_day: date,
    zones: tuple[str, ...],
) -> None:
    """Write listings into the free rows that begin at ``start``."""
    practices = [one for entry in entries for one in entry.practices]
    _write_listings(store.columns, start, entries, words)
    _write_fees(store.columns, start["listing"], entries, words)
    _write_practices(store.columns, start, entries, practices, words)
    _write_starts(store.columns, start, practices, base_day)
    _write_weekly_places(store.columns, start, entries, zones)


def _write_listings(
    columns: Columns,
    start: Mapping[str, int],
    entries: Sequence[ListingEntry],
    words: Vocabulary,
) -> None:
    first = start["listing"]
    here = slice(first, first + len(entries))
    genders = {slug: place + 1 for place, slug in enumerate(words.genders)}
    columns.listing_id[here] = [one.listing_id for one in entries]
    columns.code[here] = [one.code.encode() for one in entries]
    columns.code_hash[here] = [_hash(one.code) for one in entries]
    columns.is_published[here] = [one.is_published for one in entries]
    columns.verified_until[here] = [_day(one.verified_until) for one in entries]
    columns.paused_until[here] = [_day(one.paused_until) for one in entries]
    columns.confirmed_on[here] = [_day(one.confirmed_on) for one in entries]
    columns.gender[here] = [genders.get(one.gender, 0) for one in entries]
    columns.channels[here] = [
        _channel_bits(words, {slug for practice in one.practices for slug in practice.channels})
        for one in entries
    ]
    columns.notice_hours[here] = [one.notice_hours for one in entries]
    columns.answered[here] = [one.answered for one in entries]
    columns.asked[here] = [one.asked for one in entries]
    columns.load[here] = [_load(one) for one in entries]
    _set(
        columns.languages, words.languages, first, (dict.fromkeys(e.languages, 1) for e in entries)
    )
    _set(
        columns.communities,
        words.communities,
        first,
        (dict.fromkeys(one.communities, 1) for one in entries),
    )
    _set(
        columns.client_groups,
        words.client_groups,
        first,
        (dict.fromkeys(one.client_groups, 1) for one in entries),
    )
    _set(
        columns.issues,
        words.issues,
        first,
        ({slug: rank or ALSO for slug, rank in one.issues.items()} for one in entries),
    )
    _set(
        columns.therapies,
        words.therapy_types,
        first,
        (
            {slug: CHECKED if checked else OFFERED for slug, checked in one.therapies.items()}
            for one in entries
        ),
    )
    _set_runs(
        columns.first_practice,
        columns.practice_count,
        start["practice"],
        here,
        [len(one.practices) for one in entries],
    )
    _set_runs(
        columns.first_weekly,
        columns.weekly_count,
        start["weekly"],
        here,
        [len(one.weekly_places) for one in entries],
    )


def _write_fees(
    columns: Columns, first: int, entries: Sequence[ListingEntry], words: Vocabulary
) -> None:
    here = slice(first, first + len(entries))
    for place, group in enumerate(words.client_groups):
        stand_in = words.priced_as.get(group, group)
        fees = [one.fees.get(group) or one.fees.get(stand_in) or NO_FEE for one in entries]
        columns.fee_kind[place, here] = [FEE_KINDS.index(fee.kind) for fee in fees]
        columns.fee_minor[place, here] = [fee.minor for fee in fees]
        columns.fee_upper[place, here] = [_or_never(fee.upper_minor) for fee in fees]
        columns.fee_concession[place, here] = [_or_never(fee.concession_minor) for fee in fees]
        columns.fee_minutes[place, here] = [fee.minutes for fee in fees]
        columns.fee_currency[place, here] = [currency_number(fee.currency) for fee in fees]


def _write_practices(
    columns: Columns,
    start: Mapping[str, int],
    entries: Sequence[ListingEntry],
    practices: Sequence[PracticeEntry],
    words: Vocabulary,
) -> None:
    first = start["practice"]
    here = slice(first, first + len(practices))
    counts = [len(one.practices) for one in entries]
    columns.practice_code[here] = [one.code.encode() for one in practices]
    columns.listing_of[here] = start["listing"] + np.repeat(np.arange(len(entries)), counts)
    columns.practice_channels[here] = [_channel_bits(words, one.channels) for one in practices]
    points = [
        (one.point.lat, one.point.lon) if one.point else (np.nan, np.nan) for one in practices
    ]
    columns.vectors[:, here] = unit_vectors(np.array(points).reshape(-1, 2))
    _set(
        columns.access,
        words.access_needs,
        first,
        (
            {slug: ACCESS_LEVELS.index(level) for slug, level in one.access.items()}
            for one in practices
        ),
    )


def _write_starts(
    columns: Columns,
    start: Mapping[str, int],
    practices: Sequence[PracticeEntry],
    base_day: date,
) -> None:
    first = start["practice"]
    here = slice(first, first + len(practices))
    counts = [len(one.starts) for one in practices]
    _set_runs(columns.first_start, columns.start_count, start["start"], here, counts)
    if not practices:
        return
    minutes = np.concatenate([np.asarray(one.starts, dtype=np.int64) for one in practices])
    columns.starts[start["start"] : start["start"] + len(minutes)] = minutes
    half_hours = minutes // 30 - (base_day - EPOCH).days * 48
    owners = first + np.repeat(np.arange(len(practices)), counts)
    ahead = (half_hours >= 0) & (half_hours < HALF_HOURS)
    half_hours, owners = half_hours[ahead], owners[ahead]
    bits = np.uint64(1) << (half_hours % 64).astype(np.uint64)
    np.bitwise_or.at(columns.bits, (half_hours // 64, owners), bits)


def _write_weekly_places(
    columns: Columns,
    start: Mapping[str, int],
    entries: Sequence[ListingEntry],
    zones: tuple[str, ...],
) -> None:
    at, first = start["weekly"], start["practice"]
    for entry in entries:
        rows = {one.code: first + place for place, one in enumerate(entry.practices)}
        zone_of = {one.code: zones.index(one.zone) for one in entry.practices}
        for code, weekday, minute, from_date in entry.weekly_places:
            columns.weekly_practice[at] = rows[code]
            columns.weekly_minute[at] = weekday * 1440 + minute
            columns.weekly_from[at] = _day(from_date)
            columns.weekly_zone[at] = zone_of[code]
            at += 1
        first += len(entry.practices)


NO_FEE = FeeEntry("none", 0, None, "GBP", None, 0)


def currency_number(currency: str) -> int:
    """Return three letters as one number, as the fee columns hold it."""
    return int.from_bytes(currency.encode("ascii"), "big")


def _set(
    matrix: Bytes, slugs: Sequence[str], first: int, levels: Iterable[Mapping[str, int]]
) -> None:
    """Set the level of each named value; a value that the vocabulary does not open is left out."""
    places = {slug: place for place, slug in enumerate(slugs)}
    cells = [
        (places[slug], first + row, level)
        for row, named in enumerate(levels)
        for slug, level in named.items()
        if slug in places
    ]
    if cells:
        values, rows, numbers = np.array(cells).T
        matrix[values, rows] = numbers


def _set_runs(firsts: Rows, counts: Rows, start: int, here: slice, lengths: Sequence[int]) -> None:
    ends = np.cumsum(np.array(lengths, dtype=np.intp))
    counts[here] = lengths
    firsts[here] = start + ends - counts[here]


def _spread(firsts: Rows, counts: Rows) -> tuple[Rows, Rows]:
    """Turn runs (first, count) into all their members and, for each, the run it is in."""
    owners = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return np.arange(len(owners)) + (firsts - before)[owners], owners


def _needed(entries: Sequence[ListingEntry]) -> dict[str, int]:
    practices = [practice for one in entries for practice in one.practices]
    return {
        "listing": len(entries),
        "practice": len(practices),
        "start": sum(len(one.starts) for one in practices),
        "weekly": sum(len(one.weekly_places) for one in entries),
    }


def _rows_in(columns: Columns, level: str) -> int:
    name = {"listing": "code", "practice": "listing_of", "start": "starts"}.get(
        level, "weekly_practice"
    )
    return cast("int", getattr(columns, name).shape[-1])


def _load(entry: ListingEntry) -> float:
    openings = sum(len(one.starts) for one in entry.practices)
    return (entry.shown + SHOWINGS_PER_ASK * entry.open_asks) / max(1, openings)


def _with_zones(zones: tuple[str, ...], entries: Sequence[ListingEntry]) -> tuple[str, ...]:
    named = dict.fromkeys(practice.zone for one in entries for practice in one.practices)
    return zones + tuple(zone for zone in named if zone not in zones)


def _axis_values(words: Vocabulary) -> dict[str, tuple[str, ...]]:
    named = {one["leading"] for one in LAYOUT.values()} - {"", "three", "words"}
    return {axis: getattr(words, axis) for axis in sorted(named)}


def _axes(words: Vocabulary) -> list[str]:
    axes = _axis_values(words) | {"genders": words.genders, "channels": words.channels}
    return [f"{axis}/{slug}" for axis, slugs in axes.items() for slug in slugs]


def _channel_bits(words: Vocabulary, channels: Iterable[str]) -> int:
    return sum(1 << words.channels.index(slug) for slug in channels)


def _hash(code: str) -> int:
    return int.from_bytes(blake2b(code.encode(), digest_size=8).digest(), "big")


def _day(day: date | None) -> int:
    return NEVER if day is None else (day - EPOCH).days


def _or_never(number: int | None) -> int:
    return NEVER if number is None else number


def _unless_never(number: Any) -> int | None:
    return None if number == NEVER else int(number)
