"""When a first meeting can start: opening hours, less closures, less what is taken.

Opening hours are what a clock on the wall shows. ``_first_shown`` leaves local time once for each
edge of a window; after it everything is whole minutes in UTC, and no clock change can move a sum.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from attune.core.spans import (
    Span,
    Stretch,
    joined,
    minutes_of,
    minutes_up_to,
    moment_of,
    stretch_of,
    without,
)

SHORT_MEETING_MINUTES = 30
START_GRID_MINUTES = 5
# After every minute that can be asked for.
_NEVER = 2**40


@dataclass(frozen=True)
class WeeklyHours:
    """Open from ``start`` to ``end`` on one weekday (Monday is 0), by the clock on the wall.

    ``end`` 00:00 is the midnight that ends the day; ``valid_until`` is the last day that counts.
    """

    weekday: int
    start: time
    end: time
    valid_from: date | None = None
    valid_until: date | None = None

    def hold_on(self, day: date) -> bool:
        return (
            day.weekday() == self.weekday
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day <= self.valid_until)
        )


@dataclass(frozen=True)
class DayException:
    """One day that differs: closed (all of it when the times are None), or open as well.

    Closures take from the weekly hours; extra hours are added after them, so that a day can be
    closed but for an hour.
    """

    day: date
    is_open: bool
    start: time | None = None
    end: time | None = None


def not_before(now: datetime, notice_hours: int) -> datetime:
    """Return the earliest start that may be booked: now and the notice, up to the half hour."""
    return moment_of(_up_to_next(30, minutes_up_to(now + timedelta(hours=notice_hours))))


def day_begins(zone: str, day: date) -> int:
    """Return the first UTC minute of a date in ``zone``, since 1970-01-01 00:00 UTC."""
    return _first_shown(zone, day, time.min)


def start_step(minutes: int, buffer_minutes: int) -> int:
    """Return how many minutes apart starts are offered.

    Half an hour for meetings up to that long; else the meeting and its buffer, up to the next
    quarter. Nothing that is booked enters, so that a booking never shifts the other starts.
    """
    if minutes <= SHORT_MEETING_MINUTES:
        return SHORT_MEETING_MINUTES
    return _up_to_next(15, minutes + buffer_minutes)


def bookable_starts(
    hours: Sequence[WeeklyHours],
    exceptions: Sequence[DayException],
    busy: Iterable[Span],
    *,
    zone: str,
    first_day: date,
    days: int,
    minutes: int,
    buffer_minutes: int,
) -> NDArray[np.int64]:
    """
    Return every start of a meeting that fits.

    Starts are counted from the opening of each day's windows, in steps of ``start_step``, on
    multiples of five minutes. The meeting ends inside the opening hours (which may run on past
    midnight); the buffer after it may lie outside them but overlaps nothing in ``busy``.

    Args:
        busy: What is taken, buffers included, in any order.

        zone: IANA name of the zone of the opening hours.

        first_day, days: The dates in that zone on which a meeting may start.

        minutes: Length of the meeting.

        buffer_minutes: What is kept free after it.

    Returns:
        Minutes since 1970-01-01 00:00 UTC, ascending. Notice is not applied: see ``not_before``.
    """
    # One day more: a meeting late on the last evening may run into it.
    windows = [
        _open_on(first_day + timedelta(days=number), hours, exceptions, zone)
        for number in range(days + 1)
    ]
    step = start_step(minutes, buffer_minutes)
    candidates = [
        np.arange(_up_to_next(START_GRID_MINUTES, start), end, step, dtype=np.int64)
        for window in windows[:days]
        for start, end in window
    ]
    if not candidates:
        return np.empty(0, dtype=np.int64)
    starts = np.concatenate(candidates)
    opening = joined(stretch for window in windows for stretch in window)
    taken = joined(stretch_of(span) for span in busy)
    return starts[
        _ends_inside(opening, starts, minutes)
        & _touches_none(taken, starts, minutes + buffer_minutes)
    ]


def _ends_inside(
    opening: Sequence[Stretch], starts: NDArray[np.int64], minutes: int
) -> NDArray[np.bool_]:
    """Whether each meeting ends before the stretch that it starts in; each starts in one."""
    begins, ends = np.array(opening, dtype=np.int64).T
    inside: NDArray[np.bool_] = (
        ends[np.searchsorted(begins, starts, side="right") - 1] >= starts + minutes
    )
    return inside


def _touches_none(
    taken: Sequence[Stretch], starts: NDArray[np.int64], minutes: int
) -> NDArray[np.bool_]:
    begins, ends = np.array([*taken, (_NEVER, _NEVER)], dtype=np.int64).T
    free: NDArray[np.bool_] = begins[np.searchsorted(ends, starts, side="right")] >= (
        starts + minutes
    )
    return free


def _open_on(
    day: date, hours: Sequence[WeeklyHours], exceptions: Sequence[DayException], zone: str
) -> list[Stretch]:
    """Return the opening hours of one date, disjoint and in order."""
    today = [one for one in exceptions if one.day == day]
    weekly = [_stretch(zone, day, one.start, one.end) for one in hours if one.hold_on(day)]
    closed = [_stretch(zone, day, one.start, one.end) for one in today if not one.is_open]
    extra = [_stretch(zone, day, one.start, one.end) for one in today if one.is_open]
    return joined([*without(weekly, closed), *extra])


def _stretch(zone: str, day: date, start: time | None, end: time | None) -> Stretch:
    """Return a window in UTC minutes; None and 00:00 are the ends of the day."""
    is_midnight = end is None or end == time.min
    last_day = day + timedelta(days=1) if is_midnight else day
    return _first_shown(zone, day, start or time.min), _first_shown(zone, last_day, end or time.min)


@lru_cache(maxsize=1 << 16)
def _first_shown(zone: str, day: date, at: time) -> int:
    """Return the first UTC minute when a clock in ``zone`` shows ``at`` on ``day``, or later.

    So a time that the clock jumps over means the jump, and one shown twice means the first.
    """
    place = ZoneInfo(zone)
    wall = datetime.combine(day, at)
    first = minutes_of(wall.replace(tzinfo=place))
    second = minutes_of(wall.replace(tzinfo=place, fold=1))
    if first <= second:
        return first
    # The clock never shows it: ``second`` lies before the jump and ``first`` after.
    return second + bisect_left(
        range(second, first),
        True,  # noqa: FBT003 - the value searched for
        key=lambda minute: moment_of(minute).astimezone(place).replace(tzinfo=None) >= wall,
    )


def _up_to_next(multiple: int, minutes: int) -> int:
    return -(-minutes // multiple) * multiple
