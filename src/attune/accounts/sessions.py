"""Browser sessions, kept in the database as Django keeps them, and read by one plain statement.

Every page reads one; building the query anew costs four times what running it does.
"""

from typing import Any, cast

from django.contrib.sessions.backends import db
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from attune.accounts.models import WebSession

# What a session calls the enquiry that it holds.
ENQUIRY = "enquiry"
_LOAD = "SELECT session_data FROM accounts_websession WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls) -> type[WebSession]:
        return WebSession

    def create_model_instance(self, data: dict[str, Any]) -> WebSession:
        made = cast("WebSession", super().create_model_instance(data))
        made.enquiry = data.get(ENQUIRY, "")
        return made

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

    def _opened(self, session_data: str | None) -> dict[str, Any]:
        if session_data is None:
            # As Django does: never take over a key that somebody else made up.
            self._session_key = None
            return {}
        return self.decode(session_data)


def web_session(request: HttpRequest) -> SessionStore:
    """Return what this browser holds."""
    return cast("SessionStore", request.session)
