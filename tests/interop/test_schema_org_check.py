"""The checker of our JSON-LD: each kind of mistake is told, in one sentence."""

import pytest

from attune.interop.schema_org_check import problems, table
from interop.pages import FULL, ROOT

DATA_TYPES = {"Text", "URL", "Integer", "Number", "Date", "DateTime"}


def terms(value):
    """Return the names of the types and the properties in the value."""
    if isinstance(value, list):
        return set().union(*(terms(one) for one in value))
    if not isinstance(value, dict):
        return set()
    properties = {name: held for name, held in value.items() if not name.startswith("@")}
    return {value["@type"], *properties}.union(*(terms(held) for held in properties.values()))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"@type": "Persom"}, "The page: Persom is not a type we know."),
        ({"@type": "Physician"}, "The page: Physician is not a type we know."),
        ({"@type": "Thing", "nmae": "x"}, "nmae: it is not a property we know."),
        ({"name": "x"}, "The page: it has no @type."),
        (
            {"@type": "Person", "headline": "x"},
            "headline: it belongs to CreativeWork, which this object is not.",
        ),
        (
            {"@type": "Article", "lastReviewed": "2026-03-01"},
            "lastReviewed: it belongs to WebPage, which this object is not.",
        ),
        (
            {"@type": "WebPage", "reviewedBy": {"@type": "Place", "name": "x"}},
            "reviewedBy: Place is not one of Organization, Person.",
        ),
        (
            {"@type": "WebPage", "reviewedBy": {"name": "x"}},
            "reviewedBy: it has no @type.",
        ),
        (
            {"@type": "WebPage", "reviewedBy": "Ben"},
            "reviewedBy: 'Ben' is not one of Organization, Person.",
        ),
        ({"@type": "Thing", "name": 3}, "name: 3 is not one of Text."),
        (
            {"@type": "PriceSpecification", "minPrice": "65"},
            "minPrice: '65' is not one of Number.",
        ),
        (
            {"@type": "PriceSpecification", "minPrice": True},
            "minPrice: True is not one of Number.",
        ),
        ({"@type": "ItemList", "numberOfItems": 1.5}, "numberOfItems: 1.5 is not one of Integer."),
        ({"@type": "Thing", "name": ""}, "name: it is empty and should be left out."),
        ({"@type": "Thing", "name": None}, "name: it is empty and should be left out."),
        ({"@type": "Thing", "name": []}, "name: it is empty and should be left out."),
        ({"@type": "Thing", "url": "/help/"}, "url: '/help/' is not one of URL."),
        (
            {"@type": "Thing", "url": "ftp://a.example/"},
            "url: 'ftp://a.example/' is not one of URL.",
        ),
        ({"@type": "Thing", "url": "https:///help"}, "url: 'https:///help' is not one of URL."),
        (
            {"@type": "Thing", "@id": "#me"},
            "@id: '#me' is not an absolute http or https address.",
        ),
        (
            {"@type": "WebPage", "datePublished": "14 March 2026"},
            "datePublished: '14 March 2026' is not one of Date, DateTime.",
        ),
        (
            {"@type": "WebPage", "datePublished": "2026-02-30"},
            "datePublished: '2026-02-30' is not one of Date, DateTime.",
        ),
        (
            {"@type": "WebPage", "datePublished": "2026-03-01 09:30:00"},
            "datePublished: '2026-03-01 09:30:00' is not one of Date, DateTime.",
        ),
        (
            {"@type": "WebPage", "lastReviewed": "2026-03-01T09:30:00Z"},
            "lastReviewed: '2026-03-01T09:30:00Z' is not one of Date.",
        ),
        (
            {"@context": "https://schema.example", "@type": "Thing"},
            "The page: @context is 'https://schema.example', not 'https://schema.org'.",
        ),
        ("Ben", "The page: 'Ben' is not an object."),
    ],
)
def test_each_kind_of_mistake_is_told_once(data, problem):
    assert problems(data) == [problem]


def test_a_mistake_deep_inside_says_where_it_is():
    person = {"@type": "Person", "knowsLanguage": ["English", 3], "hasCredential": [{"@type": "X"}]}
    assert problems({"@type": "ProfilePage", "mainEntity": person}) == [
        "mainEntity.knowsLanguage[1]: 3 is not one of Language, Text.",
        "mainEntity.hasCredential[0]: X is not a type we know.",
    ]


def test_a_property_that_is_unknown_does_not_hide_what_is_inside_it():
    assert problems({"@type": "Thing", "nmae": {"@type": "Persom"}}) == [
        "nmae: it is not a property we know.",
        "nmae: Persom is not a type we know.",
    ]


@pytest.mark.parametrize("wrap", [lambda one: [one], lambda one: {"@graph": [one]}])
def test_lists_and_graphs_are_walked(wrap):
    assert problems(wrap({"@type": "Thing", "name": "x"})) == []
    assert problems(wrap({"@type": "Persom"})) == ["The page: Persom is not a type we know."]


def test_an_object_may_be_two_things_and_use_the_words_of_both():
    both = {"@type": ["PsychologicalTreatment", "MedicalTherapy"], "howPerformed": "You talk."}
    assert problems({"@type": "MedicalCondition", "possibleTreatment": both}) == []


def test_a_talking_therapy_alone_is_outside_what_can_treat_a_condition():
    only = {"@type": "PsychologicalTreatment", "name": "IPT"}
    (problem,) = problems({"@type": "MedicalCondition", "possibleTreatment": [only]})
    assert problem.startswith("possibleTreatment[0]: PsychologicalTreatment is not one of Drug, ")


def test_a_type_may_use_what_it_inherits():
    assert (
        problems({"@type": "MedicalWebPage", "name": "x", "url": f"{ROOT}/", "citation": "y"}) == []
    )


def test_the_table_holds_what_our_pages_use_with_its_ancestors_and_no_more():
    used = terms(list(FULL.values()))
    types = {kind for name in used & table().types.keys() for kind in table().kinds(name)}
    assert table().types.keys() | table().properties.keys() == used | types


def test_every_property_of_the_table_has_a_place_and_holds_something_known():
    known = DATA_TYPES | table().types.keys()
    assert [
        name
        for name, (domain, range_) in table().properties.items()
        if not (domain & table().types.keys() and range_ & known)
    ] == []
