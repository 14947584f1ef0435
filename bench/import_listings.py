"""How fast a file of listings is read and written.

    python bench/import_listings.py [--rows 5000]

Fills a file with rows like those of examples/listings.csv, imports it in a transaction that is
rolled back, and prints rows a second (wall time, and processor time of this thread) beside plain
``csv.DictReader`` over the same file. Needs the database that the settings name, with vocabulary.
"""

import argparse
import csv
import io
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attune.project.settings")
django.setup()

# Models exist from here on.
from bars import Bar, report  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from attune.directory.actions import add_listings  # noqa: E402
from attune.directory.importing import read_listings  # noqa: E402

ROWS_A_SECOND = 1000
EXAMPLE = Path(__file__).parents[1] / "examples" / "listings.csv"


def file_of(count: int) -> bytes:
    """Return a file of ``count`` rows, the example's rows again and again under new numbers."""
    with EXAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    for number in range(count):
        row = rows[number % len(rows)]
        written = f"PYL{number:06d}" if row["register"] == "hcpc" else f"BENCH-{number}"
        writer.writerow({**row, "registration_number": written})
    return out.getvalue().encode()


def timed(name: str, rows: int, work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return what the work gave, and rows a second: by the clock, and of processor time."""
    wall, processor = time.perf_counter(), time.thread_time()
    result = work()
    wall, processor = time.perf_counter() - wall, time.thread_time() - processor
    print(
        f"{name:<22} {rows / wall:>9,.0f} rows/s by the clock"
        f" {rows / processor:>9,.0f} rows/s of processor time"
    )
    return result, rows / wall, rows / processor


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5000)
    rows = parser.parse_args().rows
    content, now = file_of(rows), timezone.now()
    _, alone, _ = timed(
        "csv.DictReader alone", rows, lambda: list(csv.DictReader(io.StringIO(content.decode())))
    )
    found, _, _ = timed("read and checked", rows, lambda: read_listings(content, today=now.date()))
    assert not found.problems, found.problems[:3]
    with transaction.atomic():
        timed("written", rows, lambda: add_listings(found.entries, at=now))
        transaction.set_rollback(True)
    with transaction.atomic():
        _, whole, processor = timed(
            "the whole import",
            rows,
            lambda: add_listings(read_listings(content, today=now.date()).entries, at=now),
        )
        transaction.set_rollback(True)
    figure = (
        f"{whole:,.0f} rows/s by the clock ({processor:,.0f} of processor time);"
        f" beside csv.DictReader alone {alone:,.0f}"
    )
    bar = f"Import of {rows:,} listings: at least {ROWS_A_SECOND:,} rows a second"
    return report(Bar(bar, figure, whole >= ROWS_A_SECOND))


if __name__ == "__main__":
    sys.exit(main())
