"""The arrays behind the index: what each holds, and how listings are written into them.

The rows of every array are its last dimension. A field with many values is one row of bytes per
value, so that a query reads only the values it names.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Annotated, Any, NamedTuple, Self, cast, get_type_hints

import numpy as np
from numpy.typing import NDArray

from attune.core.entries import (
    ACCESS_LEVELS,
    FEE_KINDS,
    FREE_KINDS,
    FeeEntry,
    ListingEntry,
    PracticeEntry,
)
from attune.core.geo import unit_vectors
from attune.core.vocabulary import Vocabulary

FINDER_DAYS = 35
HALF_HOURS = FINDER_DAYS * 48
WORDS = -(-HALF_HOURS // 64)
WEEK_HALF_HOURS = 7 * 48
WEEK_WORDS = -(-WEEK_HALF_HOURS // 64)
EPOCH = date(1970, 1, 1)
NEVER = -1

# Level of an issue: 1 to 5 is the rank among the main ones.
NOT_LISTED, ALSO = 0, 6
# Level of a therapy type; 0 is not offered.
OFFERED, CHECKED = 1, 2

# How much something that waits for the practitioner weighs against one showing.
SHOWINGS_PER_ASK = 10

BoolArray = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Shorts = NDArray[np.int16]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bits = NDArray[np.uint64]
Floats = NDArray[np.float64]
Codes = NDArray[np.bytes_]
Rows = NDArray[np.intp]


class Column(NamedTuple):
    """``per``: what a row is. ``leading``: what the first of two dimensions counts."""

    per: str
    dtype: Any
    leading: str = ""


@dataclass(frozen=True)
class Columns:
    """The arrays. ``per`` says what a row is; ``leading`` what the first dimension counts.

    Days count from 1970-01-01 (``NEVER``: none); money is in minor units.
    """

    listing_id: Annotated[Longs, Column("listing", np.int64)]
    code: Annotated[Codes, Column("listing", "S16")]
    code_hash: Annotated[Bits, Column("listing", np.uint64)]
    is_published: Annotated[BoolArray, Column("listing", np.bool_)]
    verified_until: Annotated[Ints, Column("listing", np.int32)]
    paused_until: Annotated[Ints, Column("listing", np.int32)]
    confirmed_on: Annotated[Ints, Column("listing", np.int32)]
    # 0: not said, else the position among the vocabulary's genders plus one.
    gender: Annotated[Bytes, Column("listing", np.uint8)]
    channels: Annotated[Bytes, Column("listing", np.uint8)]
    notice_hours: Annotated[Ints, Column("listing", np.int32)]
    answered: Annotated[Ints, Column("listing", np.int32)]
    asked: Annotated[Ints, Column("listing", np.int32)]
    # ``bits`` of all practices, folded into one week of half-hours from the base day on.
    week_bits: Annotated[Bits, Column("listing", np.uint64, "week_words")]
    # Recent showings, and open asks at their weight in showings, per bookable start.
    load: Annotated[Floats, Column("listing", np.float64)]
    languages: Annotated[Bytes, Column("listing", np.uint8, "languages")]
    communities: Annotated[Bytes, Column("listing", np.uint8, "communities")]
    client_groups: Annotated[Bytes, Column("listing", np.uint8, "client_groups")]
    issues: Annotated[Bytes, Column("listing", np.uint8, "issues")]
    therapies: Annotated[Bytes, Column("listing", np.uint8, "therapy_types")]
    fee_kind: Annotated[Bytes, Column("listing", np.uint8, "client_groups")]
    fee_minor: Annotated[Ints, Column("listing", np.int32, "client_groups")]
    fee_upper: Annotated[Ints, Column("listing", np.int32, "client_groups")]
    fee_concession: Annotated[Ints, Column("listing", np.int32, "client_groups")]
    # What a client is asked to pay, at most and at least (0: nothing; NEVER: not said).
    fee_standard: Annotated[Ints, Column("listing", np.int32, "client_groups")]
    fee_reduced: Annotated[Ints, Column("listing", np.int32, "client_groups")]
    fee_minutes: Annotated[Ints, Column("listing", np.int32, "client_groups")]
    # Three letters as one number.
    fee_currency: Annotated[Ints, Column("listing", np.int32, "client_groups")]
    first_practice: Annotated[Rows, Column("listing", np.intp)]
    practice_count: Annotated[Shorts, Column("listing", np.int16)]
    first_weekly: Annotated[Rows, Column("listing", np.intp)]
    weekly_count: Annotated[Shorts, Column("listing", np.int16)]

    practice_code: Annotated[Codes, Column("practice", "S16")]
    listing_of: Annotated[Rows, Column("practice", np.intp)]
    practice_channels: Annotated[Bytes, Column("practice", np.uint8)]
    # On the unit sphere; NaN where nobody is seen in person.
    vectors: Annotated[Floats, Column("practice", np.float64, "three")]
    access: Annotated[Bytes, Column("practice", np.uint8, "access_needs")]
    # Bit b of word w: a bookable start lies in half-hour 64 w + b (UTC) from the base day on.
    bits: Annotated[Bits, Column("practice", np.uint64, "words")]
    first_start: Annotated[Rows, Column("practice", np.intp)]
    start_count: Annotated[Rows, Column("practice", np.intp)]

    # UTC minutes since 1970-01-01.
    starts: Annotated[Ints, Column("start", np.int32)]

    weekly_practice: Annotated[Rows, Column("weekly", np.intp)]
    # Minute of the week, wall time in the zone, Monday 00:00 is 0.
    weekly_minute: Annotated[Ints, Column("weekly", np.int32)]
    weekly_from: Annotated[Ints, Column("weekly", np.int32)]
    weekly_zone: Annotated[Bytes, Column("weekly", np.uint8)]


LAYOUT: dict[str, Column] = {
    name: hint.__metadata__[0]
    for name, hint in get_type_hints(Columns, include_extras=True).items()
}
LEVELS = ("listing", "practice", "start", "weekly")


class Store:
    """The arrays at their full size; rows beyond ``used`` are free.

    ``kept``: what was made of single rows, to be used again. A copy begins without: its next row
    may be another than the one that was written here.
    """

    def __init__(self, columns: Columns, used: Mapping[str, int]) -> None:
        self.columns, self.used = columns, used
        self.kept: dict[Hashable, Any] = {}

    @classmethod
    def allocate(cls, needed: Mapping[str, int], words: Vocabulary) -> Self:
        leading = {axis: len(values) for axis, values in _axis_values(words).items()}
        leading |= {"three": 3, "words": WORDS, "week_words": WEEK_WORDS}
        columns = Columns(
            **{
                name: np.zeros(
                    (*((leading[one.leading],) if one.leading else ()), needed[one.per]),
                    one.dtype,
                )
                for name, one in LAYOUT.items()
            }
        )
        return cls(columns, dict.fromkeys(LEVELS, 0))

    def view(self, used: Mapping[str, int]) -> Columns:
        return Columns(
            **{
                name: getattr(self.columns, name)[..., : used[one.per]]
                for name, one in LAYOUT.items()
            }
        )

    def has_room(self, needed: Mapping[str, int]) -> bool:
        return all(
            self.used[level] + needed[level] <= rows_in(self.columns, level) for level in LEVELS
        )

    def grown(self, used: Mapping[str, int], needed: Mapping[str, int]) -> "Store":
        """Copy the used rows into larger arrays, an eighth more than is needed."""
        sizes = {level: (used[level] + needed[level]) * 9 // 8 + 256 for level in LEVELS}
        seen = self.view(used)
        columns = {}
        for name, one in LAYOUT.items():
            old = getattr(seen, name)
            columns[name] = np.zeros((*old.shape[:-1], sizes[one.per]), old.dtype)
            columns[name][..., : old.shape[-1]] = old
        return Store(Columns(**columns), used)


@dataclass(frozen=True)
class Writer:
    """Writes listings into the free rows of ``columns`` that begin at ``start``."""

    columns: Columns
    start: Mapping[str, int]
    words: Vocabulary
    base_day: date
    zones: tuple[str, ...]

    def write(self, entries: Sequence[ListingEntry]) -> None:
        """Write them in order, each with its practices, starts and weekly places."""
        self._listings(entries)
        self._fees(entries)
        practices = [one for entry in entries for one in entry.practices]
        self._practices(entries, practices)
        self._starts(practices)
        self._weekly_places(entries)

    def _listings(self, entries: Sequence[ListingEntry]) -> None:
        columns, words = self.columns, self.words
        first = self.start["listing"]
        here = slice(first, first + len(entries))
        genders = {slug: place + 1 for place, slug in enumerate(words.genders)}
        columns.listing_id[here] = [one.listing_id for one in entries]
        columns.code[here] = [one.code.encode() for one in entries]
        columns.code_hash[here] = [_hash(one.code) for one in entries]
        columns.is_published[here] = [one.is_published for one in entries]
        columns.verified_until[here] = [day_number(one.verified_until) for one in entries]
        columns.paused_until[here] = [day_number(one.paused_until) for one in entries]
        columns.confirmed_on[here] = [day_number(one.confirmed_on) for one in entries]
        columns.gender[here] = [genders.get(one.gender, 0) for one in entries]
        columns.channels[here] = [
            channel_bits(words, (slug for line in one.practices for slug in line.channels))
            for one in entries
        ]
        columns.notice_hours[here] = [one.notice_hours for one in entries]
        columns.answered[here] = [one.answered for one in entries]
        columns.asked[here] = [one.asked for one in entries]
        columns.load[here] = [_load(one) for one in entries]
        self._levels(columns.languages, words.languages, (_ones(e.languages) for e in entries))
        self._levels(
            columns.communities, words.communities, (_ones(e.communities) for e in entries)
        )
        self._levels(
            columns.client_groups, words.client_groups, (_ones(e.client_groups) for e in entries)
        )
        self._levels(columns.issues, words.issues, (_issue_levels(e) for e in entries))
        self._levels(columns.therapies, words.therapy_types, (_therapy_levels(e) for e in entries))
        counts = [len(one.practices) for one in entries]
        columns.practice_count[here] = counts
        columns.first_practice[here] = self.start["practice"] + _before(counts)
        counts = [len(one.weekly_places) for one in entries]
        columns.weekly_count[here] = counts
        columns.first_weekly[here] = self.start["weekly"] + _before(counts)

    def _fees(self, entries: Sequence[ListingEntry]) -> None:
        columns, first = self.columns, self.start["listing"]
        for place, group in enumerate(self.words.client_groups):
            stand_in = self.words.priced_as.get(group, group)
            fees = [one.fees.get(group) or one.fees.get(stand_in) or NO_FEE for one in entries]
            here = place, slice(first, first + len(entries))
            columns.fee_kind[here] = [FEE_KINDS.index(fee.kind) for fee in fees]
            columns.fee_minor[here] = [fee.minor for fee in fees]
            columns.fee_upper[here] = [_or_never(fee.upper_minor) for fee in fees]
            columns.fee_concession[here] = [_or_never(fee.concession_minor) for fee in fees]
            columns.fee_standard[here] = [standard_fee(fee) for fee in fees]
            columns.fee_reduced[here] = [reduced_fee(fee) for fee in fees]
            columns.fee_minutes[here] = [fee.minutes for fee in fees]
            columns.fee_currency[here] = [currency_number(fee.currency) for fee in fees]

    def _practices(
        self, entries: Sequence[ListingEntry], practices: Sequence[PracticeEntry]
    ) -> None:
        columns, words, first = self.columns, self.words, self.start["practice"]
        here = slice(first, first + len(practices))
        owners = np.repeat(np.arange(len(entries)), [len(one.practices) for one in entries])
        columns.practice_code[here] = [one.code.encode() for one in practices]
        columns.listing_of[here] = self.start["listing"] + owners
        columns.practice_channels[here] = [channel_bits(words, one.channels) for one in practices]
        points = [
            (one.point.lat, one.point.lon) if one.point else (np.nan, np.nan) for one in practices
        ]
        columns.vectors[:, here] = unit_vectors(np.array(points).reshape(-1, 2))
        levels = (
            {slug: ACCESS_LEVELS.index(level) for slug, level in one.access.items()}
            for one in practices
        )
        self._levels(columns.access, words.access_needs, levels, per="practice")

    def _starts(self, practices: Sequence[PracticeEntry]) -> None:
        columns, first = self.columns, self.start["practice"]
        here = slice(first, first + len(practices))
        counts = [len(one.starts) for one in practices]
        columns.start_count[here] = counts
        columns.first_start[here] = self.start["start"] + _before(counts)
        minutes = np.concatenate(
            [np.zeros(0, np.int64), *(np.asarray(one.starts, np.int64) for one in practices)]
        )
        columns.starts[self.start["start"] : self.start["start"] + len(minutes)] = minutes
        half_hours = minutes // 30 - (self.base_day - EPOCH).days * 48
        owners = first + np.repeat(np.arange(len(practices)), counts)
        ahead = (half_hours >= 0) & (half_hours < HALF_HOURS)
        half_hours, owners = half_hours[ahead], owners[ahead]
        _set_bits(columns.bits, half_hours, owners)
        _set_bits(columns.week_bits, half_hours % WEEK_HALF_HOURS, columns.listing_of[owners])

    def _weekly_places(self, entries: Sequence[ListingEntry]) -> None:
        columns, at, first = self.columns, self.start["weekly"], self.start["practice"]
        for entry in entries:
            rows = {one.code: first + place for place, one in enumerate(entry.practices)}
            zone_of = {one.code: self.zones.index(one.zone) for one in entry.practices}
            for code, weekday, minute, from_date in entry.weekly_places:
                columns.weekly_practice[at] = rows[code]
                columns.weekly_minute[at] = weekday * 1440 + minute
                columns.weekly_from[at] = day_number(from_date)
                columns.weekly_zone[at] = zone_of[code]
                at += 1
            first += len(entry.practices)

    def _levels(
        self,
        matrix: Bytes,
        slugs: Sequence[str],
        levels: Iterable[Mapping[str, int]],
        *,
        per: str = "listing",
    ) -> None:
        """Set the level of each named value; one that the vocabulary does not open is left out."""
        places = {slug: place for place, slug in enumerate(slugs)}
        cells = [
            (places[slug], row, level)
            for row, named in enumerate(levels, self.start[per])
            for slug, level in named.items()
            if slug in places
        ]
        if cells:
            values, rows, numbers = np.array(cells).T
            matrix[values, rows] = numbers


def standard_fee(fee: FeeEntry) -> int:
    """Return what anyone may be asked to pay: the upper end of a range."""
    if fee.kind == "none":
        return NEVER
    return 0 if fee.kind in FREE_KINDS else fee.upper_minor or fee.minor


def reduced_fee(fee: FeeEntry) -> int:
    """Return the least that somebody is asked to pay: a concession, or a range's lower end."""
    if fee.kind == "none" or fee.kind in FREE_KINDS:
        return standard_fee(fee)
    return fee.minor if fee.concession_minor is None else min(fee.concession_minor, fee.minor)


