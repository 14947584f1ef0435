"""In which order: by points, equal ones turned by the seed of the day; or by time, way or fee."""

from collections.abc import Callable
from functools import reduce
from typing import Literal

import numpy as np

from attune.core.columns import Bits, Floats, Longs, Rows
from attune.core.matching import weights
from attune.core.matching.diary import look_at_diary
from attune.core.matching.question import Question
from attune.core.matching.scoring import scores, soon_at_most, weights_in_play
from attune.core.matching.times import NONE_FREE, first_starts_from

Sort = Literal["fit", "soonest", "nearest", "cost"]

# More minutes than any start has.
AFTER_ALL_OTHERS = 2.0**32

# Diaries looked at in the first round, and points looked at to choose whose.
_FEW = 256
_SAMPLE = 1024

# Sums that differ by this much are the same sum, added up in another order.
_ROUNDING = 1e-9


def best_first(question: Question, rows: Rows, *, needed: int, seed: int, sort: Sort) -> Rows:
    """Return the first ``needed`` of these listings, in order."""
    if needed <= 0 or not len(rows):
        return rows[:0]
    if sort == "fit":
        rows, points = _most_points(question, rows, needed)
        keys = np.zeros(len(rows))
    else:
        rows, keys = _lowest(rows, SORT_KEYS[sort](question, rows), needed)
        points = scores(question, rows, weights_in_play(question))
    turned = turn(question.index.columns.code_hash[rows], seed)
    return rows[np.lexsort((turned, -_steps(points), keys))][:needed]


def turn(code_hashes: Bits, seed: int) -> Bits:
    """Return numbers to sort equals by: a hash of seed and code (the mixer of SplitMix64)."""
    mixed = code_hashes ^ np.uint64((seed * 0x9E3779B97F4A7C15) % 2**64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))


def _lowest(rows: Rows, keys: Floats, needed: int) -> tuple[Rows, Floats]:
    """Keep those who could be among the first; everybody who ties with the last stays in."""
    if needed >= len(rows):
        return rows, keys
    chosen = keys <= np.partition(keys, needed - 1)[needed - 1]
    return rows[chosen], keys[chosen]


def _most_points(question: Question, rows: Rows, needed: int) -> tuple[Rows, Floats]:
    """Return those who could be among the first, with their points.

    All points of all rows would take long to add up. Those who work with nothing of what was
    chosen are looked at only if they could still reach the last place needed.
    """
    weighing = {slug: one for slug, one in weights_in_play(question).items() if one}
    found = _Found(needed)
    if "need" not in weighing:
        _find(question, rows, weighing, found)
        return found.rows, found.points
    works_with_any = reduce(np.bitwise_or, question.issue_levels)[rows] != 0
    _find(question, rows[np.flatnonzero(works_with_any)], weighing, found)
    del weighing["need"]
    if found.could_reach(np.array([sum(weighing.values())])).size:
        _find(question, rows[np.flatnonzero(~works_with_any)], weighing, found)
    return found.rows, found.points


def _find(question: Question, rows: Rows, weighing: dict[str, float], found: "_Found") -> None:
    """Add those who could be among the first.

    Diaries take time to look at. The other points are known for everyone, and so is the most that
    a diary could add: we look at those who could lead, and leave out who could no longer reach
    the mark.
    """
    is_slow = {"soon": True, "wishes": _wishes_for_access(question)}
    slow = {slug: one for slug, one in weighing.items() if is_slow.get(slug)}
    quick = {slug: one for slug, one in weighing.items() if slug not in slow}
    points = scores(question, rows, quick)
    at_most = points + slow["soon"] * soon_at_most(question, rows) + slow.get("wishes", 0.0)
    left, size = found.could_reach(at_most), max(_FEW, 2 * found.needed)
    while len(left):
        chosen = left[_about_highest(at_most[left], size)]
        found.add(rows[chosen], points[chosen] + scores(question, rows[chosen], slow))
        at_most[chosen] = -1
        left = left[found.could_reach(at_most[left])]
        size *= 4


class _Found:
    """The rows with the most points so far, and the mark (in steps) that others must reach."""

    def __init__(self, needed: int) -> None:
        self.needed, self.mark = needed, 0
        self.rows, self.points = np.zeros(0, dtype=np.intp), np.zeros(0)

    def add(self, rows: Rows, points: Floats) -> None:
        rows, points = np.concatenate((self.rows, rows)), np.concatenate((self.points, points))
        steps = _steps(points)
        if len(steps) > self.needed:
            self.mark = int(np.partition(steps, len(steps) - self.needed)[-self.needed])
        self.rows, self.points = rows[steps >= self.mark], points[steps >= self.mark]

    def could_reach(self, at_most: Floats) -> Rows:
        """Return the places of those who could still reach the mark."""
        return np.flatnonzero(at_most >= self.mark * weights.TOLERANCE - 2 * _ROUNDING)


def _about_highest(values: Floats, count: int) -> Rows:
    """Return the places of the highest: roughly ``count`` of them, judged by a sample."""
    if len(values) <= count:
        return np.arange(len(values))
    sample = values[:: max(1, len(values) // _SAMPLE)]
    place = len(sample) - max(1, len(sample) * count // len(values))
    return np.flatnonzero(values >= np.partition(sample, place)[place])


def _wishes_for_access(question: Question) -> bool:
    return any(one.about == "access" for one, *_ in question.nice_wishes)


def _steps(points: Floats) -> Longs:
    """Return points in whole tolerances: equal steps are equal scores."""
    steps: Longs = np.floor((points + _ROUNDING) / weights.TOLERANCE).astype(np.int64)
    return steps


def _by_time(question: Question, rows: Rows) -> Floats:
    """The first free start; those with none in their times come after all who have one."""
    diary = look_at_diary(question, rows)
    at_first = (diary.found == diary.first[diary.owners]) & (diary.found < NONE_FREE)
    starts = first_starts_from(question.index, diary.practices[at_first], diary.found[at_first])
    soonest = np.full(len(rows), np.inf)
    np.minimum.at(soonest, diary.owners[at_first], starts)
    return np.where(diary.fits, soonest, soonest + AFTER_ALL_OTHERS)


def _by_distance(question: Question, rows: Rows) -> Floats:
    return question.nearest_km[rows]


def _by_fee(question: Question, rows: Rows) -> Floats:
    budget = question.enquiry.budget
    currency = budget.money.currency if budget else weights.USUAL_CURRENCY
    fees = question.fees(currency, reduced=bool(budget and budget.reduced_fee))
    return fees[rows].astype(np.float64)


SORT_KEYS: dict[str, Callable[[Question, Rows], Floats]] = {
    "soonest": _by_time,
    "nearest": _by_distance,
    "cost": _by_fee,
}
