"""What booking says in its pages, its mail and its API, from the same values."""

from django.utils.translation import gettext as _

from attune.booking.models import Appointment
from attune.booking.queries import Meeting, Slot
from attune.core.money import Money
from attune.core.phrases import (
    date_words,
    moment_words,
    money_words,
    span_words,
    zone_words,
)
from attune.directory.models import Channel, Fee, Listing, Practice

CLIENT_GROUP = "adults"


def fee_words(listing: Listing, meeting: Meeting) -> str:
    """Return what a meeting costs, or "" when the listing does not say."""
    fee = listing.fees.filter(client_group__slug=CLIENT_GROUP, minutes=meeting.minutes).first()
    if fee is not None:
        return amount_words(fee)
    if meeting.kind == Appointment.Kind.FIRST_SESSION:
        other = listing.fees.filter(client_group__slug=CLIENT_GROUP).order_by("minutes").first()
        if other is not None:
            return amount_words(other)
    return ""


def amount_words(fee: Fee) -> str:
    """Return "£65", "£50 to £70", "Nothing to pay" or "By donation"."""
    if fee.kind == Fee.Kind.FREE:
        return _("Nothing to pay")
    if fee.kind == Fee.Kind.DONATION:
        return _("By donation")
    lower = money_words(Money(fee.minor, fee.currency))
    if fee.upper_minor is None:
        return lower
    return _("%(lower)s to %(upper)s") % {
        "lower": lower,
        "upper": money_words(Money(fee.upper_minor, fee.currency)),
    }
