"""What the privacy app does by itself: numbers of a week, erasures, and forgetting in time."""

from datetime import datetime, timedelta

from attune.outbox.duties import duty
from attune.privacy.actions import erase_again, erase_what_is_due, forget_what_is_over
from attune.privacy.complaints import forget_old_complaints
from attune.privacy.models import Consent
from attune.privacy.statistics import fold_weeks

# Twice as long as a browser keeps the code: until then it can be shown what was agreed to.
BROWSER_CONSENTS_KEPT_FOR = timedelta(days=365)


@duty("privacy-statistics", every=timedelta(hours=1))
def count_weeks_that_are_over(now: datetime) -> None:
    """Fold visits into totals, from the first hour after Sunday on."""
    fold_weeks(now)


@duty("privacy-old-consents", every=timedelta(hours=6))
def forget_old_consents(now: datetime) -> None:
    """Delete what was agreed to without an account; a member's goes with the account."""
    Consent.objects.filter(user=None, at__lt=now - BROWSER_CONSENTS_KEPT_FOR).delete()


@duty("privacy-old-complaints", every=timedelta(hours=6))
def forget_complaints(now: datetime) -> None:
    """Delete complaints two years after they were closed."""
    forget_old_complaints(now)


@duty("privacy-erasures", every=timedelta(minutes=10))
def erase_accounts(now: datetime) -> None:
    """Erase the accounts whose wait is over, and end an erasure that died half-way."""
    erase_what_is_due(now)
    erase_again()


@duty("privacy-old-requests", every=timedelta(hours=1))
def forget_requests(now: datetime) -> None:
    """Delete copies that were not taken, waits that ended, and addresses of last messages."""
    forget_what_is_over(now)
