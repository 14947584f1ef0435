"""The only door to somebody's answers: what this browser, this link or this account holds.

Answers that belong to an account open in a browser where its owner is signed in, and in no other:
not where they were begun, and not by a link or a reference.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from attune.accounts.models import SealingKey, User
from attune.accounts.sealing import keyed_hash, seal_json, unseal_json
from attune.accounts.sessions import web_session
from attune.core.vocabulary import Vocabulary
from attune.enquiries.answers import Answers, as_json, from_json
from attune.enquiries.models import Enquiry, ReturnLink
from attune.enquiries.reference import normalised_reference
from attune.finder.loading import Loaded, current, current_and

_MODEL = "enquiries.Enquiry"

# Written out, since each page of the questionnaire asks it: building it anew with every request
# costs four times what running it does.
_FIELDS = (
    *("id", "code", "answers_sealed", "order_sealed", "version"),
    *("created_at", "updated_at", "expires_at", "reference_hash", "member_id"),
)
_HELD = (
    "SELECT session_data, enquiry.id, enquiry.code, answers_sealed, order_sealed, version,"
    " created_at, updated_at, expires_at, reference_hash, enquiry.member_id"
    " FROM accounts_websession"
    " LEFT JOIN enquiries_enquiry AS enquiry"
    " ON enquiry.code = accounts_websession.enquiry AND expires_at > %(now)s"
    " WHERE session_key = %(key)s AND expire_date > %(now)s"
)


def enquiry_of(request: HttpRequest, now: datetime) -> Enquiry | None:
    """Return the enquiry that this browser holds, if it holds one that has not run out."""
    session = web_session(request)
    if session.session_key is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"key": session.session_key, "now": now})
        row = cursor.fetchone()
    return _enquiry(request, row or (None,))


def index_and_enquiry_of(request: HttpRequest, now: datetime) -> tuple[Loaded, Enquiry | None]:
    """Return the index with it, from one round trip: most pages of the questionnaire need both."""
    session = web_session(request)
    if session.session_key is None:
        return current(now), None
    loaded, row = current_and(now, _HELD, {"key": session.session_key, "now": now})
    return loaded, _enquiry(request, row)


def index_and_enquiry_and(
    request: HttpRequest, now: datetime, value: str
) -> tuple[Loaded, Enquiry | None, Any]:
    """Return both with one more value, still from one round trip; ``value``: its query."""
    session = web_session(request)
    if session.session_key is None:
        loaded, (found,) = current_and(now, value, {})
        return loaded, None, found
    query = (
        f"SELECT ({value}), held.* FROM (SELECT) AS one LEFT JOIN LATERAL ({_HELD}) AS held ON true"  # noqa: S608 - written by us
    )
    loaded, (found, *row) = current_and(now, query, {"key": session.session_key, "now": now})
    return loaded, _enquiry(request, row), found


def _enquiry(request: HttpRequest, row: Sequence[Any]) -> Enquiry | None:
    """Give the session what was read of it; return the enquiry that was read with it."""
    session_data, *fields = row
    session = web_session(request)
    session.take(session_data)
    if session.was_locked or not any(fields):
        return None
    enquiry = Enquiry.from_db(connection.alias, _FIELDS, fields)
    return enquiry if is_open_to(enquiry, request.user) else None


def is_open_to(enquiry: Enquiry, user: User | AnonymousUser) -> bool:
    """Whether answers are nobody's in particular, or this person's."""
    # Who is signed in is asked only of answers that belong to somebody: it may cost a query.
    return enquiry.member_id is None or enquiry.member_id == user.pk


def enquiries_of(user: User | AnonymousUser, now: datetime) -> QuerySet[Enquiry]:
    """Return somebody's enquiries that have not run out, the one changed last first."""
    mine = Enquiry.objects.filter(member=user.pk, expires_at__gt=now)
    return mine.order_by("-updated_at", "-pk")


def enquiry_for(user: User | AnonymousUser, code: str, now: datetime) -> Enquiry:
    """Return one of those, else 404: not there and not theirs alike."""
    enquiry = enquiries_of(user, now).filter(code=code).first()
    if enquiry is None:
        raise Http404("No such answers.")
    return enquiry


def mailed_to(address: str) -> Q:
    """Choose the enquiries to which a link was mailed to an address (its hash)."""
    return Q(pk__in=ReturnLink.objects.filter(email_hash=address).values("enquiry"))


def key_of(enquiry: Enquiry) -> SealingKey | None:
    """Return the key of its owner; None, without a query, while it is nobody's."""
    if enquiry.member_id is None:
        return None
    return SealingKey.objects.filter(user=enquiry.member_id).first()


def enquiry_by_reference(typed: str, now: datetime) -> Enquiry | None:
    """Return the enquiry whose reference somebody wrote down, however they spaced it."""
    return Enquiry.objects.filter(
        reference_hash=reference_hash(normalised_reference(typed)), expires_at__gt=now, member=None
    ).first()


def usable_link(code: str, now: datetime) -> ReturnLink | None:
    """Return a link that was not used and has not run out; unknown ones answer alike."""
    return (
        ReturnLink.objects.select_related("enquiry")
        .filter(code=code, used_at=None, expires_at__gt=now, enquiry__expires_at__gt=now)
        .first()
    )


def answers_in(
    enquiry: Enquiry | None, words: Vocabulary, *, key: SealingKey | None = None
) -> Answers:
    """Open the answers; nothing answered yet when there is no enquiry.

    Args:
        key: Its owner's, if it is at hand.
    """
    if enquiry is None:
        return Answers()
    return from_json(_opened(enquiry.answers_sealed, enquiry.code, "answers_sealed", key), words)


def sealed_answers(answers: Answers, code: str, *, key: SealingKey | None = None) -> bytes:
    return _sealed(as_json(answers), code, "answers_sealed", key)


def order_in(
    enquiry: Enquiry, *, key: SealingKey | None = None
) -> tuple[tuple[str, ...], int] | None:
    """Return the frozen order (listing codes) and its seed, or None: not made yet."""
    if enquiry.order_sealed is None:
        return None
    opened = _opened(enquiry.order_sealed, enquiry.code, "order_sealed", key)
    return tuple(opened["codes"]), opened["seed"]


def sealed_order(
    codes: tuple[str, ...], seed: int, code: str, *, key: SealingKey | None = None
) -> bytes:
    return _sealed({"codes": codes, "seed": seed}, code, "order_sealed", key)


def sealed_anew(enquiry: Enquiry, key: SealingKey) -> dict[str, bytes | None]:
    """Return what an enquiry holds, by column, sealed under another key."""
    boxes = {"answers_sealed": enquiry.answers_sealed, "order_sealed": enquiry.order_sealed}
    return {
        field: _sealed(_opened(box, enquiry.code, field, None), enquiry.code, field, key)
        if box is not None
        else None
        for field, box in boxes.items()
    }


def _opened(box: bytes | memoryview, code: str, field: str, key: SealingKey | None) -> Any:
    return unseal_json(box, model=_MODEL, row=code, field=field, key=key)


def _sealed(value: Any, code: str, field: str, key: SealingKey | None) -> bytes:
    return seal_json(value, model=_MODEL, row=code, field=field, key=key)


def reference_hash(reference: str) -> str:
    return keyed_hash(reference, purpose="enquiry-reference")
