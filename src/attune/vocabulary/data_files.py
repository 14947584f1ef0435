"""The files in ``vocabulary/data``: where they are, what they hold, and which version they are."""

import csv
import hashlib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "data"


def read_toml(name: str) -> dict[str, Any]:
    """Return a data file's tables, as ``tomllib`` reads them."""
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def read_csv(name: str) -> Iterator[dict[str, str]]:
    """Yield a data file's rows by column name; lines that start with # are notes to the reader."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))


def digest(name: str) -> str:
    """Return the SHA-256 of a data file, in hexadecimal."""
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()
