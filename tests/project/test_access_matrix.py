"""Who may open what: every route of the URL table, libraries' too, for every kind of person.

The matrix is generated. A new route is in it as soon as it is in the URL table, and fails here
until it says who may use it.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from uuid import uuid4

import pytest
from django.contrib.admindocs.views import simplify_regex
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from django.utils.regex_helper import normalize

from attune.accounts.actions import note_second_factor
from attune.accounts.audience import Audience, audience_of
from attune.accounts.models import User
from attune.directory.models import Practitioner

pytestmark = pytest.mark.django_db

# What stands for a captured part: a name, a number, a code, an app. Nobody has one of these.
EXAMPLES = ("1", "example", str(uuid4()), "accounts", "library/")


@dataclass(frozen=True)
class Route:
    """One line of the URL table, with an address that leads to it."""

    pattern: str
    view: Callable
    address: str

    def __str__(self) -> str:
        return self.pattern


def routes() -> Iterator[Route]:
    yield from _routes_below(get_resolver(), "")


def _routes_below(resolver: URLResolver, prefix: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + entry.pattern.regex.pattern.removeprefix("^").replace(r"\Z", "")
        if isinstance(entry, URLResolver):
            yield from _routes_below(entry, pattern)
        elif isinstance(entry, URLPattern):
            yield Route(simplify_regex(pattern), entry.callback, _address(pattern, entry.callback))


def _address(pattern: str, view: Callable) -> str:
    """Return an address for which the URL table picks this very view."""
    for text, parts in normalize(pattern):
        for example in EXAMPLES:
            address = "/" + text % dict.fromkeys(parts, example)
            with contextlib.suppress(Resolver404):
                if resolve(address).func is view:
                    return address
    raise AssertionError(f"No example fits {pattern}: add one to EXAMPLES.")


@pytest.fixture
def person():
    """Return a browser in which somebody of this kind has signed in."""

    def sign_in(kind: str) -> Client:
        client = Client(raise_request_exception=True)
        if kind != "anonymous":
            user = User.objects.create_user(f"{kind}@example.org", name=kind)
            user.is_staff = user.is_superuser = kind.startswith("staff")
            user.save()
            if kind == "practitioner":
                Practitioner.objects.create(user=user, name=kind, sort_name=kind)
            client.force_login(user)
            if kind != "staff without second factor":
                _show_second_factor(client, user)
        return client

    return sign_in


def _show_second_factor(client: Client, user: User) -> None:
    request = RequestFactory().post("/")
    request.session, request.user = client.session, user
    note_second_factor(request, user, kind="test")
    request.session.save()


KINDS = ("anonymous", "staff without second factor", "member", "practitioner", "staff")
OPEN = (Audience.ANYONE, Audience.HOLDER)
SIGN_IN, SET_UP, MISSING = "asked to sign in", "asked for a second factor", "no such page"
EXPECTED = {
    Audience.MEMBER: (SIGN_IN, SET_UP, None, None, None),
    Audience.PRACTITIONER: (SIGN_IN, SET_UP, MISSING, None, MISSING),
    Audience.STAFF: (SIGN_IN, SET_UP, MISSING, MISSING, None),
    Audience.EDITOR: (SIGN_IN, SET_UP, MISSING, MISSING, None),
    Audience.DEMO: (MISSING,) * len(KINDS),
    Audience.NOBODY: (MISSING,) * len(KINDS),
}


def refusal_in(response) -> str | None:
    """Return how the page was refused, or None."""
    if response.status_code == HTTPStatus.FOUND and "/accounts/login/" in response["Location"]:
        return SIGN_IN
    if response.status_code == HTTPStatus.FOUND and "second-factor" in response["Location"]:
        return SET_UP
    return MISSING if response.status_code == HTTPStatus.NOT_FOUND else None


def test_every_route_says_who_may_use_it():
    assert [str(route) for route in routes() if audience_of(route.view) is None] == []


def test_a_route_that_says_nothing_is_refused_to_all(settings, person):
    settings.ROOT_URLCONF = "project.undeclared_urls"
    for kind in KINDS:
        assert person(kind).get("/undeclared/").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.slow
@pytest.mark.access
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_not_for_somebody_is_refused_to_them(settings, person, kind, method):
    settings.IS_DEMO_SITE = False
    leaks, browser = {}, person(kind)
    for route in routes():
        refusals = dict(zip(KINDS, EXPECTED.get(audience_of(route.view), ()), strict=False))
        if refusals.get(kind):
            answer = refusal_in(answer_to(browser, method, route.address))
            if answer != refusals[kind]:
                leaks[str(route)] = answer
    assert leaks == {}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_for_somebody_opens_and_never_fails(settings, person, kind):
    settings.IS_DEMO_SITE = True
    wrong, browser = {}, person(kind)
    for route in routes():
        who = audience_of(route.view)
        refusals = dict(zip(KINDS, EXPECTED.get(who, ()), strict=False))
        if who in (*OPEN, Audience.DEMO) or refusals.get(kind) is None:
            response = answer_to(browser, "get", route.address)
            # A made-up code is answered with 404 by the view itself.
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or (
                who is Audience.STAFF and refusal_in(response) in (SIGN_IN, SET_UP)
            ):
                wrong[str(route)] = response.status_code
    assert wrong == {}


def answer_to(signed_in: Client, method: str, address: str):
    """Ask from a browser of its own, and undo what that changed: a page's sign-out is not the
    next one's refusal."""
    browser = Client()
    browser.cookies.update(signed_in.cookies)
    with transaction.atomic():
        answer = getattr(browser, method)(address)
        transaction.set_rollback(True)
    return answer
