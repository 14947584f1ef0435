"""Many at once, on a real database: one wins, the others are told, nobody deadlocks."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from django.db import connection

from attune.booking.actions import (
    Details,
    Person,
    Wanted,
    book,
    book_at_once,
    change_time,
    hold_time,
)
from attune.booking.errors import BookingRefused
from attune.booking.models import Appointment
from attune.outbox.models import Message
from diaries import a_contact, a_listing, a_practice, monday

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

THREADS = 12


def all_at_once(deeds):
    """Run every deed in some thread, each with its own connection; return what became of them."""

    def run(deed):
        try:
            return deed()
        except BookingRefused as refused:
            return type(refused).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, deeds))


def overlaps():
    spans = sorted(
        (one.during.lower, one.during.upper)
        for one in Appointment.objects.filter(state__in=("held", "booked"))
    )
    return [pair for pair in pairwise(spans) if pair[1][0] < pair[0][1]]


def test_of_many_at_one_time_exactly_one_wins_and_the_rest_are_told(now):
    listing = a_listing(now)
    wanted = Wanted(datetime.combine(monday(now), time(10), UTC))
    people = [Person(a_contact(now, f"ada{number}@home.example")) for number in range(100)]
    found = all_at_once(
        lambda person=person: (
            book_at_once(listing, wanted, person, Details(), idempotency_key="k", at=now).state
        )
        for person in people
    )
    assert Counter(found) == {"booked": 1, "TimeTaken": 99}
    assert Message.objects.filter(kind="booked").count() == 1


def test_times_that_overlap_with_different_lengths_never_both_win(now):
    listing = a_listing(now, buffer_minutes=5)
    a_practice(listing, channels=("phone",), start=time(9, 25), end=time(12, 25))
    long, short = listing, type(listing).objects.get(pk=listing.pk)
    short.booking_mode = "introductory-call"
    chance = random.Random(1)
    day = monday(now)
    deeds = []
    for number in range(60):
        some = chance.choice((long, short))
        start = datetime.combine(day, time(9), UTC) + timedelta(minutes=5 * chance.randrange(40))
        person = Person(a_contact(now, f"ada{number}@home.example"))
        deeds.append(
            lambda some=some, start=start, person=person: (
                book_at_once(
                    some, Wanted(start), person, Details(), idempotency_key="k", at=now
                ).state
            )
        )
    found = Counter(all_at_once(deeds))
    assert set(found) == {"booked", "TimeTaken"}
    assert overlaps() == []


def test_the_same_person_in_many_tabs_holds_one_time(now):
    listings = [a_listing(now, name=f"Ben {number}") for number in range(4)]
    start = datetime.combine(monday(now), time(10), UTC)
    contact = a_contact(now)
    found = all_at_once(
        lambda listing=listing, browser=browser: (
            hold_time(listing, Wanted(start), Person(contact, browser), at=now).state
        )
        for _ in range(5)
        for listing in listings
        for browser in ("one", "two")
    )
    assert set(found) == {"held"}
    assert Appointment.objects.filter(state="held").count() == 1


def test_one_key_from_many_threads_is_one_appointment(now):
    listing, contact = a_listing(now), a_contact(now)
    wanted = Wanted(datetime.combine(monday(now), time(10), UTC))
    found = all_at_once(
        lambda: (
            book_at_once(
                listing, wanted, Person(contact), Details(), idempotency_key="k", at=now
            ).reference
        )
        for _ in range(20)
    )
    assert len(set(found)) == 1
    assert Appointment.objects.count() == 1


def test_one_address_never_gets_a_fourth_appointment_however_fast(now):
    listings = [a_listing(now, name=f"Ben {number}") for number in range(6)]
    start = datetime.combine(monday(now), time(10), UTC)
    contact = a_contact(now)
    found = all_at_once(
        lambda listing=listing: (
            book_at_once(
                listing,
                Wanted(start),
                Person(contact),
                Details(),
                idempotency_key=listing.code,
                at=now,
            ).state
        )
        for listing in listings
    )
    assert Counter(found) == {"booked": 3, "TooManyAppointments": 3}


def test_moves_and_new_bookings_at_the_same_times_leave_no_overlap(now):
    listing = a_listing(now)
    day = monday(now)
    hours = [datetime.combine(day, time(hour), UTC) for hour in (9, 10, 11)]
    held = hold_time(listing, Wanted(hours[0]), Person(a_contact(now)), at=now)
    booked = book(held, Details(), at=now)
    moves = [
        lambda start=start: change_time(booked, Wanted(start), version=1, at=now).state
        for start in hours[1:] * 5
    ]
    bookings = [
        lambda start=start, number=number: (
            book_at_once(
                listing,
                Wanted(start),
                Person(a_contact(now, f"cleo{number}@home.example")),
                Details(),
                idempotency_key="k",
                at=now,
            ).state
        )
        for number, start in enumerate(hours * 5)
    ]
    found = all_at_once([one for pair in zip(moves, bookings, strict=False) for one in pair])
    assert set(found) <= {"booked", "TimeTaken", "ChangedMeanwhile"}
    assert overlaps() == []
    assert Appointment.objects.filter(state="booked").count() == 3
