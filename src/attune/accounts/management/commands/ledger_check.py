"""``attune ledger-check``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from attune.accounts.ledger import broken_lines
from attune.accounts.models import LedgerEntry


class Command(BaseCommand):
    help = "Look whether a line of the ledger was changed or taken out behind our back."

    def handle(self, **options: Any) -> None:
        broken = broken_lines()
        if broken:
            raise CommandError(
                f"{len(broken)} lines of the ledger were changed, or one before them is missing:"
                f" {', '.join(map(str, broken))}.",
                returncode=1,
            )
        self.stdout.write(f"{LedgerEntry.objects.count()} lines, all as they were written.")
