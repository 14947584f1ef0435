"""From a free time to a booked one, as a browser without script does it."""

import re
from datetime import datetime, time, timedelta

import pytest

from attune.accounts.contacts import digits_for
from attune.accounts.models import Contact
from attune.booking.access import details_of
from attune.booking.actions import Details, Person, Wanted, book_at_once, hold_time
from attune.booking.models import Appointment
from booking.browsing import choose, confirm_address, options_in, page, text_of, walk_to_summary
from diaries import a_contact, a_listing, a_practice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

State = Appointment.State
TYPED = {
    "name": "Ada Clark",
    "reach": "call",
    "phone": "07700 900123",
    "may_leave_message": "on",
    "note": "I would like to talk about my mother.",
}


def test_the_whole_way_without_script(client, listing, ten):
    times = client.get(page("time", listing))
    chosen = next(one for one in options_in(times) if one.startswith(ten.isoformat()))
    answer = client.post(page("time", listing), {"start": chosen})
    assert answer.url == page("address", listing)
    assert client.get(answer.url).status_code == 200
    answer = client.post(answer.url, {"email": "ada@home.example"})
    assert answer.url == page("code", listing)
    assert client.get(answer.url).status_code == 200
    answer = client.post(answer.url, {"code": digits_for(Contact.objects.get())})
    assert answer.url == page("summary", listing)

    summary = text_of(client.get(answer.url))
    for words in (
        "Ben Okello",
        "Monday 23 November 2026, 10:00am to 10:50am (UK time)",
        "By video",
        "50 minutes",
        "£65",
        "with less than 24 hours to go, the fee may still be due",
        "kept for you until 10:15am",
        "Book Monday 23 November, 10:00am",
    ):
        assert words in summary

    answer = client.post(answer.url, TYPED)
    assert answer.url == page("done", listing)
    booked = Appointment.objects.get()
    done = text_of(client.get(answer.url))
    assert booked.reference in done
    assert "What happens next" in done
    assert "Help now" in done
    assert (booked.state, booked.start) == (State.BOOKED, ten)
    assert details_of(booked) == Details("Ada Clark", "07700 900123", "call", True, TYPED["note"])


@pytest.mark.parametrize(
    ("days", "promised"), [(5, ["3 days and 1 day before"]), (2, ["1 day before"]), (0, [])]
)
def test_only_reminders_that_will_come_are_promised(client, listing, ten, clock, days, promised):
    listing.notice_hours = 1
    listing.save()
    clock.move_to(ten - timedelta(days=days, hours=5), tick=False)
    walk_to_summary(client, listing, ten)
    client.post(page("summary", listing), TYPED)
    done = text_of(client.get(page("done", listing)))
    assert re.findall(r"((?:\d days? )(?:and 1 day )?before) We remind you", done) == promised
    assert "What happens next" in done


def test_a_confirmed_address_is_not_asked_for_again_within_half_an_hour(
    client, listing, ten, clock, now
):
    walk_to_summary(client, listing, ten)
    clock.move_to(now + timedelta(minutes=29), tick=False)
    assert choose(client, listing, ten).url == page("summary", listing)
    clock.move_to(now + timedelta(minutes=31), tick=False)
    assert choose(client, listing, ten + timedelta(hours=1)).url == page("address", listing)


def test_every_step_out_of_turn_leads_back_to_the_times(client, listing):
    for step in ("address", "code", "summary", "done"):
        answer = client.get(page(step, listing))
        assert (answer.status_code, answer.url) == (302, page("time", listing))
    for step in ("keep", "give_up"):
        assert client.post(page(step, listing)).status_code == 302


@pytest.mark.parametrize(
    "start", ["", "tomorrow", "2026-11-23T10:00:00", "x" * 500, "0001-01-01T00:00+14:00"]
)
def test_a_start_that_is_none_asks_for_a_time_again(client, listing, start):
    answer = client.post(page("time", listing), {"start": start})
    assert answer.status_code == 200
    assert "Error: Choose a time" in text_of(answer)


def test_a_wrong_address_and_a_wrong_code_are_said_in_words_and_kept(client, listing, ten):
    choose(client, listing, ten)
    answer = client.post(page("address", listing), {"email": "ada at home"})
    assert "Enter an email address like name@example.org" in text_of(answer)
    assert "ada at home" in answer.content.decode()
    client.post(page("address", listing), {"email": "ada@home.example"})
    assert "Enter the 6 numbers" in text_of(client.post(page("code", listing), {"code": "12"}))
    right = digits_for(Contact.objects.get())
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    assert "This code does not work" in text_of(client.post(page("code", listing), {"code": wrong}))


