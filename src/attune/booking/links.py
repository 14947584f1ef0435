"""Signed links: whoever holds one may do one kind of thing with one appointment."""

from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.urls import reverse

from attune.booking.models import Appointment


class Purpose(StrEnum):
    """What a link is for; one made for another purpose does not open."""

    MANAGE = "manage"
    ANSWER = "answer"
    PRACTITIONER = "practitioner"


ROUTES = {
    Purpose.MANAGE: "appointment",
    Purpose.ANSWER: "did_you_meet",
    Purpose.PRACTITIONER: "practitioner_link",
}


def token_for(appointment: Appointment, purpose: Purpose) -> str:
    return _signer(purpose).sign(appointment.code)


def code_in(token: str, purpose: Purpose) -> str | None:
    """Return the appointment's code, or None if the token was not made for this purpose."""
    try:
        return _signer(purpose).unsign(token)
    except signing.BadSignature:
        return None


def link_to(appointment: Appointment, purpose: Purpose) -> str:
    """Return the whole address, for mail."""
    return settings.PUBLIC_URL + reverse(ROUTES[purpose], args=[token_for(appointment, purpose)])


def _signer(purpose: Purpose) -> signing.Signer:
    return signing.Signer(salt=f"attune.booking.{purpose}", sep=".")
