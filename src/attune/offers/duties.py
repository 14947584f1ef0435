"""Retention: what members claimed is forgotten in time."""

from datetime import datetime, timedelta

from attune.offers.actions import forget_old_claims
from attune.outbox.duties import duty


@duty("offers-old-claims", every=timedelta(hours=1))
def forget_what_was_claimed_long_ago(now: datetime) -> None:
    """Delete codes twelve months after they were claimed, and claims once they count no more."""
    forget_old_claims(now)
