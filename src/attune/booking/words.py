"""What booking says in its pages, its mail and its API, from the same values."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attune.booking.access import Details
from attune.booking.errors import TimeTaken
from attune.booking.messages import reminders_to_come
from attune.booking.models import Appointment
from attune.booking.queries import Meeting, Slot
from attune.core.entries import FeeEntry
from attune.core.money import Money
from attune.core.phrases import (
    DAYS,
    MONTHS,
    date_words,
    list_words,
    money_words,
    span_words,
    time_words,
    zone_words,
)
from attune.directory.models import Channel, Fee, Listing, Practice

CLIENT_GROUP = "adults"


# -- when --------------------------------------------------------------------------------------
def when_words(appointment: Appointment) -> str:
    """Return "Tuesday 14 April 2026, 10:00am to 10:50am (UK time)"."""
    local = appointment.start.astimezone(ZoneInfo(appointment.zone))
    span = span_words(appointment.start, appointment.end, appointment.zone)
    return f"{date_words(local)}, {span} ({zone_words(appointment.zone)})"


def day_words(appointment: Appointment) -> str:
    """Return "Tuesday 14 April", short enough for a button or a subject."""
    local = appointment.start.astimezone(ZoneInfo(appointment.zone))
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}"


def start_words(appointment: Appointment) -> str:
    """Return "Tuesday 14 April, 10:00am"."""
    local = appointment.start.astimezone(ZoneInfo(appointment.zone))
    return f"{day_words(appointment)}, {time_words(local)}"


def length_words(minutes: int) -> str:
    return _("%(minutes)s minutes") % {"minutes": minutes}


def kept_until_words(held: Appointment) -> str:
    """Return "10:15am": until when a time is held."""
    until = held.hold_until or held.start
    return time_words(until.astimezone(ZoneInfo(held.zone)))


def reminders_words(start: datetime, *, at: datetime) -> str:
    """Return "3 days and 1 day before": when we still remind; "" when we do not any more."""
    days = [
        ngettext("%(days)s day", "%(days)s days", before.days) % {"days": before.days}
        for before in reminders_to_come(start, at=at)
    ]
    return _("%(days)s before") % {"days": list_words(days, _("and"))} if days else ""


def days_of(slots: Iterable[Slot], listing: Listing) -> list[dict[str, object]]:
    """Return slots by day, as the page's list of radio buttons takes them."""
    towns = dict(listing.practitioner.practices.values_list("code", "town"))
    if len(set(filter(None, towns.values()))) == 1:
        # "in person" can only mean the one room.
        towns = dict.fromkeys(towns, "")
    return [
        {
            "day": date_words(day),
            "slots": [
                (start_value(one), start_time_words(one), ways_words(one, towns[one.practice_code]))
                for one in some
            ],
        }
        for day, some in groupby(slots, key=lambda one: one.day)
    ]


def times_to_choose(
    listing: Listing, slots: Iterable[Slot], *, taken: TimeTaken | None = None, error: str = ""
) -> dict[str, object]:
    """Return what a page of free times takes: all, and the nearest ones if the wanted is gone."""
    return {
        "days": days_of(slots, listing),
        "nearest": days_of(taken.nearest, listing) if taken else [],
        "is_taken": taken is not None,
        "errors": [("start", error)] if error else [],
    }


def start_value(slot: Slot) -> str:
    """Return the value of one radio button: a moment, and the practice where it is free."""
    return f"{slot.start.isoformat()}@{slot.practice_code}"


def start_time_words(slot: Slot) -> str:
    """Return "10:00am", where it takes place."""
    return time_words(slot.start.astimezone(ZoneInfo(slot.zone)))


def ways_words(slot: Slot, town: str) -> str:
    """Return "In person in Leeds or by video"."""
    return capitalised(list_words([channel_words(one, town) for one in slot.channels], _("or")))


# -- how and where -----------------------------------------------------------------------------
def channel_words(channel: str, town: str = "") -> str:
    """Return "by video", or "in person in Leeds"."""
    if channel == Channel.IN_PERSON and town:
        return _("in person in %(town)s") % {"town": town}
    return str(Channel(channel).label)


def how_words(channel: str, town: str = "") -> str:
    """Return "By video": the same on a line of its own."""
    return capitalised(channel_words(channel, town))


def capitalised(words: str) -> str:
    """Return words as they begin a line; names in them keep their capitals."""
    return words[:1].upper() + words[1:]


def kind_words(kind: str) -> str:
    """Return a name for the meeting that gives nothing away."""
    if kind == Appointment.Kind.INTRODUCTORY_CALL:
        return _("Introductory call")
    return _("First appointment")


def place_words(practice: Practice) -> str:
    """Return what is said of a place before anything is booked: "Leeds, LS6"."""
    return ", ".join(part for part in (practice.town, practice.outward_postcode) if part)


def joining_label(appointment: Appointment) -> str:
    if is_in_person(appointment):
        return _("Where")
    return _("How to join")


def joining_words(appointment: Appointment) -> str:
    """Return where to go or how to join: told once it is booked."""
    practice = appointment.practice
    if is_in_person(appointment):
        return ", ".join(practice.address.splitlines()) or place_words(practice)
    if appointment.channel == Channel.PHONE:
        return _("%(name)s calls you.") % {"name": appointment.practitioner.name}
    return practice.joining_details or (
        _("%(name)s sends you the link.") % {"name": appointment.practitioner.name}
    )


