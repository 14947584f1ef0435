"""A listing, a time that is free, and a clock that stands still."""

from datetime import UTC, datetime, time

import pytest

from diaries import a_listing, monday


@pytest.fixture
def clock(now, time_machine):
    time_machine.move_to(now, tick=False)
    return time_machine


@pytest.fixture
def listing(now):
    return a_listing(now)


@pytest.fixture
def ten(now):
    return datetime.combine(monday(now), time(10), UTC)
