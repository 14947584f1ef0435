"""Who may be shown."""

from datetime import UTC, datetime

from django.db.models import Exists, OuterRef
from django.http import Http404

from attune.directory.models import Credential, Listing, Verification
from attune.finder.people import public_listings, registration_check


def shown_listing(code: str, *, now: datetime) -> Listing:
    """Return a published listing whose registration check holds today, else 404.

    A draft, one withdrawn or lapsed, and a code that never was answer alike.
    """
    listing = (
        public_listings()
        .prefetch_related("practitioner__communities", "payment_routes")
        .filter(code=code, state=Listing.State.PUBLISHED)
        .first()
    )
    today = now.astimezone(UTC).date()
    if listing is None or registration_check(listing, today=today) is None:
        raise Http404("No such therapist.")
    return listing


def shown_codes(*, now: datetime, after: str, limit: int) -> list[str]:
    """Return the codes of published listings whose registration check holds, in their order.

    Codes are random, so that nobody stands first for anything but chance.
    """
    checked = Verification.objects.filter(
        credential__practitioner=OuterRef("practitioner"),
        credential__kind=Credential.Kind.REGISTRATION,
        expires_on__gte=now.astimezone(UTC).date(),
    )
    shown = Listing.objects.filter(Exists(checked), state=Listing.State.PUBLISHED, code__gt=after)
    return list(shown.order_by("code").values_list("code", flat=True)[:limit])
