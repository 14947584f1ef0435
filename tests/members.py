"""Ada, who has an account, and her browser."""

from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from attune.accounts.actions import note_second_factor
from attune.accounts.models import User
from attune.accounts.panels import Panel

ADA, CLEO = "ada@home.example", "cleo@home.example"


def a_member(email: str = ADA) -> User:
    return User.objects.create_user(email)


def sign_in(client: Client, user: User, *, second_factor: bool = False) -> Client:
    """Sign somebody in, as if they had shown a second factor just now or had none."""
    client.force_login(user)
    if second_factor:
        request = RequestFactory().post("/")
        request.session, request.user = client.session, user
        note_second_factor(request, user, kind="totp")
        request.session.save()
    return client


def shown(panel: Panel | None, client: Client) -> str:
    """Return a panel as the page of whoever is signed in to this browser shows it."""
    if panel is None:
        return ""
    request = RequestFactory().get("/account/")
    request.session = client.session
    return render_to_string(panel.template, panel.context, request)
