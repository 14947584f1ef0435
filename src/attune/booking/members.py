"""What of booking stands on a member's page, and in their export and erasure."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from attune.accounts.erasures import erases
from attune.accounts.exports import Row, exports
from attune.accounts.models import Contact, User
from attune.accounts.panels import Panel, home_panel
from attune.booking import words
from attune.booking.access import (
    address_of,
    appointments_of_member,
    details_of,
    upcoming_of_member,
)
from attune.booking.actions import give_up_all
from attune.booking.client_pages import Way
from attune.booking.models import Appointment
from attune.core.phrases import moment_words


@home_panel(order=10)
def next_appointment(user: User, now: datetime) -> Panel | None:
    """Show what is next; nothing for somebody who never booked."""
    found = upcoming_of_member(user, now=now).first()
    if found is not None:
        context = {
            "rows": words.booked_rows(found),
            "way": Way.signed_in(found),
            "can_change": found.start > now,
        }
        return Panel("booking/_next_panel.jinja", context)
    if appointments_of_member(user).exists():
        return Panel("booking/_next_panel.jinja", {"rows": []})
    return None


@exports("Appointments")
def appointments_of(user: User, now: datetime) -> list[Row]:
    return [_exported(one) for one in appointments_of_member(user).order_by("start")]


@exports("What you told your practitioners", is_sealed=True)
def told(user: User, now: datetime) -> list[Row]:
    return [_told(one) for one in appointments_of_member(user).order_by("start")]


@erases(
    "Appointments",
    kept="Your practitioner keeps the time of past appointments for 90 days, without your name, "
    "and any notes of their own, which the law may make them keep.",
)
def appointments_gone(user: User, at: datetime) -> None:
    """Cancel what is ahead, so that the practitioner is told, and leave only times behind."""
    with transaction.atomic():
        theirs = list(_made_by(user))
        give_up_all(theirs, at=at)
        Contact.objects.filter(appointments__in=theirs).update(email_sealed=b"", email_hash="")
        _made_by(user).update(details_sealed=None, member=None, email_hash="", browser_hash="")
        # Addresses that were being proven for a booking that was never made.
        Contact.objects.filter(email_hash=user.email_hash, appointments=None).delete()


def _made_by(user: User) -> QuerySet[Appointment]:
    """Return what is somebody's, and what they hold at this moment, which is nobody's yet."""
    return Appointment.objects.filter(Q(member=user) | Q(email_hash=user.email_hash))


def _exported(one: Appointment) -> Row:
    return {
        "When": words.when_words(one),
        "With": one.practitioner.name,
        "What": words.kind_words(one.kind),
        "How": words.how_words(one.channel),
        "Where": words.place_words(one.practice) if words.is_in_person(one) else None,
        "Cost": one.fee_words or None,
        "Reference": one.reference,
        "State": one.get_state_display(),
        "Booked": moment_words(one.booked_at, settings.VISITOR_ZONE) if one.booked_at else None,
        "Your email address": address_of(one),
        "Whether you met": one.get_met_display() or None,
    }


def _told(one: Appointment) -> Row:
    details = details_of(one)
    return {
        "When": words.when_words(one),
        "With": one.practitioner.name,
        "Your name": details.name or None,
        "Your phone number": details.phone or None,
        "How they can reach you": words.reach_words(details),
        "What you wrote": details.note or None,
    }
