"""The nine questions: how each shows what is stored, and reads what was typed.

Nothing is compulsory: every question can be passed over. A reader gives back the answers with its
own part changed, or raises ``Mistakes`` with one sentence for each field; what was typed then
stays on the page as it was.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from attune.core.matching.enquiry import (
    HIGHEST_BUDGET_MINOR,
    LONGEST_PLACE,
    MATTERS_MOST,
    MOST_EXCLUDED,
    MOST_ISSUES,
    MOST_THERAPY_TYPES,
    MOST_WISHES,
    STYLE_SCALES,
    WEIGHTS,
    Budget,
    TimeWindow,
    Wish,
)
from attune.core.money import Money
from attune.core.vocabulary import Vocabulary
from attune.enquiries import queries
from attune.enquiries.answers import Answers

UNDER_18 = ("under-18", "for-a-child")
NOT_SURE = "not-sure"
DISTANCES_KM = (2, 5, 10, 20, 40)
WITHIN_DAYS = (7, 14, 28)
# A first meeting that starts in one of these parts of a day suits: first and last minute.
PARTS_OF_DAY = {
    "early": (7 * 60, 9 * 60),
    "morning": (9 * 60, 12 * 60),
    "afternoon": (12 * 60, 17 * 60),
    "evening": (17 * 60, 21 * 60),
}
LANGUAGE_ROWS = (1, 2, 3, 4, 5, 6)
STYLE_STEPS = (-2, -1, 0, 1, 2)
LEAST_BUDGET_MINOR = 100
AMOUNT = re.compile(r"£?\s*(\d{1,4})(?:\.(\d\d))?")


class Mistakes(Exception):
    """What cannot be used, by field: one full sentence each, in the order of the page."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self.sentences = dict(sentences)
        super().__init__("; ".join(self.sentences.values()))


class NothingChosen(Exception):
    """The form came back as it was: the person goes on, as if they had skipped."""


class Typed:
    """A form's values as a browser sends them: any number of texts for each name."""

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._values = values

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(self._values.get(name, ()))

    def one(self, name: str) -> str:
        found = self.all(name)
        return found[-1].strip() if found else ""

    def has(self, name: str, value: object) -> bool:
        return str(value) in self.all(name)


@dataclass(frozen=True)
class Form:
    """One question's form. ``holds`` names the parts of the enquiry that it answers."""

    number: int
    holds: tuple[str, ...]
    shown: Callable[[Answers], dict[str, Sequence[str]]]
    read: Callable[[Typed, Answers, Vocabulary], Answers]
    # What else passing it over puts back.
    beside: Mapping[str, Any] = field(default_factory=dict)

    def stored(self, answers: Answers) -> Typed:
        """Return the form as it looks with what is stored; empty until it was answered."""
        return Typed(self.shown(answers) if self.number in answers.answered else {})

    def skipped(self, answers: Answers) -> Answers:
        return replace(answers.without_answer(self.number, self.holds), **self.beside)


def _mistake(field: str, sentence: str) -> Mistakes:
    return Mistakes({field: sentence})


def _known(field: str, chosen: Iterable[str], accepted: Iterable[str]) -> tuple[str, ...]:
    """Return what was chosen; a value that this page never offered is a mistake."""
    offered, chosen = frozenset(accepted), tuple(dict.fromkeys(chosen))
    if not offered.issuperset(chosen):
        raise _mistake(field, _("Choose from the answers on this page"))
    return chosen


# -- 1: who it is for ------------------------------------------------------------------------------


def is_under_18(typed: Typed) -> bool:
    return typed.one("for_whom") in UNDER_18


def show_who(answers: Answers) -> dict[str, Sequence[str]]:
    return {"for_whom": [answers.enquiry.for_whom]}


def read_who(typed: Typed, answers: Answers, words: Vocabulary) -> Answers:
    if not typed.one("for_whom"):
        raise NothingChosen
    (chosen,) = _known("for_whom", [typed.one("for_whom")], words.client_groups)
    return answers.with_answer(1, for_whom=chosen)


# -- 2: what brings you ----------------------------------------------------------------------------


def show_issues(answers: Answers) -> dict[str, Sequence[str]]:
    return {"issues": answers.enquiry.issues}


