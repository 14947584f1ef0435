"""How many people fit so far, in words."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from attune.core.matching import FEW
from attune.core.phrases import about_count_words
from attune.enquiries.answers import Answers
from attune.enquiries.softening import softening
from attune.finder.loading import Loaded
from attune.finder.queries import UnknownPlace, match


def people_so_far(answers: Answers, loaded: Loaded, now: datetime) -> dict[str, Any]:
    """Return ``people``, a sentence, and ``softer``: what would add people when few are left."""
    try:
        result = match(answers.enquiry, loaded=loaded, now=now, limit=0).result
    except UnknownPlace as error:
        return {"people": str(error), "softer": []}
    softer = result.relaxations if result.total < FEW else ()
    return {
        "people": count_words_so_far(result.total),
        "softer": [softening(one, loaded.index.words) for one in softer],
    }


def count_words_so_far(total: int) -> str:
    if total == 0:
        return _("Nobody fits all of this yet")
    if total == 1:
        return _("1 person fits so far")
    about = about_count_words(total)
    return _("%(about)s people fit so far") % {"about": about[:1].upper() + about[1:]}
