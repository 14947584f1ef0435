"""Keeps the service alive: database, web and worker, restarted when they die, ended together."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from attune.project.postgres import EmbeddedPostgres, PostgresUnusable
from attune.project.processes import die_with_parent, record

LOOK_EVERY_SECONDS = 0.1
SECONDS_TO_STOP = 20.0
# A part that ran this long is healthy again: its next restart is immediate.
HEALTHY_AFTER_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 10.0


@dataclass
class Pause:
    """How long to wait before the next restart: not at all, then twice as long each time."""

    failures: int = 0
    started: float = float("-inf")
    not_before: float = 0.0

    def start(self, now: float) -> None:
        self.started = now

    def fail(self, now: float) -> None:
        self.failures = 0 if now - self.started > HEALTHY_AFTER_SECONDS else self.failures + 1
        wait = 0.1 * 2**self.failures if self.failures > 1 else 0.0
        self.not_before = now + min(wait, LONGEST_PAUSE_SECONDS)


@dataclass
class Part:
    """One process and, in its own process group, what it starts itself."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    pause: Pause = field(default_factory=Pause)

    def start(self, records: Path) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            self.command,
            stdin=subprocess.DEVNULL,
            # A group of its own: Ctrl-C reaches the supervisor alone, and all of it can be ended.
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - no other thread runs here
        )
        record(records, self.process.pid)
        self.pause.start(time.monotonic())

    def has_died(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def signal_group(self, number: int) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def stop(self, deadline: float) -> None:
        """Wait until ``deadline`` (monotonic seconds) for what was asked to end; then kill it."""
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(max(0.1, deadline - time.monotonic()))
        self.signal_group(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()


class Supervisor:
    """Runs until it is told to stop by Ctrl-C or SIGTERM."""

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        records: Path,
        postgres: EmbeddedPostgres | None,
        say: Callable[[str], None],
    ) -> None:
        self.parts = parts
        self._records = records
        self._postgres = postgres
        self._database_pause = Pause()
        self._say = say
        self._told_to_stop = threading.Event()

    def run(self, *, after_each_look: Callable[[], None]) -> None:
        """Start the parts, then look after them ten times a second."""
        with self._signals():
            try:
                for part in self.parts:
                    part.start(self._records)
                while not self._told_to_stop.wait(LOOK_EVERY_SECONDS):
                    self._look_after(time.monotonic())
                    after_each_look()
            finally:
                self._end_all()

    def _look_after(self, now: float) -> None:
        if self._postgres and not self._postgres.is_running():
            self._restart_database(self._postgres, now)
        for part in self.parts:
            if part.has_died():
                self._restart(part, now)

    def _restart(self, part: Part, now: float) -> None:
        if part.process is not None:
            # Whatever it had started goes with it: an orphan would hold the port.
            part.signal_group(signal.SIGKILL)
            part.process = None
            part.pause.fail(now)
            self._say(f"The {part.name} stopped and is started again.")
        if now >= part.pause.not_before:
            part.start(self._records)

    def _restart_database(self, postgres: EmbeddedPostgres, now: float) -> None:
        if now < self._database_pause.not_before:
            return
        self._database_pause.fail(now)
        self._database_pause.start(now)
        self._say("The database stopped and is started again.")
        try:
            postgres.start()
        except PostgresUnusable as error:
            self._say(str(error))

    def _end_all(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_STOP
        for part in self.parts:
            part.signal_group(signal.SIGTERM)
        for part in self.parts:
            part.stop(deadline)

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        def told(_number: int, _frame: FrameType | None) -> None:
            self._told_to_stop.set()

        before = {number: signal.signal(number, told) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def web_part(host: str, port: int) -> Part:
    command = [sys.executable, "-m", "attune.project.web_server", host, str(port)]
    return Part("web server", command)


def worker_part() -> Part:
    return Part("worker", [sys.executable, "-m", "attune.project.cli", "worker"])
