"""What our pages say of themselves in JSON-LD."""

import json
from html.parser import HTMLParser

import pytest

from attune.core.errors import InvalidInput
from attune.core.money import Money
from attune.interop.schema_org import (
    Fee,
    Link,
    Place,
    Practitioner,
    Source,
    Subject,
    article_page,
    as_script,
    breadcrumb_list,
    condition_page,
    difficulty_page,
    profile_page,
    therapy_page,
)
from attune.interop.schema_org_check import problems
from interop.pages import BARE, DEPRESSION, FEES, FULL, PAGE, PRACTITIONER, ROOT, SITE, SPARE, TRAIL

EVERY = [*FULL.items(), *((f"spare {name}", node) for name, node in SPARE.items())]


def objects(value):
    """Yield every object in the value, itself first."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from objects(one)


def offers(*fees):
    practitioner = Practitioner("Ben", f"{ROOT}/people/ben/", fees=fees)
    person = profile_page(site=SITE, page=BARE, practitioner=practitioner)["mainEntity"]
    return person["makesOffer"]


@pytest.mark.parametrize(("name", "node"), EVERY, ids=[name for name, _ in EVERY])
def test_every_page_keeps_to_the_vocabulary(name, node):
    assert problems(json.loads(as_script(node))) == []


@pytest.mark.parametrize(("name", "node"), EVERY, ids=[name for name, _ in EVERY])
def test_nothing_empty_is_said(name, node):
    values = [value for one in objects(node) for value in one.values()]
    assert [value for value in values if value in (None, "", [], {})] == []
    assert [one for one in objects(node) if one.keys() == {"@type"}] == []


def test_an_empty_one_among_several_is_left_out():
    page = therapy_page(site=SITE, page=BARE, therapy=Subject("IPT", ("", "Interpersonal")))
    assert page["mainEntity"]["alternateName"] == ["Interpersonal"]


@pytest.mark.parametrize(("name", "node"), EVERY, ids=[name for name, _ in EVERY])
def test_nobody_is_called_a_physician(name, node):
    assert "Physician" not in as_script(node)


def test_a_trail_counts_its_pages_from_one():
    assert breadcrumb_list([("Home", f"{ROOT}/"), ("Help now", f"{ROOT}/help-now/")]) == {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": 1,
                "name": "Home",
                "item": {"@type": "WebPage", "@id": f"{ROOT}/"},
            },
            {
                "@type": "ListItem",
                "position": 2,
                "name": "Help now",
                "item": {"@type": "WebPage", "@id": f"{ROOT}/help-now/"},
            },
        ],
    }


def test_the_site_names_its_publisher_and_offers_no_search_by_address():
    assert FULL["home"] == {
        "@type": "WebSite",
        "name": "Attune",
        "url": f"{ROOT}/",
        "description": "Find a therapist who fits.",
        "inLanguage": "en-GB",
        "publisher": {
            "@type": "Organization",
            "name": "The Attune project",
            "url": "https://project.example/",
        },
    }


def test_a_collection_lists_its_pages_in_order():
    contents = FULL["collection"]["mainEntity"]
    assert contents["numberOfItems"] == 2
    assert [(one["position"], one["name"], one["url"]) for one in contents["itemListElement"]] == [
        (1, *TRAIL[0]),
        (2, *TRAIL[1]),
    ]


def test_a_therapy_page_is_about_a_treatment_and_tells_who_reviewed_it():
    page = FULL["therapy"]
    assert page["mainEntity"] == {
        "@type": "PsychologicalTreatment",
        "name": "Interpersonal psychotherapy",
        "alternateName": ["IPT"],
        "description": "It looks at how you get on.",
        "url": PAGE.url,
        "howPerformed": "You talk, once a week.",
    }
    assert (page["lastReviewed"], page["reviewedBy"]["name"]) == ("2026-03-10", "Ben Ashworth")
    assert (page["datePublished"], page["dateModified"]) == (
        "2026-03-01",
        "2026-03-14T09:30:00+00:00",
    )


@pytest.mark.parametrize("name", ["therapy", "condition", "difficulty"])
def test_a_page_that_nobody_reviewed_claims_no_review(name):
    assert {"lastReviewed", "reviewedBy"} <= FULL[name].keys()
    assert {"lastReviewed", "reviewedBy"}.isdisjoint(SPARE[name])


def test_a_source_without_an_address_or_a_publisher_is_only_named():
    sources = (Source("In print"), Source("Guideline", "https://guideline.example/1", "A body"))
    page = therapy_page(site=SITE, page=BARE, therapy=Subject("IPT"), sources=sources)
    assert page["citation"] == [
        "In print",
        {
            "@type": "CreativeWork",
            "name": "Guideline",
            "url": "https://guideline.example/1",
            "publisher": {"@type": "Organization", "name": "A body"},
        },
    ]


def test_a_diagnosis_names_what_can_treat_it():
    treatments = [Link("IPT", PAGE.url), Link("CBT", f"{ROOT}/therapies/cbt/")]
    page = condition_page(site=SITE, page=PAGE, condition=DEPRESSION, treatments=treatments)
    assert page["about"]["@type"] == "MedicalCondition"
    assert page["about"]["possibleTreatment"] == [
        {"@type": "MedicalTherapy", "name": "IPT", "url": PAGE.url},
        {"@type": "MedicalTherapy", "name": "CBT", "url": f"{ROOT}/therapies/cbt/"},
    ]


def test_a_difficulty_is_never_made_an_illness():
    page = difficulty_page(site=SITE, page=PAGE, difficulty=Subject("Loneliness"))
    assert (page["@type"], page["about"]["@type"]) == ("WebPage", "Thing")
    assert "Medical" not in as_script(page)


def test_an_article_names_people_and_bodies_as_its_authors():
    article = FULL["article"]
    assert [one["@type"] for one in article["author"]] == ["Person", "Organization"]
    assert article["headline"] == PAGE.name
    assert article["mainEntityOfPage"]["breadcrumb"] == breadcrumb_list(TRAIL)


def test_an_article_without_a_trail_has_no_breadcrumb():
    assert "breadcrumb" not in article_page(site=SITE, page=BARE, authors=())["mainEntityOfPage"]


def test_a_profile_is_about_a_person_and_what_they_can_show():
    page = profile_page(site=SITE, page=PAGE, practitioner=PRACTITIONER)
    person = page["mainEntity"]
    assert (page["@type"], person["@type"], person["pronouns"]) == (
        "ProfilePage",
        "Person",
        "he/him",
    )
    assert person["hasCredential"] == [
        {
            "@type": "EducationalOccupationalCredential",
            "name": "Practitioner psychologist",
            "credentialCategory": "registration",
            "identifier": "PYL00001",
            "recognizedBy": {
                "@type": "Organization",
                "name": "Health and Care Professions Council",
                "url": "https://register.example/",
            },
        }
    ]
    assert person["workLocation"] == [
        {
            "@type": "Place",
            "address": {
                "@type": "PostalAddress",
                "addressLocality": "Leeds",
                "postalCode": "LS6",
                "addressCountry": "GB",
            },
        }
    ]


@pytest.mark.parametrize("postcode", ["LS6 2AB", "LS62AB"])
def test_a_whole_postcode_is_refused(postcode):
    with pytest.raises(InvalidInput, match="first half of a postcode"):
        Place("Leeds", postcode)


def test_a_set_fee_a_range_nothing_to_pay_and_a_donation_read_differently():
    set_fee, span, free, donation = offers(*FEES)
    assert (set_fee["price"], set_fee["priceCurrency"]) == (65, "GBP")
    assert "price" not in span
    assert span["priceSpecification"] == {
        "@type": "PriceSpecification",
        "minPrice": 80,
        "maxPrice": 95.5,
        "priceCurrency": "GBP",
    }
    assert (free["price"], free["priceCurrency"]) == (0, "GBP")
    assert donation == {
        "@type": "Offer",
        "description": "By donation",
        "itemOffered": {"@type": "Service", "name": "A group"},
    }


def test_pence_survive_as_they_were():
    assert '"price": 47.55,' in as_script(offers(Fee("A session", Money(4755, "GBP")))[0])


class Scripts(HTMLParser):
    """The texts of the script elements, and whatever stands outside them."""

    def __init__(self):
        super().__init__()
        self.inside, self.texts, self.others = False, [], []

    def handle_starttag(self, tag, attrs):
        self.inside = tag == "script"
        if not self.inside:
            self.others.append(tag)

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        (self.texts if self.inside else self.others).append(data)


@pytest.mark.parametrize(
    "planted",
    [
        "</script><img src=x>",
        "</SCRIPT >",
        "<!--<script>",
        "]]>",
        "&lt;/script&gt;",
        "a\u2028b\u2029c",
        'a "quoted" \\ word',
    ],
)
def test_no_value_can_end_the_element_and_every_value_comes_back_whole(planted):
    text = as_script(difficulty_page(site=SITE, page=BARE, difficulty=Subject(planted)))
    assert not set("<>&\u2028\u2029") & set(text)
    page = Scripts()
    page.feed(f'<script type="application/ld+json">{text}</script>')
    page.close()
    assert page.others == []
    assert json.loads("".join(page.texts))["about"]["name"] == planted


def test_the_script_says_which_vocabulary_it_speaks_and_keeps_letters_readable():
    text = as_script({"@type": "Thing", "name": "Siân"})
    assert text == '{"@context": "https://schema.org", "@type": "Thing", "name": "Siân"}'
