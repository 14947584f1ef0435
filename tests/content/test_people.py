"""People who practise what a library page is about."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from attune.directory.actions import pause
from attune.directory.entries import NewTherapy
from attune.finder import loading
from finder.people import LINE, NOW, listed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_index_at_a_fixed_moment(monkeypatch, settings, tmp_path):
    settings.INDEX_DIR = tmp_path / "index"
    monkeypatch.setattr(loading, "_process", loading._Process())
    with time_machine.travel(NOW, tick=False):
        yield


def online(number: int, name: str, **changes: object):
    practices = (replace(LINE, code=f"r{number}"),)
    return listed(
        number, name=name, email=f"n{number}@demo.example", practices=practices, **changes
    )


def names_on(client) -> list[str]:
    page = client.get("/library/therapies/ipt/").content.decode()
    return re.findall(r'<h3><a href="/therapists/[^"]+">([^<]+)</a></h3>', page)


def test_library_page_shows_three_who_practise_it_and_nobody_else(client):
    for number in range(1, 5):
        online(number, f"Ipt {number}")
    online(5, "Other", therapies=(NewTherapy("cbt", "Diploma"),))
    names = names_on(client)
    assert len(set(names)) == 3
    assert set(names) < {f"Ipt {number}" for number in range(1, 5)}


def test_library_page_leaves_out_who_cannot_be_seen_now(client):
    online(1, "Ipt 1")
    paused = online(2, "Ipt 2")
    pause(paused, until=NOW.date() + timedelta(days=30), at=NOW)
    assert names_on(client) == ["Ipt 1"]


def test_library_page_has_no_empty_block_when_nobody_practises_it(client):
    online(1, "Other", therapies=(NewTherapy("cbt", "Diploma"),))
    assert names_on(client) == []
    assert 'class="people"' not in client.get("/library/therapies/ipt/").content.decode()


# Committed, since what a transaction of its own has changed is never old news to the index.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("count", [1, 3])
def test_library_page_costs_the_same_for_one_person_and_three(
    client, django_assert_num_queries, count
):
    for number in range(1, count + 1):
        online(number, f"Ipt {number}")
    # The first view makes the page; from then on: whether the index and the library are fresh.
    client.get("/library/therapies/ipt/")
    with django_assert_num_queries(2):
        assert len(names_on(client)) == count
