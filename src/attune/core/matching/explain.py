"""Why: the parts of the score of each match shown, sorted into what a person wants to know."""

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter

from attune.core.columns import ALSO, CHECKED, NOT_LISTED, Rows
from attune.core.matching import weights
from attune.core.matching.enquiry import Wish
from attune.core.matching.facts import Facts, facts_of
from attune.core.matching.matches import Match, Reason
from attune.core.matching.question import Question

MOST_FITS = 3

Reasons = list[Reason]

_POINTS = attrgetter("points")


@dataclass(slots=True)
class Told:
    """The reasons of one match, by the part of the answer that each belongs to."""

    fits: Reasons = field(default_factory=list)
    does_not_fit: Reasons = field(default_factory=list)
    unknown: Reasons = field(default_factory=list)
    also: Reasons = field(default_factory=list)


def explain(question: Question, rows: Rows) -> tuple[Match, ...]:
    """Return these listings as matches, in the order given."""
    return tuple([_match(question, facts) for facts in facts_of(question, rows)])


def _match(question: Question, facts: Facts) -> Match:
    told = Told()
    for tell in TELLERS:
        tell(question, facts, told)
    told.fits.sort(key=_POINTS, reverse=True)
    also_counted = sorted(told.fits[MOST_FITS:] + told.also, key=_POINTS, reverse=True)
    values = {slug: sum(parts) for slug, parts in facts.parts.items()}
    return Match(
        code=facts.code,
        values=values,
        weights=facts.weights,
        score=sum([value * facts.weights[slug] for slug, value in values.items()]),
        fits=tuple(told.fits[:MOST_FITS]),
        does_not_fit=tuple(told.does_not_fit),
        unknown=tuple(told.unknown),
        also_counted=tuple(also_counted),
        first_free=facts.first.start if facts.first else None,
        first_free_fits=bool(facts.free_times),
        first_free_practice=facts.first.practice if facts.first else None,
        free_times=facts.free_times,
        weekly_place=facts.weekly_place,
        distance_km=facts.nearest[0] if facts.nearest else None,
        practice=facts.nearest[1] if facts.nearest else None,
        fee=facts.fee,
    )


# One function a criterion: its parts in the facts, as reasons.


def _tell_need(question: Question, facts: Facts, told: Told) -> None:
    groups: dict[str, list[int]] = {}
    for part, level in enumerate(facts.issues):
        groups.setdefault(_issue_code(level), []).append(part)
    for code, parts in groups.items():
        points = sum([facts.points("need", part) for part in parts])
        issues = [question.enquiry.issues[part] for part in parts]
        place = told.does_not_fit if code == "issues-not-listed" else told.fits
        place.append(Reason("need", code, {"issues": issues}, points, "issues"))


def _issue_code(level: int) -> str:
    if level == NOT_LISTED:
        return "issues-not-listed"
    return "also-issues" if level == ALSO else "focus-issues"


def _tell_therapy(question: Question, facts: Facts, told: Told) -> None:
    named = question.enquiry.therapy_types
    if named:
        _tell_named_therapies(question, facts, told)
    else:
        _tell_listed_therapies(question, facts, told)
    cautioned = [slug for slug in facts.therapies if slug in question.cautioned_therapies]
    if cautioned:
        answer, values = "therapy" if named else "issues", {"therapies": cautioned}
        told.does_not_fit.append(Reason("therapy", "therapy-caution", values, 0.0, answer))


def _tell_named_therapies(question: Question, facts: Facts, told: Told) -> None:
    named = question.enquiry.therapy_types
    offered = [slug for slug in named if slug in facts.therapies]
    counted = [slug for slug in offered if slug not in question.cautioned_therapies]
    if counted:
        checked = [slug for slug in counted if facts.therapies[slug] == CHECKED]
        values = {"therapies": counted, "checked": checked}
        points = facts.points("therapy")
        told.fits.append(Reason("therapy", "named-therapies", values, points, "therapy"))
    elif not offered:
        values = {"therapies": list(named)}
        told.does_not_fit.append(Reason("therapy", "therapies-not-offered", values, 0.0, "therapy"))


def _tell_listed_therapies(question: Question, facts: Facts, told: Told) -> None:
    words = question.index.words
    listed = [
        (issue, therapy)
        for issue, _ in question.issues_with_listed_therapies
        for place in words.listed_therapies[issue]
        if (therapy := words.therapy_types[place]) in facts.therapies
    ]
    if listed:
        values = {
            "issues": list(dict.fromkeys(issue for issue, _ in listed)),
            "therapies": list(dict.fromkeys(therapy for _, therapy in listed)),
            "is_reviewed": all(words.evidence[one].is_reviewed for one in listed),
        }
        points = facts.points("therapy")
        told.fits.append(Reason("therapy", "listed-therapies", values, points, "issues"))


