"""The only door to complaints: staff with the right to them, or whoever holds a link that works."""

from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from attune.accounts.ledger import record_opening
from attune.accounts.models import User
from attune.accounts.sealing import Bound, keyed_hash, seal, unseal
from attune.privacy.models import Complaint, Consent

MAY_HANDLE = "privacy.change_complaint"
LINK_WORKS_FOR = timedelta(days=30)
# The sealed texts of a complaint, by their columns.
TEXTS = ("text", "email", "identity", "answer")


def bound(field: str) -> Bound:
    return Bound(model="privacy.Complaint", field=field)


def sealed(text: str, complaint: Complaint, field: str) -> bytes:
    """Seal one of the texts of a complaint, under the service's key: it needs no account."""
    return seal(text, row=complaint.code, **bound(field))


def opened(complaint: Complaint, field: str) -> str:
    """Open one of the texts; "": there is none. Raises ``CannotOpen``."""
    box = getattr(complaint, f"{field}_sealed")
    return unseal(box, row=complaint.code, **bound(field)) if box else ""


def refuse_unless_handler(user: User | AnonymousUser) -> None:
    """Answer 404 to staff who have nothing to do with complaints."""
    if not user.has_perm(MAY_HANDLE):
        raise Http404("No such page.")


def complaint_for(user: User, code: str) -> Complaint:
    """Return a complaint to somebody of the staff who may handle it, else 404."""
    refuse_unless_handler(user)
    found = Complaint.objects.filter(code=code).select_related("identity_checked_by").first()
    if found is None:
        raise Http404("No such complaint.")
    return found


def note_opening(complaint: Complaint, *, by: User, at: datetime) -> None:
    """Write into the ledger of whoever complained that somebody reads it."""
    about = complaint.email_hash or keyed_hash(complaint.code, purpose="complaint")
    record_opening(
        about=about, by=by, what="a message to this service", purpose="to answer it", at=at
    )


def complaint_by_link(code: str, now: datetime) -> Complaint | None:
    """Return the complaint whose answer waits behind a link that was not used and is not old."""
    return Complaint.objects.filter(
        link_code=code, link_used_at=None, link_made_at__gt=now - LINK_WORKS_FOR
    ).first()


def consent_of(user: User, code: str) -> Consent:
    """Return an answer that a member gave, else 404."""
    found = Consent.objects.filter(code=code, user=user).first()
    if found is None:
        raise Http404("No such answer.")
    return found
