"""What booking writes into the ledger: who opened what somebody told a practitioner."""

from datetime import datetime

from attune.accounts.ledger import record_opening
from attune.accounts.models import User
from attune.booking.models import Appointment

# What stands in the ledger is grouped by these words, so they are never translated.
DETAILS = "Details of your appointment"
FIRST_NAME = "Your first name, and when you meet"
ADDRESS = "Your email address"
TO_PREPARE = "To prepare the appointment"
TO_WRITE = "To write to you about your appointment"


def note_opening(
    appointment: Appointment, *, by: User | None, what: str, purpose: str, at: datetime
) -> None:
    """Write it down, unless its owner has erased what we hold and nothing is left to open."""
    if appointment.email_hash:
        record_opening(about=appointment.email_hash, by=by, what=what, purpose=purpose, at=at)
