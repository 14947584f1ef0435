"""Browser sessions, kept in the database as Django keeps them, and read by one plain statement.

Every page reads one; building the query anew costs four times what running it does.
"""

from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from django.contrib import auth
from django.contrib.sessions.backends import db
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from attune.accounts.models import WebSession
from attune.accounts.sealing import Bound, CannotOpen, seal_json, unseal_json
from attune.vocabulary.codes import new_code

# What a session calls the enquiry that it holds.
ENQUIRY = "enquiry"
# When somebody signed in and last asked for a page (seconds since 1970), and with what.
SIGNED_IN_AT, SEEN_AT, DEVICE = "signed_in_at", "seen_at", "device"
# What names the sign-in to its owner; without it each saving would give the row another code.
SIGN_IN_CODE = "sign_in_code"
# Who was signed out because they asked for no page (their row's id), and when.
LOCKED_OUT, LOCKED_AT = "locked_out", "locked_at"
# Somebody signed in who asks for no page for this long is signed out.
IDLE_AFTER = timedelta(minutes=30)
# When they last asked is written down no more often than this: reading on costs no write.
SEEN_EVERY = timedelta(minutes=1)
_BINDING = Bound(model="accounts.WebSession", field="session_data")
_LOAD = "SELECT session_data FROM accounts_websession WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    # This request came too late: what the session held is gone.
    was_locked = False

    @classmethod
    def get_model_class(cls) -> type[WebSession]:
        return WebSession

    def create_model_instance(self, data: dict[str, Any]) -> WebSession:
        made = cast("WebSession", super().create_model_instance(data))
        made.enquiry = data.get(ENQUIRY, "")
        made.code = data.get(SIGN_IN_CODE, made.code)
        made.user_id = data.get(auth.SESSION_KEY)
        made.device = data.get(DEVICE, "")
        made.signed_in_at = _moment(data.get(SIGNED_IN_AT))
        made.seen_at = _moment(data.get(SEEN_AT))
        return made

    def cycle_key(self) -> None:
        """Take another id; for a moment both rows are there, so the sign-in's code changes too."""
        if SIGN_IN_CODE in self:
            self[SIGN_IN_CODE] = new_code()
        super().cycle_key()

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Return what the session holds, sealed: a form may wait in it for a new sign-in."""
        return b64encode(seal_json(session_dict, row=self._row, **_BINDING)).decode()

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """Open what ``encode`` closed; what does not open holds nothing."""
        try:
            opened: dict[str, Any] = unseal_json(b64decode(session_data), row=self._row, **_BINDING)
        except (CannotOpen, ValueError):
            return {}
        return opened

    def load(self) -> dict[str, Any]:
        """Return what the session holds; an unknown or expired one holds nothing."""
        with connection.cursor() as cursor:
            cursor.execute(_LOAD, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        return self._opened(row[0] if row else None)

    def take(self, session_data: str | None) -> None:
        """Hold what a statement of one's own has read; None: there is no such session.

        What this request has read or changed before stays as it is.
        """
        # What the page says depends on it from now on: Vary names the cookie.
        self.accessed = True
        if not hasattr(self, "_session_cache"):
            self._session_cache = self._opened(session_data)

    @property
    def _row(self) -> str:
        """The session's own key, so that what one browser holds does not open in another."""
        return self.session_key or ""

    def _opened(self, session_data: str | None) -> dict[str, Any]:
        if session_data is None:
            # As Django does: never take over a key that somebody else made up.
            self._session_key = None
            return {}
        held, now = self.decode(session_data), timezone.now().timestamp()
        is_idle = now - (held.get(SEEN_AT) or now) >= IDLE_AFTER.total_seconds()
        return self._locked(held, now) if is_idle and auth.SESSION_KEY in held else held

    def _locked(self, held: dict[str, Any], now: float) -> dict[str, Any]:
        """End a session that nobody looked after, and keep only whose it was."""
        self.delete(self.session_key)
        self._session_key = None
        self.was_locked = self.modified = True
        return {LOCKED_OUT: held[auth.SESSION_KEY], LOCKED_AT: now}

    def touch(self, now: datetime) -> None:
        """Note that somebody signed in has asked for a page."""
        if auth.SESSION_KEY not in self:
            return
        self.pop(LOCKED_OUT, None)
        if SEEN_AT not in self or not 0 <= self._unseen_for(now) < SEEN_EVERY.total_seconds():
            self[SEEN_AT] = now.timestamp()

    def seconds_left(self, now: datetime) -> int:
        """Return how long until this session is locked, unless a page is asked for before."""
        return max(0, round(IDLE_AFTER.total_seconds() - max(0, self._unseen_for(now))))

    def _unseen_for(self, now: datetime) -> float:
        moment = now.timestamp()
        return float(moment - self.get(SEEN_AT, moment))


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)


def web_session(request: HttpRequest) -> SessionStore:
    """Return what this browser holds."""
    return cast("SessionStore", request.session)
