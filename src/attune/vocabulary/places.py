"""From what somebody types to a place on the map, without asking anyone else.

The chain: full postcode, sector, district, area, then a town's name, another of its names, a name
spelt nearly so. What is found carries how exactly it is known.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice
from operator import itemgetter

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from attune.core.geo import LatLon, Whereabouts, distance_km
from attune.vocabulary.models import Nation, Place
from attune.vocabulary.names import normalised

# "CV34 4AA", "cv344aa", "CV34 4", "CV34", "EC1A 1BB"; the digits are what a town's name never has.
POSTCODE = re.compile(
    r"(?P<outward>(?P<area>[A-Z]{1,2})(?:\d{1,2}|\d[A-Z]))(?:\s*(?P<sector>\d)(?P<unit>[A-Z]{2})"
    r"|\s+(?P<sector_alone>\d))?"
)
AREA = re.compile(r"[A-Z]{1,2}")
# Irish: a routing key, known once a file of them was imported, and four letters of one address.
EIRCODE = re.compile(r"(?P<outward>(?P<area>[A-Z])(?:\d\d|6W))\s*[A-Z0-9]{4}")
# What is offered when a place is known only roughly: enough to find one's own among.
MOST_TOWNS = 12
MOST_SUGGESTIONS = 8
# Below this share of letters in common two names are different names, not a slip.
NEARLY_SO = 0.8
MOST_LIKENESSES = 30
# A place known less exactly than this is worth a question.
ROUGHLY_KM = 5.0
KM_PER_DEGREE = 111.2
LONGEST_NAME = 120
NATIONS = {nation.label: nation for nation in Nation}


@dataclass(frozen=True)
class Resolved:
    """A typed place, found.

    Attributes:
        whereabouts: its middle, how exactly that is known, and words for the page.

        kind: what matched; a full postcode may be known by its area only.

        nation: of the United Kingdom, or Ireland; None where an area lies in two.

        towns:
            names to choose from when it is known only roughly, or when several towns have the
            name; each resolves to itself.
    """

    whereabouts: Whereabouts
    kind: Place.Kind
    nation: Nation | None
    towns: tuple[str, ...]


def resolve(text: str) -> Resolved | None:
    """Return the place that ``text`` names, or None: not found.

    Any case and spacing. What looks like a postcode is never a town's name: "M1" is in Manchester
    or nowhere.
    """
    code = " ".join(text.upper().split())
    if match := POSTCODE.fullmatch(code):
        return _resolve_codes(_codes_in(match), match["outward"])
    if match := EIRCODE.fullmatch(code):
        return _resolve_codes([(Place.Kind.DISTRICT, match["outward"])], match["outward"])
    if AREA.fullmatch(code) and (area := _resolve_codes([(Place.Kind.AREA, code)], code)):
        return area
    return _resolve_town(text[:LONGEST_NAME])


def suggest(text: str) -> tuple[str, ...]:
    """Return up to eight names that begin with what is typed, larger towns first."""
    start = normalised(text)
    if len(start) < 2:
        return ()
    found = _towns().filter(Q(normalised__startswith=start) | Q(alternatives__contains=[start]))
    return town_names(found.order_by("-population")[:MOST_SUGGESTIONS])


def town_names(towns: Iterable[Place]) -> tuple[str, ...]:
    """Return names that each resolve to their own town: "Warwick", "Richmond, near Darlington"."""
    listed = list(towns)
    shared = _shared_names({town.normalised for town in listed})
    return tuple(
        f"{town.name}, {_where(town)}" if town.normalised in shared else town.name
        for town in listed
    )


def _shared_names(names: set[str]) -> set[str]:
    """Return which of the names belong to more than one town."""
    every = _towns().filter(Q(normalised__in=names) | Q(alternatives__overlap=list(names)))
    counts = Counter(name for town in every for name in {town.normalised, *town.alternatives})
    return {name for name in names if counts[name] > 1}


def _where(town: Place) -> str:
    """Return "near Darlington" for "near Darlington, England", and "Wales" for "Wales"."""
    near, _comma, nation = town.region.rpartition(", ")
    return near or nation


def _codes_in(match: re.Match[str]) -> list[tuple[Place.Kind, str]]:
    """Return what a British postcode is part of, the most exact first."""
    outward, sector = match["outward"], match["sector"] or match["sector_alone"]
    codes = [(Place.Kind.DISTRICT, outward), (Place.Kind.AREA, match["area"])]
    if sector:
        codes.insert(0, (Place.Kind.SECTOR, f"{outward}{sector}"))
    if match["unit"]:
        codes.insert(0, (Place.Kind.POSTCODE, f"{outward}{sector}{match['unit']}"))
    return codes


def _resolve_codes(codes: list[tuple[Place.Kind, str]], typed: str) -> Resolved | None:
    sought = Q()
    for kind, code in codes:
        sought |= Q(kind=kind, code=code)
    found = {Place.Kind(place.kind): place for place in Place.objects.filter(sought)}
    place = next((found[kind] for kind, _code in codes if kind in found), None)
    return _resolved_code(place, typed) if place else None


def _resolved_code(place: Place, typed: str) -> Resolved:
    is_rough = place.accuracy_km > ROUGHLY_KM
    return Resolved(
        Whereabouts(_point(place), place.accuracy_km, _code_words(place, typed)),
        Place.Kind(place.kind),
        NATIONS.get(place.region),
        town_names(_towns_around(place)) if is_rough else (),
    )


def _code_words(place: Place, typed: str) -> str:
    """Return "CV34: somewhere around Coventry, within about 20 km", or what was typed if exact."""
    if place.kind == Place.Kind.POSTCODE:
        return f"{place.code[:-3]} {place.code[-3:]}"
    words = {"code": typed, "name": place.name, "km": f"{place.accuracy_km:.0f}"}
    if place.kind == Place.Kind.AREA:
        return _("%(code)s: somewhere around %(name)s, within about %(km)s km") % words
    return _("%(code)s: around %(name)s") % words if place.name else typed


def _resolve_town(text: str) -> Resolved | None:
    """Find a town by its name; after a comma may stand what tells it from others of the name."""
    name, _comma, hint = text.partition(",")
    wanted = normalised(name)
    towns = _towns_called(wanted) or _towns_nearly_called(wanted)
    if not towns:
        return None
    close = normalised(hint)
    town = next((one for one in towns if close and close in normalised(one.region)), None)
    return _resolved_town(town or towns[0], others=[] if town else towns[1:])


def _resolved_town(town: Place, *, others: list[Place]) -> Resolved:
    around = _towns_around(town) if town.accuracy_km > ROUGHLY_KM else []
    return Resolved(
        Whereabouts(_point(town), town.accuracy_km, town_names([town])[0]),
        Place.Kind.TOWN,
        NATIONS.get(town.region.rpartition(", ")[2]),
        town_names([*others, *around][:MOST_TOWNS]),
    )


def _towns() -> QuerySet[Place]:
    return Place.objects.filter(kind=Place.Kind.TOWN)


def _towns_called(name: str) -> list[Place]:
    if not name:
        return []
    found = _towns().filter(Q(normalised=name) | Q(alternatives__contains=[name]))
    return list(found.order_by("-population")[:MOST_TOWNS])


def _towns_nearly_called(name: str) -> list[Place]:
    """Return the one town whose name is most like this, if it is like enough to be a slip."""
    # Shared letter triples find candidates by index; they favour short names, so that the
    # candidates are then compared letter by letter.
    likeness = TrigramSimilarity("normalised", name)
    found = _towns().filter(normalised__trigram_similar=name).annotate(likeness=likeness)
    ranked = [
        (SequenceMatcher(None, name, town.normalised).ratio(), town.population, town)
        for town in found.order_by("-likeness")[:MOST_LIKENESSES]
    ]
    share, _population, town = max(ranked, key=itemgetter(0, 1), default=(0.0, 0, None))
    return [town] if town and share >= NEARLY_SO else []


def _towns_around(place: Place) -> list[Place]:
    """Return the largest towns within the place's own accuracy, largest first."""
    reach = place.accuracy_km / KM_PER_DEGREE
    band = _towns().filter(
        country=place.country, latitude__range=(place.latitude - reach, place.latitude + reach)
    )
    near = (
        town
        for town in band.exclude(pk=place.pk).order_by("-population")
        if distance_km(_point(place), _point(town)) <= place.accuracy_km
    )
    return list(islice(near, MOST_TOWNS))


def _point(place: Place) -> LatLon:
    return LatLon(place.latitude, place.longitude)
