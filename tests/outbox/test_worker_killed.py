"""A worker that dies at the worst moment: the mail has left, and the database does not know."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from threading import Thread

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

import databases
from attune.accounts.contacts import send_contact_code
from attune.outbox.models import Message
from outbox.sinks import Sink

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

MESSAGES = 12
KILLED_AT = (1, 4, 5, 9)


class Worker:
    """``attune worker`` as a process of its own, started again each time that it was killed."""

    def __init__(self, port):
        self.environment = {
            **os.environ,
            "DATABASE_URL": databases.url_of(connection.settings_dict["NAME"]),
            "EMAIL_URL": f"smtp://127.0.0.1:{port}?starttls=no",
            "ATTUNE_DATA_DIR": str(settings.DATA_DIR),
            "ATTUNE_KEY_FILE": str(settings.KEY_FILE),
            "DJANGO_SETTINGS_MODULE": "attune.project.settings",
        }
        self.process = None

    def run(self, *options):
        """Start it, wait until it ends, and return its status (negative: what killed it)."""
        command = [sys.executable, "-m", "attune.project.cli", "worker", *options]
        self.process = subprocess.Popen(command, env=self.environment)
        return self.process.wait(60)

    def run_once(self):
        return self.run("--once")

    def kill(self):
        self.process.kill()
        self.process.wait(10)


@pytest.fixture
def _queued():
    now = timezone.now()
    for number in range(MESSAGES):
        send_contact_code(f"ada{number}@home.example", origin=f"{number}", at=now)


@pytest.mark.usefixtures("_queued")
def test_a_worker_killed_after_data_loses_nothing_and_repeats_under_the_same_id():
    with Sink(after_data=lambda taken: worker.kill() if taken in KILLED_AT else None) as sink:
        worker = Worker(sink.port)
        endings = [worker.run_once() for _ in range(len(KILLED_AT) + 1)]
    assert endings == [-signal.SIGKILL] * len(KILLED_AT) + [0]
    times_sent = Counter(sink.ids)
    assert set(times_sent) == set(Message.objects.values_list("message_id", flat=True))
    # Killed at the fourth and fifth: the fourth came again as the fifth, and then once more.
    assert sum(times_sent.values()) == MESSAGES + len(KILLED_AT)
    assert not Message.objects.filter(sent_at=None).exists()


@pytest.mark.usefixtures("_queued")
def test_a_worker_killed_when_it_knows_that_a_message_left_does_not_send_it_again():
    noted = settings.DATA_DIR / "departed"
    with databases.connected(connection.settings_dict["NAME"]) as other:
        other.autocommit = False

        def keep_it_from_marking(taken):
            if taken == 3:
                other.execute("LOCK TABLE outbox_message IN SHARE MODE")
                Thread(target=kill_once_noted).start()

        def kill_once_noted():
            deadline = time.monotonic() + 10
            while not any(noted.glob("*")) and time.monotonic() < deadline:
                time.sleep(0.005)
            worker.kill()
            other.rollback()

        with Sink(after_data=keep_it_from_marking) as sink:
            worker = Worker(sink.port)
            endings = [worker.run_once(), worker.run_once()]
    assert endings == [-signal.SIGKILL, 0]
    assert len(sink.ids) == len(set(sink.ids)) == MESSAGES
    assert not Message.objects.filter(sent_at=None).exists()
    assert not any(noted.iterdir())


@pytest.mark.usefixtures("_queued")
def test_a_worker_told_to_stop_does_so_after_the_message_in_hand():
    with Sink(after_data=lambda taken: taken == 3 and worker.process.terminate()) as sink:
        worker = Worker(sink.port)
        assert worker.run() == 0
    assert len(sink.ids) == 3
    assert Message.objects.exclude(sent_at=None).count() == 3