def read_issues(typed: Typed, answers: Answers, words: Vocabulary) -> Answers:
    chosen = _known("issues", typed.all("issues"), words.issues)
    if not chosen:
        raise NothingChosen
    if len(chosen) > MOST_ISSUES:
        raise _mistake(
            "issues",
            _("Choose up to three. You chose %(number)s") % {"number": len(chosen)},
        )
    # Whatever was chosen earlier keeps its place in the person's own order.
    kept = tuple(one for one in answers.enquiry.issues if one in chosen)
    return replace(
        answers.with_answer(2, issues=kept + tuple(one for one in chosen if one not in kept)),
        looked_for="",
    )


# -- 3: a therapy ----------------------------------------------------------------------------------


def show_therapies(answers: Answers) -> dict[str, Sequence[str]]:
    return {"therapy_types": answers.enquiry.therapy_types or (NOT_SURE,)}


def read_therapies(typed: Typed, answers: Answers, words: Vocabulary) -> Answers:
    chosen = _known("therapy_types", typed.all("therapy_types"), (NOT_SURE, *words.therapy_types))
    if not chosen:
        raise NothingChosen
    if NOT_SURE in chosen and len(chosen) > 1:
        raise _mistake("therapy_types", _("Choose “I am not sure”, or therapies, but not both"))
    if len(chosen) > MOST_THERAPY_TYPES:
        raise _mistake(
            "therapy_types",
            _("Choose up to five. You chose %(number)s") % {"number": len(chosen)},
        )
    return answers.with_answer(3, therapy_types=tuple(one for one in chosen if one != NOT_SURE))


# -- 4: where --------------------------------------------------------------------------------------


def show_where(answers: Answers) -> dict[str, Sequence[str]]:
    enquiry = answers.enquiry
    return {
        "channels": enquiry.channels,
        "place": [enquiry.place or ""],
        "max_distance_km": [str(enquiry.max_distance_km or "")],
    }


def read_where(typed: Typed, answers: Answers, words: Vocabulary) -> Answers:
    place = typed.one("place")
    channels = _known("channels", typed.all("channels"), words.channels)
    (distance,) = _known(
        "max_distance_km", [typed.one("max_distance_km")], ("", *map(str, DISTANCES_KM))
    )
    if not (place or channels):
        raise NothingChosen
    if "in-person" in channels and not place:
        raise _mistake("place", _("Enter a UK postcode or a town, or choose video or phone only"))
    if place:
        find_place(place)
    return replace(
        answers.with_answer(
            4,
            channels=channels,
            place=place or None,
            max_distance_km=int(distance) if distance and place else None,
        ),
        looked_near="",
    )


def find_place(place: str) -> None:
    """Raise ``Mistakes`` when a place is not known."""
    if len(place) > LONGEST_PLACE or queries.resolved(place) is None:
        raise _mistake(
            "place",
            _("We could not find %(place)s. Enter a UK postcode or a town")
            % {"place": place[:LONGEST_PLACE]},
        )


# -- 5: when ---------------------------------------------------------------------------------------


def cell(day: int, part: str) -> str:
    """Return the name of one box of the grid: "1-evening" is Tuesday evening."""
    return f"{day}-{part}"


CELLS = {cell(day, part): (day, part) for part in PARTS_OF_DAY for day in range(7)}


def show_times(answers: Answers) -> dict[str, Sequence[str]]:
    enquiry = answers.enquiry
    return {
        "times": [
            name
            for name, (day, part) in CELLS.items()
            if any(
                day in window.days and _holds(window, PARTS_OF_DAY[part])
                for window in enquiry.times
            )
        ],
        "times_weight": [enquiry.times_weight],
        "within_days": [str(enquiry.within_days or "")],
    }


def _holds(window: TimeWindow, minutes: tuple[int, int]) -> bool:
    return window.start_minute <= minutes[0] and minutes[1] <= window.end_minute


