"""Every part of the bench, one after the other, and one table at the end.

    python bench/run.py [PART ...]

A part is a file beside this one that can be run by itself: it prints its figures, and ends with
status 0 when its bars hold. Parts that need a database with people get a service's of their own,
with 2,000 invented people.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from service import Service  # noqa: E402


def parts(wanted: list[str]) -> list[Path]:
    """Return the files to run: those named, else all that print figures of their own."""
    runnable = [
        path
        for path in sorted(HERE.glob("*.py"))
        if path != Path(__file__) and '__name__ == "__main__"' in path.read_text()
    ]
    return [path for path in runnable if not wanted or path.stem in wanted]


def main() -> int:
    results = []
    with tempfile.TemporaryDirectory() as folder:
        site = Service(Path(folder), "run").start().wait_until_greeted()
        try:
            environment = os.environ | site.environment | {"DATABASE_URL": site.database_url()}
            for path in parts(sys.argv[1:]):
                print(f"\n== {path.stem}", flush=True)
                started = time.monotonic()
                done = subprocess.run([sys.executable, path], env=environment, check=False)
                results.append((path.stem, done.returncode, time.monotonic() - started))
        finally:
            site.end()
    print("\npart                  bars        seconds")
    for name, status, seconds in results:
        print(f"{name:20}  {'hold' if status == 0 else 'DO NOT HOLD':12}{seconds:7.0f}")
    return int(any(status for _, status, _ in results))


if __name__ == "__main__":
    sys.exit(main())
