"""Retention: what booking no longer needs goes by itself."""

from datetime import datetime, timedelta

from attune.accounts.models import Contact
from attune.booking.models import Appointment
from attune.outbox.duties import duty

HOLDS_KEPT_FOR = timedelta(days=1)
CONTACTS_KEPT_FOR = timedelta(days=1)
ORIGINS_KEPT_FOR = timedelta(days=1)
APPOINTMENTS_KEPT_FOR = timedelta(days=90)


@duty("booking-retention", every=timedelta(hours=1))
def forget_what_is_over(now: datetime) -> None:
    """Delete holds, unused addresses and origins after a day, appointments 90 days after."""
    Appointment.objects.filter(
        state__in=(Appointment.State.HELD, Appointment.State.RELEASED),
        created_at__lt=now - HOLDS_KEPT_FOR,
    ).delete()
    Appointment.objects.filter(start__lt=now - APPOINTMENTS_KEPT_FOR).delete()
    Contact.objects.filter(
        created_at__lt=now - CONTACTS_KEPT_FOR, appointments__isnull=True
    ).delete()
    # Where a request came from is counted for an hour and needed no longer than a day.
    Contact.objects.filter(created_at__lt=now - ORIGINS_KEPT_FOR).exclude(origin_hash="").update(
        origin_hash=""
    )
