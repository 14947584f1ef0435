"""``attune publish-help``: write the help pages as files that need nothing else."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from attune.project.processes import AlreadyRuns, sole_owner
from attune.project.published import publish_help


class Command(BaseCommand):
    help = "Render the help pages into files. The service does this at each start."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            # A running web server remembers the length of each file it serves.
            with sole_owner(settings.DATA_DIR):
                for path in publish_help():
                    self.stdout.write(f"Published {path}")
        except AlreadyRuns:
            raise CommandError(
                "Attune is running. Restart it: it publishes the help pages when it starts."
            ) from None
