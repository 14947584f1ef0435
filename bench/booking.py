"""Booking under contention, on a real database and without the web.

    python bench/booking.py

1,000 people try for one free time, then 200 for times that overlap with different lengths, on a
practitioner each. Makes a database of its own on the server that the settings name, and drops it.
The bars: one appointment and 999 answers with other times; no overlap, in under 3 seconds; no
deadlock and no error in either.
"""

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from datetime import time as clock
from itertools import pairwise
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attune.project.settings")
django.setup()

# Models exist from here on.
from bars import Bar, report  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

import databases  # noqa: E402
from attune.booking.actions import Details, Person, Wanted, book_at_once  # noqa: E402
from attune.booking.errors import TimeTaken  # noqa: E402
from attune.booking.models import Appointment  # noqa: E402
from attune.booking.queries import slots_for  # noqa: E402
from attune.directory.models import Listing  # noqa: E402
from diaries import a_contact, a_listing, a_practice, monday  # noqa: E402

THREADS = 24
MOST_SECONDS = 3.0

Deed = Callable[[], str]


@contextmanager
def own_database() -> Iterator[None]:
    name = f"bench_booking_{os.getpid()}"
    databases.copy_template(name)
    try:
        with databases.using(name):
            yield
    finally:
        databases.drop(name)


def attempt(listing: Listing, start: datetime, person: Person, now: datetime) -> Deed:
    def book() -> str:
        try:
            booked = book_at_once(
                listing, Wanted(start), person, Details(), idempotency_key="k", at=now
            )
        except TimeTaken as taken:
            return f"taken, {len(taken.nearest)} others named"
        return str(booked.state)

    return book


def one_time(now: datetime, count: int) -> list[Deed]:
    """Everybody wants the same hour."""
    listing = a_listing(now, name="One Time")
    start = datetime.combine(monday(now, weeks=2), clock(10), UTC)
    return [attempt(listing, start, someone(now, number), now) for number in range(count)]


def overlapping(now: datetime, count: int) -> list[Deed]:
    """A week of mornings: sessions of 50 minutes and calls of 20, on grids that cross each other.

    Every start is one that the diary offers, so only who comes first decides.
    """
    long = a_listing(now, name="Many Lengths", buffer_minutes=5)
    for minute in (10, 20, 35):
        a_practice(long, channels=("phone",), start=clock(9, minute))
    short = Listing.objects.get(pk=long.pk)
    short.booking_mode = Listing.BookingMode.INTRODUCTORY_CALL
    chance = random.Random(1)
    starts = sorted(
        {slot.start for slot in slots_for(long, now, 7, first_day=monday(now, weeks=2))}
    )
    return [
        attempt(
            chance.choice((long, short)), chance.choice(starts), someone(now, 1000 + number), now
        )
        for number in range(count)
    ]


def someone(now: datetime, number: int) -> Person:
    return Person(a_contact(now, f"person.{number}@bench.example"))


def run(deeds: list[Deed]) -> tuple[Counter[str], float]:
    """Let all of them loose, each thread on a connection of its own."""
    started = time.perf_counter()
    with ThreadPoolExecutor(THREADS, initializer=connection.ensure_connection) as pool:
        found = Counter(pool.map(lambda deed: deed(), deeds))
        seconds = time.perf_counter() - started
        list(pool.map(lambda _: connection.close(), range(THREADS * 4)))
    return found, seconds


def kept(practitioner: str) -> list[Appointment]:
    """Return what is booked with this practitioner, earliest first."""
    rows = Appointment.objects.filter(state="booked", practitioner__name=practitioner)
    return sorted(rows, key=lambda one: one.during.lower)


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def main() -> int:
    now = timezone.now()
    with own_database():
        same, same_seconds = run(one_time(now, 1000))
        many, many_seconds = run(overlapping(now, 200))
        diary, stuck = kept("Many Lengths"), deadlocks()
    crossed = sum(two.during.lower < one.during.upper for one, two in pairwise(diary))
    lengths = Counter(one.minutes for one in diary)
    print(f"1,000 at one time         {same_seconds:6.2f} s  {dict(same)}")
    print(f"200 at overlapping times  {many_seconds:6.2f} s  {dict(many)}")
    told = same["taken, 5 others named"]
    return report(
        Bar(
            "1,000 attempts at one free time, without the web: one appointment,"
            " all others hear the nearest times",
            f"{same['booked']} booked, {told} told; {same_seconds:.1f} s",
            (same["booked"], told) == (1, 999),
        ),
        Bar(
            "200 attempts at overlapping times of different lengths: no overlap,"
            f" no deadlock, under {MOST_SECONDS:g} s",
            f"{lengths[50]} of 50 and {lengths[20]} of 20 minutes booked, {crossed} overlaps,"
            f" {stuck} deadlocks; {many_seconds:.2f} s",
            len(diary) == many["booked"]
            and lengths.keys() == {20, 50}
            and crossed == stuck == 0
            and many_seconds < MOST_SECONDS,
        ),
    )


if __name__ == "__main__":
    sys.exit(main())
