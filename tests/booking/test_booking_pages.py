"""From a free time to a booked one, and what becomes of it, as a browser without script does it."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import RequestFactory
from django.urls import reverse

from attune.accounts.actions import note_second_factor
from attune.accounts.models import User
from attune.booking.access import details_of
from attune.booking.actions import Details, Person, Wanted, book_at_once, change_time, hold_time
from attune.booking.contacts import digits_for
from attune.booking.links import Purpose, token_for
from attune.booking.models import Appointment, Contact
from diaries import a_contact, a_listing, a_practice, monday

pytestmark = pytest.mark.django_db

State = Appointment.State
TYPED = {
    "name": "Ada Clark",
    "reach": "call",
    "phone": "07700 900123",
    "may_leave_message": "on",
    "note": "I would like to talk about my mother.",
}


@pytest.fixture(autouse=True)
def clock(now, time_machine):
    time_machine.move_to(now, tick=False)
    return time_machine


@pytest.fixture
def listing(now):
    return a_listing(now)


@pytest.fixture
def ten(now):
    return datetime.combine(monday(now), time(10), UTC)


def page(name, listing):
    return reverse(f"book_{name}", args=[listing.code])


def choose(client, listing, start):
    return client.post(page("time", listing), {"start": start.isoformat()})


def confirm_address(client, listing, email="ada@home.example"):
    client.post(page("address", listing), {"email": email})
    digits = digits_for(Contact.objects.latest("pk"))
    return client.post(page("code", listing), {"code": f"{digits[:3]} {digits[3:]}"})


def walk_to_summary(client, listing, start):
    choose(client, listing, start)
    return confirm_address(client, listing)


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def options_in(answer):
    return re.findall(r'name="start" value="([^"]+)"', answer.content.decode())


# -- the way to a booking ----------------------------------------------------------------------
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


# -- by link -----------------------------------------------------------------------------------
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


def test_the_second_factor_is_asked_for_again_after_half_an_hour(client, ben, booked, clock, now):
    clock.move_to(now + timedelta(minutes=31), tick=False)
    answer = client.get(reverse("practice_home"))
    assert answer.status_code == 302
    assert "/accounts/" in answer.url


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
