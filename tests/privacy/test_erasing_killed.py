"""A worker that is killed with an erasure in hand: all of it, or one that the next start ends."""

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

import databases
from attune.accounts import erased
from attune.accounts.ledger import record_opening
from attune.accounts.models import ErasedKey, LedgerEntry, SealingKey, SignIn, User
from attune.privacy.actions import WAIT, ask_for
from attune.privacy.models import Delayed
from privacy.members import member

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MEMBERS = 12
TABLES = (SealingKey, SignIn, LedgerEntry, Delayed)


@pytest.fixture(autouse=True)
def clock():
    """The worker is a process of its own, with the real clock."""


@pytest.fixture(autouse=True)
def _own_key_file(settings, tmp_path):
    copy = tmp_path / "attune.key"
    shutil.copy(settings.KEY_FILE, copy)
    settings.KEY_FILE = copy


@pytest.fixture(autouse=True)
def _asked():
    """Twelve people asked for it 14 days ago."""
    then = timezone.now() - WAIT - timedelta(minutes=1)
    for number in range(MEMBERS):
        user = member(f"ada{number}@home.example")
        SignIn.objects.create(user=user, at=then, how="code")
        record_opening(about=user.email_hash, by=None, what="a", purpose="b", at=then)
        ask_for(user, Delayed.Kind.ERASURE, at=then)


def worker():
    environment = {
        **os.environ,
        "DATABASE_URL": databases.url_of(connection.settings_dict["NAME"]),
        "ATTUNE_DATA_DIR": str(settings.DATA_DIR),
        "ATTUNE_KEY_FILE": str(settings.KEY_FILE),
        "DJANGO_SETTINGS_MODULE": "attune.project.settings",
    }
    command = [sys.executable, "-m", "attune.project.cli", "worker", "--once"]
    return subprocess.Popen(command, env=environment)


def kill_when(is_so, process):
    deadline = time.monotonic() + 60
    while not is_so() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.0005)
    process.kill()
    assert process.wait(10) == -signal.SIGKILL
    assert is_so()


def rows_left():
    return [model.objects.count() for model in TABLES]


def test_killed_before_the_list_is_written_nothing_has_changed():
    with databases.connected(connection.settings_dict["NAME"]) as other:
        other.autocommit = False
        # The row of the key is the last to go.
        other.execute("LOCK TABLE accounts_sealingkey IN SHARE MODE")
        kill_when(a_lock_is_waited_for, worker())
        other.rollback()
    assert erased.erased_keys() == []
    assert rows_left() == [MEMBERS] * len(TABLES)
    assert worker().wait(60) == 0
    assert rows_left() == [0] * len(TABLES)


def a_lock_is_waited_for():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


@pytest.mark.parametrize("lines", [1, 2, 5, 9])
def test_killed_when_the_list_is_written_the_next_run_ends_what_was_begun(lines):
    kill_when(lambda: len(erased.erased_keys()) >= lines, worker())
    listed = {one.key_code for one in erased.erased_keys()}
    there = dict(User.objects.values_list("key__code", "pk"))
    # Whoever is not in the list lost nothing; whoever is lost all, or is closed.
    assert len(listed | set(there)) == MEMBERS
    assert rows_left() == [len(there)] * len(TABLES)
    assert worker().wait(60) == 0
    assert rows_left() == [0] * len(TABLES)
    codes = set(ErasedKey.objects.values_list("key_code", flat=True))
    assert codes == {one.key_code for one in erased.erased_keys()}
    assert len(erased.erased_keys()) == len(codes) == MEMBERS
