"""S5: nobody learns from an answer whether an address is known."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.conftest import PASSWORD, give_totp
from attune.accounts.actions import INVITATION_LASTS, invite
from attune.accounts.models import User
from attune.accounts.signals import address_proven
from diaries import a_contact, a_listing
from entries import ENTRIES, anonymous, statements

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "ada@home.example", "eve@home.example"


KINDS = ("code", "password", "password and app", "staff", "disabled")


@pytest.fixture
def known(request, clock, now):
    """An account of each kind with this address; with a contact that it proved."""
    user = User.objects.create_user(KNOWN, PASSWORD if "password" in request.param else None)
    user.is_staff = request.param == "staff"
    user.is_active = request.param != "disabled"
    user.save()
    if request.param in ("password and app", "staff"):
        give_totp(user)
    a_contact(now, KNOWN)
    address_proven.send(User, user=user, email_hash=user.email_hash, at=now)
    a_listing(now, name="Entry Listing")
    return user


def asked(entry, email):
    """Return the answer and the statements behind it, of a browser of its own."""
    press = entry.prepare(Client(), email)
    with CaptureQueriesContext(connection) as captured:
        answer = press()
    return anonymous(answer, email), statements(captured.captured_queries)


@pytest.mark.parametrize("known", KINDS, indirect=True)
@pytest.mark.parametrize("entry", ENTRIES, ids=str)
def test_a_known_and_an_unknown_address_get_the_same_answer_in_the_same_way(known, entry):
    asked(entry, "warm@home.example")
    assert asked(entry, KNOWN) == asked(entry, UNKNOWN)


@pytest.mark.parametrize("known", ["password"], indirect=True)
@pytest.mark.parametrize("entry", ENTRIES, ids=str)
def test_also_when_it_was_tried_too_often(known, entry):
    for email in (KNOWN, UNKNOWN):
        for _ in range(6):
            asked(entry, email)
    assert asked(entry, KNOWN) == asked(entry, UNKNOWN)


def test_an_old_and_an_unknown_invitation_get_the_same_answer(clock, now):
    old = invite(email=UNKNOWN, name="Eve", is_staff=True, at=now - INVITATION_LASTS)
    pages = []
    # The first one is the first that its network tried.
    for code in ("bcdfg", old, "bcdfg-bcdfg-bcdfg-bcdfg"):
        with CaptureQueriesContext(connection) as captured:
            page = Client().post(reverse("invitation"), {"code": code})
        pages.append((anonymous(page, code), statements(captured.captured_queries)))
    assert pages[1] == pages[2]


@pytest.mark.parametrize("known", ["password and app"], indirect=True)
def test_a_passkey_begins_alike_for_everybody(known):
    begun = [
        Client().get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"}).json()
        for _ in range(2)
    ]
    options = [one["request_options"]["publicKey"] for one in begun]
    assert [set(one) for one in options] == [set(options[0])] * 2
    assert [one.get("allowCredentials", []) for one in options] == [[], []]
