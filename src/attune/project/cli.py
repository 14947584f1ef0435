"""The ``attune`` command: Django's commands under our names; a mistake gets one plain sentence."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext, suppress

from psycopg.errors import UndefinedTable

from attune.accounts.keys import KeyFileUnusable
from attune.project.environment import SettingError
from attune.project.postgres import EmbeddedPostgres, PostgresUnusable

# It opens what is sealed from its first second; other commands find out once they need to, and
# run and serve compare the key file themselves, before they touch anything.
OPENS_SEALED = ["worker"]
# These need no database, or see to it themselves.
WITHOUT_DATABASE = ("help", "version", "run", "serve", "collectstatic", "compilemessages")


def main() -> None:
    """Run ``attune COMMAND ...``; exit status 2 when a setting cannot be used."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attune.project.settings")
    # Settings are read when Django is imported and used, so their errors appear inside.
    from django.core.management import CommandError, execute_from_command_line
    from django.db import OperationalError, ProgrammingError

    if sys.argv[1:2] == ["worker"]:
        from attune.project.logs import write_what_nobody_caught  # needs Django to be there

        write_what_nobody_caught()
    try:
        with _database_for(sys.argv[1:2]):
            if sys.argv[1:2] == OPENS_SEALED:
                _refuse_wrong_key_file()
            execute_from_command_line(_arguments(sys.argv))
    except CommandError as error:
        _end(str(error), error.returncode)
    except OperationalError as error:
        _end(f"The database cannot be used: {_first_line(error)}", 2)
    except ProgrammingError as error:
        if not isinstance(error.__cause__, UndefinedTable):
            raise
        _end("The database has no tables yet. Make them: attune migrate", 2)
    except (SettingError, KeyFileUnusable, PostgresUnusable) as error:
        _end(str(error), 2)
    except KeyboardInterrupt:
        _end("Stopped.", 130)


def _arguments(given: list[str]) -> list[str]:
    """Name the command as Django does; have its error raised: Django would print a class name."""
    program, *rest = given
    if not rest or rest[0].startswith("-") or rest[0] in ("help", "version"):
        return given
    return [program, rest[0].replace("-", "_"), "--traceback", *rest[1:]]


def _database_for(command: list[str]) -> AbstractContextManager[None]:
    """Have the embedded database run while a command does, if it is ours to run."""
    if not command or command[0].startswith("-") or command[0] in WITHOUT_DATABASE:
        return nullcontext()
    from django.conf import settings  # reads the environment: main() answers for what it raises

    server: EmbeddedPostgres | None = settings.EMBEDDED_POSTGRES
    return server.running() if server else nullcontext()


def _refuse_wrong_key_file() -> None:
    """Raise ``KeyFileUnusable`` if the key file is not the database's, as far as can be seen."""
    import django  # as in main()
    from django.db import OperationalError  # as in main()

    django.setup()
    from attune.accounts.key_marks import trusted_key_file  # reads the settings

    with suppress(OperationalError):
        trusted_key_file()


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def _end(sentence: str, status: int) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(status)


if __name__ == "__main__":
    main()
