"""Which listings are open to anyone on a day: what no answer of the person changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from attune.core.columns import NEVER, BoolArray, day_number
from attune.core.index import Index
from attune.core.matching.weights import CONFIRMED_FOR_DAYS


@dataclass(frozen=True)
class Gate:
    """Which listings pass."""

    name: str
    passes: BoolArray


@dataclass(frozen=True)
class Standing:
    """Which listings pass some gates, how many they are, and how many each gate removed."""

    passes: BoolArray
    total: int
    removed: Mapping[str, int]

    def after(self, gates: Iterable[Gate]) -> "Standing":
        """Let only those pass who pass these gates too, and count whom each one removes."""
        passes, total, removed = self.passes, self.total, dict(self.removed)
        for gate in gates:
            passes = passes & gate.passes
            before, total = total, int(np.count_nonzero(passes))
            removed[gate.name] = removed.get(gate.name, 0) + before - total
        return Standing(passes, total, removed)


def find_standing(index: Index, day: date) -> Standing:
    """Apply the gates that depend on the day alone."""
    columns, today = index.columns, day_number(day)
    is_confirmed = columns.confirmed_on != NEVER
    is_confirmed &= columns.confirmed_on >= today - CONFIRMED_FOR_DAYS
    return Standing(~index.hidden, len(index), {}).after(
        (
            Gate("published", columns.is_published),
            Gate("verification", columns.verified_until >= today),
            Gate("paused", columns.paused_until <= today),
            Gate("confirmed", is_confirmed),
        )
    )
