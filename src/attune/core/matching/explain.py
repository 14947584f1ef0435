"""Why: the parts of the score of each match shown, sorted into what a person wants to know."""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from attune.core.columns import ALSO, CHECKED, NOT_LISTED
from attune.core.matching import weights
from attune.core.matching.enquiry import Wish
from attune.core.matching.facts import Facts, facts_of
from attune.core.matching.matches import Match, Reason
from attune.core.matching.question import Question

MOST_FITS = 3

Reasons = list[Reason]

_POINTS = attrgetter("points")

_ALSO_VALUE = weights.ISSUE_LEVEL_VALUES[ALSO]
_LEAST_FOCUS_VALUE = min(weights.ISSUE_LEVEL_VALUES[NOT_LISTED + 1 : ALSO])

# Shared by all who have them.
_NO_VALUES: Mapping[str, Any] = {}
_REPLIES_UNKNOWN = Reason("replies", "replies-unknown", _NO_VALUES, 0.0, None)
_ONLINE_ONLY = Reason("near", "online-only", _NO_VALUES, 0.0, "where")


class Told(NamedTuple):
    """The reasons of one match, by the part of the answer that each belongs to."""

    fits: Reasons
    does_not_fit: Reasons
    unknown: Reasons
    also: Reasons

    def add(self, more: "Told") -> None:
        self.fits.extend(more.fits)
        self.does_not_fit.extend(more.does_not_fit)
        self.unknown.extend(more.unknown)
        self.also.extend(more.also)


def explain(question: Question, rows: Sequence[int]) -> tuple[Match, ...]:
    """Return the listings in some rows as matches, in the order given."""
    teller = _Teller(question)
    return tuple([_match(facts, teller.tell(facts)) for facts in facts_of(question, rows)])


def _match(facts: Facts, told: Told) -> Match:
    record, meeting = facts.record, facts.meeting
    told.fits.sort(key=_POINTS, reverse=True)
    also_counted = sorted(told.fits[MOST_FITS:] + told.also, key=_POINTS, reverse=True)
    first = meeting.times[0] if meeting.times else None
    km, practice = meeting.nearest or (None, None)
    return Match(
        code=record.code,
        parts=facts.parts,
        weights=facts.weights,
        fits=tuple(told.fits[:MOST_FITS]),
        does_not_fit=tuple(told.does_not_fit),
        unknown=tuple(told.unknown),
        also_counted=tuple(also_counted),
        first_free=first.start if first else None,
        first_free_fits=meeting.fits,
        first_free_practice=first.practice if first else None,
        free_times=meeting.times if meeting.fits else (),
        weekly_place=meeting.weekly_place,
        distance_km=km,
        practice=practice,
        fee=record.fee,
    )


