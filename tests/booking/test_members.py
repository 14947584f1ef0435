"""A member's appointments: adopted by proof, seen without the mailed link, exported and erased."""

from datetime import timedelta

import pytest
from django.urls import reverse

from attune.accounts.contacts import email_of
from attune.accounts.erasures import forget_everywhere, what_is_kept
from attune.accounts.exports import everything_of
from attune.accounts.ledger import lines_about
from attune.accounts.models import Contact, LedgerEntry
from attune.accounts.signals import address_proven
from attune.booking.access import details_of
from attune.booking.actions import Details, Person, Wanted, book_at_once, cancel, hold_time
from attune.booking.links import Purpose, token_for
from attune.booking.members import appointments_of, next_appointment
from attune.booking.models import Appointment
from attune.outbox.models import Message
from attune.outbox.registry import renderer_of
from booking.browsing import choose, confirm_address, options_in, page, text_of
from diaries import a_contact, a_listing
from members import ADA, CLEO, a_member, shown, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

State = Appointment.State
DETAILS = Details(name="Ada Planted", phone="07700 900123", note="planted-note")


@pytest.fixture
def ada():
    return a_member()


@pytest.fixture
def book(now, ten):
    """Return a booking of Monday at ten, or so many hours later, with whom and by whom you like."""

    def booked(listing, email=ADA, *, hours=0, at=None):
        wanted = Wanted(ten + timedelta(hours=hours))
        person = Person(a_contact(at or now, email))
        key = f"{email}/{hours}"
        return book_at_once(listing, wanted, person, DETAILS, idempotency_key=key, at=at or now)

    return booked


def prove(user, at):
    address_proven.send(None, user=user, email_hash=user.email_hash, at=at)


def is_sealed_for(user, box):
    return user.key.code.encode() in bytes(box)


def own(name, appointment):
    return reverse(name, args=[appointment.code])


def mails(now):
    return [
        (one.kind, renderer_of(one.kind)(one.about, now)) for one in Message.objects.order_by("pk")
    ]


# -- adoption ----------------------------------------------------------------------------------
def test_proof_of_the_address_adopts_what_was_booked_before_and_seals_it_anew(listing, book, now):
    booked, theirs = book(listing), book(listing, CLEO, hours=1)
    ada = a_member()
    for _ in range(2):
        prove(ada, now)
    booked.refresh_from_db()
    theirs.refresh_from_db()
    assert (booked.member, theirs.member) == (ada, None)
    assert is_sealed_for(ada, booked.details_sealed)
    assert is_sealed_for(ada, booked.contact.email_sealed)
    assert details_of(booked) == DETAILS
    assert email_of(booked.contact) == ADA


def test_what_is_somebodys_is_never_adopted_by_another(listing, book, ada, now):
    booked = book(listing)
    assert booked.member == ada
    address_proven.send(None, user=a_member(CLEO), email_hash=ada.email_hash, at=now)
    booked.refresh_from_db()
    assert booked.member == ada


def test_booking_with_ones_own_address_is_ones_own_at_once(listing, book, ada):
    booked, other = book(listing), book(listing, CLEO, hours=1)
    booked.refresh_from_db()
    assert (booked.member, other.member) == (ada, None)
    assert is_sealed_for(ada, booked.details_sealed)


def test_an_adopted_appointment_opens_to_its_practitioner_as_before(
    client, listing, book, ada, ten
):
    book(listing)
    ben = a_member("ben@practice.example")
    listing.practitioner.user = ben
    listing.practitioner.save()
    said = text_of(sign_in(client, ben, second_factor=True).get("/practice/"))
    assert "planted-note" in said
    assert ADA in said


# -- the pages ---------------------------------------------------------------------------------
def test_the_next_appointment_stands_first_with_how_to_join(client, listing, book, ada, now):
    assert next_appointment(ada, now) is None
    later, first = book(listing, hours=1), book(listing)
    sign_in(client, ada)
    html = shown(next_appointment(ada, now), client)
    assert "Monday 23 November 2026, 10:00am to 10:50am (UK time)" in html
    assert "Ben Okello sends you the link." in html
    assert own("own_appointment", first) in html
    cancel(first, version=1, at=now)
    assert own("own_appointment", later) in shown(next_appointment(ada, now), client)
    cancel(later, version=1, at=now)
    assert "You have no appointment ahead." in shown(next_appointment(ada, now), client)


