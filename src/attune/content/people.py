"""Three people beside a page: who practises what it explains, live from the finder."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from attune.booking.words import amount_words
from attune.core.matching.enquiry import Enquiry
from attune.core.matching.matches import Match
from attune.core.matching.ranking import Sort
from attune.core.phrases import distance_words, short_moment_words
from attune.directory.models import Listing
from attune.finder.loading import Loaded
from attune.finder.queries import UnknownPlace, match

# A therapy that is named is a wish, not a must: some who come first may not offer it.
LOOKED_THROUGH, SHOWN = 30, 3
# What each preset has to give points in for a person to stand beside its page.
CRITERIA = {"therapy": "therapy", "issue": "need"}


@dataclass(frozen=True)
class Strip:
    """Up to three people; ``near``: the place they are near to, or "" when they meet online."""

    people: tuple[dict[str, Any], ...]
    near: str


def strip_for(
    preset: Mapping[str, str], place: str | None, *, loaded: Loaded, now: datetime
) -> Strip:
    """
    Return the nearest who offer what a page explains, else those who meet online.

    Args:
        preset: "therapy" or "issue" -> its slug; empty: whoever is free soonest.

        place: as the visitor typed it for their own search, if they did.
    """
    enquiry = Enquiry(
        therapy_types=tuple(filter(None, [preset.get("therapy")])),
        issues=tuple(filter(None, [preset.get("issue")])),
        matters_most="fit" if preset else "soon",
    )
    if place:
        nearby = replace(enquiry, place=place, channels=("in-person",), matters_most="near")
        try:
            found = _found(nearby, preset, loaded=loaded, now=now)
        except UnknownPlace:
            found = Strip((), "")
        if found.people:
            return found
    return _found(enquiry, preset, loaded=loaded, now=now)


def _found(enquiry: Enquiry, preset: Mapping[str, str], *, loaded: Loaded, now: datetime) -> Strip:
    sort: Sort = "nearest" if enquiry.place else "fit" if preset else "soonest"
    found = match(enquiry, loaded=loaded, now=now, limit=LOOKED_THROUGH, sort=sort)
    those = [one for one in found.result.matches if _offers(one, preset)][:SHOWN]
    names = dict(
        Listing.objects.filter(code__in=[one.code for one in those]).values_list(
            "code", "practitioner__name"
        )
    )
    people = tuple(
        {
            "name": names[one.code],
            "href": f"/therapists/{one.code}/",
            "seed": one.code,
            "facts": _facts(one, found.zone),
        }
        for one in those
        if one.code in names
    )
    return Strip(people, found.where.label if found.where else "")


def _offers(match: Match, preset: Mapping[str, str]) -> bool:
    wanted = {CRITERIA[name] for name in preset}
    return wanted <= {one.criterion for one in match.components if one.value > 0}


def _facts(match: Match, zone: str) -> list[str]:
    where = distance_words(match.distance_km) if match.distance_km is not None else _("Online")
    fee = [amount_words(match.fee)] if match.fee else []
    times = []
    if match.first_free:
        words = {"time": short_moment_words(match.first_free, zone)}
        times = [_("Next free: %(time)s") % words]
    return [" · ".join([where, *fee]), *times]
