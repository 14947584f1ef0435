"""From what somebody types to a place on the map."""

import pytest

from attune.core.geo import LatLon, distance_km
from attune.vocabulary.models import Nation, Place
from attune.vocabulary.places import resolve, suggest

pytestmark = pytest.mark.django_db
WARWICK = LatLon(52.2819, -1.5849)


@pytest.mark.parametrize("typed", ["CV34 4AA", "cv34 4aa", "cv344aa", "  Cv34   4aA ", "CV34 4"])
def test_a_postcode_without_its_file_is_known_by_its_area_and_says_so(typed):
    found = resolve(typed)
    assert found.whereabouts.label == "CV34: somewhere around Coventry, within about 20 km"
    assert found.whereabouts.accuracy_km == 20
    assert found.nation is Nation.ENGLAND
    assert {"Warwick", "Royal Leamington Spa", "Kenilworth", "Rugby"} <= set(found.towns)
    assert distance_km(found.whereabouts.point, WARWICK) <= 20


@pytest.mark.parametrize(
    ("typed", "label", "kind"),
    [
        ("CV34", "CV34: somewhere around Coventry, within about 20 km", "area"),
        ("cv", "CV: somewhere around Coventry, within about 20 km", "area"),
        ("B", "B: somewhere around Birmingham, within about 25 km", "area"),
        ("M1", "M1: somewhere around Manchester, within about 15 km", "area"),
        ("EC1A 1BB", "EC1A: somewhere around the City of London, within about 2 km", "area"),
        ("W1A 1AA", "W1A: somewhere around West London, within about 7 km", "area"),
        ("Warwick", "Warwick", "town"),
        ("WARWICK", "Warwick", "town"),
        ("Leamington Spa", "Royal Leamington Spa", "town"),
        ("leamington", "Royal Leamington Spa", "town"),
        ("Hull", "Kingston upon Hull", "town"),
        ("Caerdydd", "Cardiff", "town"),
        ("St. Albans", "St Albans", "town"),
        ("saint albans", "St Albans", "town"),
        ("Bishop's Stortford", "Bishops Stortford", "town"),
        ("stoke on trent", "Stoke-on-Trent", "town"),
        ("Richmond", "Richmond, near Hounslow", "town"),
        ("Richmond, near Darlington", "Richmond, near Darlington", "town"),
        ("Newport, Wales", "Newport, near Cardiff", "town"),
        ("Warwick, Warwickshire", "Warwick", "town"),
        ("Birmingam", "Birmingham", "town"),
        ("coventy", "Coventry", "town"),
        ("Dublin", "Dublin", "town"),
        ("Baile Átha Cliath", "Dublin", "town"),
    ],
)
def test_places_as_people_type_them(typed, label, kind):
    found = resolve(typed)
    assert (found.whereabouts.label, found.kind) == (label, kind)


@pytest.mark.parametrize(
    "typed",
    ["XX1", "XX1 1AA", "zz99 9zz", "", " ", ",", "qwrtp", "M1 Manchester M1", "\0", "x" * 5000],
)
def test_what_is_nowhere_is_not_guessed(typed):
    assert resolve(typed) is None


def test_what_looks_like_a_postcode_is_never_a_towns_name():
    Place.objects.create(
        kind="town", country="GB", name="Q1", normalised="q1",
        latitude=52, longitude=-1, accuracy_km=1, source="test",
    )  # fmt: skip
    assert resolve("Q1") is None


def test_two_towns_of_a_name_are_both_offered_and_each_name_leads_to_its_own():
    found = resolve("Richmond")
    assert found.towns == ("Richmond, near Darlington",)
    first, second = found.whereabouts.point, resolve(found.towns[0]).whereabouts.point
    assert distance_km(first, second) > 300


@pytest.mark.parametrize("typed", ["CV34", "BT7", "E8", "SY23", "London"])
def test_each_town_that_is_offered_resolves_to_a_town_in_reach(typed):
    rough = resolve(typed)
    assert len(rough.towns) >= 5
    for name in rough.towns:
        town = resolve(name)
        assert town.kind == "town"
        assert town.whereabouts.label == name
        away = distance_km(rough.whereabouts.point, town.whereabouts.point)
        assert away <= rough.whereabouts.accuracy_km


@pytest.mark.parametrize(
    ("typed", "nation"),
    [
        ("EH1", Nation.SCOTLAND),
        ("CF10", Nation.WALES),
        ("BT1", Nation.NORTHERN_IRELAND),
        ("SY23", None),
        ("Swansea", Nation.WALES),
        ("Cork", Nation.IRELAND),
        ("JE2", None),
    ],
)
def test_a_place_tells_its_nation_where_it_has_one(typed, nation):
    assert resolve(typed).nation is nation


def stored(kind, code, accuracy_km, name=""):
    return Place.objects.create(
        kind=kind, country="GB", code=code, name=name, region="England",
        latitude=WARWICK.lat, longitude=WARWICK.lon, accuracy_km=accuracy_km, source="test",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "kind", "label"),
    [
        ("CV34 4AA", "postcode", "CV34 4AA"),
        ("cv344aa", "postcode", "CV34 4AA"),
        ("CV34 4ZZ", "sector", "CV34"),
        ("CV34 4", "sector", "CV34"),
        ("CV34 5ZZ", "district", "CV34: around Warwick"),
        ("CV34", "district", "CV34: around Warwick"),
        ("CV35 5ZZ", "area", "CV35: somewhere around Coventry, within about 20 km"),
    ],
)
def test_with_postcodes_imported_the_most_exact_part_that_is_known_counts(typed, kind, label):
    stored("postcode", "CV344AA", 0.1)
    stored("sector", "CV344", 0.8)
    stored("district", "CV34", 3.2, name="Warwick")
    found = resolve(typed)
    assert (found.kind, found.whereabouts.label) == (kind, label)


def test_an_irish_postcode_is_found_once_its_routing_keys_were_imported():
    assert resolve("D02 X285") is None
    Place.objects.create(
        kind="district", country="IE", code="D02", name="Dublin 2", region="Ireland",
        latitude=53.338, longitude=-6.252, accuracy_km=8, source="test",
    )  # fmt: skip
    found = resolve("d02x285")
    assert found.whereabouts.label == "D02: around Dublin 2"
    assert found.nation is Nation.IRELAND


def test_suggestions_begin_as_typed_larger_towns_first():
    assert suggest("war")[:2] == ("Warrington", "Warwick")
    assert suggest("St Iv") == ("Saint Ives, near Saint Neots", "St Ives, near Redruth")
    assert suggest("w") == ()


@pytest.mark.parametrize("typed", ["CV34 4AA", "London", "Warwick", "Birmingam"])
def test_a_place_costs_few_queries(typed, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        resolve(typed)
