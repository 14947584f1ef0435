"""What is written down, and what never is."""

import io
import logging
import logging.config

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from attune.accounts.audience import Audience, audience
from attune.project.logs import LOGGING, log


@pytest.fixture
def lines():
    """Everything that all loggers write, as the running service writes it."""
    logging.config.dictConfig(LOGGING)
    written = io.StringIO()
    handlers = {
        id(one): one for name in (None, "attune") for one in logging.getLogger(name).handlers
    }
    for handler in handlers.values():
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(written)
    return lambda: written.getvalue().splitlines()


@audience(Audience.ANYONE)
def answers(request, secret):
    return HttpResponse("fine")


@audience(Audience.ANYONE)
def breaks(request, secret):
    raise ValueError(f"cannot read planted-{secret}")


urlpatterns = [
    path("answers/<secret>/", answers),
    path("breaks/<secret>/", breaks),
    path("", include("attune.project.urls")),
]


@pytest.fixture
def browser(settings):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def test_a_request_is_one_line_with_its_route_and_neither_address_nor_query(lines, browser):
    browser.get("/answers/planted-code/?issue=planted-answer")
    (line,) = lines()
    assert "method=GET route=answers/<secret>/ status=200" in line
    assert "planted" not in line


def test_an_error_keeps_its_type_and_place_and_loses_its_words(lines, browser):
    assert browser.get("/breaks/answer/").status_code == 500
    assert any("error=ValueError" in line and "breaks" in line for line in lines())
    assert not any("planted" in line for line in lines())


def test_an_unknown_address_is_not_written_down(lines, browser):
    assert browser.get("/planted-address/").status_code == 404
    (line,) = lines()
    assert "status=404" in line
    assert "planted" not in line


def test_text_under_an_unknown_name_is_left_out(lines):
    log.warning("something happened", answer="planted-words", count=3, kind="message")
    (line,) = lines()
    assert 'answer="[left out]" count=3 kind=message' in line
    assert "planted" not in line


def test_a_librarys_message_keeps_its_words_and_loses_its_values(lines):
    logging.getLogger("some.library").error("Cannot reach %s", "planted-host")
    (line,) = lines()
    assert 'event="Cannot reach [left out]"' in line
