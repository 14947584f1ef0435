"""``attune load-library``: bring the library's pages up to their data files."""

from typing import Any

from django.core.management.base import BaseCommand

from attune.content.loading import load_library


class Command(BaseCommand):
    help = "Load the pages of the library; what editors changed here stays as it is."

    def handle(self, **_: Any) -> None:
        loaded = load_library()
        self.stdout.write(f"{len(loaded)} data files had changed.")
