"""The pages that explain: what they say, what they read, and what they never carry."""

import re
from datetime import date

import pytest
from django.test import RequestFactory
from django.urls import reverse

from attune.content import views
from attune.content.queries import by_nation
from attune.core.matching import weights
from attune.vocabulary.models import CrisisContact, HelpRoute

pytestmark = pytest.mark.django_db

PAGES = (
    "home",
    "help_now",
    "free_help",
    "how_we_choose",
    "privacy",
    "cookies",
    "accessibility",
)


def words_of(page: str) -> str:
    """Return what a person reads, in one line."""
    text = re.sub(r"<head>.*?</head>|<[^>]+>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", text).replace("&#39;", "'").replace("&#34;", '"')


def articles(page: str) -> list[str]:
    return [words_of(one) for one in page.split("<article")[1:]]


def read(client, name: str) -> str:
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_page_leads_to_help(client, name):
    page = read(client, name)
    assert f'href="{reverse("help_now")}"' in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize("name", PAGES)
def test_page_does_not_change_anything(client, name):
    assert client.post(reverse(name)).status_code == 405


@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("help_now", 1),
        ("free_help", 2),
        ("how_we_choose", 0),
        ("privacy", 0),
        ("cookies", 0),
        ("accessibility", 0),
    ],
)
def test_page_costs_a_fixed_number_of_queries(client, django_assert_num_queries, name, queries):
    with django_assert_num_queries(queries):
        read(client, name)


@pytest.mark.parametrize("view", [views.help_now, views.free_help])
def test_help_pages_need_no_session_and_carry_no_token(view):
    answer = view(RequestFactory().get("/"))
    assert answer.status_code == 200
    assert answer.cookies == {}
    assert "csrf" not in answer.content.decode().lower()


def test_help_page_shows_every_contact_under_its_nation(client):
    urgent, talk = read(client, "help_now").split("To talk to someone")
    for urgency, part in (("urgent", urgent), ("talk", talk)):
        under = {words_of(one.split("</h3>")[0]).strip(): one for one in part.split("<h3>")}
        contacts = CrisisContact.objects.filter(urgency=urgency)
        assert contacts
        for one in contacts:
            nation = "Anywhere in the UK" if one.nation == "UK" else one.get_nation_display()
            assert one.name in words_of(under[nation])
            assert not one.phone or f"Call {one.phone}" in words_of(under[nation])


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("Men's Advice Line, England", "0808 801 0327"),
        ("Men's Advice Line, Scotland", "0808 801 0327"),
        ("Men's Advice Line, Wales", "0808 801 0327"),
        ("Rape Crisis Scotland", "08088 01 03 02"),
    ],
)
def test_help_page_has_somebody_for_men_and_for_all_of_scotland(client, name, number):
    (line,) = [one for one in articles(read(client, "help_now")) if name in one]
    assert f"Call {number}" in line


def test_help_page_goes_from_the_most_urgent_on(client):
    page = words_of(read(client, "help_now"))
    assert page.index("Call 999") < page.index("Call 111") < page.index("Call 116 123")


def test_help_page_still_gives_the_emergency_number_without_any_contact(client):
    CrisisContact.objects.all().delete()
    page = read(client, "help_now")
    assert 'href="tel:999"' in page
    assert "We last read a source" not in page


def test_help_page_says_when_the_oldest_number_was_checked(client):
    one = CrisisContact.objects.first()
    CrisisContact.objects.update(checked_on=date(2026, 11, 1))
    CrisisContact.objects.filter(pk=one.pk).update(checked_on=date(2026, 10, 3))
    assert "We last read a source for these on 3 October 2026, or later." in words_of(
        read(client, "help_now")
    )


def test_free_help_keeps_what_is_for_children_apart(client):
    page = read(client, "free_help")
    adults, children = page.split('id="under-18"')
    for route in HelpRoute.objects.all():
        assert route.name in words_of(children if route.for_children else adults)


def test_whole_country_comes_before_its_parts():
    ways = [HelpRoute(name="b", nation="SCT"), HelpRoute(name="a", nation="UK")]
    assert [group.nation for group in by_nation(ways)] == ["UK", "SCT"]


def test_explanation_names_every_criterion_with_its_weight(client):
    page = words_of(read(client, "how_we_choose"))
    for one in weights.CRITERIA:
        assert f"{one.label} {one.words} {one.weight:g} " in page
    for _slug, sentence in weights.DOES_NOT_COUNT:
        assert sentence in page
    assert "No therapist can pay to be shown" in page


def test_explanation_follows_the_table(client, monkeypatch):
    heavier = (weights.Criterion("need", "What you come with", 31.5, "Words."),)
    monkeypatch.setattr(weights, "CRITERIA", heavier)
    monkeypatch.setattr(weights, "MATTERS_MOST_FACTORS", {"fit": {"need": 7.0}})
    page = words_of(read(client, "how_we_choose"))
    assert "What you come with Words. 31.5" in page
    assert '"What you come with" counts 7 times as much' in page


def test_privacy_page_says_what_is_kept_of_a_member_and_for_how_long(client):
    words = words_of(read(client, "privacy"))
    assert "The people you save, where you are with them, and your notes" in words
    assert "How long 90 days; what changed, 30 days." in words
    assert "How long The code for 366 days." in words
    assert "How long 730 days, or until you erase the account." in words


@pytest.mark.parametrize("name", ["privacy", "accessibility"])
def test_page_names_who_runs_the_service_and_where_to_write(client, settings, name):
    settings.OPERATOR, settings.CONTACT = "Fenland Talking CIC", "help@fenland.example"
    page = read(client, name)
    assert "Fenland Talking CIC runs this service, at http://localhost" in words_of(page)
    assert '<a href="mailto:help@fenland.example">help@fenland.example</a>' in page


@pytest.mark.parametrize("name", ["privacy", "accessibility"])
def test_page_says_plainly_when_nobody_was_named(client, settings, name):
    settings.OPERATOR = settings.CONTACT = ""
    words = words_of(read(client, name))
    assert "does not say who runs it. Until it does, use it only to try it out." in words
    assert "It gives no email address to write to yet." in words
