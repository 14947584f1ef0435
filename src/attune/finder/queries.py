"""Asking the index: who fits an enquiry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from attune.core.errors import InvalidInput
from attune.core.geo import Whereabouts
from attune.core.matching import find_matches
from attune.core.matching.enquiry import Enquiry
from attune.core.matching.matches import MatchResult
from attune.core.matching.ranking import Sort
from attune.directory.dates import day_of
from attune.finder.loading import Loaded
from attune.vocabulary.places import resolve

MOST_PLACES_KEPT = 10_000
SORTS: tuple[Sort, ...] = ("fit", "soonest", "nearest", "cost")


class UnknownPlace(InvalidInput):
    """A place that nobody could find, in the words that people read."""

    def __init__(self, typed: str) -> None:
        super().__init__("place", typed, "a UK postcode or a town")

    def __str__(self) -> str:
        return _("We could not find %(place)s. Enter a UK postcode or a town") % {
            "place": self.value
        }


@dataclass(frozen=True)
class Found:
    """What matching answered, with what it was asked and the index that it read."""

    enquiry: Enquiry
    where: Whereabouts | None
    result: MatchResult
    loaded: Loaded
    now: datetime
    # IANA name of the clock that times are read on.
    zone: str


def match(
    enquiry: Enquiry,
    *,
    loaded: Loaded,
    now: datetime,
    seed: int | None = None,
    limit: int | None = 10,
    offset: int = 0,
    sort: Sort = "fit",
    order: Sequence[str] | None = None,
    with_relax: bool = False,
) -> Found:
    """
    Find who fits.

    Args:
        loaded: ``loading.current(now)``; ask once per request.

        seed: What turns equal matches; None: the one of today.

        order: A list seen before (codes), to be kept for those who still fit.

    Raises:
        UnknownPlace: the enquiry names a place that cannot be found.
    """
    where, zone = whereabouts_of(enquiry.place, loaded=loaded), settings.VISITOR_ZONE
    result = find_matches(
        loaded.index,
        enquiry,
        where,
        now=now,
        seed=seed_of(now) if seed is None else seed,
        zone=zone,
        limit=limit,
        offset=offset,
        sort=sort,
        order=order,
        with_relax=with_relax,
    )
    return Found(enquiry, where, result, loaded, now, zone)


def whereabouts_of(place: str | None, *, loaded: Loaded) -> Whereabouts | None:
    """Return where a typed place is; None: no place was typed. Raises ``UnknownPlace``."""
    if place is None:
        return None
    if not place.isprintable():
        # No name of a place; and a database stores no NUL, and no half of a character.
        raise UnknownPlace(place)
    known = loaded.places
    if place not in known:
        if len(known) >= MOST_PLACES_KEPT:
            known.clear()
        known[place] = resolve(place)
    resolved = known[place]
    if resolved is None:
        raise UnknownPlace(place)
    return resolved.whereabouts


def seed_of(now: datetime) -> int:
    """Return the number that turns equal matches on this day; nobody can guess tomorrow's."""
    # Made without the key file: who is shown first is no secret, and pages that all may read stay.
    return int(salted_hmac("order of the day", day_of(now).isoformat()).hexdigest()[:8], 16)
