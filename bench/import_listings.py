"""How fast a file of listings is read, checked and written.

    python bench/import_listings.py [--rows 5000]

Fills a file with rows like those of examples/listings.csv and imports it for good, into a database
of its own on the server that the settings name: foreign keys are checked at the commit, and that
is part of an import. Prints rows a second by the clock, and the processor time of this process and
of its database session, beside plain ``csv.DictReader`` over the same file.
"""

import argparse
import csv
import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attune.project.settings")
django.setup()

# Models exist from here on.
from bars import Bar, report  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

import databases  # noqa: E402
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


@contextmanager
def own_database() -> Iterator[psutil.Process]:
    """Import into a fresh database; give its session, as a process of this machine."""
    name = f"bench_import_{os.getpid()}"
    databases.copy_template(name)
    try:
        with databases.using(name), connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            yield psutil.Process(cursor.fetchone()[0])
    finally:
        databases.drop(name)


class Stopwatch:
    """Adds up what the parts of the import take, in seconds."""

    def __init__(self, session: psutil.Process) -> None:
        self._both = (psutil.Process(), session)
        self.spent = np.zeros(3)

    def time(self, part: str, work: Callable[[], Any]) -> Any:
        """Do a part, print what it took, and return what it gave."""
        before = self._read()
        result = work()
        clock, here, database = np.subtract(self._read(), before)
        print(f"{part:18} {clock:6.2f} s; processor: here {here:.2f}, database {database:.2f}")
        self.spent += (clock, here, database)
        return result

    def _read(self) -> list[float]:
        """The clock, and the processor time that this process and the session have had."""
        return [time.perf_counter(), *(sum(one.cpu_times()[:2]) for one in self._both)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=5000)
    rows = parser.parse_args().rows
    content, now = file_of(rows), timezone.now()
    with own_database() as session:
        beside = Stopwatch(session)
        beside.time("csv.DictReader", lambda: list(csv.DictReader(io.StringIO(content.decode()))))
        watch = Stopwatch(session)
        found = watch.time("read and checked", lambda: read_listings(content, today=now.date()))
        assert not found.problems, found.problems[:3]
        watch.time("written for good", lambda: add_listings(found.entries, at=now))
    clock, here, database = watch.spent.tolist()
    figure = (
        f"{rows / clock:,.0f} rows/s by the clock; processor time for all: importer {here:.2f} s,"
        f" database {database:.2f} s; csv.DictReader alone {rows / beside.spent[0]:,.0f} rows/s"
    )
    bar = f"Import of {rows:,} listings: at least {ROWS_A_SECOND:,} rows a second"
    return report(Bar(bar, figure, rows / clock >= ROWS_A_SECOND))


if __name__ == "__main__":
    sys.exit(main())
