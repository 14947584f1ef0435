from datetime import UTC, datetime, time, timedelta

import pytest

from attune.booking.access import details_of
from attune.booking.actions import (
    Details,
    Person,
    Wanted,
    acknowledge,
    answer_did_you_meet,
    book,
    book_at_once,
    cancel,
    cancel_by_practitioner,
    change_time,
    extend_hold,
    hold_time,
    release_hold,
)
from attune.booking.errors import (
    ChangedMeanwhile,
    NotBookable,
    TimeTaken,
    TooManyAppointments,
)
from attune.booking.models import Appointment
from attune.directory.models import Counters, DirectoryChange
from attune.outbox.models import Message
from diaries import a_contact, a_listing, a_practice, monday

pytestmark = pytest.mark.django_db

State = Appointment.State
ADA = Details(name="Ada Clark", phone="07700 900123", note="I sleep badly and feel low.")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def listing(now):
    return a_listing(now)


@pytest.fixture
def ada(now):
    return Person(a_contact(now), "ada-browser")


@pytest.fixture
def cleo(now):
    return Person(a_contact(now, "cleo@home.example"), "cleo-browser")


@pytest.fixture
def ten(now):
    return Wanted(datetime.combine(monday(now), time(10), UTC))


@pytest.fixture
def eleven(ten):
    return Wanted(ten.start + timedelta(hours=1))


def kinds():
    return sorted(Message.objects.values_list("kind", flat=True))


def states():
    return sorted(Appointment.objects.values_list("state", flat=True))


# -- holding -----------------------------------------------------------------------------------
def test_a_hold_lasts_fifteen_minutes_and_keeps_the_meeting_and_its_buffer(listing, ada, ten, now):
    held = hold_time(listing, ten, ada, at=now)
    assert held.state == State.HELD
    assert held.hold_until == now + 15 * MINUTE
    assert held.during.upper - held.during.lower == timedelta(minutes=60)
    assert (held.minutes, held.kind, held.fee_words) == (50, "first-session", "£65")


def test_a_held_time_is_not_free_and_the_answer_names_five_that_are(listing, ada, cleo, ten, now):
    hold_time(listing, ten, ada, at=now)
    with pytest.raises(TimeTaken) as taken:
        hold_time(listing, ten, cleo, at=now)
    assert len(taken.value.nearest) == 5
    assert ten.start not in [one.start for one in taken.value.nearest]


def test_a_time_outside_the_hours_or_in_the_past_is_not_free(listing, ada, ten, now):
    for start in (ten.start + timedelta(minutes=5), now - timedelta(days=1), now + MINUTE):
        with pytest.raises(TimeTaken):
            hold_time(listing, Wanted(start), ada, at=now)


def test_holding_the_same_time_again_is_the_same_hold(listing, ada, ten, now):
    first = hold_time(listing, ten, ada, at=now)
    assert hold_time(listing, ten, ada, at=now + MINUTE) == first
    assert states() == [State.HELD]


def test_a_new_hold_gives_up_the_older_one_of_the_same_browser_or_address(
    listing, ada, ten, eleven, now
):
    hold_time(listing, ten, ada, at=now)
    hold_time(listing, eleven, Person(ada.contact, "another-browser"), at=now)
    assert states() == [State.HELD, State.RELEASED]
    other_address = Person(a_contact(now, "ada2@home.example"), "another-browser")
    hold_time(a_listing(now, name="Cai Rees"), ten, other_address, at=now)
    assert states() == [State.HELD, State.RELEASED, State.RELEASED]


def test_another_persons_hold_stays(listing, ada, cleo, ten, eleven, now):
    hold_time(listing, ten, ada, at=now)
    hold_time(listing, eleven, cleo, at=now)
    assert states() == [State.HELD, State.HELD]


def test_a_hold_that_ran_out_gives_way_inside_the_lock(listing, ada, cleo, ten, now):
    hold_time(listing, ten, ada, at=now)
    hold_time(listing, ten, cleo, at=now + 15 * MINUTE)
    assert states() == [State.HELD, State.RELEASED]


def test_a_hold_can_be_extended_once(listing, ada, ten, now):
    held = hold_time(listing, ten, ada, at=now)
    assert extend_hold(held, at=now + 10 * MINUTE).hold_until == now + 25 * MINUTE
    assert extend_hold(held, at=now + 20 * MINUTE).hold_until == now + 25 * MINUTE


def test_a_hold_given_up_is_free_for_others(listing, ada, cleo, ten, now):
    release_hold(hold_time(listing, ten, ada, at=now), at=now)
    assert hold_time(listing, ten, cleo, at=now).state == State.HELD


