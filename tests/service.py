"""Attune as whole processes: started, looked at, killed and ended. For tests and for bench/."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil
import psycopg

import attune
from attune.project.postgres import EmbeddedPostgres


class Service:
    """One ``attune`` command with a data folder, a key and a port of its own."""

    def __init__(self, folder: Path, command: str = "serve", **environment: str) -> None:
        self.folder, self.command = folder, command
        self.port = _free_port()
        self.environment = {
            "PATH": os.environ["PATH"],
            # The code that the tests look at, also where another checkout is installed.
            "PYTHONPATH": str(Path(attune.__file__).parents[1]),
            "ATTUNE_DATA_DIR": str(folder / "data"),
            "ATTUNE_KEY_FILE": str(folder / "attune.key"),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
        } | environment
        self.output = folder / "output"
        # A command that runs ours, as unshare does.
        self.within: tuple[str, ...] = ()
        self.process: subprocess.Popen | None = None

    def begin_with(self, finished: Path) -> "Service":
        """Give it what a first start left in ``finished``: a prepared database, and its key."""
        shutil.copytree(finished, self.folder, dirs_exist_ok=True)
        return self

    def start(self) -> "Service":
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*self.within, sys.executable, "-m", "attune.project.cli", self.command],
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

    def wait_until_ready(self, seconds: float) -> None:
        """Wait until three answers in a row are good."""
        started, good = time.monotonic(), 0
        while good < 3:
            assert time.monotonic() - started < seconds, self.said()
            good = good + 1 if self.status("/readyz") == 200 else 0
            time.sleep(0.02)

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(40)

    def end(self) -> None:
        """Stop it; what a killed supervisor left running is ended too."""
        if self.process and self.process.poll() is None:
            self.stop()
        for one in self.processes():
            one.kill()

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def status(self, address: str) -> int | None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", address)
            return connection.getresponse().status
        except (OSError, HTTPException):
            return None
        finally:
            connection.close()

    def processes(self) -> list[psutil.Process]:
        """Every process on this machine that carries our data folder."""
        return [one for one in psutil.process_iter() if self._is_ours(one)]

    def named(self, word: str) -> list[psutil.Process]:
        """Our processes with this word in their command, the eldest first."""
        found = [one for one in self.processes() if word in _command_of(one)]
        return sorted(found, key=lambda one: one.create_time())

    def ask(self, statement: str) -> object:
        """Return the first value that the (last) statement gives."""
        return self.rows(statement)[0]

    def database_url(self) -> str:
        """Return the DATABASE_URL of the service's own database."""
        embedded = EmbeddedPostgres(self.folder / "data" / "postgres")
        return f"postgresql://attune@/attune?host={embedded.socket_dir}"

    def rows(self, statement: str) -> list[object]:
        """Return the first column of what the (last) statement gives."""
        with psycopg.connect(self.database_url()) as connection:
            *_, last = connection.execute(statement).results()
            return [row[0] for row in last.fetchall()]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            data_dir = process.environ().get("ATTUNE_DATA_DIR")
            return data_dir == self.environment["ATTUNE_DATA_DIR"] and process.is_running()
        except (psutil.Error, OSError):
            return False


def first_started(folder: Path) -> Path:
    """Return a folder as a first start leaves it, made below ``folder`` once for all processes."""
    finished = folder / "first-started"
    with (folder / "first-started.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not finished.exists():
            making = folder / "first-starting"
            making.mkdir()
            service = Service(making)
            try:
                assert service.start().wait_until_greeted().stop() == 0, service.said()
            finally:
                service.end()
            making.rename(finished)
    return finished


def _command_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        # It ended while we looked.
        return ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
