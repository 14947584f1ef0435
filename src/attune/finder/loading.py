"""The index of this process, kept level with the database.

It is mapped from the files that the last build saved, or built whole, and then follows the change
log (``DirectoryChange``). Each match asks, in one query, whether there is a change that the
index's snapshot could not see: ids and times commit out of order, a snapshot does not miss any.
What changed is read, together with the next snapshot, in one REPEATABLE READ transaction.

Whatever else moves by itself: a hold that runs out frees its time without a row being written, so
its listing is read again then; counters and lapsed checks enter with the daily build.
"""

import fcntl
import hashlib
import json
import logging
import os
import secrets
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction

from attune.core import index as core_index
from attune.core.index import Index
from attune.core.vocabulary import Vocabulary
from attune.directory.models import IndexEpoch
from attune.finder import rows as finder_rows
from attune.finder.rows import read_rows
from attune.vocabulary.queries import core_vocabulary

logger = logging.getLogger(__name__)

# The change log keeps its rows for longer, and the index its days (see core's FINDER_DAYS).
OLDEST = timedelta(days=6)
RENEWED_AFTER = timedelta(days=1)
"""A process builds its index anew, in the background, when it is this old."""

UNSEEN = """
    FROM directory_directorychange
    WHERE transaction >= pg_snapshot_xmin(%(snapshot)s::pg_snapshot)
    AND NOT pg_visible_in_snapshot(transaction, %(snapshot)s::pg_snapshot)
"""
EPOCH = "(SELECT value FROM directory_indexepoch ORDER BY id DESC LIMIT 1)"


@dataclass(frozen=True)
class Loaded:
    """The index as one snapshot of the database shows it. Threads share it, none changes it."""

    index: Index
    words: Vocabulary
    base_day: date
    built_at: datetime
    epoch: UUID
    # PostgreSQL's pg_snapshot, as text.
    snapshot: str
    # When a hold in the diary of a listing (its id) runs out.
    holds: tuple[tuple[datetime, int], ...]