@pytest.mark.parametrize(
    "settings",
    [
        {"booking_mode": "ask-first"},
        {"paused_until": datetime(2027, 1, 1).date()},
        {"confirmed_on": datetime(2026, 10, 27).date()},
    ],
)
def test_listings_that_take_no_bookings_are_never_booked(ada, ten, now, settings):
    listing = a_listing(now, name="Cai Rees", **settings)
    with pytest.raises(NotBookable):
        hold_time(listing, ten, ada, at=now)
    with pytest.raises(NotBookable):
        book_at_once(listing, ten, ada, ADA, idempotency_key="k", at=now)


# -- booking -----------------------------------------------------------------------------------
def test_booking_confirms_the_held_row_tells_both_sides_and_plans_the_rest(listing, ada, ten, now):
    booked = book(hold_time(listing, ten, ada, at=now), ADA, at=now + MINUTE)
    assert states() == [State.BOOKED]
    assert details_of(booked) == ADA
    assert kinds() == [
        "booked",
        "booked-practitioner",
        "did-you-meet",
        "reminder",
        "reminder",
    ]
    due = dict(Message.objects.filter(kind="reminder").values_list("key", "due_at"))
    assert sorted(due.values()) == [
        ten.start - timedelta(hours=72),
        ten.start - timedelta(hours=24),
    ]
    counted = Counters.objects.get(listing=listing)
    assert (counted.booked, counted.asked, counted.answered_in_time) == (1, 1, 0)


def test_a_reminder_whose_hour_has_passed_is_not_planned(listing, ada, now):
    soon = Wanted(datetime.combine(now.date() + timedelta(days=1), time(11), UTC))
    book(hold_time(listing, soon, ada, at=now), ADA, at=now)
    assert kinds().count("reminder") == 1


def test_booking_twice_is_one_appointment_and_one_set_of_messages(listing, ada, ten, now):
    held = hold_time(listing, ten, ada, at=now)
    assert book(held, ADA, at=now) == book(held, ADA, at=now)
    assert kinds().count("booked") == 1


def test_a_hold_that_ran_out_still_books_while_nobody_took_the_time(listing, ada, ten, now):
    held = hold_time(listing, ten, ada, at=now)
    assert book(held, ADA, at=now + 40 * MINUTE).state == State.BOOKED


def test_a_time_lost_to_somebody_else_answers_with_the_nearest(listing, ada, cleo, ten, now):
    held = hold_time(listing, ten, ada, at=now)
    later = now + 16 * MINUTE
    book(hold_time(listing, ten, cleo, at=later), Details(), at=later)
    with pytest.raises(TimeTaken) as taken:
        book(held, ADA, at=later)
    assert len(taken.value.nearest) == 5
    assert not Appointment.objects.filter(state=State.BOOKED, contact=ada.contact).exists()


def test_one_address_has_at_most_three_first_appointments_ahead(listing, ada, cleo, ten, now):
    for day in range(3):
        wanted = Wanted(ten.start + timedelta(days=day))
        book(hold_time(listing, wanted, ada, at=now), ADA, at=now)
    with pytest.raises(TooManyAppointments):
        hold_time(listing, Wanted(ten.start + timedelta(days=3)), ada, at=now)
    with pytest.raises(TooManyAppointments):
        book_at_once(
            listing,
            Wanted(ten.start + timedelta(days=3)),
            Person(a_contact(now, " ADA@home.example")),
            ADA,
            idempotency_key="k",
            at=now,
        )
    assert hold_time(listing, Wanted(ten.start + timedelta(days=3)), cleo, at=now)


def test_the_same_idempotency_key_is_the_same_appointment(listing, ada, ten, now):
    first = book_at_once(listing, ten, ada, ADA, idempotency_key="k", at=now)
    again = book_at_once(listing, ten, ada, ADA, idempotency_key="k", at=now + MINUTE)
    assert again == first
    with pytest.raises(TimeTaken):
        book_at_once(listing, ten, ada, ADA, idempotency_key="other", at=now)


def test_what_one_holds_is_in_the_way_of_others_only(listing, ada, cleo, ten, now):
    a_practice(listing, start=time(9, 30))
    half_past = Wanted(ten.start + timedelta(minutes=30))
    hold_time(listing, ten, ada, at=now)
    with pytest.raises(TimeTaken):
        book_at_once(listing, half_past, cleo, ADA, idempotency_key="k", at=now)
    with pytest.raises(TimeTaken):
        hold_time(listing, half_past, cleo, at=now)
    assert hold_time(listing, half_past, ada, at=now).start == half_past.start
    assert book_at_once(listing, ten, ada, ADA, idempotency_key="k", at=now).start == ten.start
    assert states() == [State.BOOKED, State.RELEASED, State.RELEASED]


def test_a_practitioner_with_two_practices_is_in_one_place_at_a_time(listing, ada, cleo, ten, now):
    other = a_practice(listing, channels=("phone",))
    book_at_once(listing, ten, ada, ADA, idempotency_key="k", at=now)
    with pytest.raises(TimeTaken):
        book_at_once(
            listing,
            Wanted(ten.start, other.code),
            cleo,
            ADA,
            idempotency_key="k",
            at=now,
        )


