"""Why a booking can be refused. Each error carries what the person needs next."""

from collections.abc import Sequence

from attune.booking.queries import Slot
from attune.core.errors import AttuneError


class BookingRefused(AttuneError):
    """The root of these."""


class TimeTaken(BookingRefused):
    """The time is not free (any more). ``nearest`` holds up to five that are, in order."""

    def __init__(self, nearest: Sequence[Slot]) -> None:
        self.nearest = tuple(nearest)
        super().__init__("This time is not free.")


class NotBookable(BookingRefused):
    """This listing takes no bookings now: asks first, pauses, or has unconfirmed openings."""


class TooManyAppointments(BookingRefused):
    """This address has as many first appointments ahead as one person may have."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"There are {limit} first appointments ahead already.")


class ChangedMeanwhile(BookingRefused):
    """The appointment is not as it was when the page was opened: moved, cancelled or begun."""
