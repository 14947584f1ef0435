"""The launcher, as root and as an ordinary user, with and without user name spaces."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from attune.project.postgres import NOBODY, EmbeddedPostgres, PostgresUnusable

pytestmark = pytest.mark.slow
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")


@pytest.fixture
def open_folder():
    """A folder that every user may enter, as pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="attune-open-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def postgres(tmp_path):
    server = EmbeddedPostgres(tmp_path / "postgres", is_durable=False)
    yield server
    server.stop()


@pytest.fixture
def without_name_spaces(monkeypatch, tmp_path):
    """A machine where asking for a user name space is denied."""
    monkeypatch.setenv("PATH", f"{_denying_folder(tmp_path)}:{os.environ['PATH']}")


def _denying_folder(tmp_path):
    denied = tmp_path / "bin" / "unshare"
    denied.parent.mkdir()
    denied.write_text("#!/bin/sh\necho 'unshare failed: Operation not permitted' >&2\nexit 1\n")
    denied.chmod(0o755)
    return denied.parent


def ask(server, statement):
    with psycopg.connect(
        host=str(server.socket_dir), user="attune", dbname="attune", autocommit=True
    ) as connection:
        return connection.execute(statement).fetchone()


def process_of(server):
    return psutil.Process(int((server.data_dir / "postmaster.pid").read_text().split()[0]))


def test_it_starts_answers_and_stops_without_a_trace(postgres):
    assert not postgres.is_running()
    postgres.start()
    assert postgres.is_running()
    assert ask(postgres, "SELECT current_database()") == ("attune",)
    process = process_of(postgres)
    postgres.stop()
    assert not process.is_running()
    assert not postgres.is_running()
    assert list(postgres.socket_dir.iterdir()) == []


def test_it_sorts_and_folds_by_unicode_on_every_machine(postgres):
    postgres.start()
    assert ask(postgres, "SELECT upper('ß'), lower('Ł'), 'a' < 'B'") == ("SS", "ł", False)


def test_it_listens_on_a_private_socket_only(postgres):
    postgres.start()
    assert ask(postgres, "SHOW listen_addresses") == ("",)
    assert postgres.socket_dir.stat().st_mode & 0o077 == 0
    # Seen from outside: pytest's own process may open sockets of its own.
    assert process_of(postgres).net_connections("inet") == []


def test_its_log_does_not_quote_what_was_written(postgres):
    postgres.start()
    with pytest.raises(psycopg.errors.DivisionByZero):
        ask(postgres, "SELECT 1 / 0 AS planted_secret")
    assert "division by zero" in postgres.log.read_text()
    assert "planted_secret" not in postgres.log.read_text()


def test_a_second_start_keeps_the_data(postgres):
    postgres.start()
    with psycopg.connect(host=str(postgres.socket_dir), user="attune", dbname="attune") as one:
        one.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    postgres.stop()
    postgres.start()
    assert ask(postgres, "SELECT answer FROM kept") == (42,)


def test_it_comes_back_after_being_killed_with_work_under_way(postgres):
    postgres.start()
    busy = psycopg.connect(host=str(postgres.socket_dir), user="attune", dbname="attune")
    work = threading.Thread(target=_work_until_cut_off, args=(busy,))
    work.start()
    killed = process_of(postgres)
    killed.kill()
    killed.wait()
    started = time.monotonic()
    postgres.start()
    assert time.monotonic() - started < 5
    assert ask(postgres, "SELECT 1") == (1,)
    work.join()
    busy.close()


def _work_until_cut_off(connection):
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT count(*) FROM generate_series(1, 200000000)")


def test_the_last_one_out_stops_it(tmp_path):
    one, other = (EmbeddedPostgres(tmp_path / "postgres", is_durable=False) for _ in range(2))
    with one.running():
        with other.running():
            process = process_of(one)
        assert process.is_running()
    assert not process.is_running()


def test_a_long_path_gets_a_short_socket(tmp_path):
    server = EmbeddedPostgres(tmp_path / ("long" * 30) / "postgres", is_durable=False)
    with server.running():
        assert len(str(server.socket_dir)) < 90
        assert server.socket_dir.stat().st_mode & 0o077 == 0
        assert ask(server, "SELECT 1") == (1,)
    server.socket_dir.rmdir()


