from datetime import UTC, datetime, time, timedelta

import pytest

from attune.accounts.models import Contact
from attune.booking.actions import Details, Person, Wanted, book_at_once, hold_time
from attune.booking.duties import forget_what_is_over
from attune.booking.models import Appointment, WeeklyRule
from attune.core.availability import WeeklyHours
from attune.directory.models import Practice
from attune.directory.signals import practices_added
from diaries import a_contact, a_listing, a_practice, monday

pytestmark = pytest.mark.django_db


@pytest.fixture
def ten(now):
    return Wanted(datetime.combine(monday(now), time(10), UTC))


def test_a_hold_and_its_address_go_after_a_day(now, ten):
    hold_time(a_listing(now), ten, Person(a_contact(now)), at=now)
    forget_what_is_over(now + timedelta(days=1))
    assert (Appointment.objects.count(), Contact.objects.count()) == (1, 1)
    forget_what_is_over(now + timedelta(days=1, seconds=1))
    assert (Appointment.objects.count(), Contact.objects.count()) == (0, 0)


def test_an_appointment_goes_ninety_days_after_its_time_with_all_that_was_written(now, ten):
    person = Person(a_contact(now))
    note = Details(note="my mother")
    book_at_once(a_listing(now), ten, person, note, idempotency_key="k", at=now)
    forget_what_is_over(ten.start + timedelta(days=90))
    assert (Appointment.objects.count(), Contact.objects.count()) == (1, 1)
    forget_what_is_over(ten.start + timedelta(days=90, seconds=1))
    assert (Appointment.objects.count(), Contact.objects.count()) == (0, 0)


def test_where_a_booking_came_from_is_forgotten_after_a_day(now, ten):
    person = Person(a_contact(now))
    book_at_once(a_listing(now), ten, person, Details(), idempotency_key="k", at=now)
    Contact.objects.update(origin_hash="somewhere")
    forget_what_is_over(now + timedelta(days=1))
    assert Contact.objects.get().origin_hash == "somewhere"
    forget_what_is_over(now + timedelta(days=1, seconds=1))
    assert Contact.objects.get().origin_hash == ""


def test_new_practices_come_with_their_opening_hours(now):
    practice = a_practice(a_listing(now), days=[])
    evening = WeeklyHours(2, time(18), time(0), valid_from=now.date())
    practices_added.send(sender=Practice, hours={practice.pk: (evening,)})
    rule = WeeklyRule.objects.get(practice=practice)
    assert (rule.weekday, rule.start, rule.end, rule.valid_from) == (
        2,
        time(18),
        time(0),
        now.date(),
    )