# -- afterwards --------------------------------------------------------------------------------
@pytest.fixture
def booked(listing, ada, ten, now):
    return book(hold_time(listing, ten, ada, at=now), ADA, at=now)


def test_a_move_takes_the_new_time_frees_the_old_one_and_makes_old_reminders_stale(
    listing, booked, cleo, ten, eleven, now
):
    moved = change_time(booked, eleven, version=booked.version, at=now)
    assert (moved.start, moved.sequence, moved.version) == (eleven.start, 1, 2)
    assert hold_time(listing, ten, cleo, at=now).state == State.HELD
    assert kinds().count("changed") == kinds().count("changed-practitioner") == 1
    assert kinds().count("reminder") == 4


def test_a_move_onto_a_time_that_overlaps_ones_own_is_free(booked, listing, ten, now):
    a_practice(listing, channels=("phone",), start=time(10, 30), end=time(11, 30))
    half_past = Wanted(ten.start + timedelta(minutes=30))
    assert change_time(booked, half_past, version=1, at=now).start == half_past.start


def test_the_same_move_twice_is_one_move(booked, eleven, now):
    first = change_time(booked, eleven, version=1, at=now)
    assert change_time(booked, eleven, version=1, at=now).sequence == first.sequence


def test_a_move_to_a_time_that_is_gone_leaves_all_as_it_was(
    listing, booked, cleo, eleven, ten, now
):
    hold_time(listing, eleven, cleo, at=now)
    with pytest.raises(TimeTaken):
        change_time(booked, eleven, version=1, at=now)
    booked.refresh_from_db()
    assert (booked.start, booked.version) == (ten.start, 1)


def test_the_second_of_two_writers_is_told(booked, eleven, now):
    change_time(booked, eleven, version=1, at=now)
    with pytest.raises(ChangedMeanwhile):
        cancel(booked, version=1, at=now)
    with pytest.raises(ChangedMeanwhile):
        acknowledge(booked, version=1, at=now)


def test_cancelling_frees_the_time_tells_both_sides_and_can_be_repeated(
    listing, booked, cleo, ten, now
):
    cancel(booked, version=1, at=now)
    cancel(booked, version=1, at=now)
    assert kinds().count("cancelled") == kinds().count("cancelled-practitioner") == 1
    assert hold_time(listing, ten, cleo, at=now)


def test_what_has_begun_is_neither_moved_nor_cancelled(booked, eleven, now):
    with pytest.raises(ChangedMeanwhile):
        cancel(booked, version=1, at=booked.start)
    with pytest.raises(ChangedMeanwhile):
        change_time(booked, eleven, version=1, at=booked.start)


def test_seen_within_48_hours_counts_as_an_answer_once(booked, now):
    acknowledge(booked, version=1, at=now + timedelta(hours=47))
    acknowledge(booked, version=1, at=now + timedelta(hours=47))
    assert Counters.objects.get().answered_in_time == 1


def test_seen_after_48_hours_counts_as_none(booked, now):
    acknowledge(booked, version=1, at=now + timedelta(hours=49))
    assert Counters.objects.get().answered_in_time == 0


def test_a_practitioner_cancels_with_a_reason(booked, now):
    row = cancel_by_practitioner(booked, "away", version=1, at=now)
    assert (row.state, row.cancelled_by, row.cancel_reason) == ("cancelled", "practitioner", "away")
    assert Counters.objects.get().answered_in_time == 1


def test_whether_they_met_is_answered_after_the_meeting_only(booked, now):
    with pytest.raises(ChangedMeanwhile):
        answer_did_you_meet(booked, "stays", at=now)
    assert answer_did_you_meet(booked, "looks-on", at=booked.end).met == "looks-on"


def test_every_change_tells_the_finder(listing, ada, ten, eleven, now):
    def changes():
        return DirectoryChange.objects.filter(listing=listing).count()

    seen = [changes()]

    def step(value):
        seen.append(changes())
        return value

    held = step(hold_time(listing, ten, ada, at=now))
    step(extend_hold(held, at=now))
    step(release_hold(held, at=now))
    held = step(hold_time(listing, ten, ada, at=now))
    booked = step(book(held, ADA, at=now))
    step(acknowledge(booked, version=1, at=now))
    step(change_time(booked, eleven, version=1, at=now))
    step(cancel(booked, version=2, at=now))
    assert seen == sorted(set(seen))


def test_nothing_that_the_person_wrote_is_readable_in_the_database(booked):
    from django.db import connection

    with connection.cursor() as cursor:
        for table in ("booking_appointment", "booking_contact", "outbox_message"):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")
            everything = cursor.fetchone()[0]
            for planted in ("Ada", "ada@home", "07700", "sleep", "low"):
                assert planted not in everything
                assert planted.encode().hex() not in everything
