"""What invented people are made of, read from the files in ``data``."""

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Town:
    """A real town, or a part of a large one; ``thousands`` of people live there."""

    town: str
    outward: str
    latitude: float
    longitude: float
    thousands: int
    region: str


@dataclass(frozen=True)
class Names:
    """First and family names from one part of the world, and languages that go with them."""

    languages: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    either: tuple[str, ...]
    families: tuple[str, ...]


@dataclass(frozen=True)
class Discipline:
    """A title, the register it belongs to, and what goes with it (see ``disciplines.toml``)."""

    title: str
    register: str
    share: int
    core: tuple[str, ...]
    also: tuple[str, ...]
    fee: float
    issues: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    communities: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    number: str = "DEMO-{:05d}"


@dataclass(frozen=True)
class IssueWords:
    words: str
    said: tuple[str, ...]
    near: tuple[str, ...]
    often: int = 1


@dataclass(frozen=True)
class TherapyWords:
    words: str
    how: tuple[str, ...]


@dataclass(frozen=True)
class Stock:
    """Everything that the demonstration draws from, each in a fixed order."""

    towns: tuple[Town, ...]
    names: tuple[Names, ...]
    disciplines: tuple[Discipline, ...]
    issues: dict[str, IssueWords]
    therapies: dict[str, TherapyWords]
    prose: dict[str, tuple[str, ...]]


@cache
def stock() -> Stock:
    return Stock(
        towns=_towns(),
        names=tuple(Names(**_tuples(one)) for one in _toml("names").values()),
        disciplines=tuple(Discipline(**_tuples(one)) for one in _toml("disciplines")["discipline"]),
        issues={slug: IssueWords(**_tuples(one)) for slug, one in _toml("issues").items()},
        therapies={slug: TherapyWords(**_tuples(one)) for slug, one in _toml("therapies").items()},
        prose=_tuples(_toml("prose")),
    )


def _towns() -> tuple[Town, ...]:
    with (_DATA / "towns.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Town(
                town=row["town"],
                outward=row["outward"],
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
                thousands=int(row["thousands"]),
                region=row["region"],
            )
            for row in csv.DictReader(file)
        )


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / f"{name}.toml").read_text(encoding="utf-8"))


def _tuples(table: dict[str, Any]) -> dict[str, Any]:
    """Return the table with tuples for lists, so that what is shared cannot be changed."""
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in table.items()
    }
