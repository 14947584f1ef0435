"""The way out: no token, no script, nothing left behind, nothing given away."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from attune.content.brand import current_look
from attune.web.views import weeks_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def started(client: Client) -> Client:
    """A browser whose session holds something."""
    session = client.session
    session["planted"] = "something"
    session.save()
    return client


def test_leaving_ends_the_session_and_clears_what_the_browser_keeps(started):
    key = started.session.session_key
    answer = started.post("/leave/")
    assert (answer.status_code, answer["Location"]) == (303, "/month/")
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert answer["Cache-Control"] == "no-store"
    assert not started.session.exists(key)


def test_leaving_needs_no_token():
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/leave/").status_code == 303


def test_following_a_link_to_the_way_out_changes_nothing(started):
    assert started.get("/leave/").status_code == 405
    assert started.session["planted"] == "something"


def test_another_site_cannot_end_a_session(started):
    answer = started.post("/leave/", headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, answer["Location"]) == (303, "/month/")
    assert "Clear-Site-Data" not in answer
    assert started.session["planted"] == "something"


def test_page_after_leaving_names_neither_the_site_nor_its_subject(client, time_machine):
    time_machine.move_to(datetime(2026, 11, 18, 10, 0, tzinfo=UTC), tick=False)
    page = client.get("/month/")
    text = page.content.decode().lower()
    assert "november 2026" in text
    assert '<td aria-current="date">18</td>' in text
    assert not [word for word in (current_look().name.lower(), "therap", "help") if word in text]
    assert "<a " not in text
    assert "no-store" in page["Cache-Control"]


def test_day_turns_at_midnight_in_the_united_kingdom(client, time_machine):
    time_machine.move_to(datetime(2026, 6, 30, 23, 30, tzinfo=UTC), tick=False)
    assert "<h1>July 2026</h1>" in client.get("/month/").content.decode()


def test_weeks_start_on_monday():
    november = weeks_of(datetime(2026, 11, 18, tzinfo=UTC).date())
    assert november[0] == [0, 0, 0, 0, 0, 0, 1]
    assert november[-1] == [30, 0, 0, 0, 0, 0, 0]
