"""The key file of a whole service: missing, another one, gone while it runs, and changed."""

import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from json import dumps

import pytest

from service import Service

pytestmark = pytest.mark.slow


@pytest.fixture
def key_file(tmp_path):
    return tmp_path / "attune.key"


def refused(service: Service) -> str:
    """Return the one line with which a start, or another command, was refused."""
    assert service.start().process.wait(60) == 2, service.said()
    (line,) = service.said().splitlines()
    return line


def asks_for_a_code(service: Service) -> int:
    body, kind = dumps({"email": "ada@example.org"}), {"Content-Type": "application/json"}
    with closing(HTTPConnection("127.0.0.1", service.port, timeout=10)) as connection:
        connection.request("POST", "/api/v1/contacts", body, kind)
        return connection.getresponse().status


def test_a_missing_or_other_key_file_stops_it_in_a_sentence_and_changes_nothing(
    service_in, finished, key_file
):
    first = service_in().begin_with(finished).start().wait_until_greeted()
    assert asks_for_a_code(first) == 202
    sealed = first.ask("SELECT encode(email_sealed, 'hex') FROM booking_contact")
    assert first.stop() == 0
    right = key_file.read_bytes()

    key_file.unlink()
    for command in ("serve", "worker"):
        line = refused(service_in(command))
        assert line.startswith(f"There is no key file {key_file}, and this database was sealed")
        assert "Put the right file back in its place" in line
        assert not key_file.exists()

    key_file.write_text(f"attune-key-1 {'00' * 32}\n")
    line = refused(service_in())
    assert line.startswith(f"The key file {key_file} is not the one that this database was sealed")
    assert key_file.read_text() == f"attune-key-1 {'00' * 32}\n"

    key_file.write_text("something else\n")
    assert refused(service_in()) == f"The key file {key_file} is not an Attune key file."

    key_file.write_bytes(right)
    again = service_in().start().wait_until_greeted()
    assert again.ask("SELECT encode(email_sealed, 'hex') FROM booking_contact") == sealed
    assert again.ask("SELECT count(*) FROM accounts_keymark") == 1
    assert asks_for_a_code(again) == 202


def test_a_key_file_that_goes_while_it_runs_closes_what_is_sealed_and_nothing_else(
    service_in, finished, key_file
):
    service = service_in().begin_with(finished).start().wait_until_greeted()
    right = key_file.read_bytes()
    key_file.unlink()
    assert asks_for_a_code(service) == 503
    assert [service.status(page) for page in ("/", "/library/", "/help-now/")] == [200, 200, 200]
    key_file.write_text(f"attune-key-1 {'00' * 32}\n")
    assert asks_for_a_code(service) == 503
    assert service.ask("SELECT count(*) FROM booking_contact") == 0
    key_file.write_bytes(right)
    assert asks_for_a_code(service) == 202


def test_the_key_is_changed_while_the_service_runs(service_in, finished, key_file):
    service = service_in().begin_with(finished).start().wait_until_greeted()
    assert asks_for_a_code(service) == 202
    said = [
        subprocess.run(
            [sys.executable, "-m", "attune.project.cli", "rotate-key", *more],
            env=service.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout
        for more in ((), ("--forget-old",))
    ]
    assert "Version 2 of the key seals from now on; 1 values and keys" in said[0]
    assert "Only the newest version of the key opens now" in said[1]
    assert asks_for_a_code(service) == 202
    versions = "SELECT DISTINCT get_byte(email_sealed, 0) FROM booking_contact"
    assert service.rows(versions) == [2]
    assert key_file.stat().st_mode & 0o777 == 0o600
