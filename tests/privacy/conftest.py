"""A clock that stands still, and browsers that have answered."""

import pytest
import time_machine
from django.test import Client

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
