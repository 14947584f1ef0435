"""``attune worker``: sends what is due and does what recurs, until it is told to stop."""

import logging
import signal
import threading
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from attune.core.errors import NotNow
from attune.outbox.duties import Duty, known_duties
from attune.outbox.sending import send_due

POLL_SECONDS = 1.0

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Send messages that are due and run the recurring duties."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then stop")

    def handle(self, *, once: bool, **options: Any) -> None:
        worker = Worker()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop.set())
        if once:
            try:
                worker.work(timezone.now())
            except OSError as error:
                raise CommandError(f"The mail server cannot be reached: {error}.") from error
            return
        while not worker.stop.is_set():
            worker.work_or_wait_for_the_database()
            worker.stop.wait(POLL_SECONDS)


class Worker:
    """Remembers when each duty was last done; a new worker does each at once.

    Once ``stop`` is set it finishes the message or the duty in hand, and no other.
    """

    def __init__(self) -> None:
        self.stop = threading.Event()
        self._done: dict[str, datetime] = {}

    def work(self, now: datetime) -> None:
        send_due(now, is_stopped=self.stop.is_set)
        for duty in known_duties():
            if self._is_due(duty, now) and not self.stop.is_set():
                duty.work(now)
                self._done[duty.name] = now

    def work_or_wait_for_the_database(self) -> None:
        """Work; if the database, mail server or key file is away, leave all as it is till then."""
        try:
            self.work(timezone.now())
        except (OperationalError, InterfaceError, OSError, NotNow) as error:
            logger.warning("worker_waits error=%s", type(error).__name__)
            connection.close()
        close_old_connections()

    def _is_due(self, duty: Duty, now: datetime) -> bool:
        last = self._done.get(duty.name)
        return last is None or now - last >= duty.every
