"""People who sign in, as a browser sees it."""

import pytest
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal.auth import TOTP
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from attune.accounts.actions import note_second_factor
from attune.accounts.contacts import digits_for
from attune.accounts.models import Contact, User

ADA, PASSWORD = "ada@home.example", "correct horse battery staple"


@pytest.fixture
def clock(now, time_machine):
    time_machine.move_to(now, tick=False)
    return time_machine


@pytest.fixture
def ada(clock):
    """A member who has signed in before, by codes alone."""
    return User.objects.create_user(ADA)


def ask(client, email=ADA, **fields):
    return client.post(reverse("sign_in_mail"), {"email": email, **fields})


def last_digits():
    return digits_for(Contact.objects.latest("id"))


def type_code(client, digits=None):
    return client.post(reverse("sign_in_code"), {"code": digits or last_digits()})


def sign_in(client, email=ADA, **fields):
    """Go through the door with a code; return the last answer."""
    ask(client, email, **fields)
    return type_code(client)


def is_signed_in(client):
    return "_auth_user_id" in client.session


def totp_code(secret):
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def give_totp(user):
    """Give somebody an authenticator app; return its secret."""
    secret = totp.generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def signed_in_with_factor(user):
    """Return a browser in which somebody has shown a second factor just now."""
    client = Client()
    client.force_login(user)
    request = HttpRequest()
    request.session = client.session
    note_second_factor(request, user, kind="totp")
    request.session.save()
    return client
