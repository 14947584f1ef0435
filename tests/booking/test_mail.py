"""What leaves by mail: the right time in the right zone, and no word about why."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.core import mail
from icalendar import Calendar

from attune.accounts.contacts import send_contact_code
from attune.booking.actions import (
    Details,
    Person,
    Wanted,
    book,
    cancel,
    cancel_by_practitioner,
    change_time,
    hold_time,
)
from attune.booking.models import Appointment
from attune.outbox.models import Message
from attune.outbox.registry import renderer_of
from attune.outbox.sending import send_due
from diaries import a_contact, a_listing, monday

pytestmark = pytest.mark.django_db

ADA = Details(name="Ada Clark", phone="07700 900123", note="I feel low since my divorce.")
HEALTH_WORDS = re.compile(
    r"therap|counsel|psych|mental|health|depress|anxi|session|treatment|patient|clinic|divorce|low\b",
    re.IGNORECASE,
)


@pytest.fixture
def listing(now):
    return a_listing(now)


@pytest.fixture
def booked(listing, now):
    return book_on(listing, monday(now), now)


def book_on(listing, day, now, hour=10):
    wanted = Wanted(datetime.combine(day, time(hour), UTC))
    return book(hold_time(listing, wanted, Person(a_contact(now)), at=now), ADA, at=now)


def sent_after(deed, now):
    mail.outbox.clear()
    deed()
    send_due(now)
    return {one.to[0]: one for one in mail.outbox}


def calendar_in(message):
    _name, content, content_type = message.attachments[0]
    calendar = Calendar.from_ical(content)
    event = next(iter(calendar.walk("VEVENT")))
    return content_type, str(calendar["METHOD"]), event


def test_both_sides_are_told_at_once(booked, now):
    messages = sent_after(lambda: None, now)
    assert sorted(messages) == ["ada@home.example", "ben@practice.example"]
    ada = messages["ada@home.example"]
    assert ada.subject == "Your appointment on Monday 23 November"
    assert "When: Monday 23 November 2026, 10:00am to 10:50am (UK time)" in ada.body
    assert "With: Ben Okello" in ada.body
    assert "Cost: £65" in ada.body
    assert f"Reference: {booked.reference}" in ada.body
    assert "http://localhost:8000/appointments/" in ada.body
    assert "/practice/link/" in messages["ben@practice.example"].body


def test_the_time_is_the_practices_on_either_side_of_the_clock_change():
    now = datetime(2026, 10, 21, 10, tzinfo=UTC)
    listing = a_listing(now)
    friday, next_monday = datetime(2026, 10, 23), datetime(2026, 10, 26)
    for day, hour in ((friday, 8), (next_monday, 9)):
        book_on(listing, day.date(), now, hour)
    bodies = [one.body for one in sent_all(now) if one.to == ["ada@home.example"]]
    assert ["9:00am to 9:50am" in one for one in bodies] == [True, True]


def sent_all(now):
    mail.outbox.clear()
    send_due(now)
    return mail.outbox


def test_no_message_says_why_or_what_was_written(booked, listing, now):
    send_contact_code("ada@home.example", origin="here", at=now)
    other = datetime.combine(monday(now), time(11), UTC)
    sent = list(sent_all(now))
    change_time(booked, Wanted(other), version=1, at=now)
    sent += sent_all(now)
    sent += sent_all(other - timedelta(hours=72))
    sent += sent_all(other - timedelta(hours=24))
    sent += sent_all(other + timedelta(days=1, hours=1))
    again = book_on(listing, monday(now, 2), now)
    cancel_by_practitioner(again, "full", version=1, at=now)
    sent += sent_all(other + timedelta(days=2))
    assert {one.kind for one in Message.objects.filter(sent_at=None, dropped_at=None)} == {
        "did-you-meet",
        "reminder",
    }
    assert len(sent) == 1 + 2 + 2 + 1 + 1 + 1 + 2
    for one in sent:
        html = one.alternatives[0][0]
        files = [str(part) for part in one.attachments]
        for text in (one.subject, one.from_email, one.body, html, *files):
            without_name = text.replace("Ben Okello", "")
            assert HEALTH_WORDS.search(without_name) is None, text
            assert "Clark" not in text
            assert "07700" not in text


def test_every_message_has_one_recipient_and_text_and_html(booked, now):
    for one in sent_all(now):
        assert len(one.recipients()) == 1
        assert one.body.strip()
        assert one.alternatives[0][1] == "text/html"
        assert one.extra_headers["Message-ID"].endswith("@localhost>")


def test_the_calendar_keeps_its_uid_counts_up_and_says_cancel(booked, now):
    first = sent_after(lambda: None, now)["ada@home.example"]
    other = datetime.combine(monday(now), time(11), UTC)
    moved = sent_after(lambda: change_time(booked, Wanted(other), version=1, at=now), now)
    gone = sent_after(lambda: cancel(booked, version=2, at=now), now)
    seen = [
        calendar_in(one) for one in (first, moved["ada@home.example"], gone["ada@home.example"])
    ]
    assert len({str(event["UID"]) for _, _, event in seen}) == 1
    assert [int(event["SEQUENCE"]) for _, _, event in seen] == [0, 1, 2]
    assert [method for _, method, _ in seen] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [kind for kind, _, _ in seen] == [
        "text/calendar; method=REQUEST",
        "text/calendar; method=REQUEST",
        "text/calendar; method=CANCEL",
    ]
    assert [str(event["STATUS"]) for _, _, event in seen][-1] == "CANCELLED"
    assert {str(event["SUMMARY"]) for _, _, event in seen} == {"Appointment"}
    assert [event["DTSTART"].dt for _, _, event in seen] == [
        other - timedelta(hours=1),
        other,
        other,
    ]
    assert seen[0][2]["DTEND"].dt - seen[0][2]["DTSTART"].dt == timedelta(minutes=50)
    assert set(seen[0][2]) <= {
        *("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "CLASS"),
        *("ORGANIZER", "ATTENDEE"),
    }


def test_the_calendar_part_is_readable_as_sent(booked, now):
    message = sent_after(lambda: None, now)["ada@home.example"].message()
    part = next(one for one in message.walk() if one.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"
    assert b"BEGIN:VEVENT" in part.get_payload(decode=True)


def test_reminders_of_an_old_time_and_of_a_cancelled_appointment_are_dropped(booked, now):
    sent_all(now)
    later = datetime.combine(monday(now, 2), time(11), UTC)
    change_time(booked, Wanted(later), version=1, at=now)
    assert len(sent_all(now)) == 2
    assert sent_all(booked.start - timedelta(hours=24)) == []
    cancel(booked, version=2, at=now)
    assert len(sent_all(later)) == 2
    assert sent_all(later + timedelta(days=2)) == []


def test_a_reminder_that_comes_too_late_is_dropped(booked):
    assert renderer_of("reminder")(f"{booked.code}.0", booked.start) is None
    assert renderer_of("reminder")(f"{booked.code}.0", booked.start - timedelta(minutes=1))


def test_a_practitioners_reason_reaches_the_person_in_a_sentence(booked, now):
    sent_all(now)
    cancel_by_practitioner(booked, "away", version=1, at=now)
    ada = next(one for one in sent_all(now) if one.to == ["ada@home.example"])
    assert "Why: Ben Okello is away." in ada.body


def test_a_code_that_was_used_or_ran_out_is_not_sent(now):
    code = send_contact_code("ada@home.example", origin="here", at=now)
    assert renderer_of("contact-code")(code, now)
    assert renderer_of("contact-code")(code, now + timedelta(minutes=30)) is None


def test_the_question_of_the_day_after_is_not_asked_twice(booked):
    day_after = booked.end + timedelta(days=1)
    about = f"{booked.code}.0"
    asked = renderer_of("did-you-meet")(about, day_after)
    assert "Did you meet? Stay, or see someone else? Either is fine." in asked.text
    Appointment.objects.update(met="stays")
    assert renderer_of("did-you-meet")(about, day_after) is None
