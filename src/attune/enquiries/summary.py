"""Answers in words: the rows of "Check your answers", and the chips above the results."""

from django.utils.translation import gettext as _

from attune.core.matching.enquiry import TimeWindow, Wish
from attune.core.phrases import list_words, money_words
from attune.core.vocabulary import Vocabulary
from attune.enquiries.answers import Answers
from attune.enquiries.forms import PARTS_OF_DAY
from attune.enquiries.questions import CHANNELS, DAYS, GENDERS, PRIORITIES, WHO

_PART_OF = {minutes: part for part, minutes in PARTS_OF_DAY.items()}


def answer_words(number: int, answers: Answers, words: Vocabulary) -> list[str]:
    """Return one question's answer, a line for each thing said; empty when nothing was."""
    if number not in answers.answered:
        return []
    return _WORDS[number](answers, words)


def _who(answers: Answers, words: Vocabulary) -> list[str]:
    slug = answers.enquiry.for_whom
    return [str(WHO[slug][0]) if slug in WHO else words.labels["client_groups"][slug]]


def _issues(answers: Answers, words: Vocabulary) -> list[str]:
    return [words.labels["issues"][slug] for slug in answers.enquiry.issues]


def _therapies(answers: Answers, words: Vocabulary) -> list[str]:
    labels = words.labels["therapy_types"]
    return [labels[slug] for slug in answers.enquiry.therapy_types] or [_("I am not sure")]


def _where(answers: Answers, words: Vocabulary) -> list[str]:
    enquiry = answers.enquiry
    near = [near_words(enquiry.place, enquiry.max_distance_km)] if enquiry.place else []
    return [*(str(CHANNELS[channel]) for channel in enquiry.channels), *near]


def near_words(place: str, distance_km: int | None) -> str:
    """Return "Near Leeds, up to 10 km"."""
    if distance_km is None:
        return _("Near %(place)s") % {"place": place}
    return _("Near %(place)s, up to %(km)s km") % {"place": place, "km": distance_km}


def _times(answers: Answers, words: Vocabulary) -> list[str]:
    enquiry = answers.enquiry
    lines = [window_words(window) for window in enquiry.times]
    if lines and enquiry.times_weight == "must":
        lines.append(_("These times are a must"))
    if enquiry.within_days:
        lines.append(within_words(enquiry.within_days))
    return lines


def window_words(window: TimeWindow) -> str:
    """Return "Tuesday and Thursday evenings"."""
    part = _PART_OF.get((window.start_minute, window.end_minute))
    days = (
        _("every day")
        if len(window.days) == 7
        else list_words([str(DAYS[day][1]) for day in window.days])
    )
    hours = f"{_clock(window.start_minute)} to {_clock(window.end_minute)}"
    return _("%(days)s, %(part)s") % {"days": days, "part": _PARTS[part] if part else hours}


_PARTS = {
    "early": "7am to 9am",
    "morning": "9am to noon",
    "afternoon": "noon to 5pm",
    "evening": "5pm to 9pm",
}


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def within_words(days: int) -> str:
    if days % 7:
        return _("Within %(days)s days") % {"days": days}
    if days == 7:
        return _("Within a week")
    return _("Within %(weeks)s weeks") % {"weeks": days // 7}


def _budget(answers: Answers, words: Vocabulary) -> list[str]:
    budget = answers.enquiry.budget
    if budget is None:
        return []
    if answers.cannot_pay:
        return [_("I cannot pay")]
    lines = [_("Up to %(money)s a session") % {"money": money_words(budget.money)}]
    return [*lines, _("Counting reduced fees")] if budget.reduced_fee else lines


def _wishes(answers: Answers, words: Vocabulary) -> list[str]:
    return [wish_words(wish, words) for wish in answers.enquiry.wishes]


def wish_words(wish: Wish, words: Vocabulary) -> str:
    """Return "A woman: a must"."""
    weight = _("a must") if wish.weight == "must" else _("nice")
    return f"{value_words(wish, words)}: {weight}"


_AXES = {"language": "languages", "access": "access_needs", "community": "communities"}


def value_words(wish: Wish, words: Vocabulary) -> str:
    """Return what is wished for: "A woman", "Polish"."""
    if wish.about == "gender":
        return str(GENDERS[wish.value])
    return words.labels[_AXES[wish.about]][wish.value]


def _style(answers: Answers, words: Vocabulary) -> list[str]:
    said = {scale: step for scale, step in answers.enquiry.style.items() if step}
    return [
        _STYLE[scale][step > 0]
        if abs(step) > 1
        else _("%(what)s, a little") % {"what": _STYLE[scale][step > 0]}
        for scale, step in said.items()
    ] or [_("Either is fine")]


# Each scale's two ends in a few words.
_STYLE = {
    "lead": ("The therapist leads", "I lead"),
    "emotion": ("Close to strong feelings", "Thoughts and life outside"),
    "time": ("The past", "Now and what comes next"),
    "challenge": ("Gentle support", "Direct questions and challenge"),
}


def _priorities(answers: Answers, words: Vocabulary) -> list[str]:
    enquiry = answers.enquiry
    lines = [str(label) for value, label, _hint in PRIORITIES if value == enquiry.matters_most]
    if enquiry.exclude:
        lines.append(_("Not shown: %(number)s") % {"number": len(enquiry.exclude)})
    return lines


_WORDS = {
    1: _who,
    2: _issues,
    3: _therapies,
    4: _where,
    5: _times,
    6: _budget,
    7: _wishes,
    8: _style,
    9: _priorities,
}
