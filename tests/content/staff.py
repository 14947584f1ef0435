"""Who works on the library, as its tests know them: Erin writes, Chief checks, Clio reviews."""

from django.contrib.auth.models import Group
from django.test import Client, RequestFactory

from attune.accounts.actions import note_second_factor
from attune.accounts.models import User
from attune.content.models import CHIEF_EDITORS, CLINICAL_REVIEWERS, EDITORS, Reviewer


def member(name: str, *groups: str, **fields: object) -> User:
    user = User.objects.create_user(f"{name.casefold()}@staff.example", name=name, **fields)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def erin() -> User:
    return member("Erin", EDITORS)


def chief() -> User:
    return member("Chief", EDITORS, CHIEF_EDITORS)


def clio() -> User:
    """A clinician, with the name and registration that pages give."""
    user = member("Clio", CLINICAL_REVIEWERS)
    Reviewer.objects.create(
        user=user, name="Clio Fernhollow", role="clinical psychologist", registration="HCPC 0"
    )
    return user


def at_the_editor(user: User) -> Client:
    """Return a browser in which somebody has signed in, with their second factor."""
    browser = Client()
    browser.force_login(user)
    request = RequestFactory().post("/")
    request.session, request.user = browser.session, user
    note_second_factor(request, user, kind="test")
    request.session.save()
    return browser
