"""The ledger: who opened what somebody told us, when and why. Lines are added and never changed.

Each line holds the hash of the one before it about the same person, so that a line that was
changed or taken out behind the database's back shows. The hashes are made with the key file:
whoever holds the database alone cannot make up a chain. That the newest lines are missing does not
show.
"""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from attune.accounts.locks import locked
from attune.accounts.models import LedgerEntry, User
from attune.accounts.sealing import keyed_hash

# What the database asks of whoever deletes lines: an erasure, or the end of their retention.
ALLOW_DELETION = "SET LOCAL attune.ledger_may_shrink = 'yes'"


def record_opening(*, about: str, by: User | None, what: str, purpose: str, at: datetime) -> None:
    """
    Write down that something was opened, in the caller's transaction if there is one.

    Args:
        about: Hash of the address of whom it is about (``sealing.email_hash``).

        by: Who opened it; None: the service itself, of which one line a day is kept. What
            somebody opens of their own is not written down.

        what, purpose: In plain words, without a name and without a health word.
    """
    if by is not None and by.email_hash == about:
        return
    day = at.astimezone(ZoneInfo(settings.VISITOR_ZONE)).date()
    with locked(f"ledger/{about}"):
        lines = LedgerEntry.objects.filter(about_hash=about)
        if by is None and lines.filter(by_code="", what=what, purpose=purpose, day=day).exists():
            return
        last = lines.order_by("-id").first()
        entry = LedgerEntry(
            about_hash=about,
            member=User.objects.filter(email_hash=about).first(),
            by_code=by.code if by else "",
            by_words=str(by) if by else "",
            what=what,
            purpose=purpose,
            at=at,
            day=day,
            previous_hash=last.own_hash if last else "",
        )
        entry.own_hash = hash_of(entry)
        entry.save(force_insert=True)


def lines_about(user: User) -> QuerySet[LedgerEntry]:
    """Return what stands in the ledger about somebody, newest first."""
    mine = Q(member=user) | Q(member=None, about_hash=user.email_hash)
    return LedgerEntry.objects.filter(mine).order_by("-id")


def broken_lines() -> list[int]:
    """Return the ids of lines that were changed, or whose predecessor is missing.

    The first line about somebody may follow one that retention has deleted.
    """
    broken, last = [], dict[str, str]()
    for entry in LedgerEntry.objects.order_by("id").iterator():
        before = last.get(entry.about_hash, entry.previous_hash)
        if entry.own_hash != hash_of(entry) or entry.previous_hash != before:
            broken.append(entry.pk)
        last[entry.about_hash] = entry.own_hash
    return broken


def hash_of(entry: LedgerEntry) -> str:
    parts = (
        *(entry.previous_hash, entry.about_hash, entry.member_id, entry.by_code, entry.by_words),
        *(entry.what, entry.purpose, entry.at.astimezone(UTC).isoformat(), str(entry.day)),
    )
    return keyed_hash(json.dumps(parts), purpose="ledger")


def delete_lines_before(moment: datetime) -> None:
    """Delete lines from before ``moment``: of each chain its beginning, and never a middle."""
    with transaction.atomic():
        allow_deletion()
        younger = LedgerEntry.objects.filter(
            about_hash=OuterRef("about_hash"), id__lt=OuterRef("id"), at__gte=moment
        )
        LedgerEntry.objects.filter(~Exists(younger), at__lt=moment).delete()


def allow_deletion() -> None:
    """Let this transaction delete lines of the ledger."""
    with connection.cursor() as cursor:
        cursor.execute(ALLOW_DELETION)
