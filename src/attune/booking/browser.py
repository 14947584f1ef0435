"""What a browser's web session remembers between the steps of a booking.

Codes only: no address, no name and nothing that was typed.
"""

from datetime import datetime
from typing import cast

from django.http import HttpRequest

from attune.accounts.audience import Audience, refusal
from attune.accounts.contacts import confirmed_contact, own_contact
from attune.accounts.models import Contact, User
from attune.booking.access import latest_of_browser
from attune.booking.actions import Wanted, browser_hash
from attune.booking.models import Appointment
from attune.vocabulary.codes import new_secret_code

_BROWSER, _WANTED, _CONTACT = "booking-browser", "booking-time", "booking-contact"


def browser_of(request: HttpRequest) -> str:
    """Return this browser's own random key, and remember it from now on."""
    if _BROWSER not in request.session:
        request.session[_BROWSER] = new_secret_code()
    return str(request.session[_BROWSER])


def last_with(request: HttpRequest, listing_code: str) -> Appointment | None:
    """Return what this browser last held or booked with a listing, run out or not."""
    if _BROWSER not in request.session:
        return None
    return latest_of_browser(browser_hash(browser_of(request)), listing_code)


def remember_wanted(request: HttpRequest, listing_code: str, wanted: Wanted) -> None:
    """Remember the time chosen last, and with whom."""
    request.session[_WANTED] = [
        listing_code,
        wanted.start.isoformat(),
        wanted.practice_code,
        wanted.channel,
    ]


def wanted_with(request: HttpRequest, listing_code: str) -> Wanted | None:
    """Return the time chosen last, if it was with this listing."""
    code, *time = request.session.get(_WANTED) or [""]
    if code != listing_code:
        return None
    start, practice_code, channel = time
    return Wanted(datetime.fromisoformat(start), practice_code, channel)


def remember_contact(request: HttpRequest, contact_code: str) -> None:
    request.session[_CONTACT] = contact_code


def contact_code_of(request: HttpRequest) -> str:
    """Return what this browser is confirming, or has confirmed; "" for nothing."""
    return str(request.session.get(_CONTACT, ""))


def confirmed_in(request: HttpRequest, *, at: datetime) -> Contact | None:
    """Return the address that was confirmed in this browser within the last half hour."""
    return confirmed_contact(contact_code_of(request), at=at)


def contact_of_member(request: HttpRequest, *, at: datetime) -> Contact | None:
    """Return the address of the account that is signed in here, which needs no code."""
    if refusal(request, Audience.MEMBER) is not None:
        return None
    return own_contact(cast("User", request.user), at=at)


def own_address(request: HttpRequest, held: Appointment) -> str:
    """Return the address of the account that is signed in here if the time is held under it."""
    user = request.user
    if not user.is_authenticated or user.email_hash != held.email_hash:
        return ""
    return user.email
