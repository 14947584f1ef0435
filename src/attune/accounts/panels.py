"""What stands on somebody's own page, /account/: each app registers its panels."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from attune.accounts.models import User


@dataclass(frozen=True)
class Panel:
    """A section of the page: a template that renders one, and what it takes."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


# None: there is nothing to show.
Look = Callable[[User, datetime], Panel | None]

_panels: dict[str, tuple[int, Look]] = {}


def home_panel(*, order: int) -> Callable[[Look], Look]:
    """Register the decorated function; the smallest ``order`` stands first."""

    def register(look: Look) -> Look:
        _panels[f"{look.__module__}.{look.__qualname__}"] = (order, look)
        return look

    return register


def panels_for(user: User, now: datetime) -> list[Panel]:
    looks = [look for _order, look in sorted(_panels.values(), key=lambda one: one[0])]
    return [panel for look in looks if (panel := look(user, now)) is not None]