@as_root
def test_root_keeps_its_files_where_name_spaces_are_allowed(postgres):
    postgres.start()
    assert process_of(postgres).uids().real == 0
    assert postgres.data_dir.stat().st_uid == 0
    assert not postgres.home.is_symlink()


@as_root
def test_root_becomes_nobody_where_name_spaces_are_denied(open_folder, without_name_spaces):
    server = EmbeddedPostgres(
        open_folder / "postgres", is_durable=False, readable_place=open_folder
    )
    with server.running():
        assert process_of(server).uids().real == NOBODY
        assert server.data_dir.stat().st_uid == NOBODY
        assert ask(server, "SELECT 1") == (1,)


@as_root
def test_root_moves_data_and_programs_when_nobody_cannot_enter_the_folder(
    tmp_path, open_folder, without_name_spaces
):
    home = tmp_path / "postgres"
    server = EmbeddedPostgres(home, is_durable=False, readable_place=open_folder)
    with server.running():
        assert home.is_symlink()
        assert home.resolve().parent == open_folder
        assert process_of(server).uids().real == NOBODY
        assert Path(process_of(server).exe()).is_relative_to(open_folder)
        assert ask(server, "SELECT 1") == (1,)


@as_root
def test_data_follow_when_the_machine_starts_or_stops_to_allow_name_spaces(
    tmp_path, open_folder, monkeypatch
):
    server = EmbeddedPostgres(tmp_path / "postgres", is_durable=False, readable_place=open_folder)
    with (
        server.running(),
        psycopg.connect(host=str(server.socket_dir), user="attune", dbname="attune") as one,
    ):
        one.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    allowed = os.environ["PATH"]
    monkeypatch.setenv("PATH", str(_denying_folder(tmp_path)) + ":" + allowed)
    with server.running():
        assert ask(server, "SELECT answer FROM kept") == (42,)
    monkeypatch.setenv("PATH", allowed)
    with server.running():
        assert ask(server, "SELECT answer FROM kept") == (42,)


@as_root
def test_an_ordinary_user_needs_nothing_special(tmp_path):
    if subprocess.run(["unshare", "-U", "true"], check=False).returncode:
        pytest.skip("this machine gives no other identity to try")
    script = (
        "import os, pathlib, sys\n"
        "from attune.project.postgres import EmbeddedPostgres\n"
        "server = EmbeddedPostgres(pathlib.Path(sys.argv[1]), is_durable=False)\n"
        "with server.running():\n"
        "    print(os.geteuid(), server.is_running())\n"
    )
    done = subprocess.run(
        [
            *("unshare", "-U", f"--map-user={NOBODY}", f"--map-group={NOBODY}"),
            *(sys.executable, "-c", script, str(tmp_path / "postgres")),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{NOBODY} True\n"


def test_programs_of_another_postgresql_can_be_used(open_folder):
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        pytest.skip("no other PostgreSQL is installed")
    server = EmbeddedPostgres(open_folder / "postgres", bin_dir=found[-1], is_durable=False)
    with server.running():
        version = ask(server, "SHOW server_version")[0]
    assert version.startswith(found[-1].parent.name)


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    server = EmbeddedPostgres(tmp_path / "file" / "postgres")
    with pytest.raises(PostgresUnusable, match=r"^PostgreSQL cannot use the folder .*: .+\.$"):
        server.start()


def test_an_interrupted_setup_leaves_nothing_half_made(postgres):
    postgres.home.mkdir()
    fresh = postgres.home / "data.new"
    fresh.mkdir()
    (fresh / "PG_VERSION").write_text("half")
    postgres.start()
    assert ask(postgres, "SELECT 1") == (1,)


def test_stop_ends_it_though_somebody_is_connected(postgres):
    postgres.start()
    idle = psycopg.connect(host=str(postgres.socket_dir), user="attune", dbname="attune")
    process = process_of(postgres)
    postgres.stop()
    assert not process.is_running()
    idle.close()