class _Teller:
    """Tells the reasons of one match after another, a method for each criterion.

    Those about issues and wishes are the same for many: each is made once, and shared.
    """

    def __init__(self, question: Question) -> None:
        self.question, self.enquiry = question, question.enquiry
        words = question.index.words
        self.listed = [
            (issue, words.therapy_types[place])
            for issue, _ in question.issues_with_listed_therapies
            for place in words.listed_therapies[issue]
        ]
        self.needs: dict[Sequence[float], Told] = {}
        self.wishes: dict[Sequence[float], Told] = {}

    def tell(self, facts: Facts) -> Told:
        told = Told([], [], [], [])
        self._need(facts, told)
        self._therapy(facts, told)
        self._soon(facts, told)
        if facts.weights["near"]:
            self._near(facts, told)
        if facts.weights["cost"]:
            self._cost(facts, told)
        self._wishes(facts, told)
        self._replies(facts, told)
        told.also.append(
            Reason("fair-share", "fair-share", _NO_VALUES, facts.points("fair-share"), None)
        )
        return told

    def _need(self, facts: Facts, told: Told) -> None:
        parts = facts.parts["need"]
        if parts not in self.needs:
            self.needs[parts] = self._told_of_issues(facts)
        told.add(self.needs[parts])

    def _told_of_issues(self, facts: Facts) -> Told:
        told = Told([], [], [], [])
        issues, groups = self.enquiry.issues, dict[str, list[int]]()
        for part, share in enumerate(weights.ISSUE_SHARES.get(len(issues), ())):
            code = _issue_code(facts.parts["need"][part] / share)
            groups.setdefault(code, []).append(part)
        for code, group in groups.items():
            points = sum([facts.points("need", part) for part in group])
            values = {"issues": [issues[part] for part in group]}
            place = told.does_not_fit if code == "issues-not-listed" else told.fits
            place.append(Reason("need", code, values, points, "issues"))
        return told

    def _therapy(self, facts: Facts, told: Told) -> None:
        named, cautions = self.enquiry.therapy_types, self.question.cautioned_therapies
        if named:
            self._named_therapies(facts, told)
        elif self.listed:
            self._listed_therapies(facts, told)
        cautioned = [slug for slug in facts.record.therapies if slug in cautions]
        if cautioned:
            answer, values = "therapy" if named else "issues", {"therapies": cautioned}
            told.does_not_fit.append(Reason("therapy", "therapy-caution", values, 0.0, answer))

    def _named_therapies(self, facts: Facts, told: Told) -> None:
        named, levels = self.enquiry.therapy_types, facts.record.therapies
        offered = [slug for slug in named if slug in levels]
        counted = [slug for slug in offered if slug not in self.question.cautioned_therapies]
        if counted:
            checked = [slug for slug in counted if levels[slug] == CHECKED]
            values = {"therapies": counted, "checked": checked}
            points = facts.points("therapy")
            told.fits.append(Reason("therapy", "named-therapies", values, points, "therapy"))
        elif not offered:
            values = {"therapies": list(named)}
            reason = Reason("therapy", "therapies-not-offered", values, 0.0, "therapy")
            told.does_not_fit.append(reason)

    def _listed_therapies(self, facts: Facts, told: Told) -> None:
        levels, evidence = facts.record.therapies, self.question.index.words.evidence
        listed = [one for one in self.listed if one[1] in levels]
        if listed:
            values = {
                "issues": list(dict.fromkeys([issue for issue, _ in listed])),
                "therapies": list(dict.fromkeys([therapy for _, therapy in listed])),
                "is_reviewed": all(evidence[one].is_reviewed for one in listed),
            }
            points = facts.points("therapy")
            told.fits.append(Reason("therapy", "listed-therapies", values, points, "issues"))

    def _soon(self, facts: Facts, told: Told) -> None:
        meeting = facts.meeting
        if meeting.times:
            place, code = self._place_of_first_free(facts, told)
            start = {"start": meeting.times[0].start}
            place.append(Reason("soon", code, start, facts.points("soon", 0), "times"))
        else:
            told.does_not_fit.append(Reason("soon", "no-free-time", _NO_VALUES, 0.0, "times"))
        if weekly := meeting.weekly_place:
            when = {
                "weekday": weekly.weekday,
                "minute": weekly.minute,
                "from_date": weekly.from_date,
            }
            told.fits.append(Reason("soon", "weekly-place", when, facts.points("soon", 1), "times"))
        days = self.question.today_number - facts.record.confirmed_on
        if days >= weights.STALE_AFTER_DAYS:
            reason = Reason("soon", "openings-unconfirmed", {"days": days}, 0.0, None)
            told.unknown.append(reason)

    def _place_of_first_free(self, facts: Facts, told: Told) -> tuple[Reasons, str]:
        if not self.question.asks_for_times:
            return told.fits, "first-free"
        if facts.meeting.fits:
            return told.fits, "free-in-times"
        return told.does_not_fit, "free-outside-times"

    def _near(self, facts: Facts, told: Told) -> None:
        if facts.meeting.nearest is None:
            told.does_not_fit.append(_ONLINE_ONLY)
        else:
            values = {"km": facts.meeting.nearest[0]}
            told.fits.append(Reason("near", "near", values, facts.points("near"), "where"))

    def _cost(self, facts: Facts, told: Told) -> None:
        budget, record = self.enquiry.budget, facts.record
        answer = "budget" if budget else "matters_most"
        if record.fee is None:
            told.unknown.append(Reason("cost", "fee-unknown", _NO_VALUES, 0.0, answer))
            return
        pays_reduced = budget is not None and budget.reduced_fee
        paid = record.reduced_fee if pays_reduced else record.standard_fee
        values = {
            "kind": record.fee.kind,
            "minor": paid,
            "currency": record.fee.currency,
            "is_reduced": paid < record.standard_fee,
        }
        code, place = ("fee-within-budget", told.fits) if budget else ("fee", told.also)
        place.append(Reason("cost", code, values, facts.points("cost"), answer))

    def _wishes(self, facts: Facts, told: Told) -> None:
        parts = facts.parts["wishes"]
        if parts not in self.wishes:
            self.wishes[parts] = self._told_of_wishes(facts)
        told.add(self.wishes[parts])

    def _told_of_wishes(self, facts: Facts) -> Told:
        told = Told([], [], [], [])
        for wish in self.question.musts:
            told.fits.append(_wish_reason("must-met", [wish], 0.0))
        for part, alternatives in enumerate(self.question.nice_wishes):
            value = facts.parts["wishes"][part] * len(self.question.nice_wishes)
            place, code = _place_of_wish(value, told)
            place.append(_wish_reason(code, alternatives, facts.points("wishes", part)))
        return told

    def _replies(self, facts: Facts, told: Told) -> None:
        record = facts.record
        if record.asked:
            values = {"asked": record.asked, "answered": record.answered}
            told.also.append(Reason("replies", "replies", values, facts.points("replies"), None))
        else:
            told.unknown.append(_REPLIES_UNKNOWN)


def _issue_code(value: float) -> str:
    """Say how far somebody works with an issue, from its value."""
    if value > (_ALSO_VALUE + _LEAST_FOCUS_VALUE) / 2:
        return "focus-issues"
    return "also-issues" if value > _ALSO_VALUE / 2 else "issues-not-listed"


def _place_of_wish(value: float, told: Told) -> tuple[Reasons, str]:
    """Say where a wish belongs, and how far it is met, from its value."""
    if value > (weights.WISH_PARTLY + weights.WISH_MET) / 2:
        return told.fits, "wish-met"
    if value > (weights.WISH_UNKNOWN + weights.WISH_PARTLY) / 2:
        return told.fits, "wish-partly-met"
    if value > (weights.WISH_MISSED + weights.WISH_UNKNOWN) / 2:
        return told.unknown, "wish-unknown"
    return told.does_not_fit, "wish-missed"


def _wish_reason(code: str, alternatives: Sequence[Wish], points: float) -> Reason:
    values = {"about": alternatives[0].about, "wishes": [one.value for one in alternatives]}
    return Reason("wishes", code, values, points, "wishes")
