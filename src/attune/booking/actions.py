"""What people do to a diary. Each is one transaction, under the locks of those it concerns.

The exclusion constraint guarantees that nothing overlaps; the lock on the diary lets the second
of two see the first, and answer with other times instead of an error.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F, Q, QuerySet

from attune.accounts.locks import locked
from attune.accounts.models import Contact
from attune.accounts.sealing import keyed_hash
from attune.booking.access import Details, sealed_details
from attune.booking.adoption import hand_over_to_owner
from attune.booking.errors import ChangedMeanwhile, NotBookable, TimeTaken, TooManyAppointments
from attune.booking.messages import MessageKind, reminders_to_come
from attune.booking.models import Appointment
from attune.booking.queries import (
    Meeting,
    Slot,
    has_run_out,
    is_open,
    meeting_for,
    meeting_of,
    nearest_slots,
    slots_near,
    taking_time,
)
from attune.booking.words import fee_words
from attune.directory.actions import record_change
from attune.directory.dates import day_of
from attune.directory.models import Counters, Listing, Practice
from attune.outbox.actions import enqueue
from attune.vocabulary.codes import new_code

HOLD_LASTS = timedelta(minutes=15)
ASKED_AFTER = timedelta(days=1)
MOST_UPCOMING = 3
# A practitioner who says "seen" or "no" within this time counts as answering.
ANSWER_WITHIN = timedelta(hours=48)

State = Appointment.State


@dataclass(frozen=True)
class Wanted:
    """The time that somebody chose. No practice or channel: any that is free then."""

    start: datetime
    practice_code: str = ""
    channel: str = ""

    def is_met_by(self, slot: Slot) -> bool:
        return (
            slot.start == self.start
            and self.practice_code in ("", slot.practice_code)
            and (not self.channel or self.channel in slot.channels)
        )


@dataclass(frozen=True)
class Person:
    """Who books: a confirmed address, and the browser's own random key (none over the API)."""

    contact: Contact
    browser: str = ""

    @property
    def browser_hash(self) -> str:
        return browser_hash(self.browser) if self.browser else ""

    @property
    def locks(self) -> tuple[str, ...]:
        mine = (f"person/{self.contact.email_hash}",)
        return (*mine, f"browser/{self.browser_hash}") if self.browser else mine

    @property
    def held(self) -> Q:
        """What this person holds, by address or by browser."""
        mine = Q(email_hash=self.contact.email_hash)
        if self.browser:
            mine |= Q(browser_hash=self.browser_hash)
        return mine & Q(state=State.HELD)


def browser_hash(browser: str) -> str:
    return keyed_hash(browser, purpose="browser")


# -- taking a time ------------------------------------------------------------------------------
def refuse_if_taken(listing: Listing, wanted: Wanted, *, at: datetime) -> None:
    """Raise ``TimeTaken`` or ``NotBookable`` if the time cannot be had; nothing is kept."""
    _offered(listing, wanted, at)


def hold_time(listing: Listing, wanted: Wanted, person: Person, *, at: datetime) -> Appointment:
    """
    Keep a time for a person for fifteen minutes.

    An older hold of the same person is given up; holding the same time again is harmless.

    Raises ``NotBookable``, ``TimeTaken``, ``TooManyAppointments``.
    """
    slot = None
    try:
        slot = _offered(listing, wanted, at)
    except TimeTaken:
        # Perhaps by what this person holds, from this tab or another.
        if not Appointment.objects.filter(person.held).exists():
            raise
    with locked(_diary(listing.practitioner_id), *person.locks):
        own = _held_now(person, listing, at)
        if own is not None and _is_the_same(own, wanted, person):
            return own
        _refuse_too_many(person.contact, at)
        # With the locks held, what the person holds stands still.
        slot = slot or _offered(listing, wanted, at, moving=own)
        held = _place(listing, slot, wanted, person, at)
        if held is not None:
            held.state, held.hold_until = State.HELD, at + HOLD_LASTS
            held.save()
            record_change(listing.pk, at=at)
    if held is None:
        raise _taken(listing, wanted, at)
    return held


def extend_hold(held: Appointment, *, at: datetime) -> Appointment:
    """Keep a held time for fifteen minutes more, once. Without effect when it is not held."""
    with locked(_diary(held.practitioner_id)):
        row = _fresh(held)
        if row.state == State.HELD and not row.was_extended:
            row.hold_until, row.was_extended = at + HOLD_LASTS, True
            row.save(update_fields=["hold_until", "was_extended"])
            record_change(row.listing_id, at=at)
    return row


def release_hold(held: Appointment, *, at: datetime) -> None:
    """Give up a held time. Without effect when it is not held."""
    with locked(_diary(held.practitioner_id)):
        _release(Q(pk=held.pk, state=State.HELD), at=at)


