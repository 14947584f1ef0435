"""Money in whole minor units."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Money:
    """An amount: ``minor`` is pence or cents, ``currency`` an ISO 4217 code."""

    minor: int
    currency: str
