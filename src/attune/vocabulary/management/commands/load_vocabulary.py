"""``attune load-vocabulary``: bring the database's words up to the data files."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from attune.vocabulary.loading import load_vocabulary


class Command(BaseCommand):
    help = "Load the vocabulary's data files; what has not changed is skipped."

    def handle(self, *args: Any, **options: Any) -> None:
        report = load_vocabulary(timezone.now())
        for name in report.loaded:
            self.stdout.write(f"Loaded {name}.")
        for name, slugs in report.kept.items():
            self.stdout.write(f"Kept, though {name} no longer names them: {', '.join(slugs)}.")
        if not report.loaded:
            self.stdout.write("The vocabulary is up to date.")
