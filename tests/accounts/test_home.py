"""Somebody's own page, and what signing out leaves behind."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.members import log_in, member
from attune.accounts import panels
from attune.accounts.models import WebSession
from attune.accounts.notices import Kind, notify
from attune.accounts.panels import Panel, home_panel
from attune.accounts.unfinished import Form, keep
from attune.content.brand import current_look

pytestmark = pytest.mark.django_db
HEALTH_WORDS = ("therap", "mental", "health", "depress", "anx", "counsel", "patient", "client")
ALL_OF_OURS = '"cache", "cookies", "storage"'


@pytest.fixture
def ada(now, time_machine):
    time_machine.move_to(now, tick=False)
    return member("ada@home.example")


@pytest.fixture
def browser(ada):
    client = Client()
    log_in(client, ada)
    return client


@pytest.fixture
def panel(monkeypatch):
    """Register panels that say one word each, beside those that everybody has."""
    standing = {name: one for name, one in panels._panels.items() if one[0] >= panels.STANDING}
    monkeypatch.setattr(panels, "_panels", standing)

    def register(order: int, look):
        look.__qualname__ = f"panel {order}"
        home_panel(order=order)(look)

    return register


def headings_of(page) -> list[str]:
    return re.findall(r"<h2>(.*?)</h2>", page.text)


def test_panels_stand_in_their_order_and_each_gets_its_own_values(browser, panel, monkeypatch):
    source = "<h2>{{ words }}</h2>"
    jinja = engines["jinja2"]
    found = jinja.get_template
    monkeypatch.setattr(
        jinja,
        "get_template",
        lambda name: jinja.from_string(source) if name == "test" else found(name),
    )
    panel(30, lambda user, now: Panel("test", {"words": "Saved <people>"}))
    panel(10, lambda user, now: Panel("test", {"words": "Next"}))
    panel(20, lambda user, now: None)
    page = browser.get("/account/")
    assert headings_of(page)[:2] == ["Next", "Saved &lt;people&gt;"]
    assert "Find a therapist</a></p>" not in page.text


def test_a_new_account_is_given_one_suggestion(browser, panel):
    page = browser.get("/account/")
    assert len(re.findall(r'class="button button--main" href', page.text)) == 1
    assert '<a class="button button--main" href="/match/">Find a therapist</a>' in page.text


@pytest.mark.parametrize(("has_factor", "cost"), [(True, 2), (False, 5)])
def test_the_page_costs_what_its_panels_cost(
    ada, panel, django_assert_num_queries, has_factor, cost
):
    panels._panels.clear()
    browser = Client()
    log_in(browser, ada, factor=has_factor)
    browser.get("/account/")
    # The session and who it is; without a second factor also whether this account needs one.
    with django_assert_num_queries(cost):
        browser.get("/account/")


@pytest.mark.parametrize("count", [1, 3])
def test_our_own_panels_cost_the_same_for_one_row_and_three(browser, ada, now, count):
    for number in range(count):
        keep(ada, Form("/", (("note", "words"),)), at=now)
        notify(ada, list(Kind)[number], at=now)
    browser.get("/account/")
    with CaptureQueriesContext(connection) as asked:
        browser.get("/account/")
    ours = ("accounts_unfinishedwork", "accounts_accountnotice", "accounts_unsafechannel")
    assert len([one for one in asked if any(table in one["sql"] for table in ours)]) == 3


def test_the_page_is_private(browser):
    page = browser.get("/account/")
    assert page["Cache-Control"] == "private, no-store"
    assert "Leave this page" in page.text
    assert "web/neutral.svg" in page.text


PAGES = ("home", "reach", "email", "email_changed", "locked", "signed_out")


@pytest.mark.parametrize("name", PAGES)
def test_titles_about_an_account_are_neutral(browser, name):
    page = browser.get(reverse(f"account_{name}")).text
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1].strip().lower()
    assert title
    assert [one for one in (*HEALTH_WORDS, current_look().name.lower()) if one in title] == []


@pytest.mark.parametrize(
    "address", ["/account/", "/accounts/login/", "/accounts/2fa/", "/account/signed-out/"]
)
def test_no_page_about_an_account_is_stored(browser, address):
    assert "no-store" in browser.get(address)["Cache-Control"]


# -- signing out -----------------------------------------------------------------------------------
def test_signing_out_ends_the_session_and_empties_the_browser(browser):
    browser.get("/account/")
    key = browser.session.session_key
    answer = browser.post("/accounts/logout/")
    assert answer.url == reverse("account_signed_out")
    assert answer["Clear-Site-Data"] == ALL_OF_OURS
    assert "no-store" in answer["Cache-Control"]
    assert not WebSession.objects.filter(session_key=key).exists()
    assert browser.get("/account/").status_code == 302
    assert "Clear-Site-Data" not in browser.get(answer.url)


def test_looking_at_the_sign_out_page_signs_nobody_out(browser):
    assert "Clear-Site-Data" not in browser.get("/accounts/logout/")
    assert browser.get("/account/").status_code == 200


def test_staff_who_sign_out_on_their_own_pages_leave_as_little(now, time_machine):
    time_machine.move_to(now, tick=False)
    dev = member("dev@home.example", is_staff=True)
    client = Client()
    log_in(client, dev, factor=True)
    assert client.post("/staff/logout/")["Clear-Site-Data"] == ALL_OF_OURS


def test_leaving_ends_a_signed_in_session_on_the_neutral_page(browser):
    browser.get("/account/")
    key = browser.session.session_key
    answer = browser.post("/leave/")
    assert answer.url == "/month/"
    assert answer["Clear-Site-Data"] == ALL_OF_OURS
    assert not WebSession.objects.filter(session_key=key).exists()
    assert browser.get("/account/").status_code == 302


def test_nothing_is_kept_for_whoever_signed_out_or_left(browser, now, time_machine):
    for way_out in ("/leave/", "/accounts/logout/"):
        browser.post(way_out)
        time_machine.move_to(now + timedelta(hours=1), tick=False)
        browser.post("/account/email/changed/", {"note": "words"})
    assert not WebSession.objects.exclude(session_key=browser.session.session_key).exists()
