"""Shapes that every part of the API shares."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Exact(BaseModel):
    """These fields and no others."""

    model_config = ConfigDict(extra="forbid")


class Mistake(Exact):
    """One value that cannot be used: ``value`` is what was sent, null where nothing was."""

    field: str
    value: Any
    accepted: str
    message: str


class Mistakes(Exact):
    detail: list[Mistake]


class Refused(Exact):
    """One sentence for a person."""

    detail: str


MISTAKES_OR_TOO_MANY: dict[int, type[Exact]] = {422: Mistakes, 429: Refused}
