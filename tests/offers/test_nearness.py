"""Offers that hold around a place."""

import pytest

from attune.core.geo import LatLon, Whereabouts
from attune.offers.nearness import Nearness, nearness
from attune.vocabulary.models import Nation, Place
from attune.vocabulary.places import Resolved

COVENTRY = LatLon(52.4066, -1.5122)
# 111.2 km to the degree.
KM_NORTH = 1 / 111.2


def place(km_away: float, *, known_to_km: float) -> Resolved:
    point = LatLon(COVENTRY.lat + km_away * KM_NORTH, COVENTRY.lon)
    where = Whereabouts(point, known_to_km, "somewhere")
    return Resolved(where, Place.Kind.TOWN, Nation.ENGLAND, ())


@pytest.mark.parametrize(
    ("km_away", "known_to_km", "expected"),
    [
        (9, 0.1, Nearness.WITHIN),
        (11, 0.1, Nearness.OUTSIDE),
        # Known to a few kilometres: they count for the person.
        (11, 3, Nearness.WITHIN),
        (14, 3, Nearness.OUTSIDE),
        # Known only roughly: all of it in, all of it out, or a question.
        (1, 8, Nearness.WITHIN),
        (30, 15, Nearness.OUTSIDE),
        (9, 8, Nearness.UNSURE),
        (20, 15, Nearness.UNSURE),
    ],
)
def test_a_place_is_within_ten_kilometres_as_exactly_as_it_is_known(km_away, known_to_km, expected):
    assert nearness(place(km_away, known_to_km=known_to_km), COVENTRY, 10) is expected
