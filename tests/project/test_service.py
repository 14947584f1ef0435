"""``attune run`` and ``attune serve`` as whole processes: started, killed, restarted, ended."""

import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import psutil
import psycopg
import pytest

pytestmark = pytest.mark.slow


class Service:
    """One ``attune`` command with a data folder, a key and a port of its own."""

    def __init__(self, folder: Path, command: str = "serve", **environment: str) -> None:
        self.folder, self.command = folder, command
        self.port = _free_port()
        self.environment = {
            "PATH": os.environ["PATH"],
            "ATTUNE_DATA_DIR": str(folder / "data"),
            "ATTUNE_KEY_FILE": str(folder / "attune.key"),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
        } | environment
        self.output = folder / "output"
        self.process = None

    def start(self) -> "Service":
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "attune.project.cli", self.command],
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    def wait_until_greeted(self, seconds: float = 120) -> "Service":
        deadline = time.monotonic() + seconds
        while "Ctrl-C stops it" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)
        return self

    def wait_until_ready(self, seconds: float) -> float:
        """Return how many seconds it took until three answers in a row were good."""
        started, good = time.monotonic(), 0
        while good < 3:
            assert time.monotonic() - started < seconds, self.said()
            good = good + 1 if self.status("/readyz") == 200 else 0
            time.sleep(0.02)
        return time.monotonic() - started

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(40)

    def end(self) -> None:
        if self.process and self.process.poll() is None:
            self.stop()

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def status(self, address: str) -> int | None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", address)
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()

    def processes(self) -> list[psutil.Process]:
        """Every process on this machine that carries our data folder."""
        return [one for one in psutil.process_iter() if self._is_ours(one)]

    def named(self, word: str) -> list[psutil.Process]:
        """Our processes with this word in their command, the eldest first."""
        found = [one for one in self.processes() if word in " ".join(one.cmdline())]
        return sorted(found, key=lambda one: one.create_time())

    def ask(self, statement: str):
        socket_dir = self.folder / "data" / "postgres" / "socket"
        with psycopg.connect(host=str(socket_dir), user="attune", dbname="attune") as connection:
            *_, last = connection.execute(statement).results()
            return last.fetchone()[0]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            data_dir = process.environ().get("ATTUNE_DATA_DIR")
            return data_dir == self.environment["ATTUNE_DATA_DIR"] and process.is_running()
        except (psutil.Error, OSError):
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A running service without invented people."""
    service = Service(tmp_path_factory.mktemp("service"))
    yield service.start().wait_until_greeted()
    service.end()


@pytest.fixture
def service_in(tmp_path):
    """Return a service that is ended with the test, however that goes."""
    made = []

    def make(command: str = "serve", **environment: str) -> Service:
        made.append(Service(tmp_path, command, **environment))
        return made[-1]

    yield make
    for service in made:
        service.end()


def test_serve_loads_no_invented_people(service):
    assert service.ask("SELECT count(*) FROM directory_practitioner") == 0
    assert service.ask("SELECT count(*) FROM vocabulary_presentingissue") > 0
    assert service.status("/demo/outbox/") == 404


@pytest.mark.parametrize("address", ["/", "/healthz", "/readyz", "/help-now/", "/free-help/"])
def test_it_answers(service, address):
    assert service.status(address) == 200


@pytest.mark.parametrize("address", ["/help-now/", "/free-help/"])
def test_help_pages_are_files(service, address):
    published = service.folder / "data" / "published" / address.strip("/") / "index.html"
    assert b"<h1" in published.read_bytes()


def test_a_second_one_on_the_same_data_is_refused_in_a_sentence(service, service_in):
    other = service_in(ATTUNE_DATA_DIR=service.environment["ATTUNE_DATA_DIR"])
    assert other.start().process.wait(30) == 2
    assert other.said().startswith("Attune already runs with the data in ")
    assert len(other.said().splitlines()) == 1


def test_a_used_port_is_told_in_a_sentence(service, service_in):
    other = service_in(PORT=str(service.port)).start()
    assert other.process.wait(30) == 2
    assert other.said().startswith(f"PORT={service.port} cannot be used: Address already in use.")
    assert len(other.said().splitlines()) == 1


@pytest.mark.parametrize("part", ["web worker", "web master", "worker", "database"])
def test_what_is_killed_comes_back_within_five_seconds(service, part):
    victim = {
        "web worker": lambda: service.named("granian")[-1],
        "web master": lambda: service.named("granian")[0],
        "worker": lambda: service.named("cli worker")[0],
        "database": lambda: service.named("postgres -D")[0],
    }[part]()
    victim.kill()
    psutil.wait_procs([victim], timeout=5)
    assert service.wait_until_ready(5) < 5
    deadline = time.monotonic() + 5
    while len(service.named("cli worker")) != 1 or len(service.named("granian")) != 3:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_end_it_leaves_nothing_behind_and_the_next_start_keeps_the_data(service_in, number):
    first = service_in().start().wait_until_greeted()
    assert len(first.processes()) > 4
    first.ask("CREATE TABLE kept AS SELECT 42 AS answer; SELECT 1")
    assert first.stop(number) == 0
    assert first.processes() == []
    assert first.status("/healthz") is None
    second = service_in().start()
    started = time.monotonic()
    second.wait_until_greeted()
    assert time.monotonic() - started < 10
    assert second.ask("SELECT answer FROM kept") == 42
    second.stop()


def test_a_killed_supervisor_takes_web_and_worker_along_and_the_next_start_works(service_in):
    first = service_in().start().wait_until_greeted()
    first.process.kill()
    first.process.wait()
    deadline = time.monotonic() + 5
    while first.named("granian") or first.named("cli worker"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    second = service_in().start().wait_until_greeted()
    assert second.stop() == 0
    assert second.processes() == []


def test_run_invents_people_once_and_prints_how_to_go_on(service_in):
    first = service_in("run").start().wait_until_greeted()
    assert f"Attune answers at http://localhost:{first.port}" in first.said()
    assert first.said().count("/demo/sign-in/") == 2
    assert first.ask("SELECT count(*) FROM directory_practitioner") == 2000
    code = first.ask("SELECT min(code) FROM directory_listing")
    assert first.stop() == 0
    second = service_in("run").start()
    started = time.monotonic()
    second.wait_until_greeted()
    assert time.monotonic() - started < 10
    assert second.ask("SELECT min(code) FROM directory_listing") == code
    assert second.status("/demo/outbox/") == 200
    second.stop()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "DATABASE_URL",
            "postgresql://attune@localhost:1/attune",
            "The database does not answer: ",
        ),
        ("ATTUNE_DATA_DIR", "/proc/nowhere", "/proc/nowhere cannot be used: "),
    ],
)
def test_what_an_operator_can_mend_is_told_in_a_sentence(service_in, name, value, sentence):
    service = service_in(**{name: value}).start()
    assert service.process.wait(30) == 2
    assert service.said().startswith(sentence)
    assert len(service.said().splitlines()) == 1
