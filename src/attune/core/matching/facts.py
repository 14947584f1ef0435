"""What there is to say about the listings that will be shown, read from the index at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from attune.core.columns import EPOCH, Rows
from attune.core.entries import FeeEntry
from attune.core.matching.matches import FreeTime, WeeklyPlace
from attune.core.matching.question import Question
from attune.core.matching.scoring import SCORES, soon_parts, weights_in_play
from attune.core.matching.times import NONE_FREE

FREE_TIMES_SHOWN = 3


class Facts(NamedTuple):
    """One listing.

    Args:
        parts: criterion -> the values of its parts; none where it did not count.
        weights: criterion -> weight.
        issues: level of each issue chosen, in their order.
        therapies: level of each therapy type offered.
        free_times: the first in their times.
        first: the first of these, else the first at all.
        nearest: kilometres to the nearest place where they could meet in person, and its code.
        standard_fee, fee_paid: without and with what a reduced fee would take off; minor units.
        days_since_confirmed: of openings and hours.
    """

    code: str
    parts: Mapping[str, Sequence[float]]
    weights: Mapping[str, float]
    issues: Sequence[int]
    therapies: Mapping[str, int]
    free_times: tuple[FreeTime, ...]
    first: FreeTime | None
    weekly_place: WeeklyPlace | None
    nearest: tuple[float, str] | None
    fee: FeeEntry | None
    standard_fee: int
    fee_paid: int
    asked: int
    answered: int
    days_since_confirmed: int

    def points(self, criterion: str, part: int = 0) -> float:
        return self.parts[criterion][part] * self.weights[criterion]


class Spot(NamedTuple):
    """A practice where they could meet.

    Args:
        owner: place of its listing among those shown.
        channels: those that suit the person.
        km: how far; infinite where they would not meet in person.
    """

    owner: int
    code: str
    channels: tuple[str, ...]
    km: float


class Free(NamedTuple):
    """The first free times of one listing: those in their times, else the first at all.

    ``half_hour``: of the index, in which the first begins.
    """

    times: tuple[FreeTime, ...]
    fits: bool
    half_hour: int


def facts_of(question: Question, rows: Rows) -> list[Facts]:
    """Return what there is to say about each of some listings."""
    index, columns = question.index, question.index.columns
    practices, owners = question.practices_to_meet(rows)
    spots = _spots(question, practices, owners)
    free = _free_times(question, rows, practices, spots)
    weekly = _weekly_places(question, rows)
    weights = weights_in_play(question)
    parts = _parts(question, rows, weights, free, weekly)
    nearest = _nearest(spots)
    therapies = _offered_therapies(question, rows)
    issues = _by_row([levels[rows] for levels in question.issue_levels], rows)
    budget = question.enquiry.budget
    standard = question.fees(rows, reduced=False).tolist()
    reduced = question.fees(rows, reduced=True).tolist()
    paid = reduced if budget and budget.reduced_fee else standard
    asked, answered = columns.asked[rows].tolist(), columns.answered[rows].tolist()
    ages = (question.today_number - columns.confirmed_on[rows]).tolist()
    unasked = {**weights, "replies": 0.0}
    return [
        Facts(
            code=code,
            parts={slug: ones[place] for slug, ones in parts.items()},
            weights=weights if asked[place] else unasked,
            issues=issues[place],
            therapies=therapies[place],
            free_times=free[place].times if free[place].fits else (),
            first=free[place].times[0] if free[place].times else None,
            weekly_place=weekly.get(place),
            nearest=nearest.get(place),
            fee=index.fee_of(row, question.group),
            standard_fee=standard[place],
            fee_paid=paid[place],
            asked=asked[place],
            answered=answered[place],
            days_since_confirmed=ages[place],
        )
        for place, (row, code) in enumerate(zip(rows.tolist(), index.codes_of(rows), strict=True))
    ]


def _parts(
    question: Question,
    rows: Rows,
    weights: Mapping[str, float],
    free: Sequence[Free],
    weekly: Mapping[int, WeeklyPlace],
) -> dict[str, list[tuple[float, ...]]]:
    """Return criterion -> for each listing, its parts.

    "soon" is made from the times that will be shown, which spares a second look at the diaries.
    """
    soon = soon_parts(
        question,
        rows,
        first=np.array([one.half_hour for one in free], dtype=np.intp),
        fits=np.array([one.fits for one in free], dtype=np.bool_),
        has_weekly_place=np.array([place in weekly for place in range(len(rows))], dtype=np.bool_),
    )
    return {
        slug: _by_row(soon if slug == "soon" else score(question, rows), rows)
        if weights[slug]
        else [()] * len(rows)
        for slug, score in SCORES.items()
    }


def _by_row(arrays: Sequence[NDArray[Any]], rows: Rows) -> list[tuple[Any, ...]]:
    """Turn one array per part into one tuple per row."""
    lists = [one.tolist() for one in arrays]
    return list(zip(*lists, strict=True)) if lists else [()] * len(rows)


def _spots(question: Question, practices: Rows, owners: Rows) -> list[Spot]:
    channels = question.index.columns.practice_channels[practices].tolist()
    distances = question.distances_to(practices).tolist()
    codes = question.index.practice_codes_of(practices)
    return [
        Spot(owner, code, question.channels_among(bits, in_person=km < inf), km)
        for owner, code, bits, km in zip(owners.tolist(), codes, channels, distances, strict=True)
    ]


def _free_times(
    question: Question, rows: Rows, practices: Rows, spots: Sequence[Spot]
) -> list[Free]:
    """Return the first free times of each listing.

    A start takes part as one in their times, or as the first of its practice at all, which is shown
    where the listing has nothing in their times.
    """
    base = question.index.base_half_hour
    owners = [spot.owner for spot in spots]
    earliest = np.maximum(question.earliest(rows), 0)[owners]
    starts, sources = question.index.starts_of(practices)
    half_hours = starts // 30 - base
    ahead = np.flatnonzero((half_hours >= earliest[sources]) & (half_hours < question.horizon))
    starts, sources = starts[ahead], sources[ahead]
    in_times = np.flatnonzero(question.wanted.inside[half_hours[ahead]])
    few = in_times[_first_of_each(sources[in_times], FREE_TIMES_SHOWN)]
    first = _first_of_each(sources, 1)
    candidates = sorted(
        (is_outside, minute, source)
        for is_outside, chosen in ((False, few), (True, first))
        for minute, source in zip(starts[chosen].tolist(), sources[chosen].tolist(), strict=True)
    )
    found: list[list[tuple[bool, int, int]]] = [[] for _ in rows]
    for one in candidates:
        is_outside, _, source = one
        shown = found[owners[source]]
        if len(shown) < (1 if is_outside else FREE_TIMES_SHOWN):
            shown.append(one)
    return [_free(shown, spots, base) for shown in found]


def _first_of_each(runs: Rows, few: int) -> Rows:
    """Return the places of the first few of each run of equal numbers."""
    is_one = np.ones(len(runs), dtype=np.bool_)
    is_one[few:] = runs[few:] != runs[:-few]
    return np.flatnonzero(is_one)


def _free(shown: Sequence[tuple[bool, int, int]], spots: Sequence[Spot], base: int) -> Free:
    if not shown:
        return Free((), fits=False, half_hour=NONE_FREE)
    times = tuple(
        FreeTime(
            datetime.fromtimestamp(minute * 60, UTC), spots[source].code, spots[source].channels
        )
        for _, minute, source in shown
    )
    is_outside, minute, _ = shown[0]
    return Free(times, not is_outside, minute // 30 - base)


def _weekly_places(question: Question, rows: Rows) -> dict[int, WeeklyPlace]:
    """For each listing (by its place in ``rows``) its first weekly place in their times."""
    index, columns = question.index, question.index.columns
    places, owners = index.weekly_places_of(rows)
    fits = question.are_in_times(places)
    found: dict[int, WeeklyPlace] = {}
    for place, owner in zip(places[fits].tolist(), owners[fits].tolist(), strict=True):
        if owner not in found:
            weekday, minute = divmod(columns.weekly_minute.item(place), 1440)
            practice = index.practice_code_of(columns.weekly_practice.item(place))
            from_date = EPOCH + timedelta(days=columns.weekly_from.item(place))
            found[owner] = WeeklyPlace(practice, weekday, minute, from_date)
    return found


def _nearest(spots: Iterable[Spot]) -> dict[int, tuple[float, str]]:
    """For each listing (by its place) that sees people in person: how far, and where."""
    found: dict[int, tuple[float, str]] = {}
    for spot in spots:
        if spot.km < inf and (spot.owner not in found or spot.km < found[spot.owner][0]):
            found[spot.owner] = spot.km, spot.code
    return found


def _offered_therapies(question: Question, rows: Rows) -> list[dict[str, int]]:
    slugs = question.index.words.therapy_types
    levels = question.index.columns.therapies[:, rows]
    places, owners = levels.nonzero()
    numbers = levels[places, owners].tolist()
    offered: list[dict[str, int]] = [{} for _ in rows]
    for place, owner, level in zip(places.tolist(), owners.tolist(), numbers, strict=True):
        offered[owner][slugs[place]] = level
    return offered
