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
    # It holds sealed text, and was not opened.
    is_closed: bool = False


@dataclass(frozen=True)
class _Collected:
    collect: Collect
    is_sealed: bool


_sections: dict[str, _Collected] = {}


def exports(title: str, *, is_sealed: bool = False) -> Callable[[Collect], Collect]:
    """
    Register the decorated function as what gives the rows of one section.

    Args:
        is_sealed: It opens sealed text, which only a second factor opens (S3).
    """

    def register(collect: Collect) -> Collect:
        if title in _sections and _sections[title].collect is not collect:
            raise ValueError(f"There is a section {title} already.")
        _sections[title] = _Collected(collect, is_sealed)
        return collect

    return register


def everything_of(user: User, now: datetime, *, opens_sealed: bool = False) -> list[Section]:
    """Return every section, also the empty ones: nothing kept is an answer too.

    Args:
        opens_sealed: Whether a second factor was shown; without one, what is sealed stays closed.
    """
    return [
        Section(title, tuple(one.collect(user, now)))
        if opens_sealed or not one.is_sealed
        else Section(title, (), is_closed=True)
        for title, one in sorted(_sections.items())
    ]
