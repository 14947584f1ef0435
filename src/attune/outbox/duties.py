"""What the worker does at intervals. Apps register their duties, chiefly retention.

A duty compares dates with ``now`` and may run at any time, twice, or in two workers at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

Work = Callable[[datetime], None]


@dataclass(frozen=True)
class Duty:
    name: str
    every: timedelta
    work: Work


_duties: dict[str, Duty] = {}


def duty(name: str, *, every: timedelta) -> Callable[[Work], Work]:
    """Register the decorated function, which takes ``now``, to be run by the worker."""

    def register(work: Work) -> Work:
        if name in _duties:
            raise ValueError(f"There is a duty named {name} already.")
        _duties[name] = Duty(name, every, work)
        return work

    return register


def known_duties() -> tuple[Duty, ...]:
    return tuple(_duties[name] for name in sorted(_duties))
