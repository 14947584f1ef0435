"""Test databases: copies of one finished template, so that no run migrates.

The template's name carries a digest of all that goes into it: migrations, and the vocabulary and
the library with what loads them. A copy takes a fraction of a second; making the template takes
twenty, so `make test` does it before the tests: ``python tests/databases.py``.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from io import StringIO
from pathlib import Path
from urllib.parse import quote, urlencode

import django
import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from attune import content, vocabulary

VOCABULARY = Path(vocabulary.__file__).parent
LIBRARY = Path(content.__file__).parent


def template_name() -> str:
    """Return the name of the template that fits the code as it is now."""
    folders = [Path(config.path) / "migrations" for config in apps.get_app_configs()]
    files = [path for folder in folders for path in sorted(folder.glob("[0-9]*.py"))]
    files += sorted(path for path in VOCABULARY.rglob("*") if path.suffix in (".toml", ".csv"))
    files += sorted(path for path in LIBRARY.rglob("*.toml"))
    files += [*sorted(VOCABULARY.glob("*.py")), *sorted(LIBRARY.glob("*.py"))]
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"attune_template_{digest.hexdigest()[:12]}"


def copy_template(name: str) -> None:
    """Make the database ``name``, or make it anew, with tables and vocabulary and no people."""
    with _server() as server:
        template = _template_on(server)
        _run(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        _run(server, "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, template)


def _template_on(server: psycopg.Connection) -> str:
    """Return the name of the template, made if it was not there."""
    template = template_name()
    # One at a time, also among test workers and test runs that share a server.
    server.execute("SELECT pg_advisory_lock(hashtext('attune template'))")
    if not _exists(server, template):
        _make_template(server, template)
    return template


def create_empty(name: str) -> None:
    """Make a database with nothing in it, not even tables."""
    with _server() as server:
        _run(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        _run(server, "CREATE DATABASE {} TEMPLATE template0", name)


def connected(name: str) -> psycopg.Connection:
    """Return a connection of somebody else's to ``name``, closed by its ``with`` block."""
    return _server(name)


def drop(name: str) -> None:
    with _server() as server:
        _run(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def url_of(name: str) -> str:
    """Return the DATABASE_URL of ``name``, for processes that a test starts."""
    server = connection.settings_dict
    query = {"host": server["HOST"]} | ({"port": server["PORT"]} if server["PORT"] else {})
    person = ":".join(quote(part, safe="") for part in (server["USER"], server["PASSWORD"]) if part)
    return f"postgresql://{person}@/{name}?{urlencode(query)}"


def _make_template(server: psycopg.Connection, template: str) -> None:
    making = f"{template}_making"
    _run(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", making)
    _run(server, "CREATE DATABASE {} TEMPLATE template0", making)
    with using(making):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        call_command("load_vocabulary", verbosity=0, stdout=StringIO())
        call_command("load_library", verbosity=0, stdout=StringIO())
    _run(server, "ALTER DATABASE {} RENAME TO {}", making, template)
    _drop_older(server, template)


@contextmanager
def using(name: str) -> Iterator[None]:
    """Point Django at the database ``name``."""
    before = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before


def _drop_older(server: psycopg.Connection, template: str) -> None:
    rows = server.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE 'attune_template_%%' AND datname <> %s",
        [template],
    ).fetchall()
    for (name,) in rows:
        _run(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _exists(server: psycopg.Connection, name: str) -> bool:
    found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return found.fetchone() is not None


def _run(server: psycopg.Connection, statement: str, *names: str) -> None:
    server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _server(name: str = "postgres") -> psycopg.Connection:
    settings = connection.settings_dict
    return psycopg.connect(
        dbname=name,
        user=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        autocommit=True,
    )


def main() -> None:
    """Make the template, on the test server or on the one that DATABASE_URL names."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    django.setup()
    from django.conf import settings  # once they are set up

    own = nullcontext() if settings.EXTERNAL_DATABASE else settings.TEST_POSTGRES.running()
    with own, _server() as server:
        _template_on(server)


if __name__ == "__main__":
    main()
