"""The kinds of messages that booking sends; ``mail.py`` writes them."""

from enum import StrEnum


class MessageKind(StrEnum):
    CONTACT_CODE = "contact-code"
    BOOKED = "booked"
    BOOKED_PRACTITIONER = "booked-practitioner"
    CHANGED = "changed"
    CHANGED_PRACTITIONER = "changed-practitioner"
    CANCELLED = "cancelled"
    CANCELLED_PRACTITIONER = "cancelled-practitioner"
    REMINDER = "reminder"
    DID_YOU_MEET = "did-you-meet"