def reason_words(appointment: Appointment) -> str:
    """Return why a practitioner cancelled, as a sentence."""
    reasons = {
        Appointment.CancelReason.DIARY: _("%(name)s has something else in the diary then."),
        Appointment.CancelReason.AWAY: _("%(name)s is away."),
        Appointment.CancelReason.FULL: _("%(name)s cannot take on anyone new at the moment."),
    }
    sentence = reasons.get(
        Appointment.CancelReason(appointment.cancel_reason or "other"),
        _("%(name)s cannot keep this appointment."),
    )
    return sentence % {"name": appointment.practitioner.name}


# -- money and terms ---------------------------------------------------------------------------
def fee_words(listing: Listing, meeting: Meeting) -> str:
    """Return what a meeting costs, or "" when the listing does not say.

    A call of its own length has its own fee or none is known; any session fee is a session's.
    """
    fees = listing.fees.filter(client_group__slug=CLIENT_GROUP)
    fee = fees.filter(minutes=meeting.minutes).first()
    if fee is None and meeting.kind == Appointment.Kind.FIRST_SESSION:
        fee = fees.order_by("minutes").first()
    return amount_words(fee) if fee else ""


def amount_words(fee: Fee | FeeEntry) -> str:
    """Return "£65", "£50 to £70", "Nothing to pay" or "By donation"."""
    if fee.kind == Fee.Kind.FREE:
        return _("Nothing to pay")
    if fee.kind == Fee.Kind.DONATION:
        return _("By donation")
    lower = money_words(Money(fee.minor, fee.currency))
    if fee.upper_minor is None:
        return lower
    upper = money_words(Money(fee.upper_minor, fee.currency))
    return _("%(lower)s to %(upper)s") % {"lower": lower, "upper": upper}


def terms_words(appointment: Appointment | Listing) -> str:
    """Return in one sentence until when a change costs nothing."""
    if not appointment.cancellation_hours:
        return _("You can change or cancel until it starts.")
    return _(
        "You can change or cancel until it starts; with less than %(hours)s hours to go, "
        "the fee may still be due."
    ) % {"hours": appointment.cancellation_hours}


# -- what is what ------------------------------------------------------------------------------
def line_of(appointment: Appointment) -> dict[str, str]:
    """Return an appointment as a line of a list: its code, when, with whom, and what of it."""
    is_cancelled = appointment.state == Appointment.State.CANCELLED
    return {
        "code": appointment.code,
        "when": when_words(appointment),
        "name": appointment.practitioner.name,
        "how": _("Cancelled") if is_cancelled else how_words(appointment.channel),
    }


def summary_rows(appointment: Appointment) -> list[dict[str, str]]:
    """Return everything a person wants to know before they book."""
    return _as_rows(
        (_("With"), appointment.practitioner.name),
        (_("What"), f"{kind_words(appointment.kind)}, {length_words(appointment.minutes)}"),
        (_("When"), when_words(appointment)),
        (_("How"), how_words(appointment.channel)),
        (_("Where"), place_words(appointment.practice) if is_in_person(appointment) else ""),
        (_("Cost"), appointment.fee_words),
        (_("Changes"), terms_words(appointment)),
    )


def booked_rows(appointment: Appointment) -> list[dict[str, str]]:
    """Return everything a person wants to know about what they have booked."""
    return _as_rows(
        (_("When"), when_words(appointment)),
        (_("With"), appointment.practitioner.name),
        (_("How"), how_words(appointment.channel)),
        (joining_label(appointment), joining_words(appointment)),
        (_("Cost"), appointment.fee_words),
        (_("Reference"), appointment.reference),
    )


def cancelled_rows(appointment: Appointment) -> list[dict[str, str]]:
    """Return what is left to know of an appointment that does not take place."""
    is_theirs = appointment.cancelled_by == Appointment.CancelledBy.PRACTITIONER
    return _as_rows(
        (_("When it was"), when_words(appointment)),
        (_("With"), appointment.practitioner.name),
        (_("Why"), reason_words(appointment) if is_theirs else ""),
        (_("Reference"), appointment.reference),
    )


def practitioner_rows(appointment: Appointment, first_name: str = "") -> list[dict[str, str]]:
    """Return what a practitioner may read without signing in."""
    return _as_rows(
        (_("When"), when_words(appointment)),
        (_("Kind"), f"{kind_words(appointment.kind)}, {length_words(appointment.minutes)}"),
        (_("How"), how_words(appointment.channel, appointment.practice.town)),
        (_("First name"), first_name),
        (_("Reference"), appointment.reference),
    )


def person_rows(appointment: Appointment, details: Details, email: str) -> list[dict[str, str]]:
    """Return who comes and how to reach them, for the practitioner who is signed in."""
    return _as_rows(
        (_("Name"), details.name or _("Not given")),
        (_("Email"), email),
        (_("Phone"), details.phone),
        (_("How to reach them"), reach_words(details)),
        (_("Kind"), f"{kind_words(appointment.kind)}, {length_words(appointment.minutes)}"),
        (_("How"), how_words(appointment.channel, appointment.practice.town)),
        (_("Reference"), appointment.reference),
    )


def reach_words(details: Details) -> str:
    """Return "By email. Leave no message."."""
    reach = {
        "mail": _("By email"),
        "text": _("By text message"),
        "call": _("By phone"),
    }[details.reach]
    may_leave = (
        _("It is fine to leave a message") if details.may_leave_message else _("Leave no message")
    )
    return f"{reach}. {may_leave}."


def is_in_person(appointment: Appointment) -> bool:
    return appointment.channel == Channel.IN_PERSON


def _as_rows(*rows: tuple[str, str]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in rows if value]
