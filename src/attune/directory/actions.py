"""Writes to the directory. Whatever changes what is shown is recorded for the finder."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from attune.core.errors import AttuneError
from attune.directory.bulk import write_listings
from attune.directory.dates import day_of
from attune.directory.entries import Check, NewListing
from attune.directory.models import (
    Credential,
    DirectoryChange,
    Listing,
    Practitioner,
    Verification,
)
from attune.directory.queries import missing_to_publish, verifications_on

# A listing costs each process half a millisecond to read anew.
FEW = 100


class CannotPublish(AttuneError):
    """A listing lacks something; ``missing`` says what, one sentence each."""

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(" ".join(self.missing))


def record_change(listing_id: int | None, *, at: datetime) -> None:
    """Tell every process to read this listing again (None: everything).

    Call it in the transaction that makes the change: the row carries that transaction's id.
    """
    DirectoryChange.objects.create(listing_id=listing_id, at=at)


def add_listings(entries: Sequence[NewListing], *, at: datetime) -> list[Listing]:
    """Write new practitioners with their listings: all of them or none, in the order given.

    Each process reads a few listings anew by themselves; of many, one process reads everything
    and the others take that over.
    """
    with transaction.atomic():
        listings = write_listings(entries)
        changed = [one.pk for one in listings] if len(listings) <= FEW else [None]
        DirectoryChange.objects.bulk_create(
            DirectoryChange(listing_id=listing_id, at=at) for listing_id in changed
        )
    return listings


def publish(listing: Listing, *, at: datetime) -> Listing:
    """Show this listing to people. Raises ``CannotPublish`` where something is missing."""
    with transaction.atomic():
        row = Listing.objects.select_for_update().get(pk=listing.pk)
        if missing := missing_to_publish(row, day_of(at)):
            raise CannotPublish(missing)
        return _change(row, at, state=Listing.State.PUBLISHED)


def withdraw(listing: Listing, *, at: datetime) -> Listing:
    """Stop showing this listing; its appointments stand."""
    return _change(listing, at, state=Listing.State.WITHDRAWN)


def pause(listing: Listing, *, until: date, at: datetime) -> Listing:
    """Offer no times until the day before ``until``."""
    return _change(listing, at, paused_until=until)


def resume(listing: Listing, *, at: datetime) -> Listing:
    return _change(listing, at, paused_until=None)


def confirm_still_true(listing: Listing, *, at: datetime) -> Listing:
    """Note that the practitioner says today: my openings and hours are right."""
    return _change(listing, at, confirmed_on=day_of(at))


def record_verification(credential: Credential, check: Check, *, at: datetime) -> Verification:
    """Note who checked this credential, where and until when that holds."""
    with transaction.atomic():
        verification = Verification.objects.create(
            credential=credential,
            checked_on=check.checked_on,
            checked_by=check.checked_by,
            where=check.where,
            expires_on=check.expires_on,
        )
        record_change_of(credential.practitioner, at=at)
    return verification


def reopen_verification(practitioner: Practitioner, *, at: datetime) -> None:
    """End every current check: a name, a number or a mail address has changed since.

    A check ended so keeps its row, dated to yesterday; one made since then is void and goes.
    """
    yesterday = day_of(at) - timedelta(days=1)
    with transaction.atomic():
        current = verifications_on(practitioner, day_of(at))
        current.filter(checked_on__gte=yesterday).delete()
        current.update(expires_on=yesterday)
        record_change_of(practitioner, at=at)


def record_change_of(practitioner: Practitioner, *, at: datetime) -> None:
    """Record a change of this practitioner's listing, if there is one."""
    for listing_id in Listing.objects.filter(practitioner=practitioner).values_list(
        "pk", flat=True
    ):
        record_change(listing_id, at=at)


def count_shown(codes: Sequence[str], day: date) -> None:
    """Count one more showing of each of these listings on ``day``, in one statement.

    No change is recorded: exposure would have every process read its best matches again after
    each page. The finder reads counters when it reads a listing for another reason.
    """
    with connection.cursor() as cursor:
        # Rows are taken in one order, so that two pages never wait for each other in a circle.
        cursor.execute(
            """
            INSERT INTO directory_counters
                (listing_id, day, shown, booked, asked, answered_in_time)
            SELECT id, %s, 1, 0, 0, 0 FROM directory_listing WHERE code = ANY(%s) ORDER BY id
            ON CONFLICT (listing_id, day)
            DO UPDATE SET shown = directory_counters.shown + 1
            """,
            [day, list(codes)],
        )


def _change(listing: Listing, at: datetime, **values: object) -> Listing:
    """Set these fields of a locked row, and record that they changed."""
    with transaction.atomic():
        row = Listing.objects.select_for_update().get(pk=listing.pk)
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
        row.save(update_fields=[*values, "version"])
        record_change(row.pk, at=at)
    return row
