"""``attune backup FILE``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from attune.project.backups import BackupFailed, backup


class Command(BaseCommand):
    help = "Write the whole database to one file, while the service runs or not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            backup(file)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Wrote {file} ({file.stat().st_size / 1e6:.1f} MB).")
        self.stdout.write(
            f"It does not hold the key file {settings.KEY_FILE}: keep a copy of that elsewhere, "
            "for without it nothing sealed can be read again."
        )
        self.stdout.write("The file is not encrypted: keep it where only you can read it.")
