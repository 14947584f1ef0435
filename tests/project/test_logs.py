"""What is written down, and what never is."""

import io
import logging
import logging.config
import sys
import threading
import warnings
from contextlib import closing

import pytest
from django.http import Http404, HttpResponse
from django.test import Client
from django.urls import include, path

from attune.accounts.audience import Audience, audience
from attune.project.logs import LOGGING, log, write_what_nobody_caught


@pytest.fixture
def lines():
    """Everything that all loggers write, as the running service writes it."""
    logging.config.dictConfig(LOGGING)
    written = io.StringIO()
    handlers = {
        id(one): one
        for name in (None, "attune", "_granian")
        for one in logging.getLogger(name).handlers
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


@audience(Audience.ANYONE)
def finds_nothing(request, secret):
    raise Http404(f"no planted-{secret}")


urlpatterns = [
    path("finds-nothing/<secret>/", finds_nothing),
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


@pytest.mark.parametrize(
    ("address", "route", "status"),
    [
        ("/finds-nothing/planted-code/", "finds-nothing/<secret>/", 404),
        ("/api/v1/listings/planted-code", "api/v1/listings/<slug:code>", 404),
        ("/api/v1/listings?limit=planted", "api/v1/listings", 422),
    ],
)
@pytest.mark.django_db
def test_what_a_view_refuses_is_one_line_and_no_error(lines, browser, address, route, status):
    assert browser.get(address).status_code == status
    (line,) = lines()
    assert f"level=info logger=attune.web event=request method=GET route={route}" in line
    assert "planted" not in line


@pytest.fixture
def files(settings, tmp_path):
    """Two files of the site: a static one, and a page published as a file."""
    settings.STATIC_ROOT, settings.PUBLISHED_DIR = tmp_path / "static", tmp_path / "published"
    settings.WHITENOISE_ROOT = settings.PUBLISHED_DIR
    for file in (settings.STATIC_ROOT / "base.css", settings.PUBLISHED_DIR / "help-now/index.html"):
        file.parent.mkdir(parents=True)
        file.write_text("content")


@pytest.mark.parametrize(
    ("address", "route", "status"),
    [
        ("/static/base.css?planted=1", "static/base.css", 200),
        ("/help-now/", "help-now/", 200),
        ("/static/planted.css", "(none)", 404),
    ],
)
@pytest.mark.usefixtures("files")
def test_a_file_is_named_if_it_is_there(lines, browser, address, route, status):
    with closing(browser.get(address)) as response:
        assert response.status_code == status
    (line,) = lines()
    assert f"route={route} status={status}" in line
    assert "planted" not in line


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
    assert "place=" in line


@pytest.mark.parametrize(
    ("message", "values", "said"),
    [
        ("%(who)s tried %(times)d times", ({"who": "planted", "times": 3},), "tried"),
        ("Took %.2f s for %-10s", (1.5, "planted"), "Took"),
        ("No user planted@example.org", (), "[left out]"),
    ],
)
def test_however_a_library_puts_a_value_into_its_message_it_is_left_out(
    lines, message, values, said
):
    logging.getLogger("some.library").error(message, *values)
    (line,) = lines()
    assert said in line
    assert "planted" not in line
    assert "test_logs.py" in line


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("/month/", {"Host": "planted.example"}, 400),
        ("/match/return/planted/?planted=1", {"Host": "planted.example"}, 400),
        ("/%00planted/", {}, 404),
    ],
)
def test_a_suspicious_request_is_told_without_what_it_said(
    lines, browser, address, headers, status
):
    assert browser.get(address, headers=headers).status_code == status
    assert any(f"status={status}" in line for line in lines())
    assert not any("planted" in line for line in lines())


@pytest.mark.django_db
def test_a_refused_form_is_told_without_its_address(lines, settings):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/accounts/login/?next=/planted/", {"login": "planted"}).status_code == 403
    assert any("django.security.csrf" in line for line in lines())
    assert not any("planted" in line for line in lines())


@pytest.mark.django_db
def test_a_guessed_password_and_a_guessed_code_leave_no_trace(lines, browser):
    for _ in range(6):
        browser.post("/accounts/login/", {"login": "planted@example.org", "password": "planted"})
    browser.post("/accounts/invitation/", {"code": "planted"})
    assert lines()
    assert not any("planted" in line for line in lines())


def test_what_nobody_catches_keeps_its_type_and_loses_its_words(lines, monkeypatch):
    for module, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(module, name, getattr(module, name))
    write_what_nobody_caught()

    def fail():
        raise ValueError("planted")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    try:
        fail()
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    logging.captureWarnings(capture=False)
    assert [("error=ValueError" in line, "fail" in line) for line in lines()] == [(True, True)] * 2
    assert not any("planted" in line for line in lines())


def test_a_warning_is_told_without_its_words(lines):
    logging.captureWarnings(capture=True)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning("planted", UserWarning, "planted.py", 1)
    logging.captureWarnings(capture=False)
    (line,) = lines()
    assert "logger=py.warnings" in line
    assert "planted" not in line


def test_the_web_servers_own_log_is_ours_and_loses_its_words(lines):
    logging.getLogger("_granian").error("Application callable raised an exception\nplanted")
    (line,) = lines()
    assert "logger=_granian" in line
    assert "planted" not in line
