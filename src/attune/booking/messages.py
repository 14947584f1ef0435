"""The kinds of messages that booking sends, and when it reminds; ``mail.py`` writes them."""

from datetime import datetime, timedelta
from enum import StrEnum

REMINDED_BEFORE = (timedelta(days=3), timedelta(days=1))


class MessageKind(StrEnum):
    BOOKED = "booked"
    BOOKED_PRACTITIONER = "booked-practitioner"
    CHANGED = "changed"
    CHANGED_PRACTITIONER = "changed-practitioner"
    CANCELLED = "cancelled"
    CANCELLED_PRACTITIONER = "cancelled-practitioner"
    REMINDER = "reminder"
    DID_YOU_MEET = "did-you-meet"


def reminders_to_come(start: datetime, *, at: datetime) -> list[timedelta]:
    """Return how long before ``start`` we remind, without what is over at ``at``."""
    return [before for before in REMINDED_BEFORE if start - before > at]
