"""Why: the parts of the score of each match shown, sorted into what a person wants to know."""

from collections.abc import Callable, Iterator
from enum import IntEnum
from operator import attrgetter
from typing import Any

from attune.core.columns import ALSO, CHECKED, NOT_LISTED, Rows
from attune.core.matching import weights
from attune.core.matching.enquiry import Wish
from attune.core.matching.facts import Facts, facts_of
from attune.core.matching.matches import Component, Match, Reason
from attune.core.matching.question import Question
from attune.core.matching.scoring import SCORES

MOST_FITS = 3


class Place(IntEnum):
    """Which part of the answer a reason belongs to."""

    FITS = 0
    DOES_NOT_FIT = 1
    UNKNOWN = 2
    ALSO = 3


Told = tuple[Place, Reason]


def explain(question: Question, rows: Rows) -> tuple[Match, ...]:
    """Return these listings as matches, in the order given."""
    return tuple(_match(question, facts) for facts in facts_of(question, rows))


def _match(question: Question, facts: Facts) -> Match:
    told: list[list[Reason]] = [[] for _ in Place]
    for tell in TELLERS:
        for place, reason in tell(question, facts):
            told[place].append(reason)
    fits = _most_points_first(told[Place.FITS])
    components = tuple(_component(facts, slug) for slug in SCORES)
    return Match(
        code=facts.code,
        components=components,
        score=sum(one.points for one in components),
        fits=tuple(fits[:MOST_FITS]),
        does_not_fit=tuple(told[Place.DOES_NOT_FIT]),
        unknown=tuple(told[Place.UNKNOWN]),
        also_counted=tuple(_most_points_first(fits[MOST_FITS:] + told[Place.ALSO])),
        first_free=facts.first.start if facts.first else None,
        first_free_fits=bool(facts.free_times),
        first_free_practice=facts.first.practice if facts.first else None,
        free_times=facts.free_times,
        weekly_place=facts.weekly_place,
        distance_km=facts.nearest[0] if facts.nearest else None,
        practice=facts.nearest[1] if facts.nearest else None,
        fee=facts.fee,
    )


def _component(facts: Facts, slug: str) -> Component:
    value, weight = sum(facts.parts[slug]), facts.weights[slug]
    return Component(slug, value, weight, value * weight)


def _most_points_first(reasons: list[Reason]) -> list[Reason]:
    return sorted(reasons, key=attrgetter("points"), reverse=True)


def _reason(
    criterion: str, code: str, answer: str | None, points: float = 0.0, **values: Any
) -> Reason:
    return Reason(criterion, code, values, points, answer)


# One function a criterion: its parts in the facts, as reasons.


def _tell_need(question: Question, facts: Facts) -> Iterator[Told]:
    groups: dict[str, list[int]] = {}
    for part, level in enumerate(facts.issues):
        groups.setdefault(_issue_code(level), []).append(part)
    for code, parts in groups.items():
        points = sum(facts.points("need", part) for part in parts)
        issues = [question.enquiry.issues[part] for part in parts]
        place = Place.DOES_NOT_FIT if code == "issues-not-listed" else Place.FITS
        yield place, _reason("need", code, "issues", points, issues=issues)


def _issue_code(level: int) -> str:
    if level == NOT_LISTED:
        return "issues-not-listed"
    return "also-issues" if level == ALSO else "focus-issues"


def _tell_therapy(question: Question, facts: Facts) -> Iterator[Told]:
    if question.enquiry.therapy_types:
        yield from _tell_named_therapies(question, facts)
    else:
        yield from _tell_listed_therapies(question, facts)
    cautioned = [slug for slug in facts.therapies if slug in question.cautioned_therapies]
    if cautioned:
        answer = "therapy" if question.enquiry.therapy_types else "issues"
        caution = _reason("therapy", "therapy-caution", answer, therapies=cautioned)
        yield Place.DOES_NOT_FIT, caution


def _tell_named_therapies(question: Question, facts: Facts) -> Iterator[Told]:
    named = question.enquiry.therapy_types
    offered = [slug for slug in named if slug in facts.therapies]
    counted = [slug for slug in offered if slug not in question.cautioned_therapies]
    if counted:
        checked = [slug for slug in counted if facts.therapies[slug] == CHECKED]
        points = facts.points("therapy")
        code = "named-therapies"
        told = _reason("therapy", code, "therapy", points, therapies=counted, checked=checked)
        yield Place.FITS, told
    elif not offered:
        told = _reason("therapy", "therapies-not-offered", "therapy", therapies=list(named))
        yield Place.DOES_NOT_FIT, told


