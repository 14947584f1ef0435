"""A worker that dies at the worst moment: the mail has left, and the database does not know."""

import os
import signal
import subprocess
import sys
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection

import databases
from attune.booking.contacts import send_contact_code
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

    def run_once(self):
        """Do what is due; return the exit status (negative: the signal that killed it)."""
        command = [sys.executable, "-m", "attune.project.cli", "worker", "--once"]
        self.process = subprocess.Popen(command, env=self.environment)
        return self.process.wait(60)

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


def test_a_worker_killed_after_data_loses_nothing_and_repeats_under_the_same_id():
    from django.utils import timezone

    now = timezone.now()
    for number in range(MESSAGES):
        send_contact_code(f"ada{number}@home.example", origin=f"{number}", at=now)
    with Sink(after_data=lambda taken: worker.kill() if taken in KILLED_AT else None) as sink:
        worker = Worker(sink.port)
        endings = [worker.run_once() for _ in range(len(KILLED_AT) + 1)]
    assert endings == [-signal.SIGKILL] * len(KILLED_AT) + [0]
    times_sent = Counter(sink.ids)
    assert set(times_sent) == set(Message.objects.values_list("message_id", flat=True))
    # Killed at the fourth and fifth: the fourth came again as the fifth, and then once more.
    assert sum(times_sent.values()) == MESSAGES + len(KILLED_AT)
    assert not Message.objects.filter(sent_at=None).exists()
