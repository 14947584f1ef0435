"""How often one network address may try a reference."""

from datetime import datetime, timedelta

from attune.accounts.limits import wait_after

TRIES = 20
WINDOW = timedelta(hours=1)


def may_try(origin: str, at: datetime) -> bool:
    """Count one try; False once there were too many within the hour."""
    return wait_after("enquiry-reference", origin, most=TRIES, within=WINDOW, at=at) is None
