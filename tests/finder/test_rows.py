"""What the index reads of a listing."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from attune.booking.queries import slots_for
from attune.core.availability import not_before
from attune.core.entries import FeeEntry, ListingEntry, PracticeEntry
from attune.core.geo import LatLon
from attune.core.spans import minutes_of
from attune.directory.actions import count_shown
from attune.directory.entries import NewFee, NewTherapy
from attune.directory.models import Counters, Practice
from attune.finder.rows import access_of, read_rows
from finder.people import BEN, CHECK, LINE, NOW, ROOM, TODAY, listed

pytestmark = pytest.mark.django_db


def entry_of(listing):
    return next(read_rows([listing.pk], base_day=TODAY, now=NOW)).entry


def test_a_listing_is_read_whole():
    ben = listed(
        gender="man",
        languages=("en", "pl"),
        communities=("carers",),
        practices=(ROOM, LINE),
        fees=(
            NewFee("adults", 90, "fixed", minor=9000),
            NewFee("adults", 50, "range", minor=4000, upper_minor=6000, concession_minor=2500),
            NewFee("couples", 80, "donation"),
        ),
        client_groups=("adults", "couples"),
        paused_until=TODAY + timedelta(days=2),
    )
    count_shown(["c1"], TODAY)
    Counters.objects.create(listing=ben, day=TODAY - timedelta(days=8), shown=5, asked=4)
    Counters.objects.create(
        listing=ben, day=TODAY - timedelta(days=89), asked=2, answered_in_time=1
    )
    Counters.objects.create(listing=ben, day=TODAY - timedelta(days=90), asked=7)
    found = entry_of(ben)
    room, line = found.practices
    assert replace(found, practices=()) == ListingEntry(
        listing_id=ben.pk,
        code="c1",
        practices=(),
        is_published=True,
        verified_until=CHECK.expires_on,
        paused_until=TODAY + timedelta(days=2),
        confirmed_on=TODAY,
        gender="man",
        languages=frozenset({"en", "pl"}),
        communities=frozenset({"carers"}),
        client_groups=frozenset({"adults", "couples"}),
        issues={"depression": 1, "bereavement": 2, "anxiety": 0},
        therapies={"ipt": True, "integrative": False},
        fees={
            "adults": FeeEntry("range", 4000, 6000, "GBP", 2500, 50),
            "couples": FeeEntry("donation", 0, None, "GBP", None, 80),
        },
        notice_hours=24,
        weekly_places=(("b2", 3, 18 * 60, date(2026, 12, 3)),),
        asked=6,
        answered=1,
        shown=1,
        open_asks=0,
    )
    assert replace(room, starts=None) == PracticeEntry(
        code="b1",
        channels=frozenset({"in-person"}),
        point=LatLon(52.28, -1.58),
        zone="Europe/London",
        starts=None,
        access={"step-free": "partly", "quiet-room": "yes"},
    )
    assert line.access == {"step-free": "yes"}


def test_the_index_has_the_starts_that_can_be_booked():
    ben = listed(practices=(ROOM, LINE))
    notice = minutes_of(not_before(NOW, 24))
    starts = np.concatenate([one.starts for one in entry_of(ben).practices])
    bookable = [minutes_of(slot.start) for slot in slots_for(ben, NOW, 28)]
    last = minutes_of(NOW) + 28 * 24 * 60
    assert sorted(one for one in starts.tolist() if notice <= one <= last) == [
        one for one in bookable if one <= last
    ]
    assert bookable


def test_a_check_that_has_run_out_is_no_check():
    lapsed = replace(CHECK, expires_on=TODAY - timedelta(days=1))
    ben = listed(therapies=(NewTherapy("ipt", "Diploma", lapsed),))
    assert entry_of(ben).therapies == {"ipt": False}


def test_a_listing_that_nobody_has_checked_is_verified_until_never():
    ben = listed(registration=replace(BEN.registration, number="T-9", check=None))
    assert entry_of(ben).verified_until is None


@pytest.mark.parametrize("count", [1, 3])
def test_reading_costs_the_same_for_one_listing_and_three(count, django_assert_num_queries):
    ids = [listed(number).pk for number in range(1, count + 1)]
    with django_assert_num_queries(17):
        rows = list(read_rows(ids, base_day=TODAY, now=NOW))
    assert [row.entry.listing_id for row in rows] == ids


@pytest.mark.parametrize(
    ("channels", "step_free", "level"),
    [
        (["in-person"], "yes", {"step-free": "yes"}),
        (["in-person"], "no", {"step-free": "no"}),
        (["in-person"], "unknown", {}),
        (["video"], "unknown", {"step-free": "yes"}),
        (["in-person", "video"], "unknown", {}),
    ],
)
def test_a_line_has_no_steps_and_a_room_has_what_it_says(channels, step_free, level):
    assert access_of(Practice(channels=channels, step_free=step_free), []) == level
