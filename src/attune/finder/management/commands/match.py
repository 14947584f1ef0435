"""``attune match FILE.json``: who fits an enquiry, and why."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from attune.core.errors import InvalidInput
from attune.finder.listings import asked, decoded, found_json
from attune.finder.loading import current
from attune.finder.table import table


class Command(BaseCommand):
    help = "Find who fits an enquiry, written as JSON as for POST /api/v1/matches."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE.json")
        parser.add_argument("--json", action="store_true", help="answer as the API does")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a table, or JSON. A mistake in the file is one sentence, and exit status 2."""
        now = timezone.now()
        try:
            found = asked(_data_in(options["file"]), loaded=current(now), now=now)
        except InvalidInput as error:
            raise CommandError(str(error), returncode=2) from None
        if options["json"]:
            self.stdout.write(json.dumps(found_json(found), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(table(found))


def _data_in(path: str) -> object:
    try:
        return decoded(Path(path).read_bytes())
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=2) from None
    except ValueError as error:
        raise CommandError(f"{path} is not JSON: {error}.", returncode=2) from None
