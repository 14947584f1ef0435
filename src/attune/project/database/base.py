"""The engine named in ``DATABASES``; Django looks for ``DatabaseWrapper`` in ``base``."""

import select
import time
from typing import Any

from django.db.backends.postgresql import base

# No server that went away is back within this many seconds: nothing is lost by not looking.
STANDS_FOR = 0.1


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stood_at = 0.0

    def is_usable(self) -> bool:
        """Whether the connection, kept from an earlier request, still stands.

        A server that went away has closed its end, and an idle one has sent nothing: a look at the
        socket tells, where Django asks ``SELECT 1`` before each request's first query.
        """
        now = time.monotonic()
        if self.errors_occurred or now - self._stood_at >= STANDS_FOR:
            if self._has_news() and not super().is_usable():
                return False
            self._stood_at = now
        return True

    def _has_news(self) -> bool:
        if self.connection is None or self.connection.closed:
            return True
        socket = select.poll()
        socket.register(self.connection.fileno(), select.POLLIN)
        return bool(socket.poll(0))
