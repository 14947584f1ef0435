"""Retention: what browsers held, and where requests came from, is forgotten in time."""

from datetime import datetime, timedelta

from attune.accounts.models import Tally, WebSession
from attune.outbox.duties import duty


@duty("accounts-old-tallies", every=timedelta(hours=1))
def forget_old_tallies(now: datetime) -> None:
    """Delete the counts of times that are over."""
    Tally.objects.filter(ends_at__lt=now).delete()


@duty("accounts-old-web-sessions", every=timedelta(hours=1))
def forget_old_web_sessions(now: datetime) -> None:
    """Delete the web sessions that have run out."""
    WebSession.objects.filter(expire_date__lt=now).delete()
