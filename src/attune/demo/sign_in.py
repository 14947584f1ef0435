"""One-time links with which the demo people sign in, on this machine only.

They stand in for a passkey that nobody has for an invented person: a link works once, from the
same machine, on a demonstration site, and only after a button is pressed.
"""

import hashlib

from django.conf import settings
from django.contrib.auth import login, logout
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from attune.accounts.actions import note_second_factor
from attune.accounts.adapter import home_of
from attune.accounts.audience import Audience, audience
from attune.accounts.limits import address_of
from attune.accounts.models import User
from attune.demo.cast import ADA, BEN, CLIO, DEV, ERIN
from attune.vocabulary.codes import new_secret_code

LINK_LASTS_SECONDS = 24 * 3600
PEOPLE = (
    ("Ada, a member", ADA),
    ("Ben, a practitioner", BEN),
    ("Dev, of the staff", DEV),
    ("Erin, an editor", ERIN),
    ("Clio, who reviews pages", CLIO),
)
LOOPBACK = ("127.0.0.1", "::1")


def sign_in_links(base_url: str) -> list[tuple[str, str]]:
    """Return (who, address) for each demo person who is here; empty unless this is a demo site."""
    if not settings.IS_DEMO_SITE:
        return []
    links = []
    for who, email in PEOPLE:
        if not User.objects.with_email(email).exists():
            continue
        token = new_secret_code()
        cache.set(_key(token), email, LINK_LASTS_SECONDS)
        links.append((who, f"{base_url}/demo/sign-in/{token}/"))
    return links


@audience(Audience.DEMO)
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button; signing in happens on the press, once."""
    email = cache.get(_key(token))
    if email is None or address_of(request) not in LOOPBACK:
        raise Http404("No such page.")
    if request.method != "POST":
        return render(request, "demo/sign_in.jinja", {"email": email})
    # Whoever deletes the token has it: a second press finds nothing.
    if not cache.delete(_key(token)):
        raise Http404("No such page.")
    user = User.objects.with_email(email).get()
    if request.user.is_authenticated:
        logout(request)
    note_second_factor(request, user, kind="demonstration")
    login(request, user)
    return redirect(home_of(user))


def _key(token: str) -> str:
    return f"demo-sign-in/{hashlib.sha256(token.encode()).hexdigest()}"