NO_FEE = FeeEntry("none", 0, None, "GBP", None, 0)


def rows_needed(entries: Sequence[ListingEntry]) -> dict[str, int]:
    """Return how many rows these listings take at each level."""
    practices = [practice for one in entries for practice in one.practices]
    return {
        "listing": len(entries),
        "practice": len(practices),
        "start": sum(len(one.starts) for one in practices),
        "weekly": sum(len(one.weekly_places) for one in entries),
    }


def rows_in(columns: Columns, level: str) -> int:
    """Return how many rows the arrays of one level have."""
    name = next(name for name, one in LAYOUT.items() if one.per == level)
    return cast("int", getattr(columns, name).shape[-1])


def axes_of(words: Vocabulary) -> list[str]:
    """Return every value that a row of an array stands for: what saved arrays depend on."""
    axes = _axis_values(words) | {"genders": words.genders, "channels": words.channels}
    return [f"{axis}/{slug}" for axis, slugs in axes.items() for slug in slugs]


def channel_bits(words: Vocabulary, channels: Iterable[str]) -> int:
    """Return a set of channels as bits, in the vocabulary's order."""
    return sum({1 << words.channels.index(slug) for slug in channels})


def currency_number(currency: str) -> int:
    """Return three letters as one number, as the fee columns hold it."""
    return int.from_bytes(currency.encode("ascii"), "big")


