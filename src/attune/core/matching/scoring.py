"""What counts: one pure function per criterion, over any rows.

Each returns its parts, values that sum to between 0 and 1. Ranking adds them up over thousands of
rows; the reasons of the matches shown are made from the very same parts.
"""

import operator
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attune.core.columns import BoolArray, Bytes, Floats, Rows
from attune.core.index import Index
from attune.core.matching import weights
from attune.core.matching.diary import look_at_diary
from attune.core.matching.enquiry import FARTHEST_DAYS, Wish
from attune.core.matching.question import Question
from attune.core.matching.times import NONE_FREE

OUTSIDE_SHARE = weights.FIRST_FREE_SHARE * weights.OUTSIDE_TIMES_SHARE

Parts = Sequence[NDArray[np.floating[Any]]]

# By level of access: unknown, no, partly, yes.
_ACCESS_VALUES = np.array(
    (weights.WISH_UNKNOWN, weights.WISH_MISSED, weights.WISH_PARTLY, weights.WISH_MET)
)
# By whether it is listed. Languages always are; experience with a community only by choice.
_LANGUAGE_VALUES = np.array((weights.WISH_MISSED, weights.WISH_MET))
_COMMUNITY_VALUES = np.array((weights.WISH_UNKNOWN, weights.WISH_MET))
_ISSUE_VALUES = np.array(weights.ISSUE_LEVEL_VALUES)
_THERAPY_VALUES = np.array(weights.NAMED_THERAPY_VALUES)
_FEW = 500


def need(question: Question, rows: Rows) -> Parts:
    """One part for each issue chosen, in their order."""
    shares = weights.ISSUE_SHARES.get(len(question.enquiry.issues), ())
    return [
        _look_up(_ISSUE_VALUES * share, levels[rows])
        for levels, share in zip(question.issue_levels, shares, strict=True)
    ]


def therapy(question: Question, rows: Rows) -> Parts:
    """One part: the best of the types they named; else any that guidelines list."""
    if question.enquiry.therapy_types:
        return [_look_up(_THERAPY_VALUES, named_therapy_level(question, rows))]
    parts = [
        offers_listed(question, issue, rows) * share
        for issue, share in question.issues_with_listed_therapies
    ]
    return [reduce(operator.iadd, parts)] if parts else []


def soon(question: Question, rows: Rows) -> Parts:
    """Two parts: the first free time, and a weekly place for a new client."""
    diary = look_at_diary(question, rows)
    has_weekly_place = question.has_weekly_place(rows)
    return soon_parts(
        question, rows, first=diary.first, fits=diary.fits, has_weekly_place=has_weekly_place
    )


def soon_parts(
    question: Question, rows: Rows, *, first: Rows, fits: BoolArray, has_weekly_place: BoolArray
) -> Parts:
    """Return the parts of ``soon`` from what a diary says (see ``Diary``)."""
    days = np.maximum(first - question.this_half_hour, 0) // 48
    closeness = np.maximum(1 - days / FARTHEST_DAYS, 0)
    share = np.where(fits, weights.FIRST_FREE_SHARE, OUTSIDE_SHARE)
    freshness = _freshness(question)[rows]
    is_free = first < NONE_FREE
    weekly = has_weekly_place * weights.WEEKLY_PLACE_SHARE
    return [closeness * share * freshness * is_free, weekly * freshness]


def soon_at_most(question: Question, rows: Rows) -> Floats:
    """Return what "soon" could be at most, without a look at the diaries."""
    in_times, outside = question.index.remember(
        ("soon at most", question.today), lambda: _soon_at_most(question)
    )
    if not question.enquiry.times:
        return in_times[rows]
    return np.where(question.may_have_time(rows), in_times[rows], outside[rows])


def _soon_at_most(question: Question) -> tuple[Floats, Floats]:
    """For every listing, with a first free time today: in their times, and outside."""
    states_any = question.index.columns.weekly_count > 0
    weekly = states_any * weights.WEEKLY_PLACE_SHARE
    freshness = _freshness(question)
    return (weights.FIRST_FREE_SHARE + weekly) * freshness, (OUTSIDE_SHARE + weekly) * freshness


def _freshness(question: Question) -> Floats:
    """Openings confirmed so long ago that the card says so count for less."""
    confirmed_on, today = question.index.columns.confirmed_on, question.today_number
    return question.index.remember(
        ("freshness", today),
        lambda: np.where(
            today - confirmed_on >= weights.STALE_AFTER_DAYS, weights.STALE_SHARE, 1.0
        ),
    )


def near(question: Question, rows: Rows) -> Parts:
    """One part: nothing for those who would be met online."""
    return near_parts(question, question.nearest_km[rows])


def near_parts(question: Question, distances_km: Floats) -> Parts:
    """Return the parts of ``near`` from how far each nearest place is; infinite: online."""
    where = question.where
    # Nearer than the place is known cannot be told apart.
    distances = np.maximum(distances_km, where.accuracy_km if where else 0.0)
    limit = question.enquiry.max_distance_km
    half = limit / 2 if limit else weights.USUAL_HALF_KM
    return [1 / (1 + distances / half)]


def cost(question: Question, rows: Rows) -> Parts:
    """One part: the share of what they can pay that is left; nothing when the fee is not said."""
    budget = question.enquiry.budget
    if budget is not None:
        # Every fee is known, and in the budget's currency: that was a gate.
        fees = question.fees(budget.money.currency, reduced=budget.reduced_fee)[rows]
        return [1 - fees / max(budget.money.minor, 1)]
    fees = question.fees(weights.USUAL_CURRENCY, reduced=False)[rows]
    return [np.maximum(1 - fees / weights.USUAL_BUDGET_MINOR, 0)]


