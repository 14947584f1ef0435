"""What "download everything" holds: each app registers what it keeps of somebody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from attune.accounts.models import User

Value = str | int | bool | None | list[str]
# What each value is, in plain words, and the value.
Row = dict[str, Value]
Collect = Callable[[User, datetime], Sequence[Row]]


@dataclass(frozen=True)
class Section:
    title: str
    rows: tuple[Row, ...]


_sections: dict[str, Collect] = {}


def exports(title: str) -> Callable[[Collect], Collect]:
    """Register the decorated function as what gives the rows of one section."""

    def register(collect: Collect) -> Collect:
        if title in _sections and _sections[title] is not collect:
            raise ValueError(f"There is a section {title} already.")
        _sections[title] = collect
        return collect

    return register


def everything_of(user: User, now: datetime) -> list[Section]:
    """Return every section, also the empty ones: nothing kept is an answer too."""
    return [
        Section(title, tuple(collect(user, now))) for title, collect in sorted(_sections.items())
    ]
