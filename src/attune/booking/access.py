"""The only door to what people told a practitioner, and to appointments by link or by owner."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404

from attune.accounts.contacts import email_of
from attune.accounts.models import SealingKey, User
from attune.accounts.sealing import seal_json, unseal_json
from attune.booking.links import Purpose, code_in
from attune.booking.models import Appointment

State = Appointment.State


@dataclass(frozen=True)
class Details:
    """What the practitioner learns from the person, and nobody else does."""

    name: str = ""
    phone: str = ""
    # How to reach them: mail, text or call.
    reach: str = "mail"
    may_leave_message: bool = False
    note: str = ""

    @property
    def first_name(self) -> str:
        return self.name.partition(" ")[0]


class LinkGone(Exception):
    """No such link, or it no longer does anything: the answer is the same."""


def sealed_details(
    appointment: Appointment, details: Details, *, key: SealingKey | None = None
) -> bytes:
    """Seal for the practitioner; under the key of the person's account when they have one."""
    return seal_json(
        asdict(details), model="appointment", row=appointment.code, field="details", key=key
    )


def details_of(appointment: Appointment) -> Details:
    """Open what the person told the practitioner."""
    if appointment.details_sealed is None:
        return Details()
    return Details(
        **unseal_json(
            appointment.details_sealed,
            model="appointment",
            row=appointment.code,
            field="details",
            key=appointment.member.key if appointment.member else None,
        )
    )


def address_of(appointment: Appointment) -> str:
    """Open the address of whoever booked; "" once they have erased what we hold of them."""
    return email_of(appointment.contact, key=appointment.member.key if appointment.member else None)


def appointment_by_link(token: str, purpose: Purpose, *, now: datetime) -> Appointment:
    """
    Return the appointment that a link is for. Raises ``LinkGone``.

    Links to change, cancel or confirm last until the appointment begins; a cancelled one still
    opens, to say so. The question whether two people met is open once it is over.
    """
    is_question = purpose is Purpose.ANSWER
    states = (State.BOOKED,) if is_question else (State.BOOKED, State.CANCELLED)
    code = code_in(token, purpose)
    appointment = _appointments().filter(code=code, state__in=states).first()
    if appointment is None or (appointment.start > now) is is_question:
        raise LinkGone
    return appointment


def upcoming_for(user: User | AnonymousUser, *, now: datetime) -> QuerySet[Appointment]:
    """Return the appointments that this practitioner has ahead, or in progress."""
    return (
        _appointments()
        .filter(practitioner__user=user.pk, state=State.BOOKED, during__endswith__gt=now)
        .order_by("start")
    )


def appointment_for(user: User | AnonymousUser, code: str) -> Appointment:
    """Return an appointment of this practitioner, else 404: not there and not theirs alike."""
    appointment = _appointments().filter(practitioner__user=user.pk, code=code).first()
    if appointment is None:
        raise Http404("No such appointment.")
    return appointment


def appointments_of_member(user: User | AnonymousUser) -> QuerySet[Appointment]:
    """Return a member's appointments: booked, over and cancelled."""
    states = (State.BOOKED, State.CANCELLED)
    return _appointments().filter(member=user.pk, state__in=states)


def upcoming_of_member(user: User | AnonymousUser, *, now: datetime) -> QuerySet[Appointment]:
    """Return the appointments that a member has ahead, or is in, the next one first."""
    mine = appointments_of_member(user)
    return mine.filter(state=State.BOOKED, during__endswith__gt=now).order_by("start")


def past_of_member(user: User | AnonymousUser, *, now: datetime) -> QuerySet[Appointment]:
    """Return a member's appointments that are over or cancelled, the last one first."""
    is_over = Q(state=State.CANCELLED) | Q(during__endswith__lte=now)
    return appointments_of_member(user).filter(is_over).order_by("-start")


def member_appointment(user: User | AnonymousUser, code: str) -> Appointment:
    """Return an appointment of this member, else 404: not there and not theirs alike."""
    found = appointments_of_member(user).filter(code=code).first()
    if found is None:
        raise Http404("No such appointment.")
    return found


def latest_of_browser(browser_hash: str, listing_code: str) -> Appointment | None:
    """Return what this browser last held or booked with a listing, run out or not."""
    return (
        _appointments()
        .filter(
            browser_hash=browser_hash,
            listing__code=listing_code,
            state__in=(State.HELD, State.RELEASED, State.BOOKED),
        )
        .order_by("-created_at", "-pk")
        .first()
    )


def _appointments() -> QuerySet[Appointment]:
    # With the keys to what is sealed, so that a list of many looks up none.
    return Appointment.objects.select_related(
        "practitioner", "listing", "practice", "contact", "member__key"
    )
