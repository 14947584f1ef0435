"""What becomes of an appointment: by link from a mail, and by the practitioner."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import RequestFactory
from django.urls import reverse

from attune.accounts.actions import note_second_factor
from attune.accounts.models import User
from attune.booking.actions import Details, Person, Wanted, book_at_once, change_time, hold_time
from attune.booking.links import Purpose, token_for
from attune.booking.models import Appointment
from booking.browsing import options_in, text_of
from diaries import a_contact, a_listing
from reading_on import read_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

State = Appointment.State


@pytest.fixture
def booked(listing, ten, now):
    return book_at_once(
        listing,
        Wanted(ten),
        Person(a_contact(now)),
        Details(name="Ada Clark", note="my mother"),
        idempotency_key="k",
        at=now,
    )


def by_link(name, appointment, purpose=Purpose.MANAGE):
    return reverse(name, args=[token_for(appointment, purpose)])


def test_a_mail_scanner_that_opens_every_link_changes_nothing(client, booked):
    for name in ("appointment", "appointment_change", "appointment_cancel", "appointment_calendar"):
        assert client.get(by_link(name, booked)).status_code == 200
        client.head(by_link(name, booked))
    client.get(by_link("practitioner_link", booked, Purpose.PRACTITIONER))
    assert client.get(by_link("practitioner_seen", booked, Purpose.PRACTITIONER)).status_code == 405
    before = (booked.state, booked.version, booked.seen_at)
    booked.refresh_from_db()
    assert (booked.state, booked.version, booked.seen_at) == before


def test_a_client_moves_an_appointment_by_link(client, booked, ten):
    shown = client.get(by_link("appointment_change", booked))
    eleven = next(
        one for one in options_in(shown) if one.startswith((ten + timedelta(hours=1)).isoformat())
    )
    answer = client.post(by_link("appointment_change", booked), {"start": eleven, "version": "1"})
    assert "11:00am to 11:50am" in text_of(client.get(answer.url))


def test_a_client_cancels_by_link_and_a_second_click_says_the_same(client, booked):
    for _ in range(2):
        answer = client.post(by_link("appointment_cancel", booked), {"version": "1"})
        assert "Your appointment is cancelled" in text_of(client.get(answer.url))
    assert client.get(by_link("appointment_cancel", booked)).status_code == 302
    assert client.get(by_link("appointment_change", booked)).status_code == 302


def test_a_stale_page_overwrites_nothing(client, booked, ten):
    eleven = (ten + timedelta(hours=1)).isoformat()
    client.post(by_link("appointment_change", booked), {"start": eleven, "version": "1"})
    for version in ("1", "", "one"):
        answer = client.post(by_link("appointment_cancel", booked), {"version": version})
        assert answer.status_code == 409
        assert "The appointment has changed" in text_of(answer)
    booked.refresh_from_db()
    assert booked.state == State.BOOKED


def test_a_move_to_a_taken_time_leaves_the_appointment_and_offers_others(
    client, booked, listing, ten, now
):
    eleven = ten + timedelta(hours=1)
    hold_time(listing, Wanted(eleven), Person(a_contact(now, "cleo@home.example")), at=now)
    answer = client.post(
        by_link("appointment_change", booked), {"start": eleven.isoformat(), "version": "1"}
    )
    assert answer.status_code == 409
    assert "Your appointment is as it was" in text_of(answer)
    assert len(options_in(answer)) == 5


def test_links_that_are_broken_for_another_purpose_or_over_get_one_plain_page(
    client, booked, clock
):
    manage, practitioner = (
        token_for(booked, one) for one in (Purpose.MANAGE, Purpose.PRACTITIONER)
    )
    broken = [
        reverse("appointment", args=[manage[:-2]]),
        reverse("appointment", args=["nonsense"]),
        reverse("appointment", args=[practitioner]),
        reverse("practitioner_link", args=[manage]),
        reverse("did_you_meet", args=[manage]),
        by_link("did_you_meet", booked, Purpose.ANSWER),
    ]
    clock.move_to(booked.start, tick=False)
    over = [by_link("appointment", booked), by_link("appointment_cancel", booked)]
    pages = []
    for address in [*broken[:-1], *over]:
        for answer in (client.get(address), client.post(address, {"version": "1"})):
            assert answer.status_code == 404
            pages.append(text_of(answer))
    assert {"This link does not work" in one for one in pages} == {True}
    booked.refresh_from_db()
    assert booked.state == State.BOOKED


def test_the_calendar_file_names_the_same_time_as_the_page(client, booked, ten):
    answer = client.get(by_link("appointment_calendar", booked))
    assert answer["Content-Type"].startswith("text/calendar")
    assert ten.strftime("DTSTART:%Y%m%dT%H%M%SZ") in answer.content.decode()


def test_the_question_of_the_day_after_opens_when_it_is_over(client, booked, clock):
    address = by_link("did_you_meet", booked, Purpose.ANSWER)
    assert client.get(address).status_code == 404
    clock.move_to(booked.end, tick=False)
    assert "Either is fine" in text_of(client.get(address))
    assert "Choose an answer" in text_of(client.post(address, {}))
    assert "The two of you agree" in text_of(client.post(address, {"met": "stays"}))
    assert "try again" in text_of(client.post(address, {"met": "not-met"}))
    assert "Find someone else" in text_of(client.post(address, {"met": "looks-on"}))
    booked.refresh_from_db()
    assert booked.met == "looks-on"


# -- the practitioner --------------------------------------------------------------------------
def test_a_practitioners_link_shows_time_kind_and_first_name_only(client, booked):
    words = text_of(client.get(by_link("practitioner_link", booked, Purpose.PRACTITIONER)))
    for shown in ("Monday 23 November 2026, 10:00am", "First appointment", "Ada"):
        assert shown in words
    for hidden in ("Clark", "mother", "home.example"):
        assert hidden not in words


def test_a_practitioner_confirms_and_cancels_by_link(client, booked):
    link = by_link("practitioner_link", booked, Purpose.PRACTITIONER)
    client.post(by_link("practitioner_seen", booked, Purpose.PRACTITIONER), {"version": "1"})
    assert "You have confirmed" in text_of(client.get(link))
    cancel = by_link("practitioner_cancel", booked, Purpose.PRACTITIONER)
    assert "Choose a reason" in text_of(client.post(cancel, {"version": "1"}))
    client.post(cancel, {"version": "1", "reason": "away"})
    assert "This appointment is cancelled" in text_of(client.get(link))
    booked.refresh_from_db()
    assert booked.cancel_reason == "away"


@pytest.fixture
def ben(client, listing):
    """Ben, signed in with a second factor a moment ago."""
    user = User.objects.create_user("ben@practice.example", name="Ben Okello")
    listing.practitioner.user = user
    listing.practitioner.save()
    sign_in(client, user)
    return user


def sign_in(client, user):
    client.force_login(user)
    request = RequestFactory().post("/")
    request.session, request.user = client.session, user
    note_second_factor(request, user, kind="test")
    request.session.save()


def test_a_practitioner_signed_in_sees_who_comes_and_what_they_wrote(client, ben, booked):
    words = text_of(client.get(reverse("practice_home")))
    for shown in ("Ada Clark", "ada@home.example", "my mother", "10:00am to 10:50am"):
        assert shown in words
    client.post(reverse("practice_seen", args=[booked.code]), {"version": booked.version})
    assert "You have seen this" in text_of(client.get(reverse("practice_home")))


def test_a_practitioner_reads_whose_appointment_they_cancel(client, ben, booked):
    address = reverse("practice_cancel", args=[booked.code])
    page = text_of(client.get(address))
    for shown in ("First name Ada", "10:00am to 10:50am", "First appointment, 50 minutes"):
        assert shown in page
    for kept_back in ("Clark", "ada@home.example", "my mother"):
        assert kept_back not in page
    client.post(address, {"reason": "diary", "version": booked.version})
    page = text_of(client.get(address))
    assert "This appointment is cancelled" in page
    assert "Why do you cancel?" not in page
    assert "No appointments ahead" in text_of(client.get(reverse("practice_home")))


@pytest.mark.parametrize(
    ("name", "sent"), [("practice_seen", {}), ("practice_cancel", {"reason": "away"})]
)
def test_a_page_that_a_practitioner_left_open_overwrites_nothing(
    client, ben, booked, ten, now, name, sent
):
    change_time(booked, Wanted(ten + timedelta(days=1)), version=booked.version, at=now)
    answer = client.post(reverse(name, args=[booked.code]), {"version": booked.version, **sent})
    assert answer.status_code == 409
    assert "The appointment has changed" in text_of(answer)
    booked.refresh_from_db()
    assert (booked.seen_at, booked.state) == (None, "booked")


def test_the_second_factor_is_asked_for_again_after_half_an_hour(client, ben, booked, clock):
    totp.TOTP.activate(ben, totp.generate_totp_secret())
    read_on(client, clock)
    answer = client.get(reverse("practice_home"))
    assert answer.status_code == 302
    assert "reauthenticate" in answer.url


def test_another_practitioner_sees_and_touches_nothing(client, booked, now):
    cleo = User.objects.create_user("cleo@practice.example", name="Cleo")
    other = a_listing(now, name="Cleo Vance")
    other.practitioner.user = cleo
    other.practitioner.save()
    sign_in(client, cleo)
    assert "Ada" not in text_of(client.get(reverse("practice_home")))
    for name in ("practice_seen", "practice_cancel"):
        assert client.post(reverse(name, args=[booked.code]), {"reason": "away"}).status_code == 404
        assert client.post(reverse(name, args=["missing"]), {"reason": "away"}).status_code == 404
