"""What a part of the bench has to show, and how it says so to the table of ``run.py``."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

# Names a file to which every part adds its bars, one line of JSON each.
BARS_FILE = "ATTUNE_BENCH_BARS"


@dataclass(frozen=True)
class Bar:
    """What must hold, what was measured (both absolutes beside a ratio), and whether it holds."""

    bar: str
    figure: str
    holds: bool


def report(*bars: Bar) -> int:
    """Print the bars, hand them to the table if there is one, and return the exit status."""
    for one in bars:
        print(f"{'holds' if one.holds else 'DOES NOT HOLD'}: {one.bar}: {one.figure}")
    if name := os.environ.get(BARS_FILE):
        with Path(name).open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(one)) + "\n" for one in bars)
    return 0 if all(one.holds for one in bars) else 1


def read(path: Path) -> list[Bar]:
    """Return the bars that parts added to this file."""
    return [Bar(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
