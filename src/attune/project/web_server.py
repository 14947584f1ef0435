"""The web server: ``python -m attune.project.web_server HOST PORT``.

Code and pages are loaded once, and then shared by the processes that answer: one that died is
replaced in a fraction of a second.
"""

import contextlib
import os
import sys
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.urls import resolve
from django.utils import timezone
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from attune.project.logs import LOGGING, write_what_nobody_caught
from attune.project.processes import die_with_parent, record
from attune.project.wsgi import application  # isort: split

from attune.accounts.key_marks import trusted_key_file
from attune.accounts.keys import KeyFileUnusable
from attune.finder.loading import current

WORKERS = 2
# For two cores, and threads that mostly wait for the database.
THREADS = 4
# A page whose question takes longer has been given up by whoever asked.
STATEMENT_SECONDS = 30
# Who sends slower than this only means to keep a place.
HEAD_SECONDS = 10


def main(host: str, port: int) -> None:
    """Answer at ``host`` and ``port`` until told to stop."""
    write_what_nobody_caught()
    try:
        # What signs links and sessions was made from this file just now, and stays.
        with contextlib.suppress(DatabaseError):
            trusted_key_file()
    except KeyFileUnusable as error:
        sys.exit(str(error))
    connections.close_all()
    resolve("/healthz")  # has the URL table, and with it every page's code, loaded
    Granian(
        "attune.project.web_server:worker",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_SECONDS * 1000),
        websockets=False,
        workers=WORKERS,
        respawn_failed_workers=True,
        blocking_threads=THREADS,
        backlog=2048,
        factory=True,
        log_level=LogLevels.error,
        log_dictconfig=deepcopy(LOGGING),
    ).serve()


def worker() -> Callable[..., object]:
    """Return the application, in the new process that is to serve it."""
    # A worker whose master was killed would go on holding the port.
    die_with_parent()
    record(settings.DATA_DIR / "processes", os.getpid())
    connection_created.connect(limit_statements, dispatch_uid="limit_statements")
    # The first visitor does not wait for the index. Without a database, requests will say so.
    with contextlib.suppress(DatabaseError):
        current(timezone.now())
    connections.close_all()
    return application


def limit_statements(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Have the database end what takes too long, so that no page holds it up."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = %s", [STATEMENT_SECONDS * 1000])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
