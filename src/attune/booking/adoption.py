"""Appointments become an account's once somebody has proven the address they were made with."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from attune.accounts.contacts import seal_email
from attune.accounts.models import User
from attune.accounts.signals import address_proven
from attune.booking.access import details_of, sealed_details
from attune.booking.models import Appointment


@receiver(address_proven, dispatch_uid="booking.adopt_appointments")
def adopt_appointments(user: User, email_hash: str, at: datetime, **_: Any) -> None:
    """Hand over what was booked with this address before there was an account."""
    with transaction.atomic():
        waiting = Appointment.objects.filter(email_hash=email_hash, member=None)
        for one in waiting.select_related("contact").select_for_update(of=("self",)):
            hand_over(one, user)


def hand_over_to_owner(appointment: Appointment) -> None:
    """Hand a new appointment to the account with its address, if there is one."""
    owner = User.objects.select_related("key").filter(email_hash=appointment.email_hash).first()
    if owner is not None:
        hand_over(appointment, owner)


def hand_over(appointment: Appointment, user: User) -> None:
    """Make an appointment somebody's own: what it holds is sealed under their key."""
    appointment.member = user
    if appointment.details_sealed is not None:
        details = details_of(appointment)
        appointment.details_sealed = sealed_details(appointment, details, key=user.key)
    appointment.save(update_fields=["member", "details_sealed"])
    seal_email(appointment.contact, key=user.key)
