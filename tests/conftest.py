"""What every test has: a finished database of its own, a fixed moment, and no network."""

import math
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

# A Wednesday, in winter time, far from both clock changes.
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
_open = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the test server, unless DATABASE_URL names one or a controlling process did."""
    from django.conf import settings  # after pytest-django named the settings

    from attune.accounts import key_marks, keys

    # Compared with no database: tests that need none may seal.
    key_marks._trusted[settings.KEY_FILE] = keys.state_of(settings.KEY_FILE)
    config.stash[_open] = stack = ExitStack()
    stack.callback(shutil.rmtree, settings.OWN_FOLDER, ignore_errors=True)
    if not settings.EXTERNAL_DATABASE and not hasattr(config, "workerinput"):
        stack.enter_context(settings.TEST_POSTGRES.running())


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_open].close()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker) -> Iterator[None]:
    """Give this test process its own copy of the finished database."""
    from django.db import connection
    from django.test import TransactionTestCase

    import databases

    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"test_{connection.settings_dict['NAME']}_{worker}"
    with django_db_blocker.unblock():
        databases.copy_template(name)
        with databases.using(name):
            # After a test with real transactions: a fresh copy keeps the vocabulary, which
            # emptying all tables would lose.
            TransactionTestCase._fixture_teardown = lambda _test: _copy_again(name)
            yield
        databases.drop(name)


def _copy_again(name: str) -> None:
    from django.db import connections

    import databases

    connections.close_all()
    databases.copy_template(name)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the first start of a service leaves it, to begin others with."""
    import service

    base = tmp_path_factory.getbasetemp()
    # Test processes that run beside each other have one folder in common.
    return service.first_started(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


@pytest.fixture
def now() -> datetime:
    """Wednesday 18 November 2026, 10:00 in the United Kingdom."""
    return NOW


@pytest.fixture(autouse=True)
def _pages_made_anew() -> None:
    """Keep no page that another test made: what that test wrote has been rolled back."""
    from attune.content import brand, kept

    kept.forget()
    # Read again only where a test changes it, so that each page costs what it costs.
    brand._Kept.look, brand._Kept.until = brand.ATTUNE, math.inf


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: object) -> None:
        is_here = self.family == socket.AF_UNIX or str(address[0]).startswith(("127.", "::1"))
        if not is_here and address[0] != "localhost":
            raise AssertionError(f"A test tried to reach {address}.")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)
