"""What stands around every page."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.template import engines
from django.test import RequestFactory
from django.views import defaults


@pytest.fixture
def render():
    """Render a small page inside the frame, with and without flags."""

    def page(flags: str = "", **context: object) -> str:
        source = (
            f'{flags}{{% extends "web/base.jinja" %}}'
            "{% block title %}A page{% endblock %}{% block main %}<h1>A page</h1>{% endblock %}"
        )
        return engines["jinja2"].from_string(source).render(context)

    return page


def title_of(page: str) -> str:
    return re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1].strip()


def controls_of(page: str) -> list[str]:
    """Return what the keyboard reaches, in order, as the text inside."""
    found = re.findall(
        r"<(?:a|button|summary)\b[^>]*>(.*?)</(?:a|button|summary)>", page, re.DOTALL
    )
    return [re.sub(r"<[^>]+>", "", one).strip() for one in found]


def test_help_is_the_third_stop_of_the_keyboard(render):
    assert controls_of(render())[:3] == ["Skip to the main part", "Attune", "Help now"]


def test_leaving_is_the_first_stop_on_private_pages_and_the_first_after_skipping(render):
    page = render("{% set private = true %}")
    assert controls_of(page)[0] == "Leave this page"
    assert controls_of(page[page.index('id="main"') :])[0] == "Leave this page"


def test_ordinary_pages_have_no_leave_button(render):
    assert "Leave this page" not in render()


def test_private_pages_say_less_in_the_tab(render):
    page = render("{% set private = true %}")
    assert title_of(page) == "A page"
    assert 'content="noindex, nofollow"' in page
    assert "web/neutral.svg" in page
    assert title_of(render()) == "A page - Attune"


def test_title_says_that_there_are_errors(render):
    assert title_of(render(errors=[("place", "Enter a town")])) == "Error: A page - Attune"
    assert title_of(render(errors=[])) == "A page - Attune"


def test_demonstration_says_so_on_every_page(render, settings):
    line = "The people on this site are invented."
    settings.IS_DEMO_SITE = True
    assert line in render()
    settings.IS_DEMO_SITE = False
    assert line not in render()


def test_page_that_stands_alone_asks_nothing_of_the_request(render):
    class Untouchable:
        def __getattr__(self, name: str) -> object:
            raise AssertionError(f"The frame asked for request.{name}")

    assert "Sign in" in render("{% set stands_alone = true %}", request=Untouchable())


def test_broken_page_is_shown_without_the_database():
    answer = defaults.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Something is broken on our side" in answer.content.decode()


@pytest.mark.django_db
def test_missing_page_offers_a_way_on(client):
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "We could not find this page" in answer.content.decode()


def test_page_of_other_people_is_refused_in_words(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    answer = defaults.permission_denied(request, PermissionDenied("the reason of the code"))
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "This page is not open to you" in text
    assert "the reason of the code" not in text


def test_stale_form_is_answered_in_words(rf):
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post("/match/1/", {"for_whom": "planted words"})
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "This page was open for a long time" in text
    assert "planted words" not in text
