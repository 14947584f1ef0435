"""Processes that must not outlive those who started them, and finding those that did."""

import contextlib
import ctypes
import fcntl
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil

PR_SET_PDEATHSIG = 1


class AlreadyRuns(Exception):
    """Somebody else holds this data folder."""


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends, however it ends (Linux only)."""
    parent = os.getppid()
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # The parent may have ended before the kernel was asked.
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def record(folder: Path, pid: int) -> None:
    """Write down that ``pid`` is ours, with its start time: numbers are used again."""
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(psutil.NoSuchProcess):
        (folder / str(pid)).write_text(f"{psutil.Process(pid).create_time()}")


def end_recorded(folder: Path) -> int:
    """Kill what an earlier run wrote down and left behind; return how many there were."""
    ended = 0
    for note in folder.glob("[0-9]*"):
        with contextlib.suppress(psutil.NoSuchProcess, ValueError):
            process = psutil.Process(int(note.name))
            if abs(process.create_time() - float(note.read_text())) < 0.05:
                process.kill()
                ended += 1
        note.unlink(missing_ok=True)
    return ended


@contextlib.contextmanager
def sole_owner(folder: Path) -> Iterator[None]:
    """Hold ``folder`` while the block runs. Raises ``AlreadyRuns``; a crash lets go of it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "in-use").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRuns from None
        yield
