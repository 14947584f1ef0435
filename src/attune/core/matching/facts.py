"""What there is to say about the listings that will be shown."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from math import inf
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from attune.core.columns import Rows
from attune.core.index import Index
from attune.core.matching.enquiry import FARTHEST_DAYS
from attune.core.matching.matches import FreeTime, WeeklyPlace
from attune.core.matching.question import Question
from attune.core.matching.records import Practice, Record, Weekly, record_of
from attune.core.matching.scoring import SCORES, Parts, near_parts, soon_parts, weights_in_play
from attune.core.matching.times import NONE_FREE, WEEK_MINUTES

FREE_TIMES_SHOWN = 3

# UTC minutes since 1970-01-01, and which of the listing's usable practices.
Start = tuple[int, int]

_FIRST = itemgetter(0)


class Meeting(NamedTuple):
    """Where and when the person could meet one listing.

    Args:
        nearest: kilometres to the nearest place where they could meet in person, and its code.
        times: the first free ones in their times, else the first at all.
        fits: whether these are in their times.
        half_hour: of the index, in which the first begins.
        weekly_place: the first in their times.
    """

    nearest: tuple[float, str] | None
    times: tuple[FreeTime, ...]
    fits: bool
    half_hour: int
    weekly_place: WeeklyPlace | None


class Facts(NamedTuple):
    """One listing: what it says, how it suits the person, and what that is worth.

    Args:
        parts: criterion -> the values of its parts; none where it did not count.
        weights: criterion -> weight.
    """

    record: Record
    meeting: Meeting
    parts: Mapping[str, Sequence[float]]
    weights: Mapping[str, float]

    def points(self, criterion: str, part: int = 0) -> float:
        return self.parts[criterion][part] * self.weights[criterion]


def facts_of(question: Question, rows: Sequence[int]) -> list[Facts]:
    """Return what there is to say about each of some listings."""
    records = [record_of(question.index, row, question.group) for row in rows]
    meetings = [_meeting(question, record) for record in records]
    weights = weights_in_play(question)
    unasked = {**weights, "replies": 0.0}
    parts = _parts(question, np.array(rows, dtype=np.intp), weights, meetings)
    return [
        Facts(record, meeting, ones, weights if record.asked else unasked)
        for record, meeting, ones in zip(records, meetings, parts, strict=True)
    ]


def _parts(
    question: Question, rows: Rows, weights: Mapping[str, float], meetings: Sequence[Meeting]
) -> list[dict[str, Sequence[float]]]:
    """Return for each listing: criterion -> its parts.

    "soon" and "near" are made from what will be shown, which spares a second look at the diaries.
    """
    own = {
        "soon": soon_parts(
            question,
            rows,
            first=np.array([one.half_hour for one in meetings], dtype=np.intp),
            fits=np.array([one.fits for one in meetings], dtype=np.bool_),
            has_weekly_place=np.array([bool(one.weekly_place) for one in meetings]),
        ),
        "near": near_parts(
            question, np.array([one.nearest[0] if one.nearest else inf for one in meetings])
        ),
    }
    nothing: list[tuple[float, ...]] = [()] * len(rows)
    by_criterion: list[Sequence[Sequence[float]]] = []
    for slug, score in SCORES.items():
        parts: Parts = ()
        if weights[slug]:
            parts = own[slug] if slug in own else score(question, rows)
        lists = [part.tolist() for part in parts]
        by_criterion.append(list(zip(*lists, strict=True)) if lists else nothing)
    return [dict(zip(SCORES, row, strict=True)) for row in zip(*by_criterion, strict=True)]


def _meeting(question: Question, record: Record) -> Meeting:
    usable = question.usable_practices
    practices = [one for one in record.practices if usable.item(one.row)]
    distances = [question.km_to(one.row) for one in practices]
    in_person = [(km, one.code) for km, one in zip(distances, practices, strict=True) if km < inf]
    starts, fits = _first_starts(question, record, practices)
    times = [
        _free_time(question, start, practices[place], distances[place]) for start, place in starts
    ]
    return Meeting(
        min(in_person, key=_FIRST) if in_person else None,
        tuple(times),
        fits,
        starts[0][0] // 30 - question.index.base_half_hour if starts else NONE_FREE,
        _weekly_place(question, record.weekly_places) if record.weekly_places else None,
    )


def _first_starts(
    question: Question, record: Record, practices: Sequence[Practice]
) -> tuple[list[Start], bool]:
    """Return the first starts in their times, else the first at all; and whether these fit.

    Half-hours are bits of one number here: one AND looks at four weeks.
    """
    earliest = max(question.this_half_hour + record.notice, 0)
    ahead = question.any_time.number >> earliest << earliest
    in_times = _starts(question.index, practices, ahead & question.wanted.number, FREE_TIMES_SHOWN)
    if in_times:
        return in_times, True
    return _starts(question.index, practices, ahead, 1), False


def _starts(index: Index, practices: Sequence[Practice], wanted: int, few: int) -> list[Start]:
    """Return the first few starts of some practices in the half-hours wanted."""
    starts, base = index.all_starts, index.base_half_hour
    found: list[Start] = []
    for place, practice in enumerate(practices):
        free = practice.free & wanted
        enough = len(found) + few
        while free and len(found) < enough:
            lowest = free & -free
            free ^= lowest
            begin = (base + lowest.bit_length() - 1) * 30
            at = bisect_left(starts, begin, practice.first_start, practice.end_start)
            while at < practice.end_start and starts[at] < begin + 30:
                found.append((starts[at], place))
                at += 1
    return sorted(found)[:few]


def _free_time(question: Question, start: int, practice: Practice, km: float) -> FreeTime:
    bits = practice.channels & (question.channel_bits if km < inf else question.remote_bits)
    channels = _slugs_of(question.index.words.channels, bits)
    return FreeTime(datetime.fromtimestamp(start * 60, UTC), practice.code, channels)


@lru_cache(maxsize=64)
def _slugs_of(slugs: tuple[str, ...], bits: int) -> tuple[str, ...]:
    return tuple([slug for place, slug in enumerate(slugs) if bits & (1 << place)])


def _weekly_place(question: Question, places: Sequence[Weekly]) -> WeeklyPlace | None:
    """Return the first weekly place in their times; the rule is ``question.are_in_times``."""
    week, shifts, usable = question.week, question.zone_shifts, question.usable_practices
    last_day = question.today_number + FARTHEST_DAYS
    for one in places:
        minute = (one.week_minute + shifts.item(one.zone)) % WEEK_MINUTES
        if usable.item(one.practice) and one.from_day <= last_day and week.item(minute // 30):
            return one.shown
    return None
