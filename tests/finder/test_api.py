"""Listings and matches as other programs read them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from attune.booking.queries import slots_for
from attune.core.geo import LatLon
from attune.directory.actions import withdraw
from attune.directory.entries import NewFee
from finder.people import BEN, LINE, NOW, ROOM, TODAY, listed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]

BODY = (
    "body: null cannot be used. "
    "Accepted: JSON in UTF-8, at most 20 levels deep, without NaN and Infinity."
)
NEAR = {"place": "CV34 4AA", "max_distance_km": 30}


def post(client, body):
    return client.post("/api/v1/matches", body, content_type="application/json")


def exactly(ben):
    return listed(
        practices=(replace(ROOM, latitude=52.28123, longitude=-1.58456), LINE),
        pronouns="he/him",
        phone="01926 000000",
        gender="man",
        fees=(NewFee("adults", 50, "fixed", minor=6000, concession_minor=4000),),
    )


def test_a_listing_names_its_fields_and_no_others(client):
    ben = exactly(BEN)
    assert client.get(f"/api/v1/listings/{ben.code}").json() == {
        "code": "c1",
        "name": "Ben Hathersage-Quaye",
        "pronouns": "he/him",
        "gender": "man",
        "languages": ["en"],
        "channels": ["in-person", "video", "phone"],
        "practices": [
            {
                "code": "b1",
                "channels": ["in-person"],
                "town": "Warwick",
                "outward_postcode": "CV34",
                "lat": 52.28,
                "lon": -1.58,
                "zone": "Europe/London",
                "access": {"step-free": "partly", "quiet-room": "yes"},
            },
            {
                "code": "b2",
                "channels": ["video", "phone"],
                "town": None,
                "outward_postcode": None,
                "lat": None,
                "lon": None,
                "zone": "Europe/London",
                "access": {"step-free": "yes"},
            },
        ],
        "fees": [
            {
                "client_group": "adults",
                "minutes": 50,
                "kind": "fixed",
                "minor": 6000,
                "upper_minor": None,
                "currency": "GBP",
                "concession_minor": 4000,
            }
        ],
        "focus_issues": ["depression", "bereavement"],
        "also_issues": ["anxiety"],
        "therapy_types": [
            {"slug": "ipt", "training_checked": True},
            {"slug": "integrative", "training_checked": False},
        ],
        "client_groups": ["adults"],
        "access": {"step-free": "partly", "quiet-room": "yes"},
        "accepting": {"state": "open", "confirmed_on": "2026-11-18"},
        "next_free": "2026-11-19T17:00:00Z",
        "weekly_places": [
            {
                "practice": "b2",
                "weekday": "thu",
                "start": "18:00",
                "zone": "Europe/London",
                "from_date": "2026-12-03",
            }
        ],
        "booking_mode": "direct",
        "registration": {"register": "bacp", "checked_on": "2026-10-19"},
    }


def test_no_way_to_reach_a_person_is_in_the_api(client):
    ben = exactly(BEN)
    for answer in (
        client.get("/api/v1/listings"),
        client.get(f"/api/v1/listings/{ben.code}"),
        post(client, NEAR),
    ):
        assert answer.status_code == 200
        for secret in ("ben@demo", "01926", "Hidden Yard", "Ring twice", "52.281", "T-1", "p1"):
            assert secret not in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "accepting"),
    [
        ({"paused_until": TODAY + timedelta(days=1)}, "paused"),
        ({"paused_until": TODAY}, "open"),
        ({"confirmed_on": TODAY - timedelta(days=21)}, "open"),
        ({"confirmed_on": TODAY - timedelta(days=22)}, "unconfirmed"),
        ({"confirmed_on": None}, "unconfirmed"),
    ],
)
def test_only_an_open_listing_has_a_next_free_time(client, changes, accepting):
    found = client.get(f"/api/v1/listings/{listed(**changes).code}").json()
    assert found["accepting"]["state"] == accepting
    assert (found["next_free"] is not None) is (accepting == "open")


def test_listings_come_a_page_at_a_time_and_each_once(client):
    for number in range(1, 6):
        listed(number)
    seen, after = [], ""
    while after is not None:
        page = client.get("/api/v1/listings", {"limit": "2", "after": after}).json()
        seen += [one["code"] for one in page["listings"]]
        after = page["next"]
    assert seen == ["c1", "c2", "c3", "c4", "c5"]


def test_only_published_and_checked_listings_are_listed(client, now):
    listed(1, state="draft")
    listed(2, registration=replace(BEN.registration, number="T-8", check=None))
    withdraw(listed(3), at=now)
    listed(4)
    assert [one["code"] for one in client.get("/api/v1/listings").json()["listings"]] == ["c4"]
    for code in ("c1", "c2", "c3", "nobody"):
        assert client.get(f"/api/v1/listings/{code}").status_code == 404


@pytest.mark.parametrize("limit", ["0", "101", "x", "-1", "²", "0001000", "9999"])
def test_a_page_has_up_to_a_hundred_listings(client, limit):
    answer = client.get("/api/v1/listings", {"limit": limit})
    assert answer.status_code == 422
    assert answer.json()["detail"][0] == {
        "field": "limit",
        "value": limit,
        "accepted": "a whole number from 1 to 100",
        "message": f'limit: "{limit}" cannot be used. Accepted: a whole number from 1 to 100.',
    }


@pytest.mark.parametrize("after", ["%00", "C1", "c1;", "'", "c" * 17])
def test_a_page_follows_a_page(client, after):
    answer = client.get(f"/api/v1/listings?after={after}")
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["field"] == "after"


@pytest.mark.parametrize("code", ["%00", "%FF", "c1%27", "-"])
def test_an_odd_code_is_a_listing_that_is_not_there(client, code):
    assert client.get(f"/api/v1/listings/{code}").status_code == 404
    assert client.get(f"/api/v1/listings/{code}/slots").status_code == 404
    assert client.get(f"/therapists/{code}/").status_code == 404


def test_a_match_gives_the_computation_and_the_words(client):
    exactly(BEN)
    enquiry = NEAR | {
        "issues": ["depression"],
        "therapy_types": ["ipt"],
        "budget": {"minor": 7000, "currency": "GBP", "reduced_fee": False},
        "wishes": [{"about": "language", "value": "pl", "weight": "nice"}],
    }
    answer = post(client, enquiry).json()
    assert answer["total"] == 1
    assert answer["place"] == "CV34: somewhere around Coventry, within about 20 km"
    match = answer["matches"][0]
    assert match.keys() == {
        *("listing", "components", "score", "fits", "does_not_fit", "unknown", "also_counted"),
        *("first_free", "first_free_practice", "free_times", "weekly_place", "distance_km"),
        *("practice", "fee"),
    }
    assert match["listing"] == client.get("/api/v1/listings/c1").json()
    assert match["score"] == pytest.approx(sum(one["points"] for one in match["components"]))
    reasons = [
        one for part in ("fits", "does_not_fit", "unknown", "also_counted") for one in match[part]
    ]
    assert sum(one["points"] for one in reasons) == pytest.approx(match["score"])
    texts = {one["code"]: one["text"] for one in reasons}
    assert texts["focus-issues"] == "Works mainly with depression and low mood, which you chose"
    assert texts["named-therapies"] == "Offers interpersonal therapy, training checked"
    assert texts["wish-missed"] == "Does not work in Polish"
    assert match["first_free"] == match["listing"]["next_free"]
    assert match["fee"]["minor"] == 6000
    assert match["practice"] == "b1"


def test_page_api_and_index_name_the_same_times(client):
    ben = listed(practices=(ROOM, LINE))
    exact = [slot.start.strftime("%Y-%m-%dT%H:%M:%SZ") for slot in slots_for(ben, NOW, 28)]
    match = post(client, NEAR).json()["matches"][0]
    offered = client.get("/api/v1/listings/c1/slots").json()["slots"]
    page = client.get("/therapists/c1/").content.decode()
    assert match["listing"]["next_free"] == match["first_free"] == exact[0]
    assert [one["start"] for one in match["free_times"]] == exact[:3]
    assert [one["start"] for one in offered][: len(exact)] == exact
    for start in exact:
        assert f'value="{start.replace("Z", "+00:00")}@' in page


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        (
            '{"max_distance_km": -3}',
            "max_distance_km",
            "max_distance_km: -3 cannot be used. Accepted: a whole number from 1 to 200.",
        ),
        (
            '{"place": "XX1"}',
            "place",
            "We could not find XX1. Enter a UK postcode or a town",
        ),
        (
            '{"limit": 51}',
            "limit",
            "limit: 51 cannot be used. Accepted: a whole number from 1 to 50.",
        ),
        (
            '{"limit": true}',
            "limit",
            "limit: true cannot be used. Accepted: a whole number from 1 to 50.",
        ),
        ("{", "body", BODY),
        (
            '{"place": "Le\\u0000eds"}',
            "place",
            "We could not find Le\x00eds. Enter a UK postcode or a town",
        ),
        (
            '{"place": "\\ud800"}',
            "place",
            "We could not find \ud800. Enter a UK postcode or a town",
        ),
        ('{"max_distance_km": NaN}', "body", BODY),
        ("\xff", "body", BODY),
        ("[" * 100_000, "body", BODY),
    ],
)
def test_what_cannot_be_used_is_named(client, body, field, message):
    answer = post(client, body)
    assert answer.status_code == 422
    (detail,) = answer.json()["detail"]
    assert (detail["field"], detail["message"]) == (field, message)
    assert detail.keys() == {"field", "value", "accepted", "message"}


def test_a_body_that_is_no_enquiry_is_refused(client):
    assert post(client, "[]").json()["detail"][0]["field"] == "enquiry"


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_listings_costs_the_same_for_one_and_three(
    client, count, django_assert_num_queries
):
    for number in range(count):
        listed(number)
    # Most of them build the index, which inside a test's transaction is kept for nobody else.
    with django_assert_num_queries(46):
        client.get("/api/v1/listings")


def test_places_are_rounded_to_about_a_kilometre(client):
    point = LatLon(52.28123, -1.58456)
    exactly(BEN)
    practice = client.get("/api/v1/listings/c1").json()["practices"][0]
    assert (practice["lat"], practice["lon"]) == (round(point.lat, 2), round(point.lon, 2))