def test_the_list_tells_what_is_ahead_from_what_is_over(client, listing, book, ada, clock, ten):
    first, cancelled = book(listing), book(listing, hours=1)
    cancel(cancelled, version=1, at=first.booked_at)
    sign_in(client, ada)
    said = text_of(client.get(reverse("own_appointments")))
    assert said.index("Ahead") < said.index("10:00am to 10:50am") < said.index("Over or cancelled")
    assert "With Ben Okello . Cancelled." in said.replace("Okello.", "Okello .")
    clock.move_to(ten + timedelta(hours=2), tick=False)
    said = text_of(sign_in(client, ada).get(reverse("own_appointments")))
    assert "You have no appointment ahead." in said
    over = text_of(client.get(own("own_appointment", first)))
    assert "Change the time" not in over
    for name in ("own_appointment_change", "own_appointment_cancel"):
        assert client.get(own(name, first))["Location"] == own("own_appointment", first)
        answer = client.post(own(name, first), {"version": "1"})
        assert answer.status_code in (302, 409)
    first.refresh_from_db()
    assert first.state == State.BOOKED


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_many(
    client, listing, book, ada, count, django_assert_num_queries
):
    for hours in range(count):
        book(listing, hours=hours - 1)
    sign_in(client, ada)
    # The session, who it is and what they may, and the two lists.
    with django_assert_num_queries(7):
        client.get(reverse("own_appointments"))
    with django_assert_num_queries(1):
        appointments_of(ada, listing.created_at)


def test_an_owner_moves_and_cancels_without_the_link(client, listing, book, ada, ten):
    booked = book(listing)
    sign_in(client, ada)
    offered = options_in(client.get(own("own_appointment_change", booked)))
    eleven = next(one for one in offered if (ten + timedelta(hours=1)).isoformat() in one)
    answer = client.post(own("own_appointment_change", booked), {"start": eleven, "version": "1"})
    assert answer["Location"] == own("own_appointment", booked)
    assert "11:00am to 11:50am" in text_of(client.get(answer["Location"]))
    stale = client.post(own("own_appointment_cancel", booked), {"version": "1"})
    assert stale.status_code == 409
    assert "The appointment has changed" in text_of(stale)
    for _ in range(2):
        answer = client.post(own("own_appointment_cancel", booked), {"version": "2"})
        assert "Your appointment is cancelled" in text_of(client.get(answer["Location"]))


def test_the_calendar_file_is_there_without_the_link(client, listing, book, ada):
    answer = sign_in(client, ada).get(own("own_appointment_calendar", book(listing)))
    assert answer.content.startswith(b"BEGIN:VCALENDAR")


PAGES = ("", "_change", "_cancel", "_calendar")


@pytest.mark.parametrize("name", [f"own_appointment{one}" for one in PAGES])
def test_somebody_elses_and_a_missing_appointment_get_the_same_404(
    client, listing, book, ada, name
):
    booked = book(listing)
    sign_in(client, a_member(CLEO))
    for code in (booked.code, "nosuchcode"):
        address = reverse(name, args=[code])
        assert client.get(address).status_code == 404
        assert client.post(address, {"version": "1"}).status_code == 404
    booked.refresh_from_db()
    assert booked.state == State.BOOKED


def test_a_held_time_is_not_an_appointment_yet(client, listing, ada, ten, now):
    held = hold_time(listing, Wanted(ten), Person(a_contact(now)), at=now)
    held.member = ada
    held.save()
    sign_in(client, ada)
    assert client.get(own("own_appointment", held)).status_code == 404


# -- booking while signed in -------------------------------------------------------------------
def test_somebody_signed_in_goes_from_a_time_to_the_summary_without_a_code(
    client, listing, ada, ten
):
    sign_in(client, ada)
    assert choose(client, listing, ten)["Location"] == page("summary", listing)
    assert f"Messages about it go to {ADA}" in text_of(client.get(page("summary", listing)))
    answer = client.post(page("summary", listing), {"name": "Ada", "reach": "mail"})
    assert answer["Location"] == page("done", listing)
    booked = Appointment.objects.get()
    assert (booked.state, booked.member, email_of(booked.contact)) == (State.BOOKED, ada, ADA)
    assert not [kind for kind, _mail in mails(booked.booked_at) if "code" in kind]


def test_booking_often_while_signed_in_uses_up_no_codes(client, listing, ada, ten):
    sign_in(client, ada)
    for hours in range(3):
        choose(client, listing, ten + timedelta(hours=hours - 1))
    assert Contact.objects.count() == 1


def test_another_address_can_still_be_used(client, listing, ada, ten, now, clock):
    sign_in(client, ada)
    choose(client, listing, ten)
    clock.move_to(now + timedelta(minutes=1), tick=False)
    confirm_address(client, listing, CLEO)
    said = text_of(client.get(page("summary", listing)))
    assert "Messages about it go to" not in said
    assert Appointment.objects.get(state=State.HELD).email_hash != ada.email_hash


