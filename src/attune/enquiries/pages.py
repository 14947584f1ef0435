"""What each question's page is made of: options to choose from, in the order they are shown."""

from collections.abc import Callable, Container
from typing import Any

from django.utils.translation import gettext as _

from attune.core.matching.enquiry import STYLE_SCALES
from attune.core.vocabulary import Vocabulary
from attune.enquiries import queries
from attune.enquiries.answers import Answers
from attune.enquiries.forms import LANGUAGE_ROWS, Typed
from attune.enquiries.questions import (
    CHANNELS,
    DAYS,
    DISTANCES,
    GENDERS,
    PARTS,
    PRIORITIES,
    STYLE_STEPS,
    TIMES_WEIGHTS,
    WEIGHTS,
    WITHIN_DAYS_OPTIONS,
    who_options,
)

Context = dict[str, Any]


def who(typed: Typed, answers: Answers, words: Vocabulary) -> Context:
    return {"options": who_options(words)}


def issues(typed: Typed, answers: Answers, words: Vocabulary) -> Context:
    looked_for = typed.one("looked_for") or answers.looked_for
    found = queries.issues_like(looked_for) if looked_for else None
    # A box stands once on the page: two of the same would contradict each other.
    shown_above = dict(found or ())
    return {
        "groups": _opened(queries.issue_groups(), "issues", typed, without=shown_above),
        "looked_for": looked_for,
        "found": found,
    }


def therapies(typed: Typed, answers: Answers, words: Vocabulary) -> Context:
    return {"groups": _opened(queries.therapy_groups(), "therapy_types", typed)}


def _opened(
    groups: list[queries.Group], field: str, typed: Typed, without: Container[str] = ()
) -> list[Context]:
    """Groups with something chosen in them stand open."""
    left = [
        (group.label, [option for option in group.options if option[0] not in without])
        for group in groups
    ]
    return [
        {
            "label": label,
            "options": options,
            "is_open": any(typed.has(field, slug) for slug, _label in options),
        }
        for label, options in left
        if options
    ]


def where(typed: Typed, answers: Answers, words: Vocabulary) -> Context:
    return {
        "channels": [(slug, CHANNELS[slug]) for slug in words.channels],
        "distances": DISTANCES,
    }


def times(typed: Typed, answers: Answers, words: Vocabulary) -> Context:
    return {
        "days": DAYS,
        "parts": [
            {"slug": slug, "label": label, "hours": hours} for slug, (label, hours) in PARTS.items()
        ],
        "weights": TIMES_WEIGHTS,
        "within": WITHIN_DAYS_OPTIONS,
    }


def budget(typed: Typed, answers: Answers, words: Vocabulary) -> Context:
    return {}


def wishes(typed: Typed, answers: Answers, words: Vocabulary) -> Context:
    return {
        "genders": [(f"gender_{slug}", GENDERS[slug]) for slug in words.genders],
        "languages": [
            ("", _("It does not matter")),
            *((slug, words.labels["languages"][slug]) for slug in words.languages),
        ],
        "language_rows": [f"language_{row}" for row in LANGUAGE_ROWS],
        "weights": WEIGHTS,
        "access": _named("access", "access_needs", words.access_needs, words),
        "communities": _named("community", "communities", words.communities, words),
    }


def _named(
    about: str, axis: str, slugs: tuple[str, ...], words: Vocabulary
) -> list[tuple[str, str]]:
    return [(f"{about}_{slug}", words.labels[axis][slug]) for slug in slugs]


def style(typed: Typed, answers: Answers, words: Vocabulary) -> Context:
    scales = {scale.slug: scale for scale in queries.style_scales()}
    return {
        "scales": [
            {
                "name": slug,
                "label": scales[slug].label,
                "steps": [
                    (value, getattr(scales[slug], words) if words in ("low", "high") else words)
                    for value, words in STYLE_STEPS
                ],
            }
            for slug in STYLE_SCALES
        ]
    }


def priorities(typed: Typed, answers: Answers, words: Vocabulary) -> Context:
    return {"priorities": PRIORITIES}


Parts = Callable[[Typed, Answers, Vocabulary], Context]
PARTS_OF_PAGE: tuple[Parts, ...] = (
    who,
    issues,
    therapies,
    where,
    times,
    budget,
    wishes,
    style,
    priorities,
)
