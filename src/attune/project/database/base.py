"""The engine named in ``DATABASES``; Django looks for ``DatabaseWrapper`` in ``base``."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether the connection, kept from an earlier request, still stands.

        A server that went away has closed its end, and an idle one has sent nothing: a look at the
        socket tells, where Django asks ``SELECT 1`` before each request's first query.
        """
        return not self._has_news() or super().is_usable()

    def _has_news(self) -> bool:
        if self.connection is None or self.connection.closed:
            return True
        socket = select.poll()
        socket.register(self.connection.fileno(), select.POLLIN)
        return bool(socket.poll(0))
