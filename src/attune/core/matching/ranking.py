"""In which order: by points, equal ones turned by the seed of the day; or by time, way or fee."""

from collections.abc import Callable
from typing import Literal

import numpy as np

from attune.core.columns import Bits, BoolArray, Floats, Longs, Rows
from attune.core.matching import weights
from attune.core.matching.diary import look_at_diary
from attune.core.matching.question import Question
from attune.core.matching.scoring import scores, soon_at_most, weights_in_play
from attune.core.matching.times import NONE_FREE, first_starts_from

Sort = Literal["fit", "soonest", "nearest", "cost"]

# More minutes than any start has.
AFTER_ALL_OTHERS = 2.0**32

# Diaries looked at in the first round, and points looked at to choose whose.
_FEW = 512
_SAMPLE = 1024


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

    Diaries take time to look at. The other points are known for everyone, and so is the most that
    a diary could add: we look at those who could lead, and leave out who could no longer reach
    the last place needed.
    """
    weighing = weights_in_play(question)
    slow = {"soon"} | ({"wishes"} if _wishes_for_access(question) else set())
    quick = {slug: one for slug, one in weighing.items() if one and slug not in slow}
    points = scores(question, rows, quick)
    at_most = points + weighing["soon"] * soon_at_most(question, rows)
    at_most += sum(weighing[slug] for slug in slow - {"soon"})
    looked, left = rows[:0], np.arange(len(rows))
    size, mark = max(_FEW, 2 * needed), 0
    while len(left):
        leading = _about_highest(at_most[left], size)
        chosen = left[leading]
        points[chosen] += scores(question, rows[chosen], {slug: weighing[slug] for slug in slow})
        looked, left = np.concatenate((looked, chosen)), left[~leading]
        if needed <= len(looked):
            steps = _steps(points[looked])
            mark = np.partition(steps, len(steps) - needed)[len(steps) - needed]
        left = left[_steps(at_most[left]) >= mark]
        size *= 4
    kept = looked[_steps(points[looked]) >= mark]
    return rows[kept], points[kept]


def _about_highest(values: Floats, count: int) -> BoolArray:
    """Tell which are the highest: roughly ``count`` of them, judged by a sample."""
    if len(values) <= count:
        return np.ones(len(values), dtype=np.bool_)
    sample = values[:: max(1, len(values) // _SAMPLE)]
    place = len(sample) - max(1, len(sample) * count // len(values))
    return values >= np.partition(sample, place)[place]


def _wishes_for_access(question: Question) -> bool:
    return any(wish.about == "access" for wish in question.nice_wishes)


def _steps(points: Floats) -> Longs:
    """Return points in whole tolerances: equal steps are equal scores."""
    # A hair more, so that sums that differ by a rounding fall on the same side.
    steps: Longs = np.floor((points + 1e-9) / weights.TOLERANCE).astype(np.int64)
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
    fees = question.fees(rows, reduced=bool(budget and budget.reduced_fee))
    is_known = (fees >= 0) & question.has_currency(currency, rows)
    return np.where(is_known, fees, np.inf)


SORT_KEYS: dict[str, Callable[[Question, Rows], Floats]] = {
    "soonest": _by_time,
    "nearest": _by_distance,
    "cost": _by_fee,
}