def book(held: Appointment, details: Details, *, channel: str = "", at: datetime) -> Appointment:
    """
    Make a held time an appointment, and tell both sides.

    A hold that ran out is as good as one that did not while nobody else took the time. Booking
    twice is harmless.

    Args:
        channel: How to meet, one of those of the held time; "": as held.

    Raises ``TimeTaken``, ``TooManyAppointments``, and ``ChangedMeanwhile`` for a cancelled one.
    """
    person = Person(held.contact)
    with locked(_diary(held.practitioner_id), *person.locks):
        row = _fresh(held)
        if row.state == State.BOOKED:
            return row
        if row.state == State.CANCELLED:
            raise ChangedMeanwhile
        _refuse_too_many(person.contact, at)
        is_free = not has_run_out(row, at) or (
            _find(row.listing, wanted_of(row), at, moving=row) is not None
        )
        if is_free:
            _release((person.held | _lapsed(row.practitioner_id, at)) & ~Q(pk=row.pk), at=at)
            row.channel = channel or row.channel
            _confirm(row, details, at)
    if not is_free:
        raise _taken(row.listing, wanted_of(row), at)
    return row


def book_at_once(
    listing: Listing,
    wanted: Wanted,
    person: Person,
    details: Details,
    *,
    idempotency_key: str,
    at: datetime,
) -> Appointment:
    """
    Book without holding first, as the API does. The same key again returns the same appointment.

    Raises ``NotBookable``, ``TimeTaken``, ``TooManyAppointments``.
    """
    made = Q(contact=person.contact, idempotency_key=idempotency_key)
    slot = None
    try:
        slot = _offered(listing, wanted, at)
    except (TimeTaken, NotBookable):
        # Perhaps by the same request a moment ago, or by what this person holds.
        if not Appointment.objects.filter(made | person.held).exists():
            raise
    with locked(_diary(listing.practitioner_id), *person.locks):
        if (before := Appointment.objects.filter(made).first()) is not None:
            return before
        _refuse_too_many(person.contact, at)
        slot = slot or _offered(listing, wanted, at, moving=_held_now(person, listing, at))
        booked = _place(listing, slot, wanted, person, at)
        if booked is not None:
            booked.idempotency_key = idempotency_key
            _confirm(booked, details, at)
    if booked is None:
        raise _taken(listing, wanted, at)
    return booked


# -- what happens to an appointment -------------------------------------------------------------
def change_time(
    appointment: Appointment, wanted: Wanted, *, version: int, at: datetime
) -> Appointment:
    """
    Move an appointment to another free time, and tell both sides.

    Args:
        version: The version that the person saw; moving to where it already is, is harmless.

    Raises ``TimeTaken``, ``ChangedMeanwhile``.
    """
    with locked(_diary(appointment.practitioner_id)):
        row = _fresh(appointment)
        if row.state == State.BOOKED and wanted.is_met_by(_slot_of(row)):
            return row
        _refuse_stale(row, version, at)
        slot = _find(row.listing, wanted, at, moving=row)
        if slot is not None:
            _move(row, slot, wanted, at)
    if slot is None:
        raise _taken(row.listing, wanted, at, moving=row)
    return row


def cancel(appointment: Appointment, *, version: int, at: datetime) -> Appointment:
    """Cancel for the client. Cancelling twice is harmless. Raises ``ChangedMeanwhile``."""
    with locked(_diary(appointment.practitioner_id)):
        row = _fresh(appointment)
        if row.state != State.CANCELLED:
            _refuse_stale(row, version, at)
            _cancel(row, Appointment.CancelledBy.CLIENT, at)
    return row


def cancel_by_practitioner(
    appointment: Appointment, reason: str, *, version: int, at: datetime
) -> Appointment:
    """Cancel for the practitioner, who says why. Raises ``ChangedMeanwhile``."""
    with locked(_diary(appointment.practitioner_id)):
        row = _fresh(appointment)
        if row.state != State.CANCELLED:
            _refuse_stale(row, version, at)
            row.cancel_reason = reason
            _count_answer(row, at)
            _cancel(row, Appointment.CancelledBy.PRACTITIONER, at)
    return row


def give_up_all(appointments: Sequence[Appointment], *, at: datetime) -> None:
    """Cancel for the client what is booked ahead, and release what is held."""
    with locked(*(_diary(one.practitioner_id) for one in appointments)):
        for one in appointments:
            row = _fresh(one)
            if row.state == State.BOOKED and row.start > at:
                _cancel(row, Appointment.CancelledBy.CLIENT, at)
        _release(Q(pk__in=[one.pk for one in appointments], state=State.HELD), at=at)


