"""A clock that stands still, and browsers that have answered."""

import re

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client, RequestFactory

from attune.accounts.actions import note_second_factor
from attune.accounts.models import User
from attune.finder import loading
from attune.privacy.choice import NAME


@pytest.fixture(autouse=True)
def clock(monkeypatch, settings, tmp_path, now):
    """Stop the clock on Wednesday 18 November 2026, 10:00; a test may move it."""
    settings.INDEX_DIR = tmp_path / "index"
    monkeypatch.setattr(loading, "_process", loading._Process())
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def answer():
    """Press a button of the question in a browser."""

    def press(client: Client, word: str, back: str = "/", **values: str):
        data = {"answer": word, "wording": "en-1", "back": back} | values
        return client.post("/cookies/choice/", data)

    return press


@pytest.fixture
def agreed(answer) -> Client:
    """A browser in which somebody said yes."""
    client = Client()
    answer(client, "yes")
    assert client.cookies[NAME].value.startswith("en-1.")
    return client


@pytest.fixture
def signed_in():
    """Return a browser in which somebody has signed in, with their second factor."""

    def browser(user: User) -> Client:
        client = Client()
        client.force_login(user)
        request = RequestFactory().post("/")
        request.session, request.user = client.session, user
        note_second_factor(request, user, kind="test")
        request.session.save()
        return client

    return browser


@pytest.fixture
def dev(db) -> User:
    """Dev, who deals with complaints."""
    user = User.objects.create_user("dev@staff.example", name="Dev", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_complaint"))
    return user


@pytest.fixture
def desk(dev, signed_in) -> Client:
    return signed_in(dev)


@pytest.fixture
def ada(db) -> User:
    return User.objects.create_user("ada@example.org")


@pytest.fixture
def key_in():
    """Return the key that makes two presses of a form's button one."""

    def find(client: Client) -> str:
        page = client.get("/privacy/complaint/").content.decode()
        return re.search(r'name="key" value="(\w{28})"', page)[1]

    return find
