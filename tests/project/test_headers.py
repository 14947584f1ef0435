"""What every answer carries, whatever kind of answer it is."""

import re
from contextlib import closing

import pytest
from django.conf import settings as configured
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from attune.accounts.audience import Audience, audience
from attune.content.models import StoredFile
from attune.project.headers import PASSKEYS, REFUSED_FEATURES
from content.staff import at_the_editor, erin

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
ALWAYS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# One of each kind: what it is, how to ask, which status.
KINDS = [
    ("a page for all", "get", "/", 200),
    ("a page of the library", "get", "/library/", 200),
    ("a private page", "get", "/match/", 200),
    ("a published help page", "get", "/help-now/", 200),
    ("a static file", "get", "/static/base.css", 200),
    ("an uploaded picture", "get", "/media/images/one.png", 200),
    ("a style sheet of a view", "get", "/brand.css", 200),
    ("the API", "get", "/api/v1/listings", 200),
    ("a refusal of the API", "post", "/api/v1/contacts", 422),
    ("a redirect of ours", "post", "/leave/", 303),
    ("a redirect to the slash", "get", "/how-we-choose", 301),
    ("a redirect to the sign-in", "get", "/practice/", 302),
    ("a page that is not there", "get", "/no-such-page/", 404),
    ("a method that is not taken", "get", "/leave/", 405),
    ("a page that fails", "get", "/breaks/", 500),
    ("a form without a token", "post", "/accounts/login/", 403),
    ("what is asked of a program", "get", "/healthz", 200),
]


@audience(Audience.ANYONE)
def breaks(request) -> HttpResponse:
    raise ValueError("on purpose")


urlpatterns = [path("breaks/", breaks), path("", include("attune.project.urls"))]


@pytest.fixture
def browser(settings, tmp_path):
    """A browser of a site that has each kind of answer."""
    settings.STATIC_ROOT, settings.PUBLISHED_DIR = tmp_path / "static", tmp_path / "published"
    settings.WHITENOISE_ROOT = settings.PUBLISHED_DIR
    for file in (settings.STATIC_ROOT / "base.css", settings.PUBLISHED_DIR / "help-now/index.html"):
        file.parent.mkdir(parents=True)
        file.write_text("content")
    StoredFile.objects.create(name="images/one.png", content=b"pixels")
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


def policy_of(answer) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize(("method", "address", "status"), [one[1:] for one in KINDS], ids=str)
def test_every_kind_of_answer_carries_every_header(browser, method, address, status):
    with closing(getattr(browser, method)(address)) as answer:
        assert answer.status_code == status
        assert {name: answer[name] for name in ALWAYS} == ALWAYS
        assert "camera=()" in answer["Permissions-Policy"]
        assert "Strict-Transport-Security" not in answer
        wanted = {"default-src": "'none'", "sandbox": ""} if "media" in address else POLICY
        assert policy_of(answer) == wanted


def test_what_a_browser_can_be_asked_for_is_refused_apart_from_passkeys(client):
    told = dict(one.split("=") for one in client.get("/month/")["Permissions-Policy"].split(", "))
    assert told == dict.fromkeys(REFUSED_FEATURES, "()") | dict.fromkeys(PASSKEYS, "(self)")


@pytest.mark.parametrize("host", ["find.example.org", "FIND.example.org:443"])
def test_browsers_are_told_to_come_back_by_https_to_the_public_names_alone(client, settings, host):
    settings.OWN_HOSTS = ("find.example.org",)
    settings.ALLOWED_HOSTS = ["find.example.org", "localhost"]
    assert client.get("/month/", headers={"Host": host})["Strict-Transport-Security"] == (
        "max-age=31536000"
    )
    assert "Strict-Transport-Security" not in client.get("/month/", headers={"Host": "localhost"})


@pytest.mark.parametrize("address", ["/", "/help-now/", "/static/base.css", "/api/v1/listings"])
@pytest.mark.parametrize("host", ["elsewhere.example", "localhost.elsewhere.example", "a b", ""])
def test_a_name_that_nobody_gave_this_site_gets_our_page_and_nothing_else(browser, address, host):
    answer = browser.get(address, headers={"Host": host})
    assert answer.status_code == 400
    assert "We could not read what was sent" in answer.text
    assert "elsewhere" not in answer.text
    assert {name: answer[name] for name in ALWAYS} == ALWAYS


def test_a_picture_is_a_file_to_save_when_it_is_opened_by_itself(browser):
    answer = browser.get("/media/images/one.png")
    assert answer["Content-Disposition"] == "attachment"


def test_the_editor_frames_its_own_previews():
    assert at_the_editor(erin()).get("/editor/")["X-Frame-Options"] == "SAMEORIGIN"


def test_no_style_asks_for_what_the_policy_refuses():
    sheets = configured.PACKAGE.glob("*/static/**/*.css")
    assert [
        one.name for one in sheets if re.search(r"@import|@font-face|https?:", one.read_text())
    ] == []
