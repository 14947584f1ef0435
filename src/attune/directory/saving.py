"""What a member does with the people whom they save; what is downloaded and erased of it."""

from datetime import datetime

from django.db.models import F

from attune.accounts.erasures import erases
from attune.accounts.exports import Row, exports
from attune.accounts.locks import locked
from attune.accounts.models import User
from attune.accounts.sealed_fields import SealedField, register_sealed
from attune.core.errors import AttuneError
from attune.core.phrases import checked_date_words
from attune.directory.access import SEALED_NOTE, note_of, saved_by, sealed_note
from attune.directory.dates import day_of
from attune.directory.models import Listing, SavedListing

MOST_SAVED = 200

register_sealed(
    SealedField(
        "directory.SavedListing",
        "note_sealed",
        label=SEALED_NOTE["model"],
        field=SEALED_NOTE["field"],
    )
)


class TooManySaved(AttuneError):
    """This member has saved as many people as one may."""


class ChangedElsewhere(AttuneError):
    """Another page of the same member wrote in between; nothing was overwritten."""


def save_listing(user: User, listing: Listing, *, at: datetime) -> SavedListing:
    """Save somebody. Saving twice is harmless. Raises ``TooManySaved``."""
    with locked(f"saved/{user.code}"):
        mine = SavedListing.objects.filter(member=user)
        if (before := mine.filter(listing=listing).first()) is not None:
            return before
        if mine.count() >= MOST_SAVED:
            raise TooManySaved
        return SavedListing.objects.create(member=user, listing=listing, saved_at=at, changed_at=at)


def change_status(saved: SavedListing, status: str, *, version: int, at: datetime) -> None:
    """Note where a member is with somebody; the same again is harmless.

    Raises ``ChangedElsewhere`` if it is no longer the version that they saw.
    """
    if not _change(saved, version, at, status=status):
        saved.refresh_from_db()
        if saved.status != status:
            raise ChangedElsewhere


def change_note(saved: SavedListing, note: str, *, version: int, at: datetime) -> None:
    """Replace the note; the same again is harmless. Raises ``ChangedElsewhere``."""
    if not _change(saved, version, at, note_sealed=sealed_note(saved, note)):
        saved.refresh_from_db()
        if note_of(saved) != note:
            raise ChangedElsewhere


def remove_saved(user: User, code: str) -> None:
    """Forget one saved person and the note. Without effect when there is none, or not theirs."""
    SavedListing.objects.filter(member=user, code=code).delete()


@exports("Saved people")
def saved_people(user: User, now: datetime) -> list[Row]:
    return [
        {
            "Name": one.listing.practitioner.name,
            "Status": str(SavedListing.Status(one.status).label),
            "Saved": checked_date_words(day_of(one.saved_at)),
            "Last changed": checked_date_words(day_of(one.changed_at)),
        }
        for one in saved_by(user)
    ]


@exports("Your notes on saved people", is_sealed=True)
def notes_on_saved_people(user: User, now: datetime) -> list[Row]:
    key = user.key
    return [
        {"Name": one.listing.practitioner.name, "Note": note_of(one, key=key) or None}
        for one in saved_by(user)
    ]


@erases("Saved people")
def saved_people_gone(user: User, at: datetime) -> None:
    SavedListing.objects.filter(member=user).delete()


def _change(saved: SavedListing, version: int, at: datetime, **values: object) -> bool:
    """Set these fields if the row is still at ``version``."""
    row = SavedListing.objects.filter(pk=saved.pk, version=version)
    return bool(row.update(**values, version=F("version") + 1, changed_at=at))
