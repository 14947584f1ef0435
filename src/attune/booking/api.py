"""Times and appointments for other programs: the same rules and the same times as the pages."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status

from attune.accounts.contacts import (
    CodeRefused,
    TooManyCodes,
    confirm_contact,
    contact_with_token,
    send_contact_code,
    token_for,
)
from attune.accounts.forms import EmailForm
from attune.accounts.limits import (
    CODES_TYPED,
    MAIL_ASKED_FOR,
    READS,
    Limit,
    TooManyRequests,
    limited,
    origin_of,
)
from attune.accounts.schemas import MISTAKES_OR_TOO_MANY, Refused
from attune.booking.access import Details
from attune.booking.actions import Person, Wanted, book_at_once
from attune.booking.errors import NotBookable, TimeTaken, TooManyAppointments
from attune.booking.forms import parse_start
from attune.booking.links import Purpose, link_to
from attune.booking.models import Appointment
from attune.booking.queries import Slot, slots_for
from attune.booking.schemas import (
    AppointmentIn,
    AppointmentOut,
    CodeIn,
    ContactIn,
    ContactOut,
    SlotsOut,
    TakenOut,
    TokenOut,
)
from attune.core.errors import InvalidInput
from attune.directory.models import Channel, Listing

router = Router(tags=["booking"])

ONE_HOUR, ONE_DAY = timedelta(hours=1), timedelta(days=1)
BOOKINGS = Limit("bookings", 60)


@router.get(
    "/listings/{slug:code}/slots",
    response={200: SlotsOut, 404: Refused, **MISTAKES_OR_TOO_MANY},
)
@limited(READS)
def list_slots(
    request: HttpRequest,
    code: str,
    first: Annotated[str, Query(alias="from")] = "",
    last: Annotated[str, Query(alias="to")] = "",
) -> dict[str, Any]:
    """The times that can be booked now, between two dates in the practice's zone, both included."""
    now = timezone.now()
    listing = _listing(code)
    if listing is None:
        raise Http404("No such listing.")
    first_day, last_day, days = _date("from", first), _date("to", last), None
    if last_day is not None:
        # Yesterday in UTC is over or today in every zone; what is past is left out there.
        first_day = first_day or min(last_day, now.astimezone(UTC).date() - ONE_DAY)
        days = (last_day - first_day) // ONE_DAY + 1
        if days < 1:
            raise InvalidInput("to", last, "a date that is not before the first")
    slots = slots_for(listing, now, days, first_day=first_day)
    return {"listing": listing.code, "slots": [_slot(one) for one in slots]}


@router.post("/contacts", response={202: ContactOut, **MISTAKES_OR_TOO_MANY})
@limited(MAIL_ASKED_FOR)
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
        raise TooManyRequests(
            "Too many codes were asked for. Try again in an hour.", ONE_HOUR
        ) from None
    return Status(202, {"contact": contact})


@router.post("/contacts/{slug:contact}/confirm", response={200: TokenOut, **MISTAKES_OR_TOO_MANY})
@limited(CODES_TYPED)
def confirm(request: HttpRequest, contact: str, body: CodeIn) -> dict[str, str]:
    """Confirm an address with the code that was sent there."""
    try:
        confirmed = confirm_contact(contact, body.code.strip(), at=timezone.now())
    except CodeRefused:
        accepted = "the six digits that were sent, within 30 minutes and five attempts"
        raise InvalidInput("code", body.code, accepted) from None
    return {"token": token_for(confirmed)}


@router.post("/appointments", response={201: AppointmentOut, 409: TakenOut, **MISTAKES_OR_TOO_MANY})
@limited(BOOKINGS)
def make_appointment(request: HttpRequest, body: AppointmentIn) -> Status[dict[str, Any]]:
    """Book a free time. The same idempotency key again answers with the same appointment."""
    now = timezone.now()
    contact = contact_with_token(body.token, at=now)
    if contact is None:
        accepted = "a token from an address confirmed in the last 30 minutes"
        raise InvalidInput("token", body.token, accepted)
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
