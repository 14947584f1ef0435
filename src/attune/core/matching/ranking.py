"""In which order: by points, equal ones turned by the seed of the day; or by time, way or fee."""

from collections.abc import Callable
from typing import Literal

import numpy as np

from attune.core.columns import Bits, Floats, Longs, Rows
from attune.core.matching import weights
from attune.core.matching.diary import look_at_diary
from attune.core.matching.question import Question
from attune.core.matching.scoring import scores, weights_in_play
from attune.core.matching.times import NONE_FREE, first_starts_from

Sort = Literal["fit", "soonest", "nearest", "cost"]

# More minutes than any start has.
AFTER_ALL_OTHERS = 2.0**32

# Below this many rows, looking at everyone's diary is quicker than choosing whose to look at.
_FEW = 512


def best_first(question: Question, rows: Rows, *, needed: int, seed: int, sort: Sort) -> Rows:
    """Return the first ``needed`` of these listings, in order."""
    if needed <= 0 or not len(rows):
        return rows[:0]
    if sort == "fit":
        rows = _could_be_first(question, rows, needed)
        keys = np.zeros(len(rows))
    else:
        keys = SORT_KEYS[sort](question, rows)
        if needed < len(rows):
            # Everybody who ties with the last one needed stays in.
            chosen = keys <= np.partition(keys, needed - 1)[needed - 1]
            rows, keys = rows[chosen], keys[chosen]
    steps = _steps(scores(question, rows, weights_in_play(question)))
    turned = turn(question.index.columns.code_hash[rows], seed)
    return rows[np.lexsort((turned, -steps, keys))][:needed]


def turn(code_hashes: Bits, seed: int) -> Bits:
    """Return numbers to sort equals by: a hash of seed and code (the mixer of SplitMix64)."""
    mixed = code_hashes ^ np.uint64((seed * 0x9E3779B97F4A7C15) % 2**64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))


def _could_be_first(question: Question, rows: Rows, needed: int) -> Rows:
    """Leave out those who could not be among the first even with the best of diaries.

    The diary is what takes time to look at. The points without it are known for everyone; those
    who lead in them set the mark that others must be able to reach.
    """
    if len(rows) <= max(_FEW, needed):
        return rows
    weighing = weights_in_play(question)
    slow = {"soon"} | ({"wishes"} if _wishes_for_access(question) else set())
    known = scores(
        question, rows, {slug: one for slug, one in weighing.items() if one and slug not in slow}
    )
    at_most = known + sum(weighing[slug] for slug in slow)
    leading = max(_FEW, 2 * needed)
    if leading >= len(rows):
        return rows
    leaders = np.argpartition(known, len(rows) - leading)[len(rows) - leading :]
    reached = known[leaders] + scores(
        question, rows[leaders], {slug: weighing[slug] for slug in slow}
    )
    mark = np.partition(_steps(reached), leading - needed)[leading - needed]
    could: Rows = rows[_steps(at_most) >= mark]
    return could


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
