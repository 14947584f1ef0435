"""Calendar files: one UID for the life of an appointment, and words that give nothing away."""

from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress

from attune.booking.models import Appointment


def calendar_file(appointment: Appointment, *, attendee: str, now: datetime) -> bytes:
    """
    Return an iCalendar file (RFC 5545) that puts an appointment in a calendar, or takes it out.

    Times are in UTC, which every calendar shows in its owner's zone, whatever the clocks do.

    Args:
        attendee: Whose calendar it is for; "" once they have erased what we hold of them.
    """
    is_cancelled = appointment.state == Appointment.State.CANCELLED
    event = Event()
    event.add("uid", f"{appointment.code}@attune")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", appointment.start)
    event.add("dtend", appointment.end)
    event.add("summary", "Appointment")
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("organizer", vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"))
    if attendee:
        event.add("attendee", vCalAddress(f"mailto:{attendee}"))
    calendar = Calendar()
    calendar.add("prodid", "-//Attune//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_cancelled else "REQUEST")
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
