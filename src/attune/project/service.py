"""``attune run`` and ``attune serve``: from nothing to a service that answers."""

import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from django.conf import settings
from django.db import connections

from attune.demo.sign_in import sign_in_links
from attune.project.postgres import PostgresUnusable
from attune.project.preparation import prepare
from attune.project.processes import AlreadyRuns, end_recorded, sole_owner
from attune.project.supervisor import Supervisor, web_part, worker_part

SECONDS_TO_ANSWER = 60.0
Say = Callable[[str], None]


class CannotServe(Exception):
    """The service cannot start; the message is one sentence for the operator."""


def serve(*, with_demo: bool, say: Say) -> None:
    """Run the service until Ctrl-C or SIGTERM. Raises ``CannotServe``.

    Args:
        with_demo: fill an empty embedded database with invented people; a database that the
            operator named is never filled.

        say: told, in sentences, how it goes.
    """
    # Until the supervisor listens to it itself, being told to end works like Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    host = "0.0.0.0" if settings.OWN_HOSTS else "127.0.0.1"  # noqa: S104 - a public site
    try:
        with _told_in_a_sentence(), sole_owner(settings.DATA_DIR):
            end_recorded(_records())
            _refuse_used_port(host)
            with _database(say):
                prepare(with_demo=with_demo and not settings.EXTERNAL_DATABASE, say=say)
                _supervise(host, say)
    except KeyboardInterrupt:
        pass
    say("Stopped.")


def _supervise(host: str, say: Say) -> None:
    parts = (web_part(host, settings.PORT), worker_part())
    supervisor = Supervisor(parts, records=_records(), postgres=settings.EMBEDDED_POSTGRES, say=say)
    supervisor.run(after_each_look=Greeting(say))


class Greeting:
    """Says where the service answers, once it does."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._deadline = time.monotonic() + SECONDS_TO_ANSWER
        self._is_said = False

    def __call__(self) -> None:
        """Greet if it is time to. Raises ``CannotServe`` when it takes too long."""
        if self._is_said:
            return
        if _answers():
            self._is_said = True
            _greet(self._say)
        elif time.monotonic() > self._deadline:
            raise CannotServe(
                f"The web server does not answer within {SECONDS_TO_ANSWER:.0f} seconds."
            )


def _greet(say: Say) -> None:
    address = f"http://localhost:{settings.PORT}"
    say(f"\nAttune answers at {settings.PUBLIC_URL if settings.OWN_HOSTS else address}")
    for who, link in sign_in_links(address):
        say(f"  Sign in once as {who}: {link}")
    if settings.IS_DEMO_SITE:
        say(f"  Messages that would have been sent: {address}/demo/outbox/")
    connections.close_all()
    say("Ctrl-C stops it. The data stays, and the next start takes seconds.\n")


def _answers() -> bool:
    connection = HTTPConnection("127.0.0.1", settings.PORT, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def _database(say: Say) -> Iterator[None]:
    if settings.EMBEDDED_POSTGRES is None:
        yield
        return
    if not (settings.EMBEDDED_POSTGRES.data_dir / "PG_VERSION").exists():
        say("First start. This takes about a minute, and later ones take seconds.")
        say("Setting up PostgreSQL in the data folder.")
    with settings.EMBEDDED_POSTGRES.running():
        yield


@contextmanager
def _told_in_a_sentence() -> Iterator[None]:
    """Turn what an operator can mend into one sentence each."""
    try:
        yield
    except AlreadyRuns:
        raise CannotServe(
            f"Attune already runs with the data in {settings.DATA_DIR}. "
            "Stop it first, or set another ATTUNE_DATA_DIR and PORT."
        ) from None
    except PostgresUnusable as error:
        raise CannotServe(str(error)) from error
    except OSError as error:
        place = error.filename or settings.DATA_DIR
        raise CannotServe(f"{place} cannot be used: {error.strerror or error}.") from error


def _refuse_used_port(host: str) -> None:
    with socket.socket() as probe:
        # As the server will ask for it: a port whose last connections are closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, settings.PORT))
        except OSError as error:
            raise CannotServe(
                f"PORT={settings.PORT} cannot be used: {error.strerror}. "
                "Stop the program that uses it, or choose another, as in PORT=8001 make run."
            ) from None


def _records() -> Path:
    return settings.DATA_DIR / "processes"
