"""What a person does with their answers: one function, one transaction each."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from attune.accounts.models import User
from attune.accounts.sealing import email_hash, seal
from attune.directory.actions import count_shown
from attune.directory.dates import day_of
from attune.enquiries.access import (
    key_of,
    reference_hash,
    sealed_anew,
    sealed_answers,
    sealed_order,
)
from attune.enquiries.answers import Answers
from attune.enquiries.models import KEPT_FOR, LINK_WORKS_FOR, Enquiry, ReturnLink
from attune.enquiries.reference import reference_for
from attune.outbox.actions import enqueue
from attune.outbox.duties import duty
from attune.vocabulary.codes import new_secret_code

LINKS_AN_HOUR = 5
LINKS_AN_HOUR_FROM_ONE_PLACE = 20
# Shown on the first page; only these people count as having been shown.
FIRST_PAGE = 10


class AnswersChanged(Exception):
    """Another page of the same person wrote in between; nothing was overwritten."""


def start_enquiry(answers: Answers, *, member: User | None = None, at: datetime) -> Enquiry:
    """Keep a person's first answers; those of somebody signed in are theirs at once."""
    code = new_secret_code()
    return Enquiry.objects.create(
        code=code,
        member=member,
        answers_sealed=sealed_answers(answers, code, key=member.key if member else None),
        created_at=at,
        updated_at=at,
        expires_at=at + KEPT_FOR,
    )


def change_answers(enquiry: Enquiry, answers: Answers, *, version: int, at: datetime) -> None:
    """Replace the answers that the person saw as ``version``, and forget the order they gave.

    Raises ``AnswersChanged`` if they are no longer that version.
    """
    changed = _as_it_was(enquiry, version).update(
        answers_sealed=sealed_answers(answers, enquiry.code, key=key_of(enquiry)),
        order_sealed=None,
        version=F("version") + 1,
        updated_at=at,
        expires_at=at + KEPT_FOR,
    )
    if not changed:
        raise AnswersChanged


def freeze_order(enquiry: Enquiry, codes: tuple[str, ...], seed: int, *, at: datetime) -> None:
    """Keep the order of the people shown, once per version of the answers.

    The first ten count as shown, which makes them a little less likely to be shown next time.
    """
    with transaction.atomic():
        order = sealed_order(codes, seed, enquiry.code, key=key_of(enquiry))
        frozen = (
            _as_it_was(enquiry, enquiry.version)
            .filter(order_sealed=None)
            .update(order_sealed=order)
        )
        if frozen:
            count_shown(codes[:FIRST_PAGE], day_of(at))


def send_return_link(enquiry: Enquiry, email: str, *, origin: str, at: datetime) -> None:
    """Queue a mail with a one-use link; silently nothing once there were too many in an hour."""
    address = email_hash(email)
    lately = ReturnLink.objects.filter(created_at__gt=at - timedelta(hours=1))
    if (
        lately.filter(email_hash=address).count() >= LINKS_AN_HOUR
        or lately.filter(origin_hash=origin).count() >= LINKS_AN_HOUR_FROM_ONE_PLACE
    ):
        return
    code = new_secret_code()
    with transaction.atomic():
        ReturnLink.objects.create(
            code=code,
            enquiry=enquiry,
            email_sealed=seal(email, model="enquiries.ReturnLink", row=code, field="email_sealed"),
            email_hash=address,
            origin_hash=origin,
            created_at=at,
            expires_at=at + LINK_WORKS_FOR,
        )
        enqueue("come-back", code, key=f"come-back/{code}", at=at)


def give_reference(enquiry: Enquiry) -> str:
    """Return the reference with which these answers can be found again."""
    reference = reference_for(enquiry.code)
    Enquiry.objects.filter(pk=enquiry.pk).update(reference_hash=reference_hash(reference))
    return reference


def use_link(link: ReturnLink, *, at: datetime) -> bool:
    """Use the link up; False if another click was first."""
    return bool(ReturnLink.objects.filter(pk=link.pk, used_at=None).update(used_at=at))


def adopt(enquiry: Enquiry, user: User) -> None:
    """Make answers somebody's own, sealed under their key. Without effect if they are somebody's.

    The ways to them that others may have, a reference and links to other addresses, end.
    """
    with transaction.atomic():
        row = Enquiry.objects.select_for_update().filter(pk=enquiry.pk, member=None).first()
        if row is None:
            return
        for field, box in sealed_anew(row, user.key).items():
            setattr(row, field, box)
        row.member, row.reference_hash = user, ""
        row.save(update_fields=["member", "reference_hash", "answers_sealed", "order_sealed"])
        row.return_links.exclude(email_hash=user.email_hash).delete()


def delete_answers(enquiry: Enquiry) -> None:
    """Delete the answers, their order and every link to them, at once."""
    enquiry.delete()


def delete_answers_of(user: User) -> None:
    """Delete all answers of somebody, and what links to their address still hold of it."""
    Enquiry.objects.filter(member=user).delete()
    ReturnLink.objects.filter(email_hash=user.email_hash).delete()


def _as_it_was(enquiry: Enquiry, version: int) -> QuerySet[Enquiry]:
    """Return the row if it is still at this version and whose it was.

    What is written to it is sealed for that owner.
    """
    return Enquiry.objects.filter(pk=enquiry.pk, version=version, member=enquiry.member_id)


@duty("enquiries that ran out", every=timedelta(hours=1))
def delete_expired(now: datetime) -> None:
    """Delete the answers whose thirty days are over, and the links that ran out."""
    ReturnLink.objects.filter(expires_at__lte=now).delete()
    # Where a request came from is counted for an hour and needed no longer than a day.
    ReturnLink.objects.filter(created_at__lt=now - timedelta(days=1)).exclude(
        origin_hash=""
    ).update(origin_hash="")
    Enquiry.objects.filter(expires_at__lte=now).delete()
