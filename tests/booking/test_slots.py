from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from attune.booking.actions import Details, Person, Wanted, book, cancel, hold_time
from attune.booking.models import RuleException
from attune.booking.queries import nearest_slots, slots_for, starts_for
from attune.core.spans import moment_of
from diaries import a_contact, a_listing, a_practice, monday

pytestmark = pytest.mark.django_db


def at(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), UTC)


def times(slots):
    return [one.start for one in slots]


def test_a_listing_offers_the_free_times_of_its_hours_from_notice_to_horizon(now):
    listing = a_listing(now, horizon_days=28)
    slots = slots_for(listing, now)
    # Wednesday 10:00 and a day's notice: Thursday from 10:00 on.
    assert times(slots)[:3] == [
        at(now.date() + timedelta(days=1), 10),
        at(now.date() + timedelta(days=1), 11),
        at(now.date() + timedelta(days=2), 9),
    ]
    assert times(slots)[-1] == at(now.date() + timedelta(days=28), 11)


def test_dates_can_be_narrowed_to_some_days_of_the_practice(now):
    listing, day = a_listing(now), monday(now)
    assert times(slots_for(listing, now, 1, first_day=day)) == [
        at(day, 9),
        at(day, 10),
        at(day, 11),
    ]
    assert slots_for(listing, now, 30, first_day=now.date() - timedelta(days=30)) == []
    assert times(slots_for(listing, now, 32, first_day=now.date() - timedelta(days=30))) == [
        at(now.date() + timedelta(days=1), hour) for hour in (10, 11)
    ]


@pytest.mark.parametrize(
    "settings",
    [
        {"state": "draft"},
        {"state": "withdrawn"},
        {"booking_mode": "ask-first"},
        {"paused_until": datetime(2026, 11, 19).date()},
        {"confirmed_on": None},
        {"confirmed_on": datetime(2026, 10, 27).date()},
    ],
)
def test_times_that_are_not_live_are_not_offered(now, settings):
    assert slots_for(a_listing(now, **settings), now) == []


def test_a_listing_whose_check_ran_out_offers_nothing(now):
    listing = a_listing(now)
    assert slots_for(listing, now) != []
    assert slots_for(listing, now + timedelta(days=301)) == []


def test_openings_confirmed_21_days_ago_still_count_and_a_pause_ends_on_its_date(now):
    listing = a_listing(now, confirmed_on=now.date() - timedelta(days=21), paused_until=now.date())
    assert slots_for(listing, now) != []


def test_an_introductory_call_is_short_and_never_in_the_room(now):
    listing = a_listing(now, booking_mode="introductory-call", introductory_minutes=20)
    listing.practitioner.practices.all().delete()
    a_practice(
        listing, channels=("in-person",), town="Leeds", latitude=53.8, longitude=-1.5, end=time(10)
    )
    slots = slots_for(listing, now, 1, first_day=monday(now))
    assert times(slots) == [at(monday(now), 9), at(monday(now), 9, 30)]
    assert {(one.minutes, one.channels) for one in slots} == {(20, ("phone",))}


def test_a_booked_time_is_gone_at_every_practice_and_back_when_cancelled(now):
    listing, day = a_listing(now), monday(now)
    other = a_practice(listing, channels=("phone",))
    contact = a_contact(now)
    held = hold_time(listing, Wanted(at(day, 10)), Person(contact, "browser"), at=now)
    free = times(slots_for(listing, now, 1, first_day=day))
    assert free == [at(day, 9), at(day, 9), at(day, 11), at(day, 11)]
    assert other.code in {one.practice_code for one in slots_for(listing, now)}
    booked = book(held, Details(name="Ada"), at=now)
    cancel(booked, version=booked.version, at=now)
    assert at(day, 10) in times(slots_for(listing, now, 1, first_day=day))


def test_a_hold_counts_until_it_runs_out(now):
    listing, day = a_listing(now), monday(now)
    hold_time(listing, Wanted(at(day, 10)), Person(a_contact(now)), at=now)
    just_before, on_time = now + timedelta(minutes=14, seconds=59), now + timedelta(minutes=15)
    assert at(day, 10) not in times(slots_for(listing, just_before))
    assert at(day, 10) in times(slots_for(listing, on_time))


def test_a_closed_day_is_closed(now):
    listing, day = a_listing(now), monday(now)
    practice = listing.practitioner.practices.get()
    RuleException.objects.create(practice=practice, day=day, kind="closed")
    assert slots_for(listing, now, 1, first_day=day) == []


def test_times_keep_their_place_on_the_wall_over_the_clock_change():
    now = datetime(2026, 10, 21, 10, tzinfo=UTC)
    listing = a_listing(now)
    slots = slots_for(listing, now, 8)
    walls = [one.start.astimezone(ZoneInfo(one.zone)).time() for one in slots]
    assert {one.hour for one in walls} == {9, 10, 11}
    assert {one.start.hour for one in slots} == {8, 9, 10, 11}


def test_the_nearest_times_are_five_in_order_and_by_the_wanted_channel_first(now):
    listing, day = a_listing(now), monday(now)
    found = nearest_slots(listing, now, at(day, 10, 5))
    assert times(found) == [
        at(day, 9),
        at(day, 10),
        at(day, 11),
        at(day + timedelta(days=1), 9),
        at(day + timedelta(days=1), 10),
    ]
    a_practice(listing, channels=("phone",), days=[3])
    by_phone = nearest_slots(listing, now, at(day, 10), channel="phone")
    assert len(by_phone) == 5
    assert all("phone" in one.channels for one in by_phone)


@pytest.mark.parametrize("count", [1, 3])
def test_many_diaries_are_read_in_four_queries(now, count, django_assert_num_queries):
    listings = [a_listing(now, name=f"Ben {number}") for number in range(count)]
    ids = [practice.pk for one in listings for practice in one.practitioner.practices.all()]
    with django_assert_num_queries(4):
        found = starts_for(ids, now.date(), 35, now)
    assert sorted(found) == sorted(ids)
    assert all(len(starts) for starts in found.values())


def test_the_index_and_the_page_name_the_same_times_in_every_zone(now):
    for zone in ("Europe/London", "Pacific/Auckland", "America/Los_Angeles"):
        listing = a_listing(now, name=f"Ben {zone}", notice_hours=0)
        practice = a_practice(listing, zone=zone, start=time(0), end=time(0), days=range(7))
        slots = [one for one in slots_for(listing, now) if one.practice_code == practice.code]
        starts = starts_for([practice.pk], now.date(), 35, now)[practice.pk]
        in_index = [moment_of(one) for one in starts if moment_of(one) >= now]
        until = now + timedelta(days=34)
        assert [one for one in times(slots) if one < until] == [
            one for one in in_index if one < until
        ]
