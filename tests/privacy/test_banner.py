"""The question whether we may count: on every page, in nobody's way, with two equal answers."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client

from attune.content.models import TherapyPage
from attune.content.rendering import show_draft
from attune.privacy.choice import NAME
from attune.privacy.middleware import MARKER, ChoiceMiddleware
from attune.privacy.wordings import STATISTICS, current_wording

pytestmark = pytest.mark.django_db

WORDING = current_wording(STATISTICS)
PUBLIC = ("/", "/library/", "/library/therapies/ipt/", "/how-we-choose/", "/privacy/", "/no-such/")
PRIVATE = ("/match/", "/match/1/", "/match/return/", "/accounts/login/")


def page_of(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def controls_of(page: str) -> list[str]:
    """Return what the keyboard reaches, in order, as the text inside."""
    found = re.findall(
        r"<(?:a|button|summary)\b[^>]*>(.*?)</(?:a|button|summary)>", page, re.DOTALL
    )
    return [re.sub(r"<[^>]+>", "", one).strip() for one in found]


@pytest.mark.parametrize("path", [*PUBLIC, *PRIVATE])
def test_every_page_asks_once_until_there_is_an_answer(client, answer, path):
    page = page_of(client, path)
    assert page.count(WORDING.question) == page.count(WORDING.no) == page.count(WORDING.yes) == 1
    answer(client, "no")
    assert WORDING.question not in page_of(client, path)


@pytest.mark.parametrize("path", ["/help-now/", "/free-help/", "/month/", "/cookies/"])
def test_help_the_calendar_and_the_cookie_page_hold_no_banner(client, path):
    assert 'class="choice"' not in page_of(client, path)


def test_no_page_keeps_the_marker(client, agreed):
    for path in (*PUBLIC, *PRIVATE):
        assert MARKER.decode() not in page_of(client, path)
        assert MARKER.decode() not in page_of(agreed, path)


@pytest.mark.parametrize("path", ["/match/", "/match/1/"])
def test_leaving_comes_first_for_the_keyboard_and_help_before_the_question(client, path):
    controls = controls_of(page_of(client, path))
    assert controls[0] == "Leave this page"
    assert controls.index("Help now") < controls.index(WORDING.no) < controls.index(WORDING.yes)
    again = page_of(client, path).partition('id="main"')[2]
    assert controls_of(again)[0] == "Leave this page"


def test_both_answers_are_buttons_of_one_form_that_differ_in_their_words_alone(client):
    (form,) = re.findall(r'<form class="choice__answers".*?</form>', page_of(client, "/"), re.S)
    buttons = re.findall(r"<button ([^>]*)>", form)
    assert len(buttons) == 2
    assert len({re.sub(r'value="\w+"', "", one) for one in buttons}) == 1
    assert "checkbox" not in form
    assert "checked" not in form
    assert "autofocus" not in form


def test_question_is_no_dialog_and_lies_over_nothing(client):
    (banner,) = re.findall(r'<section class="choice".*?</section>', page_of(client, "/"), re.S)
    assert "role=" not in banner
    assert 'href="/cookies/"' in banner
    css = Path(finders.find("web/frame.css")).read_text()
    rules = re.findall(r"([^{}]*)\{([^{}]*)\}", css)
    ours = [body for selector, body in rules if re.search(r"\.(choice|chosen)\b", selector)]
    assert ours
    assert not [body for body in ours if "position" in body or "z-index" in body]


def test_no_rule_of_style_tells_one_answer_from_the_other():
    css = Path(finders.find("web/frame.css")).read_text()
    assert not re.search(r"choice[^{]*(nth|first|last|\[value)", css)


def test_kept_page_asks_each_browser_by_itself(client, answer):
    answered = Client()
    answer(answered, "no")
    path = "/library/therapies/ipt/"
    assert [WORDING.question in page_of(one, path) for one in (client, answered, client)] == [
        True,
        False,
        True,
    ]


def test_page_differs_by_cookie_and_says_so(rf):
    """A page that reads nothing else of who asks says so too."""
    page = b"<!doctype html><title>Words</title>" + MARKER
    answer = ChoiceMiddleware(lambda request: HttpResponse(page))(rf.get("/"))
    assert answer["Vary"] == "Cookie"
    assert WORDING.question in answer.content.decode()


def test_path_of_the_page_comes_back_escaped(client):
    page = page_of(client, '/no-such/?a="><script>x</script>')
    assert "<script>x" not in page
    assert 'name="back" value="/no-such/?a=' in page
    assert 'value="/no-such/?a=1&amp;copy=2"' in page_of(client, "/no-such/?a=1&copy=2")


def test_neither_question_nor_no_costs_a_query(client, answer, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/how-we-choose/")
    answer(client, "no")
    with django_assert_num_queries(0):
        client.get("/how-we-choose/")


def test_cookie_of_other_words_or_nonsense_asks_again(client):
    for value in ("", "yes", "NO", "en-0." + "b" * 28, "en-1.short", "en-1." + "b" * 29, "\x01"):
        client.cookies[NAME] = value
        assert WORDING.question in page_of(client, "/privacy/"), value


@pytest.mark.parametrize(
    "path",
    [*PUBLIC, "/help-now/", "/free-help/", "/cookies/", "/accessibility/", "/library/search/"],
)
def test_reading_sets_no_cookie_at_all(client, path):
    assert client.get(path).cookies == {}


@pytest.mark.parametrize(
    ("path", "marks"),
    [("/library/x/", {"is_preview": True}), ("/editor/x/", {}), ("/staff/x/", {})],
)
def test_editors_and_staff_are_not_asked_at_work(rf, path, marks):
    request = rf.get(path)
    vars(request).update(marks)
    page = TherapyPage.objects.live().first()
    answer = ChoiceMiddleware(lambda request: show_draft(page, request))(request)
    assert 'class="choice"' not in answer.content.decode()
