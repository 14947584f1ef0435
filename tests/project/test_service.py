"""``attune run`` and ``attune serve`` as whole processes: started, killed, restarted, ended."""

import shutil
import signal
import subprocess
import time

import psutil
import pytest

from service import Service

pytestmark = pytest.mark.slow

# Runs what follows with a disk of 8 MB below the folder that is named first.
FULL_DISK = 'mkdir -p "$0" && mount -t tmpfs -o size=8m none "$0" && exec "$@"'


def _can_mount() -> bool:
    command = ["unshare", "--mount", "sh", "-c", "mount -t tmpfs none /mnt"]
    return shutil.which("unshare") and not subprocess.run(command, check=False).returncode


@pytest.fixture(scope="module")
def service(tmp_path_factory, finished):
    """A running service without invented people."""
    service = Service(tmp_path_factory.mktemp("service")).begin_with(finished)
    yield service.start().wait_until_greeted()
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


def test_a_second_one_on_the_same_data_is_refused_in_a_sentence(service, tmp_path):
    # Not ended with the test: ending it would end all that carries this data folder.
    other = Service(tmp_path, ATTUNE_DATA_DIR=service.environment["ATTUNE_DATA_DIR"])
    assert other.start().process.wait(30) == 2
    assert other.said().startswith("Attune already runs with the data in ")
    assert len(other.said().splitlines()) == 1


def test_a_used_port_is_told_in_a_sentence(service, service_in):
    other = service_in(PORT=str(service.port)).start()
    assert other.process.wait(30) == 2
    assert other.said().startswith(f"PORT={service.port} cannot be used: Address already in use.")
    assert len(other.said().splitlines()) == 1


@pytest.mark.parametrize("part", ["web worker", "web master", "worker", "database"])
def test_what_is_killed_comes_back(service, part):
    victim = {
        "web worker": lambda: service.named("project.web_server")[-1],
        "web master": lambda: service.named("project.web_server")[0],
        "worker": lambda: service.named("cli worker")[0],
        "database": lambda: service.named("postgres -D")[0],
    }[part]()
    victim.kill()
    psutil.wait_procs([victim], timeout=5)
    # bench/survive.py holds it to five seconds; a machine that runs tests may be busy.
    service.wait_until_ready(20)
    deadline = time.monotonic() + 20
    while len(service.named("cli worker")) != 1 or len(service.named("project.web_server")) != 3:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_end_it_leaves_nothing_behind_and_the_next_start_keeps_the_data(
    service_in, finished, number
):
    first = service_in().begin_with(finished).start().wait_until_greeted()
    assert len(first.processes()) > 4
    first.ask("CREATE TABLE kept AS SELECT 42 AS answer; SELECT 1")
    assert first.stop(number) == 0
    assert first.processes() == []
    assert first.status("/healthz") is None
    second = service_in().start()
    started = time.monotonic()
    second.wait_until_greeted()
    assert time.monotonic() - started < 20
    assert second.ask("SELECT answer FROM kept") == 42
    second.stop()


def test_a_killed_supervisor_takes_web_and_worker_along_and_the_next_start_works(
    service_in, finished
):
    first = service_in().begin_with(finished).start().wait_until_greeted()
    first.process.kill()
    first.process.wait()
    deadline = time.monotonic() + 5
    while first.named("project.web_server") or first.named("cli worker"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    second = service_in().start().wait_until_greeted()
    assert second.stop() == 0
    assert second.processes() == []


def test_run_invents_people_once_and_prints_how_to_go_on(service_in, finished):
    first = service_in("run").begin_with(finished).start().wait_until_greeted()
    assert f"Attune answers at http://localhost:{first.port}" in first.said()
    assert first.said().count("/demo/sign-in/") == 5
    assert first.ask("SELECT count(*) FROM directory_practitioner") == 2000
    code = first.ask("SELECT min(code) FROM directory_listing")
    assert first.stop() == 0
    second = service_in("run").start()
    started = time.monotonic()
    second.wait_until_greeted()
    assert time.monotonic() - started < 20
    assert second.ask("SELECT min(code) FROM directory_listing") == code
    assert second.status("/demo/outbox/") == 200
    second.stop()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "DATABASE_URL",
            "postgresql://attune@localhost:1/attune",
            "The database cannot be used: ",
        ),
        ("ATTUNE_DATA_DIR", "/proc/nowhere", "/proc/nowhere cannot be used: "),
    ],
)
def test_what_an_operator_can_mend_is_told_in_a_sentence(service_in, name, value, sentence):
    service = service_in(**{name: value}).start()
    assert service.process.wait(30) == 2
    assert service.said().startswith(sentence)
    assert len(service.said().splitlines()) == 1


@pytest.mark.skipif(not _can_mount(), reason="this machine does not let the test fill a disk")
def test_a_full_disk_is_told_in_a_sentence(service_in):
    service = service_in()
    service.within = (
        "unshare",
        "--mount",
        "sh",
        "-c",
        FULL_DISK,
        service.environment["ATTUNE_DATA_DIR"],
    )
    assert service.start().process.wait(60) == 2
    assert "No space left on device" in service.said().splitlines()[-1]
    assert "Traceback" not in service.said()
