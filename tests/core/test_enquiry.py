"""An enquiry's JSON: what is read, what is refused, and in which words."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from attune.core.errors import AttuneError, InvalidInput
from attune.core.matching.enquiry import (
    Budget,
    Enquiry,
    TimeWindow,
    Wish,
    enquiry_as_json,
    parse_enquiry,
)
from attune.core.money import Money
from core.worlds import WORDS, enquiries_as_json


def test_everything_said_is_read():
    data = {
        "for_whom": "couples",
        "issues": ["depression", "grief"],
        "therapy_types": ["ipt"],
        "channels": ["in-person", "video"],
        "place": " CV34 4AA ",
        "max_distance_km": 15,
        "times": [{"days": ["thu", "tue"], "from": "17:00", "to": "24:00"}],
        "times_weight": "must",
        "within_days": 14,
        "budget": {"minor": 7000, "currency": "GBP", "reduced_fee": False},
        "wishes": [{"about": "gender", "value": "woman", "weight": "must"}],
        "style": {"lead": 2, "emotion": None, "time": None, "challenge": -1},
        "matters_most": "soon",
        "exclude": ["b7k2"],
    }
    assert parse_enquiry(data, WORDS) == Enquiry(
        for_whom="couples",
        issues=("depression", "grief"),
        therapy_types=("ipt",),
        channels=("in-person", "video"),
        place="CV34 4AA",
        max_distance_km=15,
        times=(TimeWindow((1, 3), 17 * 60, 24 * 60),),
        times_weight="must",
        within_days=14,
        budget=Budget(Money(7000, "GBP"), reduced_fee=False),
        wishes=(Wish("gender", "woman", "must"),),
        style={"lead": 2, "emotion": None, "time": None, "challenge": -1},
        matters_most="soon",
        exclude=("b7k2",),
    )


def test_nothing_said_is_an_enquiry_too():
    assert parse_enquiry({}, WORDS) == Enquiry()
    assert parse_enquiry(enquiry_as_json(Enquiry()), WORDS) == Enquiry()


@settings(max_examples=300, deadline=None)
@given(enquiries_as_json())
def test_an_enquiry_comes_back_from_its_json(data):
    enquiry = parse_enquiry(data, WORDS)
    assert parse_enquiry(enquiry_as_json(enquiry), WORDS) == enquiry


@pytest.mark.parametrize(
    ("data", "field", "accepted"),
    [
        (None, "enquiry", "an object with for_whom"),
        ([], "enquiry", "an object with for_whom"),
        ({"issue": ["grief"]}, "issue", "only for_whom, issues"),
        ({"for_whom": "children"}, "for_whom", "one of adults, young-adults, couples"),
        ({"issues": ["sadness"]}, "issues[0]", "one of depression, anxiety, grief, trauma, eating"),
        ({"issues": "grief"}, "issues", "a list of at most 3"),
        ({"issues": ["grief", "grief"]}, "issues", "each value once"),
        ({"issues": list(WORDS.issues[:4])}, "issues", "at most 3"),
        ({"issues": [3]}, "issues[0]", "one of depression"),
        ({"therapy_types": ["xyz"]}, "therapy_types[0]", "one of cbt"),
        ({"channels": ["post"]}, "channels[0]", "one of in-person, video, phone"),
        ({"place": ""}, "place", "a UK postcode or a town"),
        ({"place": 5}, "place", "a UK postcode or a town"),
        ({"max_distance_km": -3}, "max_distance_km", "a whole number from 1 to 200"),
        ({"max_distance_km": 201}, "max_distance_km", "a whole number from 1 to 200"),
        ({"max_distance_km": True}, "max_distance_km", "a whole number from 1 to 200"),
        ({"max_distance_km": 2.5}, "max_distance_km", "a whole number from 1 to 200"),
        ({"max_distance_km": "15"}, "max_distance_km", "a whole number from 1 to 200"),
        ({"within_days": 0}, "within_days", "a whole number from 1 to 28"),
        ({"within_days": 29}, "within_days", "a whole number from 1 to 28"),
        ({"times": {}}, "times", "a list of at most 30"),
        ({"times": [{"days": [], "from": "17:00", "to": "18:00"}]}, "times[0].days", "a list of"),
        (
            {"times": [{"days": ["x"], "from": "17:00", "to": "18:00"}]},
            "times[0].days",
            "one of mon",
        ),
        (
            {"times": [{"days": ["mon"], "from": "17:10", "to": "18:00"}]},
            "times[0].from",
            "a whole or",
        ),
        (
            {"times": [{"days": ["mon"], "from": "17:00", "to": "25:00"}]},
            "times[0].to",
            "a whole or",
        ),
        ({"times": [{"days": ["mon"], "from": "17:00"}]}, "times[0].to", "a whole or half hour"),
        (
            {"times": [{"days": ["mon"], "from": "17:00", "to": "17:00"}]},
            "times[0].to",
            "a time after",
        ),
        (
            {"times": [{"days": ["mon"], "from": "17:00", "to": "09:00"}]},
            "times[0].to",
            "a time after",
        ),
        ({"times_weight": "maybe"}, "times_weight", "one of must, nice"),
        ({"budget": 70}, "budget", "an object with minor, currency, reduced_fee"),
        ({"budget": {"minor": -1}}, "budget.minor", "a whole number from 0 to 100000"),
        (
            {"budget": {"minor": 1, "currency": "pounds"}},
            "budget.currency",
            "three capital letters",
        ),
        ({"budget": {"minor": 1, "reduced_fee": 1}}, "budget.reduced_fee", "true or false"),
        ({"budget": {"minor": 1, "x": 1}}, "budget.x", "only minor, currency, reduced_fee"),
        (
            {"wishes": [{"about": "age", "value": "40"}]},
            "wishes[0].about",
            "one of gender, language",
        ),
        ({"wishes": [{"about": "gender", "value": "x"}]}, "wishes[0].value", "one of woman, man"),
        (
            {"wishes": [{"about": "gender", "value": "man", "weight": "very"}]},
            "wishes[0].weight",
            "one of must, nice",
        ),
        ({"wishes": [{"about": "gender", "value": "man"}] * 2}, "wishes", "each wish once"),
        ({"style": {"lead": 4}}, "style.lead", "a whole number from -3 to 3"),
        ({"style": {"mood": 1}}, "style.mood", "only lead, emotion, time, challenge"),
        ({"matters_most": "price"}, "matters_most", "one of fit, soon, near, cost"),
        ({"exclude": ["no code!"]}, "exclude[0]", "the code at the end of a profile's address"),
        ({"exclude": ["c"] * 51}, "exclude", "at most 50"),
    ],
)
def test_what_cannot_be_used_is_refused_by_field_value_and_what_is_accepted(data, field, accepted):
    with pytest.raises(InvalidInput) as refused:
        parse_enquiry(data, WORDS)
    assert refused.value.field == field
    assert refused.value.accepted.startswith(accepted)


def test_the_refusal_is_one_sentence_that_says_what_to_send():
    with pytest.raises(AttuneError) as refused:
        parse_enquiry({"max_distance_km": -3}, WORDS)
    assert str(refused.value) == (
        "max_distance_km: -3 cannot be used. Accepted: a whole number from 1 to 200."
    )
    assert refused.value.value == -3


def test_a_long_value_is_cut_short_in_the_sentence():
    with pytest.raises(InvalidInput) as refused:
        parse_enquiry({"place": "x" * 500}, WORDS)
    assert len(str(refused.value)) < 180


def test_a_slug_from_a_long_list_is_refused_with_the_nearest_ones():
    words = replace(WORDS, issues=(*WORDS.issues, *(f"topic-{number}" for number in range(20))))
    with pytest.raises(InvalidInput) as refused:
        parse_enquiry({"issues": ["depresion"]}, words)
    assert refused.value.accepted == "one of the 25 known values, such as depression"
