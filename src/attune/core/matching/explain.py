"""Why: the parts of the score of each match shown, sorted into what a person wants to know."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

import numpy as np

from attune.core.columns import ALSO, CHECKED, EPOCH, Ints, Rows
from attune.core.entries import IN_PERSON
from attune.core.matching import weights
from attune.core.matching.enquiry import Wish
from attune.core.matching.matches import Component, FreeTime, Match, Reason, WeeklyPlace
from attune.core.matching.question import Question
from attune.core.matching.scoring import (
    SCORES,
    Parts,
    issues_with_listed_therapies,
    weekly_places_that_fit,
    weights_in_play,
)
from attune.core.matching.times import Span

MOST_FITS = 3
FREE_TIMES_SHOWN = 3


class Place(Enum):
    """Which part of the answer a reason belongs to."""

    FITS = "fits"
    DOES_NOT_FIT = "does_not_fit"
    UNKNOWN = "unknown"
    ALSO = "also_counted"


Told = tuple[Place, Reason]


def explain(question: Question, rows: Rows) -> tuple[Match, ...]:
    """Return these listings as matches, in the order given."""
    parts = {slug: score(question, rows) for slug, score in SCORES.items()}
    weighing = weights_in_play(question)
    return tuple(
        _Explained(
            question, int(row), {slug: _at(ones, place) for slug, ones in parts.items()}, weighing
        ).match()
        for place, row in enumerate(rows)
    )


def _at(parts: Parts, place: int) -> list[float]:
    return [float(part[place]) for part in parts]


@dataclass(frozen=True)
class _Start:
    minute: int
    practice: int

    @property
    def moment(self) -> datetime:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=self.minute)


class _Explained:
    """One listing, with its parts of every criterion."""

    def __init__(
        self,
        question: Question,
        row: int,
        parts: Mapping[str, Sequence[float]],
        weighing: Mapping[str, float],
    ) -> None:
        self.question, self.row = question, row
        self.parts = parts
        self.weights = dict(weighing)
        if not question.index.columns.asked[row]:
            self.weights["replies"] = 0.0
        self.practices = [
            int(one)
            for one in question.index.practices_of(np.array([row]))[0]
            if question.usable_practices[one]
        ]
        self.in_times = self.starts(question.wanted)
        self.fits_times = bool(self.in_times)
        self.first = next(iter(self.in_times or self.starts(question.any_time)), None)
        self.weekly_place = self.first_weekly_place()

    def match(self) -> Match:
        question = self.question
        told = [one for tell in TELLERS for one in tell(self)]
        fits = sorted((one for place, one in told if place is Place.FITS), key=_most_points_first)
        rest = [one for place, one in told if place is Place.ALSO]
        components = tuple(self.component(slug) for slug in SCORES)
        nearest = self.nearest_practice()
        return Match(
            code=question.index.code_of(self.row),
            components=components,
            score=sum(one.points for one in components),
            fits=tuple(fits[:MOST_FITS]),
            does_not_fit=tuple(one for place, one in told if place is Place.DOES_NOT_FIT),
            unknown=tuple(one for place, one in told if place is Place.UNKNOWN),
            also_counted=tuple(sorted(fits[MOST_FITS:] + rest, key=_most_points_first)),
            first_free=self.first.moment if self.first else None,
            first_free_fits=self.fits_times,
            first_free_practice=self.code_of(self.first.practice) if self.first else None,
            free_times=tuple(self.free_time(one) for one in self.in_times),
            weekly_place=self.weekly_place,
            distance_km=nearest[0] if nearest else None,
            practice=self.code_of(nearest[1]) if nearest else None,
            fee=question.index.fee_of(self.row, question.enquiry.for_whom),
        )

    def component(self, slug: str) -> Component:
        value, weight = sum(self.parts[slug]), self.weights[slug]
        return Component(slug, value, weight, value * weight)

    def points(self, slug: str, part: int = 0) -> float:
        return self.parts[slug][part] * self.weights[slug]

    def reason(
        self,
        criterion: str,
        code: str,
        answer: str | None,
        points: float = 0.0,
        **values: Any,
    ) -> Reason:
        return Reason(criterion, code, values, points, answer)

    # The diary

    def starts(self, wanted: Span) -> list[_Start]:
        """The first starts among some half-hours, where they could meet."""
        earliest = int(self.question.earliest(np.array([self.row]))[0])
        found = [
            _Start(minute, practice)
            for practice in self.practices
            for minute in self._starts_at(practice, wanted, earliest)
        ]
        return sorted(found, key=lambda one: (one.minute, one.practice))[:FREE_TIMES_SHOWN]

    def _starts_at(self, practice: int, wanted: Span, earliest: int) -> list[int]:
        base = self.question.index.base_half_hour
        starts: Ints = self.question.index.starts_of(practice)
        first, last = np.searchsorted(
            starts, ((base + earliest) * 30, (base + len(wanted.inside)) * 30)
        )
        ahead = starts[first:last]
        chosen: list[int] = ahead[wanted.inside[ahead // 30 - base]][:FREE_TIMES_SHOWN].tolist()
        return chosen

    def free_time(self, start: _Start) -> FreeTime:
        channels = self.channels_at(start.practice)
        return FreeTime(start.moment, self.code_of(start.practice), channels)

    def channels_at(self, practice: int) -> tuple[str, ...]:
        question = self.question
        has = question.index.columns.practice_channels[practice]
        return tuple(
            slug
            for place, slug in enumerate(question.index.words.channels)
            if has & (1 << place)
            and slug in question.channels
            and (slug != IN_PERSON or question.distance_to(practice) is not None)
        )

    def first_weekly_place(self) -> WeeklyPlace | None:
        index = self.question.index
        places, _ = index.weekly_places_of(np.array([self.row]))
        for place in places[weekly_places_that_fit(self.question, places)]:
            weekday, minute = divmod(int(index.columns.weekly_minute[place]), 1440)
            return WeeklyPlace(
                practice=index.practice_code_of(int(index.columns.weekly_practice[place])),
                weekday=weekday,
                minute=minute,
                from_date=EPOCH + timedelta(days=int(index.columns.weekly_from[place])),
            )
        return None

    def nearest_practice(self) -> tuple[float, int] | None:
        """Kilometres and row of the nearest place where they could meet in person."""
        distances = ((self.question.distance_to(one), one) for one in self.practices)
        return min(((km, one) for km, one in distances if km is not None), default=None)

    def code_of(self, practice: int) -> str:
        return self.question.index.practice_code_of(practice)

    # The reasons

    def tell_need(self) -> Iterator[Told]:
        levels = self.question.index.columns.issues
        by_code: dict[str, list[int]] = {}
        for part, issue in enumerate(self.question.issues):
            by_code.setdefault(_issue_code(levels[issue, self.row]), []).append(part)
        for code, parts in by_code.items():
            yield (
                Place.DOES_NOT_FIT if code == "issues-not-listed" else Place.FITS,
                self.reason(
                    "need",
                    code,
                    "issues",
                    sum(self.points("need", part) for part in parts),
                    issues=[self.question.enquiry.issues[part] for part in parts],
                ),
            )

    def tell_therapy(self) -> Iterator[Told]:
        named = self.question.enquiry.therapy_types
        yield from self.tell_named_therapy() if named else self.tell_listed_therapy()
        offered = self.offered(sorted(self.question.cautioned_therapies))
        if offered:
            yield (
                Place.DOES_NOT_FIT,
                self.reason("therapy", "therapy-caution", "therapy", therapies=offered),
            )

    def tell_named_therapy(self) -> Iterator[Told]:
        named = self.question.enquiry.therapy_types
        cautioned = self.question.cautioned_therapies
        offered = self.offered([slug for slug in named if slug not in cautioned])
        if offered:
            yield (
                Place.FITS,
                self.reason(
                    "therapy",
                    "named-therapies",
                    "therapy",
                    self.points("therapy"),
                    therapies=offered,
                    checked=[slug for slug in offered if self.therapy_level(slug) == CHECKED],
                ),
            )
        elif not self.offered(named):
            yield (
                Place.DOES_NOT_FIT,
                self.reason("therapy", "therapies-not-offered", "therapy", therapies=list(named)),
            )

    def tell_listed_therapy(self) -> Iterator[Told]:
        words = self.question.index.words
        listed = {
            (issue, therapy)
            for issue, _ in issues_with_listed_therapies(self.question)
            for therapy in self.offered(
                [words.therapy_types[one] for one in self.question.listed_therapies(issue)]
            )
        }
        if listed:
            issues, therapies = {one for one, _ in listed}, {one for _, one in listed}
            yield (
                Place.FITS,
                self.reason(
                    "therapy",
                    "listed-therapies",
                    "issues",
                    self.points("therapy"),
                    issues=[one for one in self.question.enquiry.issues if one in issues],
                    therapies=[one for one in words.therapy_types if one in therapies],
                    is_reviewed=all(words.evidence[one].is_reviewed for one in listed),
                ),
            )

    def tell_soon(self) -> Iterator[Told]:
        asked = bool(self.question.enquiry.times) or self.question.enquiry.within_days is not None
        if self.first is None:
            yield Place.DOES_NOT_FIT, self.reason("soon", "no-free-time", "times")
        else:
            code = "first-free"
            if asked:
                code = "free-in-times" if self.fits_times else "free-outside-times"
            yield (
                Place.FITS if self.fits_times else Place.DOES_NOT_FIT,
                self.reason("soon", code, "times", self.points("soon", 0), start=self.first.moment),
            )
        if self.weekly_place:
            yield (
                Place.FITS,
                self.reason(
                    "soon",
                    "weekly-place",
                    "times",
                    self.points("soon", 1),
                    weekday=self.weekly_place.weekday,
                    minute=self.weekly_place.minute,
                    from_date=self.weekly_place.from_date,
                ),
            )
        age = self.question.today_number - int(self.question.index.columns.confirmed_on[self.row])
        if age >= weights.STALE_AFTER_DAYS:
            yield Place.UNKNOWN, self.reason("soon", "openings-unconfirmed", None, days=age)

    def tell_near(self) -> Iterator[Told]:
        if not self.weights["near"]:
            return
        nearest = self.nearest_practice()
        if nearest is None:
            yield Place.DOES_NOT_FIT, self.reason("near", "online-only", "where")
        else:
            yield (
                Place.FITS,
                self.reason("near", "near", "where", self.points("near"), km=nearest[0]),
            )

    def tell_cost(self) -> Iterator[Told]:
        if not self.weights["cost"]:
            return
        budget = self.question.enquiry.budget
        answer = "budget" if budget else "matters_most"
        fee = self.question.index.fee_of(self.row, self.question.enquiry.for_whom)
        if fee is None:
            yield Place.UNKNOWN, self.reason("cost", "fee-unknown", answer)
            return
        row = np.array([self.row])
        standard = int(self.question.fees(row, reduced=False)[0])
        paid = int(self.question.fees(row, reduced=bool(budget and budget.reduced_fee))[0])
        is_reduced = budget is not None and standard > budget.money.minor
        yield (
            Place.FITS if budget else Place.ALSO,
            self.reason(
                "cost",
                "fee-within-budget" if budget else "fee",
                answer,
                self.points("cost"),
                kind=fee.kind,
                minor=paid,
                currency=fee.currency,
                is_reduced=is_reduced,
            ),
        )

    def tell_wishes(self) -> Iterator[Told]:
        for wish in self.question.musts:
            yield Place.FITS, self._wish_reason("must-met", wish, 0.0)
        for part, wish in enumerate(self.question.nice_wishes):
            value = self.parts["wishes"][part] * len(self.question.nice_wishes)
            place, code = _wish_place(value)
            yield place, self._wish_reason(code, wish, self.points("wishes", part))

    def _wish_reason(self, code: str, wish: Wish, points: float) -> Reason:
        return self.reason("wishes", code, "wishes", points, about=wish.about, value=wish.value)

    def tell_replies(self) -> Iterator[Told]:
        columns = self.question.index.columns
        asked, answered = int(columns.asked[self.row]), int(columns.answered[self.row])
        if asked:
            points = self.points("replies")
            told = self.reason("replies", "replies", None, points, asked=asked, answered=answered)
            yield Place.ALSO, told
        else:
            yield Place.UNKNOWN, self.reason("replies", "replies-unknown", None)

    def tell_fair_share(self) -> Iterator[Told]:
        yield (
            Place.ALSO,
            self.reason("fair-share", "fair-share", None, self.points("fair-share")),
        )

    def offered(self, therapies: Sequence[str]) -> list[str]:
        return [slug for slug in therapies if self.therapy_level(slug)]

    def therapy_level(self, slug: str) -> int:
        place = self.question.index.words.therapy_types.index(slug)
        return int(self.question.index.columns.therapies[place, self.row])


TELLERS = (
    _Explained.tell_need,
    _Explained.tell_therapy,
    _Explained.tell_soon,
    _Explained.tell_near,
    _Explained.tell_cost,
    _Explained.tell_wishes,
    _Explained.tell_replies,
    _Explained.tell_fair_share,
)


def _most_points_first(reason: Reason) -> float:
    return -reason.points


def _issue_code(level: int) -> str:
    if level == 0:
        return "issues-not-listed"
    return "also-issues" if level == ALSO else "focus-issues"


def _wish_place(value: float) -> tuple[Place, str]:
    """Say how far a wish is met, by its value."""
    if value > (weights.WISH_PARTLY + weights.WISH_MET) / 2:
        return Place.FITS, "wish-met"
    if value > (weights.WISH_UNKNOWN + weights.WISH_PARTLY) / 2:
        return Place.FITS, "wish-partly-met"
    if value > weights.WISH_UNKNOWN / 2:
        return Place.UNKNOWN, "wish-unknown"
    return Place.DOES_NOT_FIT, "wish-missed"
