"""People who are signed in, as a code by mail or a second factor leaves them."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.internal import auth as totp
from django.http import HttpRequest
from django.test import Client

from attune.accounts.audience import CODE
from attune.accounts.models import User

ADA, BEN, CLEO = "ada@home.example", "ben@practice.example", "cleo@home.example"


def member(email=ADA, **fields):
    return User.objects.create_user(email, **fields)


def signed_in(user, *, method=CODE):
    """Return a browser in which somebody signed in just now; ``method`` "mfa": and has a factor."""
    client = Client()
    client.force_login(user)
    if method == "mfa":
        totp.TOTP.activate(user, totp.generate_totp_secret())
    request = HttpRequest()
    request.session, request.user = client.session, user
    record_authentication(request, user, method=method)
    request.session.save()
    return client
