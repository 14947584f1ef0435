"""What there is to say about the listings that will be shown, read from the index at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from attune.core.columns import EPOCH, HALF_HOURS, Rows
from attune.core.entries import IN_PERSON, FeeEntry
from attune.core.matching.matches import FreeTime, WeeklyPlace
from attune.core.matching.question import Question
from attune.core.matching.scoring import SCORES, weights_in_play

FREE_TIMES_SHOWN = 3


@dataclass(frozen=True)
class Facts:
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


def facts_of(question: Question, rows: Rows) -> list[Facts]:
    """Return what there is to say about each of some listings."""
    index, columns = question.index, question.index.columns
    weights = weights_in_play(question)
    parts = {
        slug: _by_row(score(question, rows) if weights[slug] else [], rows)
        for slug, score in SCORES.items()
    }
    practices, owners = index.practices_of(rows)
    usable = question.usable_practices[practices]
    practices, owners = practices[usable], owners[usable]
    free = _free_times(question, rows, practices, owners)
    weekly = _weekly_places(question, rows)
    nearest = _nearest(question, practices, owners)
    therapies = _offered_therapies(question, rows)
    issues = _by_row([levels[rows] for levels in question.issue_levels], rows)
    budget = question.enquiry.budget
    reduced = bool(budget and budget.reduced_fee)
    standard = question.fees(rows, reduced=False).tolist()
    paid = question.fees(rows, reduced=reduced).tolist()
    asked, answered = columns.asked[rows].tolist(), columns.answered[rows].tolist()
    ages = (question.today_number - columns.confirmed_on[rows]).tolist()
    return [
        Facts(
            code=code,
            parts={slug: ones[place] for slug, ones in parts.items()},
            weights=weights if asked[place] else {**weights, "replies": 0.0},
            issues=issues[place],
            therapies=therapies[place],
            free_times=tuple(one for one, fits in free[place] if fits),
            first=next((one for one, _ in free[place]), None),
            weekly_place=weekly.get(place),
            nearest=nearest.get(place),
            fee=index.fee_of(int(rows[place]), question.enquiry.for_whom),
            standard_fee=standard[place],
            fee_paid=paid[place],
            asked=asked[place],
            answered=answered[place],
            days_since_confirmed=ages[place],
        )
        for place, code in enumerate(index.codes_of(rows))
    ]


def _by_row(arrays: Iterable[np.ndarray], rows: Rows) -> list[tuple]:  # type: ignore[type-arg]
    """Turn one array per part into one tuple per row."""
    lists = [one.tolist() for one in arrays]
    return list(zip(*lists, strict=True)) if lists else [()] * len(rows)


def _free_times(
    question: Question, rows: Rows, practices: Rows, owners: Rows
) -> list[list[tuple[FreeTime, bool]]]:
    """For each listing its first free times, each with whether it is in their times.

    Those in their times; where there is none, the first at all.
    """
    index, base = question.index, question.index.base_half_hour
    starts, sources = index.starts_of(practices)
    half_hours = starts // 30 - base
    listings = owners[sources]
    ahead = (half_hours >= question.earliest(rows)[listings]) & (half_hours < HALF_HOURS)
    ahead[ahead] = question.any_time.inside[half_hours[ahead]]
    starts, half_hours = starts[ahead], half_hours[ahead]
    sources, listings = sources[ahead], listings[ahead]
    fits = question.wanted.inside[half_hours]
    order = np.lexsort((sources, starts, ~fits, listings))
    firsts = np.searchsorted(listings[order], np.arange(len(rows)))
    order = order[np.arange(len(order)) - firsts[listings[order]] < FREE_TIMES_SHOWN]
    free: list[list[tuple[FreeTime, bool]]] = [[] for _ in rows]
    codes = _ByPractice(question)
    shown = (listings[order], starts[order], practices[sources[order]], fits[order])
    for listing, minute, practice, in_times in zip(*(one.tolist() for one in shown), strict=True):
        if in_times or not free[listing]:
            moment = datetime.fromtimestamp(minute * 60, UTC)
            free[listing].append((FreeTime(moment, *codes[practice]), in_times))
    return free


class _ByPractice(dict[int, tuple[str, tuple[str, ...]]]):
    """Practice row -> its code, and the channels that suit the person; made when asked for."""

    def __init__(self, question: Question) -> None:
        self.question = question

    def __missing__(self, practice: int) -> tuple[str, tuple[str, ...]]:
        code = self.question.index.practice_code_of(practice)
        self[practice] = code, _channels_at(self.question, practice)
        return self[practice]


def _channels_at(question: Question, practice: int) -> tuple[str, ...]:
    has = int(question.index.columns.practice_channels[practice])
    return tuple(
        slug
        for place, slug in enumerate(question.index.words.channels)
        if has & (1 << place)
        and slug in question.channels
        and (slug != IN_PERSON or question.distance_to(practice) is not None)
    )


def _weekly_places(question: Question, rows: Rows) -> dict[int, WeeklyPlace]:
    """For each listing (by its place in ``rows``) its first weekly place in their times."""
    index, columns = question.index, question.index.columns
    places, owners = index.weekly_places_of(rows)
    fits = question.are_in_times(places)
    found: dict[int, WeeklyPlace] = {}
    for place, owner in zip(places[fits].tolist(), owners[fits].tolist(), strict=True):
        weekday, minute = divmod(int(columns.weekly_minute[place]), 1440)
        weekly_place = WeeklyPlace(
            practice=index.practice_code_of(columns.weekly_practice[place]),
            weekday=weekday,
            minute=minute,
            from_date=EPOCH + timedelta(days=int(columns.weekly_from[place])),
        )
        found.setdefault(owner, weekly_place)
    return found


def _nearest(question: Question, practices: Rows, owners: Rows) -> dict[int, tuple[float, str]]:
    """For each listing (by its place) that sees people in person: how far, and where."""
    found: dict[int, tuple[float, str]] = {}
    for practice, owner in zip(practices.tolist(), owners.tolist(), strict=True):
        distance = question.distance_to(practice)
        if distance is not None and (owner not in found or distance < found[owner][0]):
            found[owner] = distance, question.index.practice_code_of(practice)
    return found


def _offered_therapies(question: Question, rows: Rows) -> list[dict[str, int]]:
    levels = question.index.columns.therapies[:, rows]
    offered: list[dict[str, int]] = [{} for _ in rows]
    for place, owner in np.argwhere(levels).tolist():
        slug = question.index.words.therapy_types[place]
        offered[owner][slug] = int(levels[place, owner])
    return offered