def acknowledge(appointment: Appointment, *, version: int, at: datetime) -> Appointment:
    """Record that the practitioner has seen it. Raises ``ChangedMeanwhile``."""
    with locked(_diary(appointment.practitioner_id)):
        row = _fresh(appointment)
        if row.state != State.BOOKED or row.version != version:
            raise ChangedMeanwhile
        if row.seen_at is None:
            _count_answer(row, at)
            row.seen_at = at
            row.save(update_fields=["seen_at"])
            record_change(row.listing_id, at=at)
    return row


def answer_did_you_meet(appointment: Appointment, answer: str, *, at: datetime) -> Appointment:
    """Record what came of a first meeting; the last answer counts. Raises ``ChangedMeanwhile``."""
    with locked(_diary(appointment.practitioner_id)):
        row = _fresh(appointment)
        if row.state != State.BOOKED or row.start > at:
            raise ChangedMeanwhile
        row.met = answer
        row.save(update_fields=["met"])
    return row


# -- the steps, all of them under the locks -----------------------------------------------------
def _diary(practitioner_id: int) -> str:
    return f"diary/{practitioner_id}"


def _fresh(appointment: Appointment) -> Appointment:
    return Appointment.objects.select_related("listing", "practice", "practitioner", "contact").get(
        pk=appointment.pk
    )


def wanted_of(appointment: Appointment) -> Wanted:
    return Wanted(appointment.start, appointment.practice.code, appointment.channel)


def _slot_of(appointment: Appointment) -> Slot:
    return Slot(
        start=appointment.start,
        practice_code=appointment.practice.code,
        minutes=appointment.minutes,
        zone=appointment.zone,
        channels=(appointment.channel,),
    )


def _held_now(person: Person, listing: Listing, at: datetime) -> Appointment | None:
    held = Appointment.objects.filter(person.held, listing=listing, hold_until__gt=at)
    return held.select_related("practice").first()


def _is_the_same(held: Appointment, wanted: Wanted, person: Person) -> bool:
    return held.email_hash == person.contact.email_hash and wanted.is_met_by(_slot_of(held))


def _offered(
    listing: Listing, wanted: Wanted, at: datetime, *, moving: Appointment | None = None
) -> Slot:
    """Return the slot that meets the wish; else raise why not, before anybody waits for a lock."""
    near = slots_near(listing, at, wanted.start, moving=moving) if wanted.start > at else []
    found = next((one for one in near if wanted.is_met_by(one)), None)
    if found is not None:
        return found
    if not near and (meeting_for(listing) is None or not is_open(listing, at)):
        raise NotBookable
    raise _taken(listing, wanted, at, moving=moving, near=near)


def _find(listing: Listing, wanted: Wanted, at: datetime, *, moving: Appointment) -> Slot | None:
    """Return the slot that meets the wish, if it is free for an appointment that has a place."""
    if wanted.start <= at:
        return None
    slots = slots_near(listing, at, wanted.start, moving=moving)
    return next((one for one in slots if wanted.is_met_by(one)), None)


def _taken(
    listing: Listing,
    wanted: Wanted,
    at: datetime,
    *,
    moving: Appointment | None = None,
    near: Sequence[Slot] | None = None,
) -> TimeTaken:
    return TimeTaken(
        nearest_slots(listing, at, wanted.start, channel=wanted.channel, moving=moving, near=near)
    )


def _refuse_too_many(contact: Contact, at: datetime) -> None:
    ahead = Appointment.objects.filter(
        email_hash=contact.email_hash, state=State.BOOKED, start__gt=at
    )
    if ahead.count() >= MOST_UPCOMING:
        raise TooManyAppointments(MOST_UPCOMING)


def _refuse_stale(appointment: Appointment, version: int, at: datetime) -> None:
    is_as_seen = appointment.state == State.BOOKED and appointment.version == version
    if not is_as_seen or appointment.start <= at:
        raise ChangedMeanwhile


def _place(
    listing: Listing, slot: Slot, wanted: Wanted, person: Person, at: datetime
) -> Appointment | None:
    """Return an appointment in a slot that was offered, not yet saved; None if it is gone.

    What the person held before, and what ran out, has made way for it.
    """
    meeting = meeting_for(listing)
    if meeting is None or _others_at(listing, _during(slot, meeting), person, at).exists():
        return None
    _release(person.held | _lapsed(listing.practitioner_id, at), at=at)
    return Appointment(
        reference=new_code(8).upper(),
        practitioner_id=listing.practitioner_id,
        listing=listing,
        practice=Practice.objects.get(code=slot.practice_code),
        channel=wanted.channel or slot.channels[0],
        kind=meeting.kind,
        during=_during(slot, meeting),
        start=slot.start,
        minutes=slot.minutes,
        zone=slot.zone,
        fee_words=fee_words(listing, meeting),
        cancellation_hours=listing.cancellation_hours,
        contact=person.contact,
        email_hash=person.contact.email_hash,
        browser_hash=person.browser_hash,
        created_at=at,
    )


