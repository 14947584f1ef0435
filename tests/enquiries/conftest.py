"""A browser at a fixed moment, and people to be found."""

import pytest
import time_machine

from attune.directory.actions import add_listings
from enquiries.people import three_people, unchecked
from enquiries.walk import Walk


@pytest.fixture(autouse=True)
def _stopped_clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def people(db, now):
    """Put Amara, Bram and Cora in the directory, and Dilys who may not be shown."""
    return add_listings([*three_people(now), unchecked(now)], at=now)


@pytest.fixture
def walk(db, client) -> Walk:
    """A person with a browser, at the start of the questionnaire."""
    return Walk(client)
