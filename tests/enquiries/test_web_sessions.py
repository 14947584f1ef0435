"""What a browser holds, read together with the answers that it gave."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from attune.accounts.duties import forget_old_web_sessions
from attune.accounts.models import WebSession
from attune.accounts.sessions import SessionStore
from attune.enquiries.models import Enquiry

pytestmark = pytest.mark.django_db

MONTH = timedelta(seconds=settings.SESSION_COOKIE_AGE)
SECOND = timedelta(seconds=1)


@pytest.fixture
def answered(walk):
    walk.answer(2, issues=["anxiety"])
    return walk


def shows_results(client) -> bool:
    return client.get("/match/results/").status_code == 200


def test_a_browser_finds_its_answers_again_until_its_session_runs_out(answered, now):
    with time_machine.travel(now + MONTH - SECOND, tick=False):
        Enquiry.objects.update(expires_at=now + 2 * MONTH)
        assert shows_results(answered.client)
    with time_machine.travel(now + MONTH, tick=False):
        assert not shows_results(answered.client)


def test_a_key_that_somebody_made_up_is_never_taken_over(answered, people):
    made_up = "k" * 32
    stranger = Client()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = made_up
    assert not shows_results(stranger)
    page = stranger.get("/match/2/")
    assert page.status_code == 200
    stranger.post("/match/2/", {"version": "0", "issues": ["depression"]})
    assert shows_results(stranger)
    assert stranger.session.session_key != made_up
    assert not WebSession.objects.filter(session_key=made_up).exists()


@pytest.mark.parametrize("is_read_with_the_answers", [True, False])
def test_an_unknown_key_gets_another_once_there_is_something_to_hold(is_read_with_the_answers):
    session = SessionStore("k" * 32)
    if is_read_with_the_answers:
        session.take(None)
    session["typed"] = "just now"
    session.save()
    (kept,) = WebSession.objects.all()
    assert kept.session_key != "k" * 32


def test_a_session_without_answers_holds_none(client):
    session = client.session
    session["something"] = "else"
    session.save()
    assert not shows_results(client)


def test_a_session_names_no_answers_once_they_are_deleted(answered):
    assert WebSession.objects.exclude(enquiry="").count() == 1
    answered.client.post("/match/delete/")
    assert WebSession.objects.exclude(enquiry="").count() == 0


def test_what_a_request_has_changed_outlasts_what_is_read_later(client):
    session = SessionStore(client.session.session_key)
    session["typed"] = "just now"
    session.take(session.encode({"typed": "before"}))
    assert session["typed"] == "just now"


def test_reading_one_says_that_the_answer_depends_on_it(client):
    session = SessionStore(client.session.session_key)
    assert not session.accessed
    session.take(None)
    assert session.accessed


def test_sessions_that_have_run_out_are_deleted_and_others_kept(client, answered, now):
    other = SessionStore()
    other.create()
    WebSession.objects.filter(session_key=other.session_key).update(expire_date=now - SECOND)
    forget_old_web_sessions(now)
    assert [one.session_key for one in WebSession.objects.all()] == [client.session.session_key]
