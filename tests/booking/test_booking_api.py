import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from attune.accounts.contacts import digits_for, token_for
from attune.accounts.models import Contact
from attune.booking.access import details_of
from attune.booking.models import Appointment
from attune.outbox.models import Message
from diaries import a_contact, a_listing, a_practice, monday

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now, time_machine):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def listing(now):
    return a_listing(now)


@pytest.fixture
def body(listing, now):
    return {
        "token": token_for(a_contact(now)),
        "listing": listing.code,
        "start": datetime.combine(monday(now), time(10), UTC).isoformat(),
        "idempotency_key": "first try",
    }


def post(client, path, body):
    return client.post(f"/api/v1/{path}", body, content_type="application/json")


def book(client, body, **changes):
    return post(client, "appointments", {**body, **changes})


def named(answer):
    return answer.json()["detail"][0]["field"]


def test_the_whole_way_for_a_program(client, listing, now):
    sent = post(client, "contacts", {"email": "ada@home.example"})
    assert (sent.status_code, list(sent.json())) == (202, ["contact"])
    digits = digits_for(Contact.objects.get())
    confirmed = post(client, f"contacts/{sent.json()['contact']}/confirm", {"code": digits})
    slots = client.get(f"/api/v1/listings/{listing.code}/slots").json()["slots"]
    booked = book(
        client,
        {"token": confirmed.json()["token"], "listing": listing.code, "idempotency_key": "k"},
        start=slots[0]["start"],
        name="Ada Clark",
        note="my mother",
    )
    assert booked.status_code == 201
    row = Appointment.objects.get()
    assert booked.json()["reference"] == row.reference
    assert booked.json()["start"] == slots[0]["start"]
    assert details_of(row).note == "my mother"
    assert (
        client.get(booked.json()["manage"].removeprefix("http://localhost:8000")).status_code == 200
    )


def test_the_same_key_again_is_the_same_appointment(client, body):
    first, again = book(client, body), book(client, body)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Appointment.objects.count() == 1
    assert Message.objects.filter(kind="booked").count() == 1


def test_a_time_that_was_taken_is_409_with_the_nearest_five(client, body, now):
    book(client, body)
    other = token_for(a_contact(now, "cleo@home.example"))
    answer = book(client, body, token=other)
    assert answer.status_code == 409
    assert len(answer.json()["nearest"]) == 5
    nearest = answer.json()["nearest"][0]
    assert book(client, body, token=other, start=nearest["start"]).status_code == 201


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("token", "nobody"),
        ("listing", "nowhere"),
        ("start", "tomorrow"),
        ("start", "2026-11-23T10:00:00"),
        ("channel", "carrier pigeon"),
    ],
)
def test_a_value_that_cannot_be_used_is_422_and_named(client, body, field, value):
    answer = book(client, body, **{field: value})
    assert answer.status_code == 422
    assert named(answer) == field
    assert answer.json()["detail"][0]["accepted"]


@pytest.mark.parametrize(
    "changes", [{"idempotency_key": ""}, {"note": "n" * 501}, {"start": None}, {"token": 7}]
)
def test_a_value_of_the_wrong_kind_is_422_and_named(client, body, changes):
    answer = book(client, body, **changes)
    assert answer.status_code == 422
    assert next(iter(changes)) in str(answer.json()["detail"])


