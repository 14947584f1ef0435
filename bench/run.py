"""Every part of the bench, one after the other, and one table at the end.

    python bench/run.py [PART ...]

A part is a file beside this one that can be run by itself; it prints its figures, and says with
``bars.report`` what had to hold. Parts that need a database with people get a service's of their
own, with 2,000 invented people. On two cores that do nothing else, all of it takes eight minutes.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from bars import BARS_FILE, Bar, read  # noqa: E402

from service import Service  # noqa: E402

PARTS = (
    "match",
    "booking",
    "contention",
    "offers",
    "same_answer",
    "results_page",
    "library_page",
    "import_listings",
    "survive",
)
SECONDS_EACH = 300.0
# For a part that was interrupted to end the service that it started.
SECONDS_TO_END = 60.0


def run(part: str, environment: dict[str, str]) -> str:
    """Run a part; return what kept it from its end, if anything did."""
    process = subprocess.Popen([sys.executable, HERE / f"{part}.py"], env=environment)
    try:
        # 1: it came to its end, and a bar does not hold.
        return "" if process.wait(SECONDS_EACH) in (0, 1) else f"ended with {process.returncode}"
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
        return f"not done after {SECONDS_EACH:.0f} s"
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def bars_of(parts: Iterable[str], environment: dict[str, str], kept: Path) -> list[Bar]:
    """Run the parts; return their bars, and a broken one for a part that gave none."""
    found = []
    for part in parts:
        print(f"\n== {part}", flush=True)
        kept.write_text("")
        began = time.monotonic()
        trouble = run(part, environment | {BARS_FILE: str(kept)})
        print(f"({time.monotonic() - began:.0f} s)", flush=True)
        given = read(kept)
        if trouble or not given:
            given.append(Bar(f"The part {part} comes to its end", trouble or "failed", holds=False))
        found += given
    return found


def table(bars: Iterable[Bar]) -> str:
    rows = [("bar", "figure", "holds"), ("---", "---", "---")]
    rows += [(one.bar, one.figure, "yes" if one.holds else "NO") for one in bars]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main() -> int:
    wanted = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wanted.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parts = wanted.parse_args().parts or PARTS
    if unknown := set(parts) - set(PARTS):
        wanted.error(f"no such part: {', '.join(sorted(unknown))}")
    began, load = time.monotonic(), os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        site = Service(Path(folder), "run").start()
        try:
            site.wait_until_greeted()
            environment = os.environ | site.environment | {"DATABASE_URL": site.database_url()}
            bars = bars_of(parts, environment, Path(folder) / "bars")
        finally:
            site.end()
    print(f"\n{table(bars)}\n")
    print(
        f"{(time.monotonic() - began) / 60:.1f} minutes on {os.cpu_count()} cores;"
        f" load {load:.1f} before, {os.getloadavg()[0]:.1f} after"
    )
    return 0 if all(one.holds for one in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
