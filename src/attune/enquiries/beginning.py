"""How answers begin: from words, a place or a preset on another page, and as first shown."""

from dataclasses import replace

from attune.core.matching.enquiry import MOST_ISSUES, MOST_THERAPY_TYPES
from attune.core.vocabulary import Vocabulary
from attune.enquiries import queries
from attune.enquiries.answers import Answers
from attune.enquiries.forms import DISTANCES_KM, Form, Mistakes, Typed, find_place


def begun(typed: Typed, answers: Answers, words: Vocabulary) -> Answers:
    """Return the answers with what ``words``, ``place``, ``issue`` and ``therapy`` say.

    ``within`` is how far from the place at most, in kilometres, unless a distance was chosen
    before. What cannot be understood is kept as it was typed, for questions 2 and 4 to ask about.
    """
    found = queries.terms_in(typed.one("words"))
    issues = _known(typed.all("issue"), words.issues) + found.issues
    therapies = _known(typed.all("therapy"), words.therapy_types) + found.therapy_types
    if issues:
        answers = answers.with_answer(2, issues=_first(issues, MOST_ISSUES))
    if therapies:
        answers = answers.with_answer(3, therapy_types=_first(therapies, MOST_THERAPY_TYPES))
    looked_for = "" if issues or therapies else typed.one("words")
    return _near(replace(answers, looked_for=looked_for), typed.one("place"), typed.one("within"))


def _known(chosen: tuple[str, ...], accepted: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in chosen if one in accepted)


def _first(slugs: tuple[str, ...], most: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(slugs))[:most]


def _near(answers: Answers, place: str, within: str) -> Answers:
    if not place:
        return answers
    chosen = answers.enquiry.max_distance_km
    if not chosen and within in {str(one) for one in DISTANCES_KM}:
        chosen = int(within)
    try:
        return placed(answers, place).with_answer(4, max_distance_km=chosen)
    except Mistakes:
        return replace(answers, looked_near=place)


def placed(answers: Answers, place: str) -> Answers:
    """Return the answers with another place. Raises ``Mistakes`` when it is not known."""
    find_place(place)
    return replace(answers.with_answer(4, place=place), looked_near="")


def put_first(answers: Answers, issue: str) -> Answers:
    """Return the answers with one of the chosen issues before the others."""
    issues = answers.enquiry.issues
    if issue not in issues:
        raise Mistakes({})
    others = tuple(one for one in issues if one != issue)
    return answers.with_answer(2, issues=(issue, *others))


def as_first_shown(form: Form, answers: Answers, words: Vocabulary) -> tuple[Typed, dict[str, str]]:
    """Return a question's form with what is stored, or with what was typed on another page."""
    if form.number != 4 or not answers.looked_near:
        return form.stored(answers), {}
    typed = Typed({"place": [answers.looked_near]})
    try:
        find_place(answers.looked_near)
    except Mistakes as mistakes:
        return typed, mistakes.sentences
    return typed, {}


def is_search(form: Form, typed: Typed) -> bool:
    """Whether words were looked up, and nothing answered yet."""
    return form.number == 2 and typed.one("search") != "" and typed.one("looked_for") != ""
