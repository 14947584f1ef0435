"""The person's week as bits over the half-hours (UTC) of the index.

Hours are wall time in the person's zone. Each half-hour of the index knows which minute of the
week the clock there shows, so that a clock change needs no rule of its own.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from attune.core.columns import (
    EPOCH,
    HALF_HOURS,
    WEEK_HALF_HOURS,
    WEEK_WORDS,
    WORDS,
    Bits,
    BoolArray,
    Longs,
    Rows,
)
from attune.core.index import Index
from attune.core.matching.enquiry import TimeWindow

WEEK_MINUTES = 7 * 1440
NONE_FREE = HALF_HOURS
_ALL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
_ONE = np.uint64(1)
# From so few practices on, all words at once are quicker than one after another.
_FEW = 1024


@dataclass(frozen=True)
class Wanted:
    """Half-hours of the index: one flag each, as words of 64 bits, whole and folded, and as the
    bits of one number."""

    inside: BoolArray

    @cached_property
    def number(self) -> int:
        return int.from_bytes(np.packbits(self.inside, bitorder="little").tobytes(), "little")

    @cached_property
    def words(self) -> Bits:
        return _packed(self.inside, WORDS)

    @cached_property
    def week_words(self) -> Bits:
        folded: BoolArray = np.any(self.inside.reshape(-1, WEEK_HALF_HOURS), axis=0)
        return _packed(folded, WEEK_WORDS)


@lru_cache(maxsize=256)
def half_hours_between(first: int, end: int) -> Wanted:
    """Return the half-hours of the index from one up to, and without, another."""
    inside = np.zeros(HALF_HOURS, dtype=np.bool_)
    inside[max(0, first) : end] = True
    return Wanted(inside)


@lru_cache(maxsize=256)
def half_hours_inside(
    times: tuple[TimeWindow, ...], first: int, end: int, zone: str, base_day: date
) -> Wanted:
    """Return those between two that lie inside hours of the week, by the clock of a zone.

    A half-hour counts when all of it is inside: zones at a quarter hour lose a quarter of an
    hour at each edge, and never show a time outside. Without hours, all count.
    """
    between = half_hours_between(first, end)
    if not times:
        return between
    clock, week = _wall_clock(zone, base_day), week_slots(times)
    return Wanted(between.inside & week[clock.begins] & week[clock.ends])


def half_hours_up_to(now: datetime) -> int:
    """Return the half-hours from 1970-01-01 to ``now``, up to the next whole one."""
    since = now - datetime(1970, 1, 1, tzinfo=UTC)
    return -(-since // timedelta(minutes=30))


def end_of_day(zone: str, base_day: date, day: date) -> int:
    """Return the first half-hour of the index at which a day in ``zone`` is over."""
    return bisect_right(_wall_clock(zone, base_day).days, (day - EPOCH).days)


@lru_cache(maxsize=256)
def week_slots(times: tuple[TimeWindow, ...]) -> BoolArray:
    """Return, for each half-hour from Monday 00:00 on, whether it lies inside ``times``.

    Without any, all do.
    """
    week = np.full((7, 48), not times)
    for window in times:
        for day in window.days:
            week[day, window.start_minute // 30 : window.end_minute // 30] = True
    return week.ravel()


def minutes_ahead(zone: str, other: str, now: datetime) -> int:
    """Return how far the clocks of one zone are ahead of another's."""
    if zone == other:
        return 0
    ours, theirs = (now.astimezone(ZoneInfo(one)).utcoffset() for one in (zone, other))
    return int(((ours or timedelta()) - (theirs or timedelta())) / timedelta(minutes=1))


def may_be_free(index: Index, rows: Rows | slice, wanted: Wanted) -> BoolArray:
    """Tell which listings ever have a start at these hours of the week: a cheap first look."""
    bits, words = index.columns.week_bits, wanted.week_words
    together = bits[0][rows] & words[0]
    for word in np.flatnonzero(words[1:]) + 1:
        together |= bits[word][rows] & words[word]
    may: BoolArray = together != 0
    return may


def have_free(
    index: Index, practices: Rows, owners: Rows, earliest: Rows, wanted: Wanted
) -> BoolArray:
    """Tell for every listing whether one of its practices has a bookable start.

    Args:
        practices: rows of the index.
        owners: for each, the row of its listing.
        earliest, wanted: as for ``first_free``.

    Reads word after word, and only of the listings that had nothing so far.
    """
    is_free = np.zeros(len(index.hidden), dtype=np.bool_)
    latest = earliest.max(initial=0)
    for word in np.flatnonzero(wanted.words):
        free = index.columns.bits[word][practices] & wanted.words[word]
        if word * 64 < latest:
            free &= _from_on(earliest - word * 64)
        is_free[owners[np.flatnonzero(free != 0)]] = True
        left = np.flatnonzero(~is_free[owners])
        practices, owners, earliest = practices[left], owners[left], earliest[left]
    return is_free


