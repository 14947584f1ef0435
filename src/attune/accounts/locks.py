"""The one way to lock something that is not a row: a diary, an address, somebody's ledger.

Everyone takes all their locks in one statement and in the same order, before touching a row, so
that nobody waits for somebody who waits for them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def locked(*names: str) -> Iterator[None]:
    """Open a transaction that holds these names alone; they are free again when it ends."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(name, 0))"
                " FROM unnest(%s::text[]) AS name",
                [sorted(set(names))],
            )
        yield
