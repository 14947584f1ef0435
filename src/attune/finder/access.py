"""Who may be shown."""

from datetime import UTC, datetime

from django.http import Http404

from attune.directory.models import Listing
from attune.finder.people import public_listings, registration_check


def shown_listing(code: str, *, now: datetime) -> Listing:
    """Return a published listing whose registration check holds today, else 404.

    A draft, one withdrawn or lapsed, and a code that never was answer alike.
    """
    listing = public_listings().filter(code=code, state=Listing.State.PUBLISHED).first()
    today = now.astimezone(UTC).date()
    if listing is None or registration_check(listing, today=today) is None:
        raise Http404("No such therapist.")
    return listing
