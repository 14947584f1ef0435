"""``attune restore FILE``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from attune.accounts.key_marks import refuse_wrong_key_file
from attune.accounts.keys import KeyFileUnusable
from attune.project.backups import BackupFailed, restore


class Command(BaseCommand):
    help = "Make the database what it was when FILE was written. Stop the service first."
    # There may be no tables yet.
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django types it

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--replace", action="store_true", help="put it in place of what is there"
        )

    def handle(self, *, file: Path, replace: bool, **options: Any) -> None:
        try:
            restore(file, replace=replace)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored {file}. It opens with the key file of the site it came from.")
        try:
            refuse_wrong_key_file(settings.KEY_FILE)
        except KeyFileUnusable:
            self.stdout.write(
                f"{settings.KEY_FILE} is another one: put its own in that place before you start."
            )