def _tell_listed_therapies(question: Question, facts: Facts) -> Iterator[Told]:
    words = question.index.words
    listed = [
        (issue, therapy)
        for issue, _ in question.issues_with_listed_therapies
        for place in words.listed_therapies[issue]
        if (therapy := words.therapy_types[place]) in facts.therapies
    ]
    if listed:
        told = _reason(
            "therapy",
            "listed-therapies",
            "issues",
            facts.points("therapy"),
            issues=list(dict.fromkeys(issue for issue, _ in listed)),
            therapies=list(dict.fromkeys(therapy for _, therapy in listed)),
            is_reviewed=all(words.evidence[one].is_reviewed for one in listed),
        )
        yield Place.FITS, told


def _tell_soon(question: Question, facts: Facts) -> Iterator[Told]:
    if facts.first is None:
        yield Place.DOES_NOT_FIT, _reason("soon", "no-free-time", "times")
    else:
        code, place = _first_free_code(question, facts)
        points = facts.points("soon", 0)
        yield place, _reason("soon", code, "times", points, start=facts.first.start)
    if weekly := facts.weekly_place:
        told = _reason(
            "soon",
            "weekly-place",
            "times",
            facts.points("soon", 1),
            weekday=weekly.weekday,
            minute=weekly.minute,
            from_date=weekly.from_date,
        )
        yield Place.FITS, told
    if facts.days_since_confirmed >= weights.STALE_AFTER_DAYS:
        days = facts.days_since_confirmed
        yield Place.UNKNOWN, _reason("soon", "openings-unconfirmed", None, days=days)


def _first_free_code(question: Question, facts: Facts) -> tuple[str, Place]:
    if question.wanted is question.any_time:
        return "first-free", Place.FITS
    if facts.free_times:
        return "free-in-times", Place.FITS
    return "free-outside-times", Place.DOES_NOT_FIT


def _tell_near(_question: Question, facts: Facts) -> Iterator[Told]:
    if not facts.weights["near"]:
        return
    if facts.nearest is None:
        yield Place.DOES_NOT_FIT, _reason("near", "online-only", "where")
    else:
        points = facts.points("near")
        yield Place.FITS, _reason("near", "near", "where", points, km=facts.nearest[0])


def _tell_cost(question: Question, facts: Facts) -> Iterator[Told]:
    if not facts.weights["cost"]:
        return
    budget = question.enquiry.budget
    answer = "budget" if budget else "matters_most"
    if facts.fee is None:
        yield Place.UNKNOWN, _reason("cost", "fee-unknown", answer)
        return
    told = _reason(
        "cost",
        "fee-within-budget" if budget else "fee",
        answer,
        facts.points("cost"),
        kind=facts.fee.kind,
        minor=facts.fee_paid,
        currency=facts.fee.currency,
        is_reduced=facts.fee_paid < facts.standard_fee,
    )
    yield Place.FITS if budget else Place.ALSO, told


def _tell_wishes(question: Question, facts: Facts) -> Iterator[Told]:
    for wish in question.musts:
        yield Place.FITS, _wish_reason("must-met", wish, 0.0)
    for part, wish in enumerate(question.nice_wishes):
        value = facts.parts["wishes"][part] * len(question.nice_wishes)
        place, code = _wish_code(value)
        yield place, _wish_reason(code, wish, facts.points("wishes", part))


def _wish_code(value: float) -> tuple[Place, str]:
    """Say how far a wish is met, from its value."""
    if value > (weights.WISH_PARTLY + weights.WISH_MET) / 2:
        return Place.FITS, "wish-met"
    if value > (weights.WISH_UNKNOWN + weights.WISH_PARTLY) / 2:
        return Place.FITS, "wish-partly-met"
    if value > (weights.WISH_MISSED + weights.WISH_UNKNOWN) / 2:
        return Place.UNKNOWN, "wish-unknown"
    return Place.DOES_NOT_FIT, "wish-missed"


def _wish_reason(code: str, wish: Wish, points: float) -> Reason:
    return _reason("wishes", code, "wishes", points, about=wish.about, value=wish.value)


def _tell_replies(_question: Question, facts: Facts) -> Iterator[Told]:
    if facts.asked:
        points, asked, answered = facts.points("replies"), facts.asked, facts.answered
        told = _reason("replies", "replies", None, points, asked=asked, answered=answered)
        yield Place.ALSO, told
    else:
        yield Place.UNKNOWN, _reason("replies", "replies-unknown", None)


def _tell_fair_share(_question: Question, facts: Facts) -> Iterator[Told]:
    yield Place.ALSO, _reason("fair-share", "fair-share", None, facts.points("fair-share"))


TELLERS: tuple[Callable[[Question, Facts], Iterator[Told]], ...] = (
    _tell_need,
    _tell_therapy,
    _tell_soon,
    _tell_near,
    _tell_cost,
    _tell_wishes,
    _tell_replies,
    _tell_fair_share,
)
