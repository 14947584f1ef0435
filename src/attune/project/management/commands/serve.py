"""``attune serve``: the service, without invented people."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from attune.project.service import CannotServe, serve


class Command(BaseCommand):
    help = "Start the database (unless DATABASE_URL names one), the web server and the worker."
    # The tables that some checks read are made here.
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django types it
    with_demo = False

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            serve(with_demo=self.with_demo, say=self.say)
        except CannotServe as error:
            raise CommandError(str(error), returncode=2) from error

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