def _others_at(
    listing: Listing, during: DateTimeTZRange, person: Person, at: datetime
) -> QuerySet[Appointment]:
    """Return what is in the way of a span, other than what this person holds."""
    return Appointment.objects.filter(
        taking_time(at), practitioner=listing.practitioner_id, during__overlap=during
    ).exclude(person.held)


def _during(slot: Slot, meeting: Meeting) -> DateTimeTZRange:
    return DateTimeTZRange(slot.start, slot.end + timedelta(minutes=meeting.buffer_minutes))


def _lapsed(practitioner_id: int, at: datetime) -> Q:
    return Q(practitioner=practitioner_id, state=State.HELD, hold_until__lte=at)


def _release(which: Q, *, at: datetime) -> None:
    """Give up these holds. Rows are locked in one order, whoever else releases some of them."""
    held = list(
        Appointment.objects.filter(which).order_by("pk").select_for_update().only("listing_id")
    )
    Appointment.objects.filter(pk__in=[one.pk for one in held]).update(state=State.RELEASED)
    for listing_id in {one.listing_id for one in held}:
        record_change(listing_id, at=at)


def _confirm(appointment: Appointment, details: Details, at: datetime) -> None:
    appointment.state, appointment.hold_until = State.BOOKED, None
    appointment.booked_at = appointment.asked_at = at
    appointment.details_sealed = sealed_details(appointment, details)
    appointment.save()
    hand_over_to_owner(appointment)
    record_change(appointment.listing_id, at=at)
    _tell(appointment, MessageKind.BOOKED, at)
    _tell(appointment, MessageKind.BOOKED_PRACTITIONER, at)
    _tell_later(appointment, at)
    _count(appointment.listing_id, at, booked=1, asked=1)


def _move(appointment: Appointment, slot: Slot, wanted: Wanted, at: datetime) -> None:
    was_seen = appointment.seen_at is not None
    appointment.during = _during(slot, meeting_of(appointment))
    appointment.start, appointment.zone = slot.start, slot.zone
    appointment.practice = Practice.objects.get(code=slot.practice_code)
    appointment.channel = wanted.channel or (
        appointment.channel if appointment.channel in slot.channels else slot.channels[0]
    )
    appointment.asked_at, appointment.seen_at = at, None
    appointment.sequence += 1
    appointment.version += 1
    appointment.save()
    record_change(appointment.listing_id, at=at)
    _tell(appointment, MessageKind.CHANGED, at)
    _tell(appointment, MessageKind.CHANGED_PRACTITIONER, at)
    _tell_later(appointment, at)
    if was_seen:
        _count(appointment.listing_id, at, asked=1)


def _cancel(appointment: Appointment, by: Appointment.CancelledBy, at: datetime) -> None:
    appointment.state, appointment.cancelled_at, appointment.cancelled_by = State.CANCELLED, at, by
    appointment.sequence += 1
    appointment.version += 1
    appointment.save()
    record_change(appointment.listing_id, at=at)
    _tell(appointment, MessageKind.CANCELLED, at)
    _tell(appointment, MessageKind.CANCELLED_PRACTITIONER, at)


def _tell(appointment: Appointment, kind: MessageKind, at: datetime) -> None:
    code, sequence = appointment.code, appointment.sequence
    enqueue(kind, f"{code}.{sequence}", key=f"{kind}/{code}/{sequence}", at=at)


def _tell_later(appointment: Appointment, at: datetime) -> None:
    """Queue what depends on the time; a move makes these stale, and stale ones are dropped."""
    about, start = f"{appointment.code}.{appointment.sequence}", appointment.start
    for before in reminders_to_come(start, at=at):
        key = f"reminder/{about}/{before // timedelta(hours=1)}"
        enqueue(MessageKind.REMINDER, about, key=key, at=at, due=start - before)
    due = appointment.end + ASKED_AFTER
    enqueue(MessageKind.DID_YOU_MEET, about, key=f"did-you-meet/{about}", at=at, due=due)


def _count_answer(appointment: Appointment, at: datetime) -> None:
    asked_at = appointment.asked_at
    if appointment.seen_at is None and asked_at and at - asked_at <= ANSWER_WITHIN:
        _count(appointment.listing_id, asked_at, answered_in_time=1)


def _count(listing_id: int, at: datetime, **steps: int) -> None:
    counters, _ = Counters.objects.get_or_create(listing_id=listing_id, day=day_of(at))
    Counters.objects.filter(pk=counters.pk).update(
        **{name: F(name) + step for name, step in steps.items()}
    )
