"""Times and appointments for other programs: the same rules and the same times as the pages."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from attune.accounts.limits import origin_of
from attune.booking.access import Details
from attune.booking.actions import Person, Wanted, book_at_once
from attune.booking.contacts import (
    confirm_contact,
    contact_with_token,
    send_contact_code,
    token_for,
)
from attune.booking.errors import (
    CodeRefused,
    NotBookable,
    TimeTaken,
    TooManyAppointments,
    TooManyCodes,
)
from attune.booking.forms import NOTE_LENGTH, EmailForm, parse_start
from attune.booking.links import Purpose, link_to
from attune.booking.models import Appointment
from attune.booking.queries import Slot, slots_for
from attune.core.errors import InvalidInput
from attune.directory.models import Channel, Listing

router = Router(tags=["booking"])

Text = Annotated[str, StringConstraints(max_length=200)]


class ContactIn(Schema):
    email: Text


class ContactOut(Schema):
    """What will be confirmed; the answer is the same whoever owns the address."""

    contact: str


class CodeIn(Schema):
    code: Text


class TokenOut(Schema):
    """Proof of a confirmed address, good for thirty minutes."""

    token: str


class AppointmentIn(Schema):
    token: Text
    listing: Text
    start: Text = Field(description="ISO 8601 with a zone, as in 2026-04-14T10:00:00Z")
    idempotency_key: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    practice: Text = ""
    channel: Text = ""
    name: Annotated[str, StringConstraints(max_length=120)] = ""
    phone: Annotated[str, StringConstraints(max_length=30)] = ""
    note: Annotated[str, StringConstraints(max_length=NOTE_LENGTH)] = ""


class SlotOut(Schema):
    """A free time: ``start`` and ``end`` in UTC, ``zone`` the practice's."""

    start: str
    end: str
    minutes: int
    practice: str
    channels: tuple[str, ...]
    zone: str


class SlotsOut(Schema):
    listing: str
    slots: list[SlotOut]


class AppointmentOut(Schema):
    reference: str
    listing: str
    practice: str
    channel: str
    kind: str
    start: str
    end: str
    minutes: int
    zone: str
    manage: str = Field(description="The page to change or cancel it, as in the message")


class TakenOut(Schema):
    detail: str
    nearest: list[SlotOut]


class Refused(Schema):
    detail: str


@router.get("/listings/{slug:code}/slots", response=SlotsOut)
def list_slots(
    request: HttpRequest,
    code: str,
    first: Annotated[str, Query(alias="from")] = "",
    last: Annotated[str, Query(alias="to")] = "",
) -> dict[str, Any]:
    """The times that can be booked now, between two dates in the practice's zone, both included."""
    listing = _listing(code)
    if listing is None:
        raise Http404("No such listing.")
    first_day, last_day = _date("from", first), _date("to", last)
    days = None
    if last_day is not None:
        now = timezone.now()
        days = (last_day - (first_day or now.astimezone(UTC).date())) // timedelta(days=1) + 1
        if days < 1:
            raise InvalidInput("to", last, "a date that is not before the first")
    slots = slots_for(listing, timezone.now(), days, first_day=first_day)
    return {"listing": listing.code, "slots": [_slot(one) for one in slots]}


@router.post("/contacts", response={202: ContactOut, 429: Refused})
def send_code(request: HttpRequest, body: ContactIn) -> Status[dict[str, str]]:
    """Send a code to a mail address; whoever confirms it can book."""
    form = EmailForm({"email": body.email})
    if not form.is_valid():
        raise InvalidInput("email", body.email, "an email address like name@example.org")
    try:
        contact = send_contact_code(
            form.cleaned_data["email"], origin=origin_of(request), at=timezone.now()
        )
    except TooManyCodes:
        return Status(429, {"detail": "Too many codes were asked for. Try again in an hour."})
    return Status(202, {"contact": contact})


@router.post("/contacts/{slug:contact}/confirm", response=TokenOut)
def confirm(request: HttpRequest, contact: str, body: CodeIn) -> dict[str, str]:
    """Confirm an address with the code that was sent there."""
    try:
        confirmed = confirm_contact(contact, body.code.strip(), at=timezone.now())
    except CodeRefused:
        accepted = "the six digits that were sent, within 30 minutes and five attempts"
        raise InvalidInput("code", body.code, accepted) from None
    return {"token": token_for(confirmed)}


@router.post("/appointments", response={201: AppointmentOut, 409: TakenOut, 429: Refused})
def make_appointment(request: HttpRequest, body: AppointmentIn) -> Status[dict[str, Any]]:
    """Book a free time. The same idempotency key again answers with the same appointment."""
    now = timezone.now()
    contact = contact_with_token(body.token, at=now)
    if contact is None:
        raise InvalidInput("token", "", "a token from an address confirmed in the last 30 minutes")
    listing = _listing(body.listing)
    bookable = "the code of a listing that takes bookings now"
    if listing is None:
        raise InvalidInput("listing", body.listing, bookable)
    try:
        booked = book_at_once(
            listing,
            _wanted(body),
            Person(contact),
            Details(name=body.name, phone=body.phone, note=body.note),
            idempotency_key=body.idempotency_key,
            at=now,
        )
    except NotBookable:
        raise InvalidInput("listing", body.listing, bookable) from None
    except TimeTaken as taken:
        return Status(409, {"detail": str(taken), "nearest": [_slot(one) for one in taken.nearest]})
    except TooManyAppointments as error:
        return Status(429, {"detail": str(error)})
    return Status(201, _appointment(booked))


def _listing(code: str) -> Listing | None:
    return (
        Listing.objects.filter(code=code, state=Listing.State.PUBLISHED)
        .select_related("practitioner")
        .first()
    )


def _date(field: str, value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise InvalidInput(field, value, "a date like 2026-04-14") from None


def _wanted(body: AppointmentIn) -> Wanted:
    try:
        start = parse_start(body.start)
    except (ValueError, OverflowError):
        accepted = "a moment with its zone, like 2026-04-14T10:00:00Z"
        raise InvalidInput("start", body.start, accepted) from None
    if body.channel and body.channel not in Channel.values:
        raise InvalidInput("channel", body.channel, ", ".join(Channel.values))
    return Wanted(start, body.practice, body.channel)


def _slot(slot: Slot) -> dict[str, Any]:
    return {
        "start": _utc(slot.start),
        "end": _utc(slot.end),
        "minutes": slot.minutes,
        "practice": slot.practice_code,
        "channels": slot.channels,
        "zone": slot.zone,
    }


def _appointment(appointment: Appointment) -> dict[str, Any]:
    return {
        "reference": appointment.reference,
        "listing": appointment.listing.code,
        "practice": appointment.practice.code,
        "channel": appointment.channel,
        "kind": appointment.kind,
        "start": _utc(appointment.start),
        "end": _utc(appointment.end),
        "minutes": appointment.minutes,
        "zone": appointment.zone,
        "manage": link_to(appointment, Purpose.MANAGE),
    }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
