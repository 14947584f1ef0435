"""Answering: one press, nothing personal after a no, and back to the page that asked."""

import re
from html import unescape

import pytest
from django.test import Client

from attune.accounts.models import User
from attune.privacy.choice import KEPT_FOR, NAME
from attune.privacy.consents import consents_of
from attune.privacy.models import Consent, Visit
from attune.privacy.views.choice import MOST_AGREEMENTS

pytestmark = pytest.mark.django_db


def words_of(page: str) -> str:
    """Return what a person reads, in one line."""
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


def test_a_no_is_kept_as_the_word_no_and_nowhere_else(client, answer):
    said = answer(client, "no", back="/privacy/")
    assert (said.status_code, said["Location"]) == (303, "/privacy/#your-choice")
    assert set(client.cookies) == {NAME}
    assert client.cookies[NAME].value == "no"
    assert not Consent.objects.exists()


def test_a_yes_is_kept_as_a_random_code_and_on_record(client, answer, now):
    answer(client, "yes")
    assert set(client.cookies) == {NAME}
    version, code = client.cookies[NAME].value.split(".")
    one = Consent.objects.get()
    assert (one.answer, one.wording, one.at, one.user) == ("given", version, now, None)
    assert len(code) == 28
    assert code not in one.browser


@pytest.mark.parametrize("word", ["yes", "no"])
def test_cookie_is_ours_alone(client, answer, word):
    cookie = answer(client, word).cookies[NAME]
    assert NAME.startswith("__Host-")
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert cookie["max-age"] == KEPT_FOR.total_seconds()


def test_answered_page_says_in_one_line_what_was_chosen(client, answer):
    for word, line in {"no": "We count nothing.", "yes": "We count the kinds of pages"}.items():
        answer(client, word)
        page = client.get("/how-we-choose/").content.decode()
        line_at = page.index('id="your-choice"')
        assert line in page[line_at : line_at + 400]
        assert 'href="/cookies/">Change your answer' in page[line_at : line_at + 400]


@pytest.mark.parametrize(
    ("sent", "back"),
    [
        ("/match/results/?sort=cost&page=2", "/match/results/?sort=cost&page=2"),
        ("/library/#sources", "/library/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("https://elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("library/", "/"),
        ("/%0d%0aSet-Cookie:x", "/%0d%0aSet-Cookie:x"),
        ("/" + "a" * 3000, "/"),
        ("", "/"),
    ],
)
def test_answer_leads_back_to_a_page_of_ours_alone(client, answer, sent, back):
    assert answer(client, "no", back=sent)["Location"] == f"{back}#your-choice"


@pytest.mark.parametrize("word", ["", "maybe", "YES", "\0", "yes" * 1000])
def test_nonsense_changes_nothing_and_is_asked_again_in_a_sentence(client, answer, word):
    said = answer(client, word, back="/privacy/")
    assert said.status_code == 422
    page = said.content.decode()
    assert "We could not read this answer. Nothing was changed." in words_of(page)
    assert "Do not count You may count" in words_of(page)
    assert 'name="back" value="/privacy/"' in page
    assert said.cookies == {}
    assert not Consent.objects.exists()


@pytest.mark.parametrize("body", [b"\xff\xfe", b"answer=%00", b"answer[]=yes", b"a" * 1000, b""])
def test_bodies_that_are_no_form_are_answered_in_a_sentence(client, body):
    for kind in ("application/x-www-form-urlencoded", "application/json", "text/plain"):
        assert client.post("/cookies/choice/", body, content_type=kind).status_code == 422


def test_answer_to_words_that_are_no_longer_asked_is_not_taken(client, answer):
    assert answer(client, "yes", wording="en-0").status_code == 422
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}]
)
def test_another_site_cannot_answer(answer, agreed, headers):
    before = agreed.cookies[NAME].value
    for word in ("yes", "no"):
        data = {"answer": word, "wording": "en-1", "back": "/"}
        said = agreed.post("/cookies/choice/", data, headers=headers)
        assert said.status_code == 403
        assert said.cookies == {}
    assert agreed.cookies[NAME].value == before
    assert Consent.objects.count() == 1


def test_looking_at_the_address_of_the_answer_changes_nothing(client):
    said = client.get("/cookies/choice/?answer=yes&wording=en-1")
    assert (said.status_code, said["Location"]) == (302, "/cookies/")
    assert not Consent.objects.exists()


def test_the_same_answer_twice_is_one(answer, agreed):
    value = agreed.cookies[NAME].value
    answer(agreed, "yes")
    assert agreed.cookies[NAME].value == value
    assert Consent.objects.count() == 1


def test_taking_it_back_takes_one_press_and_deletes_what_was_counted(answer, agreed):
    agreed.get("/how-we-choose/")
    assert Visit.objects.count() == 1
    answer(agreed, "no")
    assert agreed.cookies[NAME].value == "no"
    assert not Visit.objects.exists()
    assert [one.answer for one in Consent.objects.order_by("id")] == ["given", "withdrawn"]


def test_a_flood_of_agreements_ends_and_a_no_never_does(answer):
    for _ in range(MOST_AGREEMENTS):
        answer(Client(), "yes")
    assert answer(Client(), "yes").status_code == 429
    assert answer(Client(), "no").status_code == 303


def test_answers_of_a_member_are_theirs_also_a_no(client, answer, now):
    user = User.objects.create_user("ada@example.org")
    client.force_login(user)
    for word in ("no", "no", "yes", "no"):
        answer(client, word)
    found = [(known.consent.answer, known.can_withdraw) for known in consents_of(user)]
    assert found == [("withdrawn", False), ("given", False), ("refused", False)]


# -- the cookie page ---------------------------------------------------------------------------
def test_cookie_page_shows_the_present_choice_with_its_time_and_words(client, answer):
    def shown() -> str:
        return words_of(client.get("/cookies/").content.decode())

    assert "We count nothing: you have not answered." in shown()
    answer(client, "no")
    assert "We count nothing: you said no" in shown()
    answer(client, "yes")
    assert "You said yes on Wednesday 18 November 2026, 10:00am." in shown()
    assert "You agreed to version en-1 of these words." in shown()
    assert "no-store" in client.get("/cookies/")["Cache-Control"]


def test_cookie_page_changes_the_answer_with_one_press_and_never_asks_twice(agreed):
    for browser in (agreed, Client()):
        page = browser.get("/cookies/").content.decode()
        assert page.count('name="answer" value="no"') == 1
        assert page.count('name="answer" value="yes"') == 1


def test_made_up_code_is_not_shown_as_an_agreement(client):
    client.cookies[NAME] = "en-1." + "b" * 28
    assert "We count nothing" in words_of(client.get("/cookies/").content.decode())


def test_cookie_page_names_the_cookies_that_are_set(client, settings):
    page = client.get("/cookies/").content.decode()
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, NAME):
        assert f"<dt>{name}</dt>" in page
