"""What to soften: for each must and limit, the smallest change that would add people.

A change adds the listings that fail nothing else. So it is enough to look once at those that fail
at most one gate, and to count; the counts equal those of asking again.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from attune.core.columns import BoolArray, Floats, Ints, Rows
from attune.core.geo import chord_distances_km, unit_vector
from attune.core.matching.eligibility import Choice, Eligible
from attune.core.matching.enquiry import (
    FARTHEST_DAYS,
    FARTHEST_KM,
    HIGHEST_BUDGET_MINOR,
    Budget,
    Wish,
    budget_as_json,
    wishes_as_json,
)
from attune.core.matching.matches import Relaxation
from attune.core.matching.question import UNKNOWN_FEE, Question
from attune.core.matching.times import NONE_FREE, first_free, may_be_free
from attune.core.money import Money

# What people would say next: distances in km, days, and fees in steps of five pounds.
DISTANCES_KM = (2, 5, 8, 10, 15, 20, 25, 30, 40, 50, 75, 100, 150, FARTHEST_KM)
DAYS_AHEAD = (3, 7, 14, 21, FARTHEST_DAYS)
FEE_STEP_MINOR = 500


def relaxations(question: Question, eligible: Eligible) -> tuple[Relaxation, ...]:
    """Return the changes that add people, most gain first."""
    changes = [
        one for one in _Relaxing(question, eligible).changes() if one is not None and one.gain > 0
    ]
    return tuple(sorted(changes, key=lambda one: -one.gain))


class _Relaxing:
    """Those who fail at most one gate on listings, and where they could be met.

    ``rows`` are these listings, ``practices`` theirs, and ``owners`` each practice's place in
    ``rows``. A flag "per practice" becomes one "per listing" when any practice has it.
    """

    def __init__(self, question: Question, eligible: Eligible) -> None:
        self.question, self.choices = question, eligible.choices
        failing = np.zeros(len(eligible.standing), dtype=np.uint8)
        for gate in eligible.choices:
            failing += ~gate.passes
        self.rows = np.flatnonzero(eligible.standing & (failing <= 1))
        self.passes_choices = failing[self.rows] == 0
        self.practices, self.owners = question.index.practices_of(self.rows)
        self.is_shown = np.zeros(len(self.rows), dtype=np.bool_)
        self.is_shown[np.searchsorted(self.rows, eligible.rows)] = True

    def changes(self) -> Iterator[Relaxation | None]:
        for gate in self.choices:
            if gate.wish is not None:
                yield self.softer_wish(gate.wish, self.gained_without(gate))
            else:
                yield self.higher_budget(gate)
                yield self.reduced_fee(gate)
        for wish in self.question.access_musts:
            reached = self.is_in_reach & self.has_access_but(wish) & self.is_in_time
            yield self.softer_wish(wish, self.added(reached))
        if self.question.limit_km is not None and self.question.in_person_bit:
            yield self.farther()
        if self.question.times_are_must:
            yield Relaxation(
                about="times_weight",
                change={"times_weight": "nice"},
                gain=_count(self.added(self.is_in_reach & self.has_access)),
            )
            yield self.longer()

    # What would be gained

    def softer_wish(self, wish: Wish, added: BoolArray) -> Relaxation:
        wishes = [
            replace(one, weight="nice") if one == wish else one
            for one in self.question.enquiry.wishes
        ]
        return Relaxation("wishes", {"wishes": wishes_as_json(wishes)}, _count(added), wish)

    def higher_budget(self, gate: Choice) -> Relaxation | None:
        budget = self.budget
        fees = self.fees_of_gained(gate, reduced=budget.reduced_fee)
        if not len(fees):
            return None
        minor = -(-int(fees.min()) // FEE_STEP_MINOR) * FEE_STEP_MINOR
        if minor > HIGHEST_BUDGET_MINOR:
            return None
        raised = replace(budget, money=Money(minor, budget.money.currency))
        return Relaxation("budget", _budget(raised), _count(fees <= minor))

    def reduced_fee(self, gate: Choice) -> Relaxation | None:
        budget = self.budget
        if budget.reduced_fee:
            return None
        fees = self.fees_of_gained(gate, reduced=True)
        gain = _count(fees <= budget.money.minor)
        return Relaxation("reduced_fee", _budget(replace(budget, reduced_fee=True)), gain)

    def farther(self) -> Relaxation | None:
        could = self.sees_in_person & self.has_access & self.is_in_time
        nearest = np.full(len(self.rows), np.inf)
        np.minimum.at(nearest, self.owners[could], self.distances[could])
        nearest = nearest[self.passes_choices & ~self.is_shown]
        wider = (km for km in DISTANCES_KM if km > (self.question.limit_km or 0))
        for km in wider:
            if gain := _count(nearest <= km):
                return Relaxation("max_distance_km", {"max_distance_km": km}, gain)
        return None

    def longer(self) -> Relaxation | None:
        within = self.question.enquiry.within_days
        if within is None:
            return None
        for days in (one for one in DAYS_AHEAD if one > within):
            in_time = self.free_within(days)
            gain = _count(self.added(self.is_in_reach & self.has_access & in_time))
            if gain:
                return Relaxation("within_days", {"within_days": days}, gain)
        return None

    def gained_without(self, gate: Choice) -> BoolArray:
        """Per listing: fails this gate only, and can be met."""
        can_meet = self.per_listing(self.is_in_reach & self.has_access & self.is_in_time)
        return can_meet & ~gate.passes[self.rows]

    def added(self, met: BoolArray) -> BoolArray:
        """Per listing: passes every gate on listings, and could now be met."""
        added: BoolArray = self.per_listing(met) & self.passes_choices & ~self.is_shown
        return added

    def fees_of_gained(self, gate: Choice, *, reduced: bool) -> Ints:
        """The fees (in the right currency) of those whom only the fee keeps out."""
        rows = self.rows[self.gained_without(gate)]
        fees = self.question.fees(self.budget.money.currency, reduced=reduced)[rows]
        known: Ints = fees[fees != UNKNOWN_FEE]
        return known

    @property
    def budget(self) -> Budget:
        budget = self.question.enquiry.budget
        assert budget is not None  # noqa: S101 - there is a gate on it
        return budget

    # Per practice

    @cached_property
    def sees_in_person(self) -> BoolArray:
        return self.has_channel(self.question.in_person_bit)

    @cached_property
    def is_in_reach(self) -> BoolArray:
        near = self.sees_in_person
        if self.question.limit_km is not None:
            near = near & (self.distances <= self.question.limit_km)
        in_reach: BoolArray = near | self.has_channel(self.question.remote_bits)
        return in_reach

    @cached_property
    def distances(self) -> Floats:
        distances = np.full(len(self.practices), np.inf)
        if self.question.where is not None:
            places = np.flatnonzero(self.sees_in_person)
            vectors = self.question.index.columns.vectors[:, self.practices[places]]
            origin = unit_vector(self.question.where.point)
            distances[places] = chord_distances_km(origin, vectors)
        return distances

    @cached_property
    def has_access(self) -> BoolArray:
        return self.has_access_but(None)

    def has_access_but(self, left_out: Wish | None) -> BoolArray:
        has = np.ones(len(self.practices), dtype=np.bool_)
        for wish in self.question.access_musts:
            if wish != left_out:
                has &= self.question.has_access(wish, self.practices)
        return has

    @cached_property
    def is_in_time(self) -> BoolArray:
        if not self.question.times_are_must:
            return np.ones(len(self.practices), dtype=np.bool_)
        return self.free_within(self.question.enquiry.within_days or FARTHEST_DAYS)

    def free_within(self, days: int) -> BoolArray:
        in_time: BoolArray = self.first_in_times < self.question.end_after(days)
        return in_time

    @cached_property
    def first_in_times(self) -> Rows:
        """The first free half-hour in the times asked for, however far ahead."""
        question = self.question
        wanted = question.half_hours(None)
        earliest = question.earliest(self.rows)[self.owners]
        first = np.full(len(self.practices), NONE_FREE)
        may = np.flatnonzero(may_be_free(question.index, self.rows, wanted)[self.owners])
        first[may] = first_free(question.index, self.practices[may], earliest[may], wanted)
        return first

    def has_channel(self, bits: int) -> BoolArray:
        channels = self.question.index.columns.practice_channels[self.practices]
        has: BoolArray = (channels & bits) != 0
        return has

    def per_listing(self, met: BoolArray) -> BoolArray:
        listings = np.zeros(len(self.rows), dtype=np.bool_)
        listings[self.owners[met]] = True
        return listings


def _budget(budget: Budget) -> dict[str, Any]:
    return {"budget": budget_as_json(budget)}


def _count(flags: BoolArray) -> int:
    return int(np.count_nonzero(flags))
