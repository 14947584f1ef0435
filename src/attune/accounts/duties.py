"""Retention: where requests came from is forgotten once it is counted."""

from datetime import datetime, timedelta

from attune.accounts.models import Tally
from attune.outbox.duties import duty


@duty("accounts-old-tallies", every=timedelta(hours=1))
def forget_old_tallies(now: datetime) -> None:
    """Delete the counts of times that are over."""
    Tally.objects.filter(ends_at__lt=now).delete()
