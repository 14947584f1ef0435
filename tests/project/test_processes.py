"""Processes that must not outlive their parents, and finding those that did."""

import subprocess
import sys
import time

import psutil
import pytest

from attune.project.processes import AlreadyRuns, end_recorded, record, sole_owner
from attune.project.supervisor import LONGEST_PAUSE_SECONDS, Pause

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_what_an_earlier_run_left_behind_is_ended(tmp_path):
    with subprocess.Popen(SLEEPER) as left_behind:
        record(tmp_path, left_behind.pid)
        assert end_recorded(tmp_path) == 1
        assert left_behind.wait(5) == -9
    assert list(tmp_path.iterdir()) == []


def test_a_later_process_of_the_same_number_is_left_alone(tmp_path):
    with subprocess.Popen(SLEEPER) as somebody_elses:
        record(tmp_path, somebody_elses.pid)
        (tmp_path / str(somebody_elses.pid)).write_text("1.0")
        assert end_recorded(tmp_path) == 0
        assert somebody_elses.poll() is None
        somebody_elses.kill()


def test_a_process_that_ended_is_forgotten(tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    record(tmp_path, gone.pid)
    gone.wait()
    assert end_recorded(tmp_path) == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's own doing, on Linux only")
def test_a_child_dies_with_a_parent_that_was_killed():
    script = (
        "import subprocess, sys\n"
        "from attune.project.processes import die_with_parent\n"
        f"child = subprocess.Popen({SLEEPER!r}, preexec_fn=die_with_parent)\n"
        "print(child.pid, flush=True)\n"
        "child.wait()\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        child = psutil.Process(int(parent.stdout.readline()))
        assert child.is_running()
        parent.kill()
    deadline = time.monotonic() + 5
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_data_folder_has_one_owner_at_a_time(tmp_path):
    with sole_owner(tmp_path), pytest.raises(AlreadyRuns), sole_owner(tmp_path):
        pass
    with sole_owner(tmp_path):
        pass


def test_what_dies_is_restarted_at_once_and_what_keeps_dying_ever_later():
    pause, now, waits = Pause(), 0.0, []
    for _ in range(12):
        pause.start(now)
        now += 0.5
        pause.fail(now)
        waits.append(round(max(0.0, pause.not_before - now), 1))
    assert waits[0] == 0
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_PAUSE_SECONDS


def test_what_ran_well_for_a_while_is_restarted_at_once_again():
    pause = Pause(failures=9)
    pause.start(0.0)
    pause.fail(60.0)
    assert pause.not_before == 60.0