def wishes(question: Question, rows: Rows) -> Parts:
    """One part for each wish that would be nice, in their order (``question.nice_wishes``)."""
    share = 1 / max(len(question.nice_wishes), 1)
    return [wish_values(question, one, rows) * share for one in question.nice_wishes]


def replies(question: Question, rows: Rows) -> Parts:
    """One part: how far above even odds we expect an answer within 48 hours."""
    return [question.index.remember("replies", lambda: _reply_values(question.index))[rows]]


def _reply_values(index: Index) -> Floats:
    asked, answered = index.columns.asked, index.columns.answered
    expected = (answered + weights.PRIOR_ANSWERED) / (asked + weights.PRIOR_ASKED)
    values: Floats = np.maximum(2 * expected - 1, 0) * (asked > 0)
    return values


def fair_share(question: Question, rows: Rows) -> Parts:
    """One part: the less, the more they were shown and asked for the times they have free."""
    return [question.index.remember("fair-share", lambda: _fair_values(question.index))[rows]]


def _fair_values(index: Index) -> Floats:
    values: Floats = 1 / (1 + index.columns.load / weights.HALF_SHARE_LOAD)
    return values


SCORES: dict[str, Callable[[Question, Rows], Parts]] = {
    "need": need,
    "therapy": therapy,
    "soon": soon,
    "near": near,
    "cost": cost,
    "wishes": wishes,
    "replies": replies,
    "fair-share": fair_share,
}


def weights_in_play(question: Question) -> dict[str, float]:
    """Return each criterion's weight for this person: 0 where they gave nothing to go by."""
    enquiry = question.enquiry
    plays = {
        "need": bool(enquiry.issues),
        "therapy": bool(enquiry.therapy_types or question.issues_with_listed_therapies),
        "soon": True,
        "near": bool(question.in_person_bit),
        "cost": enquiry.budget is not None or enquiry.matters_most == "cost",
        "wishes": bool(question.nice_wishes),
        "replies": True,
        "fair-share": True,
    }
    table = weights.weights_for(enquiry.matters_most)
    return {slug: weight if plays[slug] else 0.0 for slug, weight in table.items()}


def scores(question: Question, rows: Rows, criteria: dict[str, float]) -> Floats:
    """Return the weighted sum of some criteria (slug -> weight) for each row."""
    total = np.zeros(len(rows))
    for slug, weight in criteria.items():
        for part in SCORES[slug](question, rows):
            total += part * weight
    return total


# What the criteria, and the reasons, look at


def named_therapy_level(question: Question, rows: Rows) -> Bytes:
    """Return the best level among the types they named; one with a caution never counts."""
    levels, words = question.index.columns.therapies, question.index.words
    best = np.zeros(len(rows), dtype=np.uint8)
    for slug in question.enquiry.therapy_types:
        if slug not in question.cautioned_therapies:
            np.maximum(best, levels[words.therapy_types.index(slug)][rows], out=best)
    return best


def offers_listed(question: Question, issue: str, rows: Rows) -> BoolArray:
    """Tell which listings offer a therapy type that a statement lists for an issue."""
    index = question.index
    return index.remember(("listed", issue), lambda: _offer_listed(index, issue))[rows]


def _offer_listed(index: Index, issue: str) -> BoolArray:
    levels = (index.columns.therapies[place] for place in index.words.listed_therapies[issue])
    offer: BoolArray = reduce(np.bitwise_or, levels) != 0
    return offer


def wish_values(question: Question, alternatives: Sequence[Wish], rows: Rows) -> Floats:
    """Return how far a wish is met: see ``weights.WISH_MET`` and its neighbours."""
    wish = alternatives[0]
    if wish.about == "access":
        return _best_access(question, wish, rows)
    columns, words = question.index.columns, question.index.words
    if wish.about == "gender":
        suits = {one.value for one in alternatives}
        met = [weights.WISH_MET if one in suits else weights.WISH_MISSED for one in words.genders]
        return _look_up(np.array((weights.WISH_UNKNOWN, *met)), columns.gender[rows])
    place = words.wish_values(wish.about).index(wish.value)
    if wish.about == "language":
        return _look_up(_LANGUAGE_VALUES, columns.languages[place, rows])
    return _look_up(_COMMUNITY_VALUES, columns.communities[place, rows])


def _best_access(question: Question, wish: Wish, rows: Rows) -> Floats:
    """Return the best value among the practices where they could meet."""
    place = question.index.words.access_needs.index(wish.value)
    practices, owners = question.index.practices_of(rows)
    usable = question.usable_practices[practices]
    levels = question.index.columns.access[place, practices[usable]]
    best = np.full(len(rows), weights.WISH_MISSED)
    np.maximum.at(best, owners[usable], _look_up(_ACCESS_VALUES, levels))
    return best


def _look_up(values: Floats, levels: Bytes) -> Floats:
    """Return the value of each level.

    For many, ``clip`` skips a check that costs more than the rest. For few, ``take`` would cost
    more than it spares: it stops for other threads, however little there is to do.
    """
    if len(levels) < _FEW:
        return values[levels.astype(np.intp)]
    return values.take(levels, mode="clip")