@pytest.mark.parametrize("start", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:00Z"])
def test_a_start_at_the_end_of_time_is_taken_like_any_other(client, body, start):
    assert book(client, body, start=start).status_code == 409


def test_an_ask_first_listing_is_named_and_never_booked(client, body, now):
    asks = a_listing(now, name="Cai Rees", booking_mode="ask-first")
    answer = book(client, body, listing=asks.code)
    assert (answer.status_code, named(answer)) == (422, "listing")


def test_a_fourth_appointment_is_429(client, body, now):
    for day in range(3):
        start = datetime.combine(monday(now) + timedelta(days=day), time(10), UTC)
        book(client, body, start=start.isoformat(), idempotency_key=f"{day}")
    start = datetime.combine(monday(now) + timedelta(days=3), time(10), UTC)
    answer = book(client, body, start=start.isoformat(), idempotency_key="4")
    assert answer.status_code == 429


def test_known_and_unknown_addresses_are_answered_alike(client, now):
    a_contact(now, "ada@home.example")
    known = post(client, "contacts", {"email": "ada@home.example"})
    unknown = post(client, "contacts", {"email": "cleo@home.example"})
    assert known.status_code == unknown.status_code == 202
    assert [len(str(one.json())) for one in (known, unknown)] == [len(str(known.json()))] * 2


def test_wrong_addresses_and_codes_are_named(client):
    assert named(post(client, "contacts", {"email": "ada at home"})) == "email"
    assert named(post(client, "contacts/nothing/confirm", {"code": "123456"})) == "code"


def test_slots_can_be_asked_for_by_date_both_ends_included(client, listing, now):
    day = monday(now)
    path = f"/api/v1/listings/{listing.code}/slots?from={day}&to={day + timedelta(days=1)}"
    starts = [one["start"] for one in client.get(path).json()["slots"]]
    assert starts == [
        f"{one}T{hour:02d}:00:00Z" for one in (day, day + timedelta(days=1)) for hour in (9, 10, 11)
    ]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=tomorrow", "from"),
        ("to=2026-13-01", "to"),
        ("from=2026-11-30&to=2026-11-29", "to"),
    ],
)
def test_a_date_that_is_none_is_named(client, listing, query, field):
    answer = client.get(f"/api/v1/listings/{listing.code}/slots?{query}")
    assert (answer.status_code, named(answer)) == (422, field)


def test_dates_far_away_are_empty_and_not_errors(client, listing):
    for query in (
        f"from={date.min}&to={date.max}",
        f"from={date.max}",
        f"to={date.max}",
        "from=2030-01-01",
    ):
        answer = client.get(f"/api/v1/listings/{listing.code}/slots?{query}")
        assert answer.status_code == 200
    assert client.get("/api/v1/listings/nowhere/slots").status_code == 404


def test_the_page_and_the_api_offer_the_same_times(client, listing):
    page = client.get(reverse("book_time", args=[listing.code])).content.decode()
    on_page = {
        datetime.fromisoformat(one.partition("@")[0])
        for one in re.findall(r'name="start" value="([^"]+)"', page)
    }
    slots = client.get(f"/api/v1/listings/{listing.code}/slots").json()["slots"]
    assert on_page == {datetime.fromisoformat(one["start"]) for one in slots}


@pytest.mark.parametrize(
    ("zone", "moment", "today"),
    [
        # An hour after midnight in British summer: still yesterday in UTC.
        ("Europe/London", datetime(2026, 7, 1, 23, 30, tzinfo=UTC), date(2026, 7, 2)),
        ("Europe/London", datetime(2026, 10, 24, 23, 30, tzinfo=UTC), date(2026, 10, 25)),
        ("Pacific/Auckland", datetime(2026, 7, 1, 20, tzinfo=UTC), date(2026, 7, 2)),
        ("America/Los_Angeles", datetime(2026, 7, 2, 2, tzinfo=UTC), date(2026, 7, 1)),
    ],
)
def test_without_a_first_date_times_begin_today_where_the_practice_is(
    client, time_machine, zone, moment, today
):
    time_machine.move_to(moment, tick=False)
    listing = a_listing(moment, notice_hours=0)
    listing.practitioner.practices.all().delete()
    a_practice(listing, zone=zone, days=range(7), start=time(0), end=time(0))
    path = f"/api/v1/listings/{listing.code}/slots"

    def days_until(last):
        slots = client.get(path, {"to": last.isoformat()}).json()["slots"]
        return {
            datetime.fromisoformat(one["start"]).astimezone(ZoneInfo(zone)).date() for one in slots
        }

    assert days_until(today) == {today}
    assert days_until(today + timedelta(days=1)) == {today, today + timedelta(days=1)}
    assert days_until(today - timedelta(days=1)) == days_until(date.min) == set()


def test_a_program_that_asks_too_often_is_told_when_to_come_back(client):
    for number in range(20):
        post(client, "contacts", {"email": f"a{number}@home.example"})
    answer = post(client, "contacts", {"email": "ada@home.example"})
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert answer.json() == {"detail": "Too many codes were asked for. Try again in an hour."}
