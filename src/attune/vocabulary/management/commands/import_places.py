"""``attune import-places``: full postcodes from a downloaded file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from attune.core.errors import InvalidInput
from attune.vocabulary.importing import FORMATS, import_places

LINES_PER_REPORT = 50_000


class Command(BaseCommand):
    help = "Store the postcodes of a file, in place of those that an earlier import left."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", required=True, choices=sorted(FORMATS))
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        path, chosen = options["file"], FORMATS[options["format"]]
        try:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                count = import_places(chosen.read(self._counted(lines)), source=options["format"])
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} cannot be read: {error}.", returncode=2) from None
        except InvalidInput as error:
            raise CommandError(f"{path}, {error}", returncode=2) from None
        self.stdout.write(f"Stored {count:,} postcodes, sectors and districts.")
        self.stdout.write(chosen.notice)

    def _counted(self, lines: TextIO) -> Iterator[str]:
        """Pass lines on; on a terminal, say now and then how many."""
        for number, line in enumerate(lines, 1):
            if number % LINES_PER_REPORT == 0 and self.stderr.isatty():
                self.stderr.write(f"\r{number:,} lines", ending="")
            yield line
