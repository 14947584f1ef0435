"""Complaints and requests: what people do with them, what staff do, and how long they are kept."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, QuerySet, Value, When

from attune.accounts.limits import wait_after
from attune.accounts.models import User
from attune.accounts.sealing import email_hash
from attune.core.errors import AttuneError
from attune.outbox.actions import enqueue
from attune.privacy.access import sealed
from attune.privacy.models import Complaint
from attune.vocabulary.codes import new_code, new_secret_code

# Of the Data (Use and Access) Act 2025, section 103; the day of arrival is the first of them.
DAYS_TO_ACKNOWLEDGE = 30
OPERATOR_TOLD_AFTER = (timedelta(0), timedelta(days=20), timedelta(days=28))
KEPT_AFTER_CLOSING = timedelta(days=2 * 365)
RECEIVED, ANSWERED, WAITS = "complaint-received", "complaint-answered", "complaint-waits"
REFERENCE_LETTERS = 8
# Mail to an address that nobody has proven: somebody could send it to a stranger's.
MAILS_A_DAY_TO_ONE_ADDRESS = 3


class IdentityNotChecked(AttuneError):
    """A request was about to be closed as done for nobody knows whom."""


class AlreadyDone(AttuneError):
    """Somebody else of the staff was faster."""


@dataclass(frozen=True)
class Said:
    """What somebody sent: ``email`` may be "", and ``key`` came with the form."""

    kind: str
    about: str
    text: str
    email: str
    key: str


def day_of(now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings.VISITOR_ZONE)).date()


def complain(said: Said, *, at: datetime) -> Complaint:
    """Keep what somebody sent, and start the clock. The same form sent twice is one complaint."""
    with transaction.atomic():
        made = Complaint(
            code=new_code(),
            reference=new_code(REFERENCE_LETTERS),
            key=said.key,
            kind=said.kind,
            about=said.about,
            email_hash=email_hash(said.email) if said.email else "",
            received_at=at,
            acknowledge_by=day_of(at) + timedelta(days=DAYS_TO_ACKNOWLEDGE - 1),
        )
        made.text_sealed = sealed(said.text, made, "text")
        made.email_sealed = sealed(said.email, made, "email") if said.email else None
        Complaint.objects.bulk_create([made], ignore_conflicts=True)
        kept = Complaint.objects.get(key=said.key)
        if kept.code == made.code:
            _tell_of(kept, at=at)
    return kept


def _tell_of(complaint: Complaint, *, at: datetime) -> None:
    """Queue the mail to the person, and those to the operator until it is acknowledged."""
    if complaint.email_hash and not wait_after(
        "complaint-mail",
        complaint.email_hash,
        most=MAILS_A_DAY_TO_ONE_ADDRESS,
        within=timedelta(days=1),
        at=at,
    ):
        enqueue(RECEIVED, complaint.code, key=f"{RECEIVED}/{complaint.code}", at=at)
    for after in OPERATOR_TOLD_AFTER:
        key = f"{WAITS}/{complaint.code}/{after.days}"
        enqueue(WAITS, complaint.code, key=key, at=at, due=at + after)


def acknowledge(complaint: Complaint, *, at: datetime) -> None:
    """Stop the clock, and tell the person. Raises ``AlreadyDone``."""
    with transaction.atomic():
        changed = Complaint.objects.filter(pk=complaint.pk, acknowledged_at=None).update(
            acknowledged_at=at
        )
        if not changed:
            raise AlreadyDone("It was acknowledged before.")
        tell_of_answer(complaint, at=at)


def note_identity(complaint: Complaint, how: str, *, by: User, at: datetime) -> None:
    """Write down how staff made sure who asks; once. Raises ``AlreadyDone``."""
    changed = Complaint.objects.filter(
        pk=complaint.pk, identity_checked_at=None, closed_at=None
    ).update(
        identity_sealed=sealed(how, complaint, "identity"),
        identity_checked_at=at,
        identity_checked_by=by,
    )
    if not changed:
        raise AlreadyDone("How it was checked is written down.")


def close(complaint: Complaint, outcome: str, answer: str, *, at: datetime) -> None:
    """
    Answer and close, which acknowledges too.

    Raises ``IdentityNotChecked`` for a request that would be done for nobody knows whom, and
    ``AlreadyDone``.
    """
    with transaction.atomic():
        row = Complaint.objects.select_for_update().get(pk=complaint.pk)
        if row.closed_at:
            raise AlreadyDone("It was closed before.")
        does_something = outcome != Complaint.Outcome.NOT_DONE
        if row.needs_identity and does_something and row.identity_checked_at is None:
            raise IdentityNotChecked("Write down first how you checked who asks.")
        row.outcome, row.closed_at = outcome, at
        row.acknowledged_at = row.acknowledged_at or at
        row.answer_sealed = sealed(answer, row, "answer")
        row.save(update_fields=["outcome", "closed_at", "acknowledged_at", "answer_sealed"])
        tell_of_answer(row, at=at)


def tell_of_answer(complaint: Complaint, *, at: datetime) -> None:
    """Queue a mail with a link that works once; the one before it works no more."""
    if not complaint.email_hash:
        return
    link = new_secret_code()
    Complaint.objects.filter(pk=complaint.pk).update(
        link_code=link, link_made_at=at, link_used_at=None
    )
    enqueue(ANSWERED, link, key=f"{ANSWERED}/{link}", at=at)


def use_link(complaint: Complaint, *, at: datetime) -> bool:
    """Use the link up; False if another press was first."""
    rows = Complaint.objects.filter(link_code=complaint.link_code, link_used_at=None)
    return bool(rows.update(link_used_at=at))


def waiting_first() -> QuerySet[Complaint]:
    """Return all: the ones to acknowledge by their day, then the open ones, then the latest."""
    stage = Case(
        When(acknowledged_at=None, then=Value(0)),
        When(closed_at=None, then=Value(1)),
        default=Value(2),
    )
    return Complaint.objects.order_by(stage, F("closed_at").desc(), "acknowledge_by", "id")


def forget_old_complaints(now: datetime) -> None:
    """Delete what was closed two years ago."""
    Complaint.objects.filter(closed_at__lt=now - KEPT_AFTER_CLOSING).delete()