def _tell_soon(question: Question, facts: Facts, told: Told) -> None:
    if facts.first is None:
        told.does_not_fit.append(Reason("soon", "no-free-time", {}, 0.0, "times"))
    else:
        place, code = _place_of_first_free(question, facts, told)
        start = {"start": facts.first.start}
        place.append(Reason("soon", code, start, facts.points("soon", 0), "times"))
    if weekly := facts.weekly_place:
        when = {"weekday": weekly.weekday, "minute": weekly.minute, "from_date": weekly.from_date}
        told.fits.append(Reason("soon", "weekly-place", when, facts.points("soon", 1), "times"))
    if facts.days_since_confirmed >= weights.STALE_AFTER_DAYS:
        days = {"days": facts.days_since_confirmed}
        told.unknown.append(Reason("soon", "openings-unconfirmed", days, 0.0, None))


def _place_of_first_free(question: Question, facts: Facts, told: Told) -> tuple[Reasons, str]:
    if not question.asks_for_times:
        return told.fits, "first-free"
    if facts.free_times:
        return told.fits, "free-in-times"
    return told.does_not_fit, "free-outside-times"


def _tell_near(_question: Question, facts: Facts, told: Told) -> None:
    if not facts.weights["near"]:
        return
    if facts.nearest is None:
        told.does_not_fit.append(Reason("near", "online-only", {}, 0.0, "where"))
    else:
        values = {"km": facts.nearest[0]}
        told.fits.append(Reason("near", "near", values, facts.points("near"), "where"))


def _tell_cost(question: Question, facts: Facts, told: Told) -> None:
    if not facts.weights["cost"]:
        return
    budget, fee = question.enquiry.budget, facts.fee
    answer = "budget" if budget else "matters_most"
    if fee is None:
        told.unknown.append(Reason("cost", "fee-unknown", {}, 0.0, answer))
        return
    values = {
        "kind": fee.kind,
        "minor": facts.fee_paid,
        "currency": fee.currency,
        "is_reduced": facts.fee_paid < facts.standard_fee,
    }
    code, place = ("fee-within-budget", told.fits) if budget else ("fee", told.also)
    place.append(Reason("cost", code, values, facts.points("cost"), answer))


def _tell_wishes(question: Question, facts: Facts, told: Told) -> None:
    for wish in question.musts:
        told.fits.append(_wish_reason("must-met", wish, 0.0))
    for part, wish in enumerate(question.nice_wishes):
        value = facts.parts["wishes"][part] * len(question.nice_wishes)
        place, code = _place_of_wish(value, told)
        place.append(_wish_reason(code, wish, facts.points("wishes", part)))


def _place_of_wish(value: float, told: Told) -> tuple[Reasons, str]:
    """Say where a wish belongs, and how far it is met, from its value."""
    if value > (weights.WISH_PARTLY + weights.WISH_MET) / 2:
        return told.fits, "wish-met"
    if value > (weights.WISH_UNKNOWN + weights.WISH_PARTLY) / 2:
        return told.fits, "wish-partly-met"
    if value > (weights.WISH_MISSED + weights.WISH_UNKNOWN) / 2:
        return told.unknown, "wish-unknown"
    return told.does_not_fit, "wish-missed"


def _wish_reason(code: str, wish: Wish, points: float) -> Reason:
    return Reason("wishes", code, {"about": wish.about, "value": wish.value}, points, "wishes")


def _tell_replies(_question: Question, facts: Facts, told: Told) -> None:
    if facts.asked:
        values = {"asked": facts.asked, "answered": facts.answered}
        told.also.append(Reason("replies", "replies", values, facts.points("replies"), None))
    else:
        told.unknown.append(Reason("replies", "replies-unknown", {}, 0.0, None))


def _tell_fair_share(_question: Question, facts: Facts, told: Told) -> None:
    told.also.append(Reason("fair-share", "fair-share", {}, facts.points("fair-share"), None))


TELLERS: tuple[Callable[[Question, Facts, Told], None], ...] = (
    _tell_need,
    _tell_therapy,
    _tell_soon,
    _tell_near,
    _tell_cost,
    _tell_wishes,
    _tell_replies,
    _tell_fair_share,
)
