"""What the privacy app holds of a member, for their export and their erasure."""

from datetime import datetime

from django.db.models import QuerySet

from attune.accounts.erasures import erases
from attune.accounts.exports import Row, exports
from attune.accounts.models import User
from attune.privacy.access import opened
from attune.privacy.consents import KnownConsent, consents_of
from attune.privacy.models import Complaint, Consent, Delayed, WaitFirst


@exports("What you agreed to")
def agreements(user: User, now: datetime) -> list[Row]:
    """Give each answer with the words it answers."""
    return [_agreement(one) for one in consents_of(user)]


def _agreement(known: KnownConsent) -> Row:
    return {
        "Question": known.wording.question,
        "Explanation": known.wording.explanation,
        "Version of the words": known.consent.wording,
        "Your answer": known.consent.get_answer_display(),
        "When": known.consent.at.isoformat(),
        "For": known.consent.scope,
    }


@exports("Complaints and requests", is_sealed=True)
def complaints(user: User, now: datetime) -> list[Row]:
    """Give what somebody sent under their address, and the answers."""
    return [_complaint(one) for one in complaints_of(user).order_by("id")]


def complaints_of(user: User) -> QuerySet[Complaint]:
    return Complaint.objects.filter(email_hash=user.email_hash)


def _complaint(one: Complaint) -> Row:
    return {
        "Reference": one.reference,
        "Kind": one.get_kind_display(),
        "About": one.get_about_display(),
        "What you wrote": opened(one, "text"),
        "Received": one.received_at.isoformat(),
        "Acknowledged": _iso(one.acknowledged_at),
        "How we checked who asks": opened(one, "identity"),
        "Closed": _iso(one.closed_at),
        "Outcome": one.get_outcome_display(),
        "Our answer": opened(one, "answer"),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


@erases("What you agreed to")
def agreements_gone(user: User, at: datetime) -> None:
    Consent.objects.filter(user=user).delete()


@erases(
    "Complaints and requests",
    kept=(
        "A complaint that is not answered yet stays until it is, and for two years after that: we"
        " must be able to show how we dealt with it."
    ),
)
def complaints_gone(user: User, at: datetime) -> None:
    """Delete what is closed; what is open is still owed an answer."""
    complaints_of(user).exclude(closed_at=None).delete()


@exports("What you asked us to do later")
def delayed(user: User, now: datetime) -> list[Row]:
    return [
        {
            "What": one.get_kind_display(),
            "Asked": one.asked_at.isoformat(),
            "Done": one.due_at.isoformat(),
        }
        for one in Delayed.objects.filter(member=user).order_by("asked_at")
    ]


@exports("Whether copies and erasures wait 14 days")
def waiting(user: User, now: datetime) -> list[Row]:
    return [{"Since": one.since.isoformat()} for one in WaitFirst.objects.filter(member=user)]
