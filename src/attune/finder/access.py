"""Who may be shown."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from attune.directory.dates import day_of
from attune.directory.models import Credential, Listing, Verification
from attune.finder.people import public_listings


def shown_listings(now: datetime) -> QuerySet[Listing]:
    """Return the published listings whose registration check holds today.

    Ordered by their random codes: nobody stands first for anything but chance.
    """
    check = Verification.objects.filter(
        credential__practitioner=OuterRef("practitioner"),
        credential__kind=Credential.Kind.REGISTRATION,
        expires_on__gte=day_of(now),
    )
    return Listing.objects.filter(Exists(check), state=Listing.State.PUBLISHED).order_by("code")


def savable_listing(code: str, *, now: datetime) -> Listing:
    """Return one of ``shown_listings`` by itself, else 404."""
    listing = shown_listings(now).filter(code=code).first()
    if listing is None:
        raise Http404("No such therapist.")
    return listing


def shown_listing(code: str, *, now: datetime) -> Listing:
    """Return one of ``shown_listings`` with all that its page says, else 404.

    A draft, one withdrawn or lapsed, and a code that never was answer alike.
    """
    listing = public_listings(shown_listings(now)).filter(code=code).first()
    if listing is None:
        raise Http404("No such therapist.")
    return listing
