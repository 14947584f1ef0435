"""The only door to the people whom a member saved, and to the notes about them."""

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404

from attune.accounts.models import SealingKey, User
from attune.accounts.sealing import Bound, seal, unseal
from attune.directory.models import SavedListing

SEALED_NOTE = Bound(model="directory.SavedListing", field="note")


def saved_by(user: User | AnonymousUser) -> QuerySet[SavedListing]:
    """Return whom somebody saved, the last one first."""
    mine = SavedListing.objects.filter(member=user.pk)
    return mine.select_related("listing__practitioner").order_by("-saved_at", "-pk")


def saved_for(user: User | AnonymousUser, code: str) -> SavedListing:
    """Return one of those, else 404: not there and not theirs alike."""
    saved = saved_by(user).filter(code=code).first()
    if saved is None:
        raise Http404("No such saved person.")
    return saved


def saved_among(user: User | AnonymousUser, listing_codes: Collection[str]) -> dict[str, str]:
    """Return, by the listing's code, the codes of those that somebody saved; one query."""
    if not user.is_authenticated:
        return {}
    mine = SavedListing.objects.filter(member=user.pk, listing__code__in=listing_codes)
    return dict(mine.values_list("listing__code", "code"))


def note_of(saved: SavedListing, *, key: SealingKey | None = None) -> str:
    """Open the note; "" where there is none.

    Args:
        key: Its owner's, if it is at hand.
    """
    if saved.note_sealed is None:
        return ""
    return unseal(saved.note_sealed, row=saved.code, key=key, **SEALED_NOTE)


def sealed_note(saved: SavedListing, note: str) -> bytes | None:
    """Seal a note under its owner's key; None: there is none."""
    if not note:
        return None
    return seal(note, row=saved.code, key=saved.member.key, **SEALED_NOTE)
