"""What must be in place before the first page: tables, words, static files, published pages.

Each step finds out by itself whether there is anything to do, so that a later start is quick.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from attune.accounts.key_marks import mark_key_file, trusted_key_file
from attune.content.loading import load_library
from attune.demo.actions import load_demo
from attune.directory.models import Practitioner
from attune.privacy.actions import erase_again
from attune.project.published import publish_help
from attune.vocabulary.loading import load_vocabulary

DEMO_PRACTITIONERS = 2000
DEMO_SEED = 1


def prepare(*, with_demo: bool, say: Callable[[str], None]) -> None:
    """Bring database and files up to this version of the code. Raises ``KeyFileUnusable``.

    Args:
        with_demo: load invented people if the database has none.

        say: told, in a sentence, what is about to take a while.
    """
    # Before anything is written: a wrong key file changes nothing.
    trusted_key_file()
    if has_migrations_to_apply():
        say("Making the tables of the database.")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    mark_key_file()
    # Before anybody can look: a restored backup may hold people who were erased since.
    erase_again()
    load_vocabulary(timezone.now())
    load_library()
    collect_static_files(say)
    if with_demo and not Practitioner.objects.exists():
        say(f"Inventing {DEMO_PRACTITIONERS:,} people to show. This takes about half a minute.")
        load_demo(practitioners=DEMO_PRACTITIONERS, seed=DEMO_SEED, now=timezone.now())
    # The mark of a demonstration site may be younger than this process's settings.
    settings.IS_DEMO_SITE = settings.DEMO_MARK.exists() and not settings.EXTERNAL_DATABASE
    publish_help()


def has_migrations_to_apply() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def collect_static_files(say: Callable[[str], None]) -> None:
    """Copy, hash and compress the static files, unless these very ones were collected before."""
    mark: Path = settings.STATIC_ROOT / ".collected"
    digest = _static_digest()
    if mark.exists() and mark.read_text() == digest:
        return
    say("Preparing the static files.")
    call_command("collectstatic", verbosity=0, interactive=False)
    mark.write_text(digest)


def _static_digest() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{path.st_size}\0{path.st_mtime_ns}\n".encode())
    return digest.hexdigest()
