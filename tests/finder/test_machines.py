"""What search engines and assistants read of a practitioner."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest

from attune.accounts.sessions import ENQUIRY
from attune.core.matching.enquiry import Enquiry
from attune.demo.actions import invented
from attune.directory.actions import add_listings
from attune.directory.entries import NewFee
from attune.enquiries.actions import start_enquiry
from attune.enquiries.answers import Answers
from attune.finder.access import shown_listings
from attune.finder.machines import for_machines
from attune.finder.people import public_listings
from attune.finder.profile import profile_of
from attune.interop.schema_org import Organisation, Site
from attune.interop.schema_org_check import problems
from finder.people import LINE, ROOM, TODAY, listed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]

SITE = Site("Attune", "http://localhost/", Organisation("Attune", "http://localhost/"))
# Said by where a value stands, not by words that a page shows.
CODES = {"@type", "url", "knowsLanguage", "credentialCategory", "addressCountry", "priceCurrency"}


def page_of(client, listing, query=""):
    response = client.get(f"/therapists/{listing.code}/{query}")
    assert response.status_code == 200
    return response.content.decode()


def data_in(page):
    (script,) = re.findall('<script type="application/ld.json">(.*?)</script>', page, re.DOTALL)
    return json.loads(script)


def person_on(client, **changes):
    return data_in(page_of(client, listed(**changes)))["mainEntity"]


def prices(person):
    return [
        (one["itemOffered"]["name"], one.get("price"), one.get("description"))
        for one in person["makesOffer"]
    ]


def texts_in(node):
    """Yield every text that is words for people."""
    for name, value in node.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from texts_in(one)
            elif isinstance(one, str) and name not in CODES:
                yield one


def words_of(page):
    return " ".join(unescape(re.sub("<[^>]+>", " ", page.split("<main")[1])).split())


def test_the_page_is_about_a_person_and_what_they_say_of_themselves(client):
    ben = listed(
        one_line="Calm & steady </script> help",
        pronouns="he/him",
        languages=("en", "bfi", "makaton"),
    )
    page = data_in(page_of(client, ben))
    address = f"http://localhost:8000/therapists/{ben.code}/"
    assert page["@type"] == "ProfilePage"
    assert page["url"] == address
    assert page["isPartOf"]["name"] == "Attune"
    person = page["mainEntity"]
    del person["hasCredential"], person["workLocation"], person["makesOffer"]
    assert person == {
        "@type": "Person",
        "name": "Ben Hathersage-Quaye",
        "url": address,
        "jobTitle": "Counsellor",
        "pronouns": "he/him",
        "description": "Calm & steady </script> help",
        "knowsLanguage": ["en", "bfi", "Makaton"],
        "knowsAbout": [
            "Depression and low mood",
            "Bereavement and grief",
            "Anxiety and worry",
            "Interpersonal psychotherapy (IPT)",
            "Integrative and pluralistic",
        ],
    }


def test_the_registration_names_its_register_and_number(client):
    (credential,) = person_on(client)["hasCredential"]
    assert credential["credentialCategory"] == "registration"
    assert credential["identifier"] == "T-1"
    register = credential["recognizedBy"]
    assert register["name"] == "British Association for Counselling and Psychotherapy"
    assert register["url"].startswith("https://www.bacp.co.uk/")


def test_a_room_is_told_to_the_first_half_of_its_postcode_and_a_line_not_at_all(client):
    at_home = replace(LINE, code="b3", town="Rugby", outward_postcode="CV21")
    again = replace(ROOM, code="b4", hours=())
    (place,) = person_on(client, practices=(ROOM, again, at_home))["workLocation"]
    assert place["address"] == {
        "@type": "PostalAddress",
        "addressLocality": "Warwick",
        "postalCode": "CV34",
        "addressCountry": "GB",
    }


def test_somebody_who_only_works_online_is_nowhere(client):
    assert "workLocation" not in person_on(client, practices=(LINE,))


def test_a_reduced_fee_is_an_offer_of_its_own(client):
    fee = NewFee("adults", 50, "fixed", minor=6000, concession_minor=4050)
    ruled = replace(fee, client_group="couples", concession_rule="for students")
    adults, couples = (
        "Session of 50 minutes: Adults (18 and over)",
        "Session of 50 minutes: Couples",
    )
    assert prices(person_on(client, fees=(fee, ruled))) == [
        (adults, 60, None),
        (adults, 40.5, "Reduced fee"),
        (couples, 60, None),
        (couples, 40.5, "Reduced fee: for students"),
    ]


@pytest.mark.parametrize(
    ("kind", "price", "words"), [("free", 0, None), ("donation", None, "By donation")]
)
def test_nothing_to_pay_costs_0_and_a_donation_has_no_price(client, kind, price, words):
    (offer,) = prices(person_on(client, fees=(NewFee("adults", 50, kind),)))
    assert offer[1:] == (price, words)


def test_a_range_has_both_its_ends(client):
    fee = NewFee("adults", 50, "range", minor=5000, upper_minor=7000)
    (offer,) = person_on(client, fees=(fee,))["makesOffer"]
    assert (offer["priceSpecification"]["minPrice"], offer["priceSpecification"]["maxPrice"]) == (
        50,
        70,
    )


def test_machines_read_nothing_that_the_page_does_not_show(client):
    fee = NewFee(
        "adults", 50, "fixed", minor=6000, concession_minor=4000, concession_rule="Low pay"
    )
    ben = listed(
        practices=(ROOM, LINE),
        phone="01926 000000",
        pronouns="he/him",
        gender="man",
        languages=("en", "cy"),
        communities=("deaf",),
        one_line="Calm & steady help",
        focus_issues=("depression", "bereavement", "anger", "stress", "anxiety"),
        also_issues=("loneliness",),
        fees=(fee, NewFee("couples", 80, "donation")),
    )
    page = page_of(client, ben)
    shown = words_of(page)
    for text in texts_in(data_in(page)["mainEntity"]):
        length, _colon, group = text.removeprefix("Session of ").partition(": ")
        assert length in shown, text
        assert group in shown, text


def test_search_engines_and_shared_links_are_told_one_address(client):
    page = page_of(client, listed(one_line="Calm & steady help"), "?time=2026-11-19")
    head = page.split("</head>")[0]
    address = "http://localhost:8000/therapists/c1/"
    for expected in (
        f'<link rel="canonical" href="{address}">',
        '<meta property="og:type" content="profile">',
        '<meta property="og:title" content="Ben Hathersage-Quaye">',
        '<meta property="og:description" content="Calm &amp; steady help">',
        '<meta name="description" content="Calm &amp; steady help">',
        f'<meta property="og:url" content="{address}">',
        '<meta property="og:site_name" content="Attune">',
    ):
        assert head.count(expected) == 1, expected


def test_a_page_that_says_why_somebody_was_suggested_is_not_for_machines(client, now):
    ben = listed(practices=(LINE,))
    enquiry = start_enquiry(
        Answers(enquiry=Enquiry(issues=("depression",)), answered=frozenset({2})), at=now
    )
    session = client.session
    session[ENQUIRY] = enquiry.code
    session.save()
    page = page_of(client, ben)
    assert "Why we suggest" in page
    for word in ("ld+json", "canonical", "og:"):
        assert word not in page


@pytest.mark.slow
def test_every_invented_person_keeps_to_the_vocabulary(now, django_assert_num_queries):
    add_listings(invented(200, seed=1, today=TODAY), at=now)
    shown = [(one, profile_of(one, now)) for one in public_listings(shown_listings(now))]
    assert len(shown) > 150
    with django_assert_num_queries(0):
        said = [for_machines(listing, one).structured_data(SITE) for listing, one in shown]
    assert {
        one.code: problems(json.loads(text)) for (one, _), text in zip(shown, said, strict=True)
    } == {one.code: [] for one, _ in shown}
