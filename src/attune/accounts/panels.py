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

# From this order on stands what everybody has, however new they are: offers, settings and rights.
STANDING = 60

_panels: dict[str, tuple[int, Look]] = {}


def home_panel(*, order: int) -> Callable[[Look], Look]:
    """Register the decorated function; the smallest ``order`` stands first."""

    def register(look: Look) -> Look:
        _panels[f"{look.__module__}.{look.__qualname__}"] = (order, look)
        return look

    return register


def panels_for(
    user: User, now: datetime, *, start: int = 0, below: int | None = None
) -> list[Panel]:
    """Return the panels whose order is at least ``start`` and less than ``below``, in order."""
    looks = [
        look
        for order, look in sorted(_panels.values(), key=lambda one: one[0])
        if start <= order and (below is None or order < below)
    ]
    return [panel for look in looks if (panel := look(user, now)) is not None]