def read_times(typed: Typed, answers: Answers, words: Vocabulary) -> Answers:
    chosen = _known("times", typed.all("times"), CELLS)
    (weight,) = _known("times_weight", [typed.one("times_weight") or "nice"], WEIGHTS)
    (days,) = _known("within_days", [typed.one("within_days")], ("", *map(str, WITHIN_DAYS)))
    if not (chosen or days):
        raise NothingChosen
    return answers.with_answer(
        5,
        times=tuple(_windows(chosen)),
        times_weight=weight,
        within_days=int(days) if days else None,
    )


def _windows(chosen: Sequence[str]) -> Iterable[TimeWindow]:
    """One window for each part of the day, with all its days."""
    for part, (start, end) in PARTS_OF_DAY.items():
        days = tuple(sorted(day for day, named in map(CELLS.__getitem__, chosen) if named == part))
        if days:
            yield TimeWindow(days=days, start_minute=start, end_minute=end)


# -- 6: budget -------------------------------------------------------------------------------------


def show_budget(answers: Answers) -> dict[str, Sequence[str]]:
    budget = answers.enquiry.budget
    if budget is None or answers.cannot_pay:
        return {"pay": ["cannot"] if budget else []}
    pounds, pence = divmod(budget.money.minor, 100)
    return {
        "pay": ["up-to"],
        "amount": [f"{pounds}.{pence:02d}" if pence else f"{pounds}"],
        "reduced_fee": ["yes"] if budget.reduced_fee else [],
    }


def read_budget(typed: Typed, answers: Answers, words: Vocabulary) -> Answers:
    pay = typed.one("pay") or ("up-to" if typed.one("amount") else "")
    if not pay:
        raise NothingChosen
    _known("pay", [pay], ("up-to", "cannot"))
    if pay == "cannot":
        return answers.with_answer(6, budget=Budget(Money(0, "GBP")))
    money = _amount(typed.one("amount"))
    return answers.with_answer(6, budget=Budget(money, typed.has("reduced_fee", "yes")))


def _amount(typed: str) -> Money:
    if not typed:
        raise _mistake("amount", _("Enter the most you could pay for a session, in pounds"))
    found = AMOUNT.fullmatch(typed)
    minor = int(found[1]) * 100 + int(found[2] or 0) if found else 0
    if not LEAST_BUDGET_MINOR <= minor <= HIGHEST_BUDGET_MINOR:
        raise _mistake("amount", _("Enter an amount from 1 to 1,000 pounds, like 60 or 47.50"))
    return Money(minor, "GBP")


# -- 7: the therapist ------------------------------------------------------------------------------


def show_wishes(answers: Answers) -> dict[str, Sequence[str]]:
    values: dict[str, Sequence[str]] = {}
    rows = iter(LANGUAGE_ROWS)
    for wish in answers.enquiry.wishes:
        if wish.about == "language":
            row = next(rows)
            values |= {f"language_{row}": [wish.value], f"language_{row}_weight": [wish.weight]}
        else:
            values[f"{wish.about}_{wish.value}"] = [wish.weight]
    return values


def read_wishes(typed: Typed, answers: Answers, words: Vocabulary) -> Answers:
    wishes = (
        *_genders(typed, words.genders),
        *(wish for row in LANGUAGE_ROWS for wish in _language(typed, row, words.languages)),
        *_weighed_wishes(typed, "access", words.access_needs),
        *_weighed_wishes(typed, "community", words.communities),
    )
    if not wishes:
        raise NothingChosen
    unique = {(wish.about, wish.value): wish for wish in wishes}
    if len(unique) > MOST_WISHES:
        raise _mistake(
            f"gender_{words.genders[0]}",
            _("Choose up to twelve wishes. You chose %(number)s") % {"number": len(unique)},
        )
    return answers.with_answer(7, wishes=tuple(unique.values()))


def _genders(typed: Typed, accepted: Sequence[str]) -> Sequence[Wish]:
    """Several may be nice. A must leaves out every other gender, so it stands alone."""
    wishes = tuple(_weighed_wishes(typed, "gender", accepted))
    if len(wishes) > 1 and any(wish.weight == "must" for wish in wishes):
        raise _mistake(
            f"gender_{wishes[0].value}",
            _("Choose one gender as a must, or mark each that suits you as nice"),
        )
    return wishes


