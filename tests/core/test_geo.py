import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.core.geo import (
    LatLon,
    chord_of_km,
    distance_km,
    distances_km,
    rounded_to_about_1_km,
    unit_vector,
)

LONDON, EDINBURGH = LatLon(51.5074, -0.1278), LatLon(55.9533, -3.1883)
points = st.builds(LatLon, st.floats(-90, 90), st.floats(-180, 180))


def test_london_to_edinburgh_is_534_km_in_a_straight_line():
    assert distance_km(LONDON, EDINBURGH) == pytest.approx(534.0, abs=0.5)


def test_neighbours_are_told_apart_by_metres():
    assert distance_km(LONDON, LatLon(51.50741, -0.1278)) == pytest.approx(0.00111, abs=1e-5)


def test_the_other_side_of_the_earth_is_half_its_circumference_away():
    assert distance_km(LatLon(0, 0), LatLon(0, 180)) == pytest.approx(math.pi * 6371.0088)


def test_a_practice_without_a_place_has_no_distance():
    assert np.isnan(distances_km(LONDON, np.array([(np.nan, np.nan)])))


@given(points, points)
def test_distance_is_the_haversine_formula(a, b):
    lat, lon = math.radians(b.lat - a.lat), math.radians(b.lon - a.lon)
    square = math.sin(lat / 2) ** 2 + (
        math.cos(math.radians(a.lat)) * math.cos(math.radians(b.lat)) * math.sin(lon / 2) ** 2
    )
    expected = 2 * 6371.0088 * math.asin(min(1.0, math.sqrt(square)))
    assert distance_km(a, b) == pytest.approx(expected, abs=1e-3)


@given(points, points)
def test_the_chord_of_a_distance_is_never_shorter_than_a_side_of_its_box(a, b):
    sides = np.abs(unit_vector(a) - unit_vector(b))
    assert sides.max() <= chord_of_km(distance_km(a, b)) + 1e-9


def test_published_coordinates_have_two_decimals():
    assert rounded_to_about_1_km(LatLon(52.28417, -1.58512)) == LatLon(52.28, -1.59)
