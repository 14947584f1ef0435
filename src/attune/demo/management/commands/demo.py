"""``attune demo``: fill an empty database with invented people."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from attune.demo.actions import NotEmpty, load_demo


class Command(BaseCommand):
    help = "Fill an empty database with invented practitioners, their diaries and clients."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--practitioners", type=_count, default=2000, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="N")

    def handle(self, *, practitioners: int, seed: int, **_: Any) -> None:
        if settings.EXTERNAL_DATABASE:
            raise CommandError(
                "DATABASE_URL is set, and invented people are never put into such a database. "
                "Without it, Attune uses a database of its own.",
                returncode=2,
            )
        try:
            count = load_demo(practitioners, seed, timezone.now())
        except NotEmpty as error:
            raise CommandError(str(error), returncode=2) from None
        self.stdout.write(f"{count:,} invented practitioners are here.")


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError(
            f"{text} cannot be used. Accepted: a whole number from 1 to 100000"
        )
    return int(text)
