"""Writes to the directory. Whatever changes what is shown is recorded for the finder."""

from datetime import datetime

from attune.directory.models import DirectoryChange


def record_change(listing_id: int | None, *, at: datetime) -> None:
    """Tell every process to read this listing again (None: everything).

    Call it in the transaction that makes the change: the row carries that transaction's id.
    """
    DirectoryChange.objects.create(listing_id=listing_id, at=at)
