"""The web server: ``python -m attune.project.web_server HOST PORT``.

Code and pages are loaded once, and then shared by the processes that answer: one that died is
replaced in a fraction of a second.
"""

import contextlib
import os
import sys
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connections
from django.urls import resolve
from django.utils import timezone
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from attune.project.processes import die_with_parent, record
from attune.project.wsgi import application  # isort: split

from attune.accounts.key_marks import trusted_key_file
from attune.accounts.keys import KeyFileUnusable
from attune.finder.loading import current

WORKERS = 2
# For two cores, and threads that mostly wait for the database.
THREADS = 4


def main(host: str, port: int) -> None:
    """Answer at ``host`` and ``port`` until told to stop."""
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
        websockets=False,
        workers=WORKERS,
        respawn_failed_workers=True,
        blocking_threads=THREADS,
        backlog=2048,
        factory=True,
        log_level=LogLevels.error,
    ).serve()


def worker() -> Callable[..., object]:
    """Return the application, in the new process that is to serve it."""
    # A worker whose master was killed would go on holding the port.
    die_with_parent()
    record(settings.DATA_DIR / "processes", os.getpid())
    # The first visitor does not wait for the index. Without a database, requests will say so.
    with contextlib.suppress(DatabaseError):
        current(timezone.now())
    connections.close_all()
    return application


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
