"""What the API publishes about its answers is what it answers."""

from dataclasses import fields, replace
from typing import get_args

import pytest
from pydantic import ValidationError

from attune.booking.schemas import SlotsOut
from attune.core.matching import enquiry
from attune.core.matching.enquiry import Enquiry, enquiry_as_json, parse_enquiry
from attune.directory.entries import NewFee
from attune.directory.models import Channel, Fee, Listing
from attune.finder import schemas
from attune.finder.api import EXAMPLE
from attune.vocabulary.queries import core_vocabulary
from directory.listings import NOW
from finder.people import LINE, ROOM, listed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]

RICH = {
    "issues": ["depression", "panic"],
    "therapy_types": ["ipt"],
    "place": "CV34 4AA",
    "max_distance_km": 30,
    "times": [{"days": ["thu"], "from": "17:00", "to": "21:00"}],
    "within_days": 14,
    "budget": {"minor": 5000, "currency": "GBP", "reduced_fee": True},
    "wishes": [
        {"about": "language", "value": "pl", "weight": "nice"},
        {"about": "gender", "value": "woman", "weight": "nice"},
    ],
    "style": {"lead": 2},
    "matters_most": "near",
}
CONCESSION = NewFee("adults", 50, "fixed", 6000, concession_minor=4000)
BROKE = {"budget": {"minor": 1, "currency": "GBP"}}


@pytest.fixture
def _people():
    listed(1, practices=(ROOM, LINE), fees=(CONCESSION,))
    listed(
        2, practices=(replace(LINE, code="b3"),), fees=(NewFee("adults", 50, "range", 3000, 7000),)
    )
    listed(3, fees=(NewFee("adults", 50, "free"),), confirmed_on=None, booking_mode="ask-first")


def post(client, asked):
    return client.post("/api/v1/matches", asked, content_type="application/json")


@pytest.mark.usefixtures("_people")
def test_answers_have_the_published_shapes(client):
    listings = client.get("/api/v1/listings").content
    assert len(schemas.ListingsOut.model_validate_json(listings, strict=True).listings) == 3
    for code in ("c1", "c2", "c3"):
        one = client.get(f"/api/v1/listings/{code}").content
        schemas.ListingOut.model_validate_json(one, strict=True)
        slots = client.get(f"/api/v1/listings/{code}/slots").content
        SlotsOut.model_validate_json(slots)


@pytest.mark.usefixtures("_people")
@pytest.mark.parametrize(
    ("asked", "has"),
    [
        ({}, ["matches"]),
        (RICH, ["matches", "place", "not_used"]),
        (EXAMPLE, ["place"]),
        (BROKE, ["relaxations", "removed"]),
    ],
    ids=["nothing asked", "much asked", "the example", "nobody fits"],
)
def test_matches_have_the_published_shape(client, asked, has):
    answer = post(client, asked)
    assert all(answer.json()[part] for part in has)
    schemas.MatchesOut.model_validate_json(answer.content, strict=True)


def test_every_part_of_a_match_was_there_to_be_checked(client):
    listed(1, practices=(ROOM, LINE), fees=(CONCESSION,))
    (match,) = post(client, RICH).json()["matches"]
    empty = [name for name, value in match.items() if value in (None, [])]
    assert empty == []


def test_an_enquiry_has_the_published_shape():
    words = core_vocabulary(NOW.date())
    for asked in (
        RICH,
        EXAMPLE,
        enquiry_as_json(Enquiry()),
        enquiry_as_json(parse_enquiry(RICH, words)),
    ):
        schemas.EnquiryIn.model_validate(asked, strict=True)
    published = set(schemas.EnquiryIn.model_fields)
    assert published == {one.name for one in fields(Enquiry)} | {"limit"}


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("issues", enquiry.MOST_ISSUES),
        ("therapy_types", enquiry.MOST_THERAPY_TYPES),
        ("exclude", enquiry.MOST_EXCLUDED),
    ],
)
def test_the_published_limits_are_those_of_the_code(name, most):
    schemas.EnquiryIn.model_validate({name: ["x"] * most})
    with pytest.raises(ValidationError):
        schemas.EnquiryIn.model_validate({name: ["x"] * (most + 1)})


@pytest.mark.parametrize(
    ("published", "known"),
    [
        (schemas.Channel, Channel.values),
        (schemas.FeeKind, Fee.Kind.values),
        (schemas.Weekday, enquiry.DAYS),
        (schemas.Weight, enquiry.WEIGHTS),
        (schemas.About, enquiry.WISHES_ABOUT),
        (schemas.MattersMost, enquiry.MATTERS_MOST),
        (schemas.BookingMode, Listing.BookingMode.values),
    ],
)
def test_the_published_words_are_those_of_the_code(published, known):
    assert set(get_args(published)) == set(known)
