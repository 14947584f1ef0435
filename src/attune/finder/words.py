"""Small phrases of the finder's pages. Reasons are in ``reasons.py``."""

from datetime import date, time

from django.utils.translation import gettext as _

from attune.core.entries import FeeEntry
from attune.core.money import Money
from attune.core.phrases import DAYS, checked_date_words, money_words, time_words
from attune.directory.models import Fee, Listing


def rest_of_price_words(fee: Fee | FeeEntry) -> str:
    """Return what follows the price: "for 50 minutes, £30 reduced"."""
    length = {"minutes": fee.minutes}
    if fee.minor == 0:
        return _("for a session of %(minutes)s minutes") % length
    words = _("for %(minutes)s minutes") % length
    if fee.concession_minor is None:
        return words
    reduced = money_words(Money(fee.concession_minor, fee.currency))
    return _("%(words)s, %(reduced)s reduced") % {"words": words, "reduced": reduced}


def weekly_place_words(weekday: int, start: time, from_date: date) -> str:
    """Return "Tuesdays at 6:00pm from 1 December 2026"; ``weekday``: Monday is 0."""
    return _("%(day)ss at %(time)s from %(date)s") % {
        "day": DAYS[weekday],
        "time": time_words(start),
        "date": checked_date_words(from_date),
    }


def minute_as_time(minute: int) -> time:
    """Return the wall time at a minute of the day."""
    return time(minute // 60, minute % 60)


def cannot_book_words(booking_mode: str, name: str) -> str:
    """Return why there is no "Book" button, or ""."""
    if booking_mode != Listing.BookingMode.ASK_FIRST:
        return ""
    return _(
        "%(name)s wants to hear from people before a first meeting, so no time can be booked here."
    ) % {"name": name}