def first_free(index: Index, practices: Rows, earliest: Rows, wanted: Wanted) -> Rows:
    """Return each practice's first half-hour with a bookable start; ``NONE_FREE`` for none.

    Args:
        practices: rows of the index.
        earliest: for each, the first half-hour that may be booked.
        wanted: the half-hours that count.

    Reads word after word, and only the practices that had nothing so far; a few practices read
    several words at once, ever more, since most are free within days.
    """
    found = np.full(len(practices), NONE_FREE, dtype=np.intp)
    left = np.arange(len(practices))
    words = np.flatnonzero(wanted.words)
    words = words[words >= earliest.min(initial=HALF_HOURS) // 64]
    while len(words) and len(left) > _FEW:
        word, words = words[0], words[1:]
        free = index.columns.bits[word][practices[left]] & wanted.words[word]
        if word * 64 < earliest.max():
            free &= _from_on(earliest[left] - word * 64)
        # Indices throughout: picking by flags costs several times as much.
        hits = np.flatnonzero(free != 0)
        found[left[hits]] = word * 64 + _lowest(free[hits])
        left = left[np.flatnonzero(free == 0)]
    at_once = 2
    while len(words) and len(left):
        some, words = words[:at_once], words[at_once:]
        found[left] = _first_in_words(index, practices[left], earliest[left], wanted, some)
        left = left[np.flatnonzero(found[left] == NONE_FREE)]
        at_once *= 3
    return found


def _first_in_words(
    index: Index, practices: Rows, earliest: Rows, wanted: Wanted, words: Rows
) -> Rows:
    free = index.columns.bits[words[:, None], practices] & wanted.words[words, None]
    if words[0] * 64 < earliest.max():
        free &= _from_on(earliest - words[:, None] * 64)
    which = (free != 0).argmax(axis=0)
    first = free[which, np.arange(len(practices))]
    return np.where(first != 0, words[which] * 64 + _lowest(first), NONE_FREE)


def _lowest(words: Bits) -> Rows:
    """Return the place of the lowest bit of each word that has one."""
    lowest: Rows = np.bitwise_count((words & -words) - _ONE).astype(np.intp)
    return lowest


def first_starts_from(index: Index, practices: Rows, half_hours: Rows) -> Longs:
    """Return each practice's first start from a half-hour on: UTC minutes since 1970-01-01.

    There must be one. A binary search in all of them at once.
    """
    columns = index.columns
    wanted = (index.base_half_hour + half_hours) * 30
    low = columns.first_start[practices]
    high = low + columns.start_count[practices] - 1
    while (low < high).any():
        middle = (low + high) // 2
        is_early = columns.starts[middle] < wanted
        low, high = np.where(is_early, middle + 1, low), np.where(is_early, high, middle)
    return columns.starts[low].astype(np.int64)


def _packed(flags: BoolArray, words: int) -> Bits:
    packed = np.zeros(words * 8, dtype=np.uint8)
    packed[: len(flags) // 8] = np.packbits(flags, bitorder="little")
    return packed.view("<u8").astype(np.uint64)


def _from_on(places: Rows) -> Bits:
    """Return words with the bits from each place on; none from 64 on."""
    shifts = np.minimum(np.maximum(places, 0), 63).astype(np.uint64)
    return (_ALL << shifts) * (places < 64)


class WallClock(NamedTuple):
    """What a clock shows during each half-hour of the index.

    Args:
        begins, ends: in which half-hours of its week that half-hour begins and ends.
        days: its date, in days since 1970-01-01.
    """

    begins: Rows
    ends: Rows
    days: Sequence[int]


@lru_cache(maxsize=64)
def _wall_clock(zone: str, base_day: date) -> WallClock:
    place = ZoneInfo(zone)
    start = datetime.combine(base_day, time.min, UTC)
    moments = (start + timedelta(minutes=30 * number) for number in range(HALF_HOURS))
    shown = [moment.astimezone(place) for moment in moments]
    minutes = np.array([one.weekday() * 1440 + one.hour * 60 + one.minute for one in shown])
    return WallClock(
        begins=minutes // 30,
        ends=(minutes + 29) // 30 % WEEK_HALF_HOURS,
        days=[(one.date() - EPOCH).days for one in shown],
    )