def day_number(day: date | None) -> int:
    """Return days since 1970-01-01; ``NEVER`` for none."""
    return NEVER if day is None else (day - EPOCH).days


def _axis_values(words: Vocabulary) -> dict[str, tuple[str, ...]]:
    named = {one.leading for one in LAYOUT.values()} - {"", "three", "words", "week_words"}
    return {axis: getattr(words, axis) for axis in sorted(named)}


def _set_bits(words: Bits, places: Longs, rows: Rows) -> None:
    bits = np.uint64(1) << (places % 64).astype(np.uint64)
    np.bitwise_or.at(words, (places // 64, rows), bits)


def _ones(slugs: Iterable[str]) -> dict[str, int]:
    return dict.fromkeys(slugs, 1)


def _issue_levels(entry: ListingEntry) -> dict[str, int]:
    return {slug: rank or ALSO for slug, rank in entry.issues.items()}


def _therapy_levels(entry: ListingEntry) -> dict[str, int]:
    return {slug: CHECKED if checked else OFFERED for slug, checked in entry.therapies.items()}


def _before(counts: Sequence[int]) -> Rows:
    """Return how many members lie before each run."""
    lengths = np.array(counts, dtype=np.intp)
    before: Rows = np.cumsum(lengths) - lengths
    return before


def _load(entry: ListingEntry) -> float:
    openings = sum(len(one.starts) for one in entry.practices)
    return (entry.shown + SHOWINGS_PER_ASK * entry.open_asks) / max(1, openings)


def _hash(code: str) -> int:
    return int.from_bytes(blake2b(code.encode(), digest_size=8).digest(), "big")


def _or_never(number: int | None) -> int:
    return NEVER if number is None else number
