"""``attune import-listings FILE.csv``: put a file of listings into the directory, or none of it."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from attune.core.phrases import count_words
from attune.directory.actions import add_listings
from attune.directory.bulk import keep_registrations_still
from attune.directory.dates import day_of
from attune.directory.importing import MOST_PROBLEMS_SHOWN, Report, read_listings

BAR_WIDTH = 30


class Command(BaseCommand):
    help = "Put a CSV file of listings into the directory: every row, or none (docs/reference/)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument(
            "--dry-run", action="store_true", help="look at every row and write nothing"
        )

    def handle(self, *, file: Path, dry_run: bool, **_: Any) -> None:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.", returncode=2) from None
        progress = self._show_progress if self.stderr.isatty() else None
        now = timezone.now()
        with transaction.atomic():
            if not dry_run:
                keep_registrations_still()
            report = read_listings(content, today=day_of(now), progress=progress)
            if report.problems:
                raise CommandError("\n".join(_what_is_wrong(file, report)), returncode=1)
            if not dry_run:
                add_listings(report.entries, at=now)
        for line in _what_was_done(report, is_dry_run=dry_run):
            self.stdout.write(line)

    def _show_progress(self, done: int, rows: int) -> None:
        filled = BAR_WIDTH * done // rows
        bar = "#" * filled + "." * (BAR_WIDTH - filled)
        self.stderr.write(f"\r[{bar}] {done:,} of {rows:,} rows", ending="")
        if done == rows:
            self.stderr.write("")


def _what_is_wrong(file: Path, report: Report) -> Iterator[str]:
    yield from (str(problem) for problem in report.problems[:MOST_PROBLEMS_SHOWN])
    hidden = len(report.problems) - MOST_PROBLEMS_SHOWN
    if hidden > 0:
        yield f"And {count_words(hidden, 'more problem', 'more problems')} after these."
    yield (
        f"{file.name} has {count_words(len(report.problems), 'problem', 'problems')}. "
        "Nothing was imported."
    )


def _what_was_done(report: Report, *, is_dry_run: bool) -> Iterator[str]:
    rows = count_words(report.rows, "row", "rows")
    if is_dry_run:
        yield f"Dry run: {rows} read, nothing written. With this file:"
    else:
        yield f"{rows} imported."
    yield f"{report.published:,} published, {count_words(report.drafts, 'draft', 'drafts')}."
    for reason, count in report.reasons.most_common():
        yield f"  {count_words(count, 'draft has', 'drafts have')} {reason}."
    if report.unconfirmed:
        yield (
            f"{count_words(report.unconfirmed, 'row has', 'rows have')} no confirmed_on: "
            "not offered until the practitioner confirms their openings."
        )