def _language(typed: Typed, row: int, accepted: Sequence[str]) -> Iterable[Wish]:
    """One language with a weight beside it."""
    field = f"language_{row}"
    (value,) = _known(field, [typed.one(field)], ("", *accepted))
    (weight,) = _known(field, [typed.one(f"{field}_weight") or "nice"], WEIGHTS)
    if value:
        yield Wish("language", value, "must" if weight == "must" else "nice")


def _weighed_wishes(typed: Typed, about: str, accepted: Sequence[str]) -> Iterable[Wish]:
    """A weight for each of several values; most are left at "does not matter"."""
    for value in accepted:
        field = f"{about}_{value}"
        (weight,) = _known(field, [typed.one(field)], ("", *WEIGHTS))
        if weight:
            yield Wish(about, value, "must" if weight == "must" else "nice")


# -- 8: style --------------------------------------------------------------------------------------


def show_style(answers: Answers) -> dict[str, Sequence[str]]:
    return {scale: [str(answers.enquiry.style.get(scale) or 0)] for scale in STYLE_SCALES}


def read_style(typed: Typed, answers: Answers, words: Vocabulary) -> Answers:
    style: dict[str, int | None] = {}
    for scale in STYLE_SCALES:
        (step,) = _known(scale, [typed.one(scale) or "0"], map(str, STYLE_STEPS))
        style[scale] = int(step) or None
    if not any(style.values()):
        raise NothingChosen
    return answers.with_answer(8, style=style)


# -- 9: what matters most --------------------------------------------------------------------------


def show_priorities(answers: Answers) -> dict[str, Sequence[str]]:
    return {
        "matters_most": [answers.enquiry.matters_most or ""],
        "exclude": ["\n".join(answers.enquiry.exclude)],
    }


def read_priorities(typed: Typed, answers: Answers, words: Vocabulary) -> Answers:
    (matters,) = _known("matters_most", [typed.one("matters_most")], ("", *MATTERS_MOST))
    names = [line.strip() for line in typed.one("exclude").splitlines() if line.strip()]
    if not (matters or names):
        raise NothingChosen
    return answers.with_answer(9, matters_most=matters or None, exclude=_excluded(names))


def _excluded(names: Sequence[str]) -> tuple[str, ...]:
    """Return the codes of the listings with these names, or codes; several may share a name."""
    found = queries.codes_of_people(names)
    missing = [name for name in names if name.casefold() not in found]
    if missing:
        raise _mistake(
            "exclude",
            _("We could not find %(name)s. Enter each name as the results show it, one on a line")
            % {"name": missing[0]},
        )
    codes = tuple(dict.fromkeys(code for name in names for code in found[name.casefold()]))
    if len(codes) > MOST_EXCLUDED:
        raise _mistake("exclude", _("Enter up to 50 people"))
    return codes


FORMS = (
    Form(1, ("for_whom",), show_who, read_who),
    Form(2, ("issues",), show_issues, read_issues, {"looked_for": ""}),
    Form(3, ("therapy_types",), show_therapies, read_therapies),
    Form(
        4,
        ("channels", "place", "max_distance_km"),
        show_where,
        read_where,
        {"looked_near": ""},
    ),
    Form(5, ("times", "times_weight", "within_days"), show_times, read_times),
    Form(6, ("budget",), show_budget, read_budget),
    Form(7, ("wishes",), show_wishes, read_wishes),
    Form(8, ("style",), show_style, read_style),
    Form(9, ("matters_most", "exclude"), show_priorities, read_priorities),
)
LAST = len(FORMS)


def read_email(typed: Typed) -> str:
    """Return an email address. Raises ``Mistakes`` when it cannot be one."""
    email = typed.one("email")
    if not email:
        raise _mistake("email", _("Enter your email address"))
    try:
        validate_email(email)
    except ValidationError:
        raise _mistake("email", _("Enter an email address like name@example.org")) from None
    return email


def form_of(number: int) -> Form:
    return FORMS[number - 1]


def first_unanswered(answers: Answers) -> int | None:
    """Return the first question neither answered nor passed over, or None: all are."""
    seen = answers.answered | answers.skipped
    return next((form.number for form in FORMS if form.number not in seen), None)