# -- the ledger --------------------------------------------------------------------------------
def test_each_person_whom_a_practitioner_opens_finds_one_line(client, listing, book, ada):
    book(listing)
    book(listing, hours=1)
    book(listing, CLEO, hours=-1)
    ben = a_member("ben@practice.example")
    listing.practitioner.user = ben
    listing.practitioner.save()
    sign_in(client, ben, second_factor=True).get("/practice/")
    (line,) = lines_about(ada)
    assert (line.by_code, line.what) == (ben.code, "Details of your appointment")
    assert line.purpose == "To prepare the appointment"
    assert LedgerEntry.objects.count() == 2


def test_opening_one_appointment_or_its_link_is_written_down(client, listing, book, ada):
    booked = book(listing)
    client.get(reverse("practitioner_link", args=[token_for(booked, Purpose.PRACTITIONER)]))
    assert [one.what for one in lines_about(ada)] == ["Your first name, and when you meet"]
    ben = a_member("ben@practice.example")
    listing.practitioner.user = ben
    listing.practitioner.save()
    sign_in(client, ben, second_factor=True).get(reverse("practice_cancel", args=[booked.code]))
    assert lines_about(ada)[0].by_code == ben.code
    assert len(lines_about(ada)) == 2


def test_what_one_opens_of_ones_own_is_not_written_down(client, listing, book, ada):
    sign_in(client, ada).get(own("own_appointment", book(listing)))
    assert not LedgerEntry.objects.exists()


def test_mail_that_opens_an_address_is_written_down_once_a_day(listing, book, ada, now):
    book(listing)
    book(listing, hours=1)
    mails(now)
    (line,) = lines_about(ada)
    assert (line.by_code, line.what) == ("", "Your email address")


# -- export and erasure ------------------------------------------------------------------------
def test_an_export_holds_what_the_person_said(listing, book, ada, now):
    book(listing)
    sections = {one.title: one.rows for one in everything_of(ada, now, opens_sealed=True)}
    (row,) = sections["Appointments"]
    assert row["When"] == "Monday 23 November 2026, 10:00am to 10:50am (UK time)"
    assert row["Your email address"] == ADA
    (row,) = sections["What you told your practitioners"]
    assert row["Your name"] == "Ada Planted"
    assert row["What you wrote"] == "planted-note"
    assert row["How they can reach you"] == "By email. Leave no message."


def test_without_a_second_factor_an_export_leaves_closed_what_the_person_said(
    listing, book, ada, now
):
    book(listing)
    assert "planted-note" not in str(everything_of(ada, now))


def test_erasing_cancels_what_is_ahead_and_leaves_times_alone_behind(
    listing, book, ada, now, ten, clock
):
    over, theirs = book(listing), book(listing, CLEO, hours=-1)
    at = ten + timedelta(hours=2)
    later = ten + timedelta(days=7)
    ahead = book_at_once(
        listing, Wanted(later), Person(a_contact(at, ADA)), DETAILS, idempotency_key="n", at=at
    )
    hold_time(listing, Wanted(later + timedelta(hours=1)), Person(a_contact(at, ADA)), at=at)
    a_contact(at, ADA)
    Message.objects.all().delete()
    clock.move_to(at, tick=False)
    for _ in range(2):
        forget_everywhere(ada, at)
    over.refresh_from_db()
    ahead.refresh_from_db()
    assert (over.state, ahead.state) == (State.BOOKED, State.CANCELLED)
    for one in (over, ahead):
        assert (one.member, one.details_sealed, one.email_hash) == (None, None, "")
        assert (email_of(one.contact), one.contact.email_hash) == ("", "")
    assert not Appointment.objects.filter(state=State.HELD).exists()
    assert not Contact.objects.filter(email_hash=ada.email_hash).exists()
    theirs.refresh_from_db()
    assert details_of(theirs) == DETAILS
    told = dict(mails(at))
    assert told["cancelled"] is None, "we cannot write to somebody whom we forgot"
    assert told["cancelled-practitioner"].to == listing.practitioner.email
    assert "without your name" in " ".join(what_is_kept())


def test_what_is_left_of_an_erased_appointment_still_opens_for_the_practitioner(
    client, listing, book, ada, now
):
    booked = book(listing)
    ben = a_member("ben@practice.example")
    listing.practitioner.user = ben
    listing.practitioner.save()
    forget_everywhere(ada, now)
    answer = client.get(reverse("appointment", args=[token_for(booked, Purpose.MANAGE)]))
    assert "Your appointment is cancelled" in text_of(answer)
    file = client.get(reverse("appointment_calendar", args=[token_for(booked, Purpose.MANAGE)]))
    assert b"ATTENDEE" not in file.content
    sign_in(client, ben, second_factor=True)
    assert client.get(reverse("practice_cancel", args=[booked.code])).status_code == 200
    assert a_listing(now, "Cleo Other").practitioner.name == "Cleo Other"