def test_a_known_and_an_unknown_address_are_answered_alike(client, listing, ten, now):
    a_contact(now, "ada@home.example")
    choose(client, listing, ten)
    known = client.post(page("address", listing), {"email": "ada@home.example"})
    unknown = client.post(page("address", listing), {"email": "cleo@home.example"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert client.get(known.url).status_code == 200


def test_the_summary_says_what_is_missing_and_keeps_what_was_typed(client, listing, ten):
    walk_to_summary(client, listing, ten)
    answer = client.post(
        page("summary", listing), {**TYPED, "name": "", "phone": "", "note": "n" * 501}
    )
    words = text_of(answer)
    assert "Error:" in words
    assert "Enter the name that you would like to be called by" in words
    assert "Enter your phone number" in words
    assert "Use 500 characters or fewer: you have used 501" in words
    assert "n" * 501 in answer.content.decode()
    assert Appointment.objects.get().state == State.HELD


def test_a_double_click_books_once_and_shows_no_error(client, listing, ten):
    walk_to_summary(client, listing, ten)
    answers = [client.post(page("summary", listing), TYPED) for _ in range(2)]
    assert {one.url for one in answers} == {page("done", listing)}
    assert Appointment.objects.count() == 1


def test_two_tabs_with_two_people_end_in_pages_and_not_in_errors(client, listing, ten, now):
    other = a_listing(now, name="Cai Rees")
    walk_to_summary(client, listing, ten)
    choose(client, other, ten)
    assert client.post(page("summary", listing), TYPED).url == page("done", listing)
    answer = client.post(page("summary", other), TYPED)
    assert answer.status_code == 302
    assert client.get(answer.url).status_code == 200


def test_a_time_that_is_gone_before_the_address_is_said_at_once(client, listing, ten, now):
    hold_time(listing, Wanted(ten), Person(a_contact(now, "cleo@home.example")), at=now)
    answer = choose(client, listing, ten)
    assert answer.status_code == 409
    assert "This time is no longer free" in text_of(answer)
    assert len(options_in(answer)) == 5


def test_a_time_that_is_gone_at_the_end_keeps_everything_and_offers_five(
    client, listing, ten, now, clock
):
    walk_to_summary(client, listing, ten)
    later = now + timedelta(minutes=16)
    clock.move_to(later, tick=False)
    cleo = Person(a_contact(later, "cleo@home.example"))
    hold_time(listing, Wanted(ten), cleo, at=later)
    answer = client.post(page("summary", listing), TYPED)
    assert answer.status_code == 409
    html = answer.content.decode()
    for typed in (TYPED["name"], TYPED["phone"], TYPED["note"]):
        assert typed in html
    offered = options_in(answer)
    assert len(offered) == 5
    answer = client.post(page("summary", listing), {**TYPED, "start": offered[0]})
    assert answer.url == page("done", listing)
    booked = Appointment.objects.get(state=State.BOOKED)
    assert booked.start.isoformat() == offered[0].partition("@")[0]
    assert details_of(booked).note == TYPED["note"]


def test_a_hold_is_extended_once_and_can_be_given_up(client, listing, ten, now):
    walk_to_summary(client, listing, ten)
    assert "Keep it for 15 minutes more" in text_of(client.get(page("summary", listing)))
    client.post(page("keep", listing))
    assert "Keep it for 15 minutes more" not in text_of(client.get(page("summary", listing)))
    client.post(page("give_up", listing))
    assert Appointment.objects.get().state == State.RELEASED


def test_the_channel_can_be_chosen_where_there_are_two(client, listing, ten):
    a_practice(
        listing,
        channels=("in-person", "phone"),
        town="Leeds",
        outward_postcode="LS6",
        latitude=53.8,
        longitude=-1.5,
        start=time(14),
        end=time(15),
    )
    two = ten.replace(hour=14)
    walk_to_summary(client, listing, two)
    assert "Leeds, LS6" in text_of(client.get(page("summary", listing)))
    client.post(page("summary", listing), {**TYPED, "channel": "phone", "reach": "mail"})
    assert Appointment.objects.get().channel == "phone"


def test_the_address_of_a_room_is_told_after_booking_only(client, listing, ten):
    practice = listing.practitioner.practices.get()
    practice.channels, practice.town, practice.address = ["in-person"], "Leeds", "1 Quiet Street"
    practice.latitude, practice.longitude = 53.8, -1.5
    practice.save()
    walk_to_summary(client, listing, ten)
    assert "Quiet Street" not in text_of(client.get(page("summary", listing)))
    client.post(page("summary", listing), TYPED)
    assert "1 Quiet Street" in text_of(client.get(page("done", listing)))


def test_a_fourth_appointment_is_refused_in_a_sentence(client, listing, ten, now):
    person = Person(a_contact(now))
    for day in range(3):
        wanted = Wanted(ten + timedelta(days=day))
        book_at_once(listing, wanted, person, Details(), idempotency_key=f"{day}", at=now)
    choose(client, listing, ten + timedelta(days=3))
    answer = confirm_address(client, listing)
    assert answer.status_code == 409
    assert "You have 3 appointments ahead" in text_of(answer)


def test_listings_that_take_no_bookings_say_so(client, now, ten):
    asks = a_listing(now, name="Cai Rees", booking_mode="ask-first")
    assert "would like to be asked first" in text_of(client.get(page("time", asks)))
    assert "would like to be asked first" in text_of(choose(client, asks, ten))
    paused = a_listing(now, name="Di Hall", paused_until=datetime(2027, 1, 1).date())
    assert "There are no times to book here" in text_of(client.get(page("time", paused)))
    draft = a_listing(now, name="Ed Moss", state="draft")
    assert client.get(page("time", draft)).status_code == 404


def test_pages_are_private_neutral_and_not_stored(client, listing, ten):
    walk_to_summary(client, listing, ten)
    for step in ("time", "address", "code", "summary"):
        answer = client.get(page(step, listing))
        html = answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        assert "Leave this page" in html
        assert 'name="robots" content="noindex' in html
        assert "herap" not in re.search(r"<title>(.*?)</title>", html, re.DOTALL).group(1)


@pytest.mark.parametrize("weeks", [4, 12])
def test_the_time_page_costs_the_same_for_few_and_many_times(
    client, now, weeks, django_assert_num_queries
):
    listing = a_listing(now, horizon_days=7 * weeks)
    client.get(page("time", listing))
    with django_assert_num_queries(7):
        client.get(page("time", listing))


def test_looking_at_times_remembers_nobody(client, listing):
    assert client.get(page("time", listing)).cookies.keys() <= {"__Host-csrf"}
