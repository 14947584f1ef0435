"""The answers as chips above the results: each takes one of them away."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from attune.core.matching.enquiry import Budget, Enquiry, enquiry_as_json
from attune.core.phrases import money_words
from attune.core.vocabulary import Vocabulary
from attune.enquiries.questions import CHANNELS
from attune.enquiries.summary import window_words, wish_words, within_words


@dataclass(frozen=True)
class Chip:
    """Words, and the change that takes them away, as JSON for a hidden field."""

    label: str
    change: str


def chips(enquiry: Enquiry, words: Vocabulary) -> list[Chip]:
    """Return a chip for each answer that narrows or orders the list."""
    return [Chip(label, json.dumps(change)) for label, change in _taken_away(enquiry, words)]


def _taken_away(enquiry: Enquiry, words: Vocabulary) -> Iterator[tuple[str, dict[str, Any]]]:
    stored = enquiry_as_json(enquiry)
    for axis in ("issues", "therapy_types"):
        for slug in stored[axis]:
            yield words.labels[axis][slug], {axis: _without(stored[axis], slug)}
    for channel in enquiry.channels:
        yield str(CHANNELS[channel]), {"channels": _without(stored["channels"], channel)}
    if enquiry.max_distance_km:
        label = _("Up to %(km)s km") % {"km": enquiry.max_distance_km}
        yield label, {"max_distance_km": None}
    for window, as_stored in zip(enquiry.times, stored["times"], strict=True):
        yield window_words(window), {"times": _without(stored["times"], as_stored)}
    if enquiry.within_days:
        yield within_words(enquiry.within_days), {"within_days": None}
    if enquiry.budget:
        yield budget_words(enquiry.budget), {"budget": None}
    for wish, as_stored in zip(enquiry.wishes, stored["wishes"], strict=True):
        yield wish_words(wish, words), {"wishes": _without(stored["wishes"], as_stored)}


def _without(values: list[Any], one: Any) -> list[Any]:
    return [value for value in values if value != one]


def budget_words(budget: Budget) -> str:
    if budget.money.minor == 0:
        return _("Nothing to pay")
    return _("Up to %(money)s") % {"money": money_words(budget.money)}
