"""The words of the nine questions: what is asked, why, and the answers to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from attune.core.vocabulary import Vocabulary

Option = tuple[str, str | Promise, str | Promise]


@dataclass(frozen=True)
class Question:
    """One question. ``short`` names its row on the page where answers are checked."""

    number: int
    title: str | Promise
    hint: str | Promise
    short: str | Promise


QUESTIONS = (
    Question(
        1,
        _("Who is it for?"),
        _("Therapists see different groups, and some fees differ."),
        _("Who it is for"),
    ),
    Question(
        2,
        _("What brings you?"),
        _(
            "Choose up to three. We look for people who mainly work with these. "
            "You do not need a diagnosis, and your own words are fine at the first meeting."
        ),
        _("What brings you"),
    ),
    Question(
        3,
        _("Is there a therapy you have heard of?"),
        _("You do not need to know. If you are not sure, we use what national guidance says."),
        _("Therapy"),
    ),
    Question(
        4,
        _("Where would you like to meet?"),
        _(
            "We use the place to work out distances. It is kept with your answers "
            "and shown to nobody."
        ),
        _("Where"),
    ),
    Question(
        5,
        _("When would suit you?"),
        _("We compare this with the free times in each therapist's diary."),
        _("When"),
    ),
    Question(
        6,
        _("What could you pay for a session?"),
        _("Most people meet once a week. Some therapists charge less to people who need it."),
        _("Budget"),
    ),
    Question(
        7,
        _("What matters to you in a therapist?"),
        _(
            "“A must” leaves out everyone who does not have it, or does not say. "
            "“Nice” puts people who have it higher."
        ),
        _("The therapist"),
    ),
    Question(
        8,
        _("How do you like to work?"),
        _(
            "This does not change who you see or their order: studies found no effect. "
            "It gives you something to talk about at a first meeting."
        ),
        _("How you like to work"),
    ),
    Question(
        9,
        _("What matters most?"),
        _("This counts more than the rest when we put people in order."),
        _("What matters most"),
    ),
)

# Which question caused a reason, and which one a relaxation changes.
QUESTION_OF_ANSWER: Mapping[str, int] = {
    "for_whom": 1,
    "issues": 2,
    "therapy": 3,
    "therapy_types": 3,
    "where": 4,
    "channels": 4,
    "place": 4,
    "max_distance_km": 4,
    "times": 5,
    "times_weight": 5,
    "within_days": 5,
    "budget": 6,
    "wishes": 7,
    "style": 8,
    "matters_most": 9,
    "exclude": 9,
}

WHO: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "adults": (_("Me"), _("18 or over")),
    "young-adults": (
        _("Me, and I am 18 to 25"),
        _("Only therapists who say that they work with young adults"),
    ),
    "older-adults": (
        _("Me, and I am 65 or over"),
        _("Only therapists who say that they work with older adults"),
    ),
    "couples": (_("My partner and me"), _("You meet the therapist together")),
    "families": (_("My family"), _("Several of you meet the therapist together")),
    "groups": (_("Me, in a group"), _("You meet with other people, led by a therapist")),
}
UNDER_18_OPTIONS: tuple[Option, ...] = (
    ("under-18", _("Me, and I am under 18"), ""),
    ("for-a-child", _("A child or someone else under 18"), ""),
)
CHANNELS: Mapping[str, str | Promise] = {
    "in-person": _("In person"),
    "video": _("By video"),
    "phone": _("By phone"),
}
DISTANCES: tuple[tuple[str, str | Promise], ...] = (
    ("2", _("Up to 2 km")),
    ("5", _("Up to 5 km")),
    ("10", _("Up to 10 km")),
    ("20", _("Up to 20 km")),
    ("40", _("Up to 40 km")),
    ("", _("Any distance")),
)
DAYS = (
    (_("Mon"), _("Monday")),
    (_("Tue"), _("Tuesday")),
    (_("Wed"), _("Wednesday")),
    (_("Thu"), _("Thursday")),
    (_("Fri"), _("Friday")),
    (_("Sat"), _("Saturday")),
    (_("Sun"), _("Sunday")),
)
# The soft hyphen lets a narrow screen break the longest of them.
PARTS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "early": (_("Early"), _("7am to 9am")),
    "morning": (_("Morning"), _("9am to 12 noon")),
    "afternoon": (_("After\u00adnoon"), _("12 noon to 5pm")),
    "evening": (_("Evening"), _("5pm to 9pm")),
}
TIMES_WEIGHTS: tuple[Option, ...] = (
    ("nice", _("Nice: people with these times come higher"), ""),
    ("must", _("A must: leave out people without these times"), ""),
)
WITHIN_DAYS_OPTIONS: tuple[tuple[str, str | Promise], ...] = (
    ("7", _("Within a week")),
    ("14", _("Within 2 weeks")),
    ("28", _("Within 4 weeks")),
    ("", _("It does not matter")),
)
WEIGHTS: tuple[tuple[str, str | Promise], ...] = (
    ("", _("Does not matter")),
    ("nice", _("Nice")),
    ("must", _("A must")),
)
GENDERS: Mapping[str, str | Promise] = {
    "woman": _("A woman"),
    "man": _("A man"),
    "non-binary": _("Non-binary"),
}
# Five steps from one end of a scale to the other; the ends are the scale's own words.
STYLE_STEPS: tuple[tuple[str, str | Promise], ...] = (
    ("-2", "low"),
    ("-1", _("A bit more like the first")),
    ("0", _("Either is fine")),
    ("1", _("A bit more like the last")),
    ("2", "high"),
)
PRIORITIES: tuple[Option, ...] = (
    ("fit", _("That they work with what brings me"), ""),
    ("soon", _("That I can meet somebody soon"), ""),
    ("near", _("That they are near"), ""),
    ("cost", _("That it costs less"), ""),
    ("", _("All of these about the same"), ""),
)


def who_options(words: Vocabulary) -> list[Option]:
    """Return the open client groups in the person's own words, then what leads elsewhere."""
    own = [
        (slug, *WHO.get(slug, (words.labels["client_groups"][slug], "")))
        for slug in words.client_groups
    ]
    return [*own, *UNDER_18_OPTIONS]
