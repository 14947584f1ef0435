"""Messages about appointments, written from the record at the moment of sending.

No subject and no opening line says what kind of appointment it is. What a person told the
practitioner is never in a message.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from attune.accounts.contacts import email_of
from attune.booking import words
from attune.booking.calendar import calendar_file
from attune.booking.links import Purpose, link_to
from attune.booking.messages import MessageKind
from attune.booking.models import Appointment
from attune.booking.openings import ADDRESS, TO_WRITE, note_opening
from attune.outbox.letters import Letter
from attune.outbox.registry import Attachment, Email, renders

ANSWER_WITHIN = timedelta(days=14)

State = Appointment.State
Write = Callable[[Appointment, datetime], Email | None]


def about_appointment(
    kind: MessageKind, state: Appointment.State
) -> Callable[[Write], Callable[[str, datetime], Email | None]]:
    """Register a writer of messages about an appointment as it was when they were queued.

    Once it has moved on, another message says so, and this one is dropped.
    """

    def register(write: Write) -> Callable[[str, datetime], Email | None]:
        @renders(kind)
        def render(about: str, now: datetime) -> Email | None:
            code, _dot, sequence = about.partition(".")
            appointment = (
                Appointment.objects.filter(code=code, sequence=sequence, state=state)
                .select_related("practitioner", "listing", "practice", "contact")
                .first()
            )
            return write(appointment, now) if appointment else None

        return render

    return register


# -- to the client -----------------------------------------------------------------------------
@about_appointment(MessageKind.BOOKED, State.BOOKED)
def booked(appointment: Appointment, now: datetime) -> Email | None:
    letter = _letter(appointment, _("Your appointment is booked."))
    return _to_client(appointment, letter, now)


@about_appointment(MessageKind.CHANGED, State.BOOKED)
def changed(appointment: Appointment, now: datetime) -> Email | None:
    letter = _letter(appointment, _("Your appointment has a new time."))
    return _to_client(appointment, letter, now)


@about_appointment(MessageKind.CANCELLED, State.CANCELLED)
def cancelled(appointment: Appointment, now: datetime) -> Email | None:
    letter = Letter(
        subject=_subject(appointment),
        opening=_("Your appointment is cancelled."),
        rows=_pairs(words.cancelled_rows(appointment)),
        links=((_("Choose another time"), _times_url(appointment)),),
    )
    return _to_client(appointment, letter, now)


@about_appointment(MessageKind.REMINDER, State.BOOKED)
def reminder(appointment: Appointment, now: datetime) -> Email | None:
    if appointment.start <= now:
        return None
    letter = _letter(appointment, _("You have an appointment."))
    return _to_client(appointment, letter, now, with_calendar=False)


@about_appointment(MessageKind.DID_YOU_MEET, State.BOOKED)
def did_you_meet(appointment: Appointment, now: datetime) -> Email | None:
    if appointment.met or now > appointment.end + ANSWER_WITHIN:
        return None
    letter = Letter(
        subject=_("After your appointment"),
        opening=_("Did you meet? Stay, or see someone else? Either is fine."),
        links=((_("Tell us"), link_to(appointment, Purpose.ANSWER)),),
    )
    return _to_client(appointment, letter, now, with_calendar=False)


# -- to the practitioner -----------------------------------------------------------------------
@about_appointment(MessageKind.BOOKED_PRACTITIONER, State.BOOKED)
def booked_practitioner(appointment: Appointment, now: datetime) -> Email:
    return _to_practitioner(appointment, _("You have a new appointment."), now)


@about_appointment(MessageKind.CHANGED_PRACTITIONER, State.BOOKED)
def changed_practitioner(appointment: Appointment, now: datetime) -> Email:
    return _to_practitioner(appointment, _("An appointment has a new time."), now)


@about_appointment(MessageKind.CANCELLED_PRACTITIONER, State.CANCELLED)
def cancelled_practitioner(appointment: Appointment, now: datetime) -> Email:
    return _to_practitioner(appointment, _("An appointment is cancelled."), now)


# -- parts ---------------------------------------------------------------------------------------
def _letter(appointment: Appointment, opening: str) -> Letter:
    """Say everything about an appointment that takes place, to the person who booked it."""
    return Letter(
        subject=_subject(appointment),
        opening=opening,
        rows=_pairs(words.booked_rows(appointment)),
        links=((_("Change or cancel"), link_to(appointment, Purpose.MANAGE)),),
        closing=words.terms_words(appointment),
    )


def _subject(appointment: Appointment) -> str:
    return _("Your appointment on %(day)s") % {"day": words.day_words(appointment)}


def _pairs(rows: Iterable[dict[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((row["label"], row["value"]) for row in rows)


def _times_url(appointment: Appointment) -> str:
    return settings.PUBLIC_URL + reverse("book_time", args=[appointment.listing.code])


def _to_client(
    appointment: Appointment, letter: Letter, now: datetime, *, with_calendar: bool = True
) -> Email | None:
    """Address a letter; None: its reader has erased what we hold, and we cannot write to them."""
    address = email_of(appointment.contact)
    if not address:
        return None
    note_opening(appointment, by=None, what=ADDRESS, purpose=TO_WRITE, at=now)
    if not with_calendar:
        return letter.to(address)
    return letter.to(address, _attached_calendar(appointment, address, now))


def _to_practitioner(appointment: Appointment, opening: str, now: datetime) -> Email:
    to_answer = (_("Confirm or cancel"), link_to(appointment, Purpose.PRACTITIONER))
    letter = Letter(
        subject=_("Appointment on %(day)s") % {"day": words.day_words(appointment)},
        opening=opening,
        rows=_pairs(words.practitioner_rows(appointment)),
        links=(to_answer,) if appointment.state == State.BOOKED else (),
    )
    address = appointment.practitioner.email
    return letter.to(address, _attached_calendar(appointment, address, now))


def _attached_calendar(appointment: Appointment, attendee: str, now: datetime) -> Attachment:
    content = calendar_file(appointment, attendee=attendee, now=now)
    method = "CANCEL" if appointment.state == State.CANCELLED else "REQUEST"
    return Attachment("appointment.ics", content, f"text/calendar; method={method}")
