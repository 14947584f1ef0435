"""The only door to somebody's answers: what this browser, or this link, holds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.http import HttpRequest

from attune.accounts.sealing import keyed_hash, seal_json, unseal_json
from attune.accounts.sessions import SessionStore, web_session
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
    *("created_at", "updated_at", "expires_at", "reference_hash"),
)
_HELD = (
    "SELECT session_data, enquiry.id, enquiry.code, answers_sealed, order_sealed, version,"
    " created_at, updated_at, expires_at, reference_hash"
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
        return _enquiry(session, cursor.fetchone() or (None,))


def index_and_enquiry_of(request: HttpRequest, now: datetime) -> tuple[Loaded, Enquiry | None]:
    """Return the index with it, from one round trip: most pages of the questionnaire need both."""
    session = web_session(request)
    if session.session_key is None:
        return current(now), None
    loaded, row = current_and(now, _HELD, {"key": session.session_key, "now": now})
    return loaded, _enquiry(session, row)


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
    return loaded, _enquiry(session, row), found


def _enquiry(session: SessionStore, row: Sequence[Any]) -> Enquiry | None:
    """Give the session what was read of it; return the enquiry that was read with it."""
    session_data, *enquiry = row
    session.take(session_data)
    if session.was_locked or not any(enquiry):
        return None
    return Enquiry.from_db(connection.alias, _FIELDS, enquiry)


def enquiry_by_reference(typed: str, now: datetime) -> Enquiry | None:
    """Return the enquiry whose reference somebody wrote down, however they spaced it."""
    return Enquiry.objects.filter(
        reference_hash=reference_hash(normalised_reference(typed)), expires_at__gt=now
    ).first()


def usable_link(code: str, now: datetime) -> ReturnLink | None:
    """Return a link that was not used and has not run out; unknown ones answer alike."""
    return (
        ReturnLink.objects.select_related("enquiry")
        .filter(code=code, used_at=None, expires_at__gt=now, enquiry__expires_at__gt=now)
        .first()
    )


def answers_in(enquiry: Enquiry | None, words: Vocabulary) -> Answers:
    """Open the answers; nothing answered yet when there is no enquiry."""
    if enquiry is None:
        return Answers()
    opened = unseal_json(
        enquiry.answers_sealed, model=_MODEL, row=enquiry.code, field="answers_sealed"
    )
    return from_json(opened, words)


def sealed_answers(answers: Answers, code: str) -> bytes:
    return seal_json(as_json(answers), model=_MODEL, row=code, field="answers_sealed")


def order_in(enquiry: Enquiry) -> tuple[tuple[str, ...], int] | None:
    """Return the frozen order (listing codes) and its seed, or None: not made yet."""
    if enquiry.order_sealed is None:
        return None
    opened = unseal_json(enquiry.order_sealed, model=_MODEL, row=enquiry.code, field="order_sealed")
    return tuple(opened["codes"]), opened["seed"]


def sealed_order(codes: tuple[str, ...], seed: int, code: str) -> bytes:
    return seal_json({"codes": codes, "seed": seed}, model=_MODEL, row=code, field="order_sealed")


def reference_hash(reference: str) -> str:
    return keyed_hash(reference, purpose="enquiry-reference")
