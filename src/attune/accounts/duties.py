"""Retention: what browsers held, and where requests came from, is forgotten in time."""

from datetime import datetime, timedelta

from attune.accounts.history import HISTORY_KEPT_FOR
from attune.accounts.ledger import delete_lines_before
from attune.accounts.models import Invitation, SignIn, Tally, WebSession
from attune.outbox.duties import duty

LEDGER_KEPT_FOR = timedelta(days=2 * 365)
INVITATIONS_KEPT_FOR = timedelta(days=1)


@duty("accounts-old-tallies", every=timedelta(hours=1))
def forget_old_tallies(now: datetime) -> None:
    """Delete the counts of times that are over."""
    Tally.objects.filter(ends_at__lt=now).delete()


@duty("accounts-old-web-sessions", every=timedelta(hours=1))
def forget_old_web_sessions(now: datetime) -> None:
    """Delete the web sessions that have run out."""
    WebSession.objects.filter(expire_date__lt=now).delete()


@duty("accounts-old-sign-ins", every=timedelta(days=1))
def forget_old_sign_ins(now: datetime) -> None:
    """Delete what is older than the history that its owner sees."""
    SignIn.objects.filter(at__lt=now - HISTORY_KEPT_FOR).delete()


@duty("accounts-old-ledger-lines", every=timedelta(hours=6))
def forget_old_ledger_lines(now: datetime) -> None:
    """Delete what was written down about openings two years ago."""
    delete_lines_before(now - LEDGER_KEPT_FOR)


@duty("accounts-old-invitations", every=timedelta(hours=1))
def forget_old_invitations(now: datetime) -> None:
    """Delete the invitations, used or not, a day after they ran out."""
    Invitation.objects.filter(expires_at__lt=now - INVITATIONS_KEPT_FOR).delete()
