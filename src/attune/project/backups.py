"""Backup and restore: the whole database in one file, by PostgreSQL's own programs.

The file is not encrypted. Sealed answers stay sealed in it, since the key file is not part of it;
names, addresses and appointments can be read by whoever holds the file.
"""

import os
import subprocess
from pathlib import Path
from typing import IO
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from attune.directory.models import DirectoryChange, IndexEpoch
from attune.privacy.actions import erase_again, keep_tombstones
from attune.project.postgres import EmbeddedPostgres
from attune.project.preparation import has_migrations_to_apply

# Rows that would let whoever holds the file come in as somebody, or tell who has been erased, and
# are worth nothing later.
WITHOUT_ROWS_OF = ("accounts_websession", "shared_cache", "accounts_tally", "privacy_farewell")
EMPTY_PUBLIC = "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public"


class BackupFailed(Exception):
    """The message is one sentence for the operator."""


def backup(target: Path) -> None:
    """Write the database to ``target``, which appears whole or not at all."""
    part = target.with_name(f".{target.name}.part")
    left_out = [f"--exclude-table-data={table}" for table in WITHOUT_ROWS_OF]
    try:
        # Readable by its owner only, before there is anything in it.
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        _run("pg_dump", "--format=custom", "--no-owner", *left_out, f"--file={part}")
        _refuse_unless_whole(part)
        part.replace(target)
    except OSError as error:
        raise BackupFailed(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def restore(source: Path, *, replace: bool) -> None:
    """Make the database what it was when ``source`` was written.

    One transaction: if it fails, everything is as before. People who were erased after it was
    written are erased again. Raises ``BackupFailed`` while anybody else is connected, and, unless
    ``replace``, where there are tables already.
    """
    if not source.is_file():
        raise BackupFailed(f"There is no file {source}.")
    _refuse_unless_whole(source)
    _refuse_while_in_use()
    if not replace and connection.introspection.table_names():
        raise BackupFailed(
            "This database has tables already. To put the backup in their place: --replace."
        )
    _keep_tombstones()
    _put_back(source)
    if has_migrations_to_apply():
        call_command("migrate", verbosity=0, interactive=False)
    _forget_indexes()
    erase_again()


def _keep_tombstones() -> None:
    """Write down whose keys this database says are destroyed, before it is replaced."""
    if "accounts_erasedkey" in connection.introspection.table_names():
        keep_tombstones()


def _put_back(source: Path) -> None:
    """Replace all that is in the database, in one transaction."""
    connection.close()
    script = _program("pg_restore", "--no-owner", "--file=-", str(source))
    with subprocess.Popen(script, stdout=subprocess.PIPE) as reading:  # noqa: S603 - our own
        _run(
            *("psql", "--no-psqlrc", "--quiet", "--single-transaction"),
            *("--set=ON_ERROR_STOP=1", f"--command={EMPTY_PUBLIC}", "--file=-"),
            stdin=reading.stdout,
        )


@transaction.atomic
def _forget_indexes() -> None:
    """Have every process build its index anew: the change log speaks of another database."""
    DirectoryChange.objects.all().delete()
    IndexEpoch.objects.all().delete()
    IndexEpoch.objects.create(value=uuid4())


def _refuse_unless_whole(file: Path) -> None:
    """Read all of it, so that a file cut short is found before anything is touched."""
    done = subprocess.run(  # noqa: S603
        _program("pg_restore", f"--file={os.devnull}", str(file)), capture_output=True, check=False
    )
    if done.returncode:
        raise BackupFailed(f"{file} is not a whole backup of Attune.")


def _refuse_while_in_use() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        (others,) = cursor.fetchone()
    if others:
        raise BackupFailed(
            f"The database is in use ({others} connections). Stop Attune before restoring."
        )


def _run(name: str, *arguments: str, stdin: IO[bytes] | None = None) -> None:
    done = subprocess.run(  # noqa: S603
        _program(name, "--no-password", f"--dbname={_address()}", *arguments),
        env=os.environ | {"PGPASSWORD": connection.settings_dict["PASSWORD"]},
        stdin=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["it gave no reason"]
        raise BackupFailed(f"{name} failed: {lines[-1]}")


def _program(name: str, *arguments: str) -> list[str]:
    server: EmbeddedPostgres = settings.EMBEDDED_POSTGRES or EmbeddedPostgres(
        settings.DATA_DIR / "postgres", bin_dir=settings.PG_BIN
    )
    path = server.bin_dir / name
    if not path.exists():
        raise BackupFailed(f"{name} is missing in {server.bin_dir}.")
    return [str(path), *arguments]


def _address() -> str:
    """Return where the database is, as the programs take it; never with the password."""
    known = connection.settings_dict
    names = {"host": "HOST", "port": "PORT", "user": "USER", "dbname": "NAME"}
    given = {word: known[key] for word, key in names.items() if known[key]}
    given |= {key: value for key, value in known["OPTIONS"].items() if key.startswith("ssl")}
    return " ".join(f"{word}='{_quoted(str(value))}'" for word, value in given.items())


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")
