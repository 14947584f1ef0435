"""What stands in the way when few people fit, and what softening it would gain."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attune.core.matching.enquiry import Wish
from attune.core.matching.matches import Relaxation
from attune.core.money import Money
from attune.core.phrases import money_words
from attune.core.vocabulary import Vocabulary
from attune.enquiries.summary import value_words, within_words


@dataclass(frozen=True)
class Softening:
    """A button: its words, and the change that it makes, as JSON for a hidden field."""

    words: str
    change: str


def softening(relaxation: Relaxation, words: Vocabulary) -> Softening:
    gain = ngettext("%(gain)s more person", "%(gain)s more people", relaxation.gain) % {
        "gain": f"{relaxation.gain:,}"
    }
    return Softening(f"{_softer(relaxation, words)}: {gain}", json.dumps(dict(relaxation.change)))


def _softer(relaxation: Relaxation, words: Vocabulary) -> str:
    value = relaxation.change.get(relaxation.about)
    match relaxation.about:
        case "wishes":
            softer = _wish(relaxation.wish, words)
        case "max_distance_km":
            softer = _("Up to %(km)s km") % {"km": value} if value else _("Any distance")
        case "budget":
            softer = _budget(value)
        case "reduced_fee":
            softer = _("Counting reduced fees")
        case "times_weight":
            softer = _("If your times are nice, not a must")
        case _:
            softer = within_words(value) if value else _("However long it takes")
    return softer


def _wish(wish: Wish | None, words: Vocabulary) -> str:
    if wish is None:
        return _("If a must is nice")
    return _("If “%(wish)s” is nice, not a must") % {"wish": value_words(wish, words)}


def _budget(value: Mapping[str, Any] | None) -> str:
    if value is None:
        return _("Any fee")
    money = money_words(Money(value["minor"], value["currency"]))
    return _("Up to %(money)s a session") % {"money": money}
