"""Who may be shown at all: the gates, in order, each counted."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from attune.core.columns import CHECKED, NEVER, BoolArray, Rows
from attune.core.matching.enquiry import Wish
from attune.core.matching.question import Question
from attune.core.matching.times import NONE_FREE, first_free
from attune.core.matching.weights import CONFIRMED_FOR_DAYS


@dataclass(frozen=True)
class Gate:
    """Which listings pass; ``wish`` when it is a must of theirs."""

    name: str
    passes: BoolArray
    wish: Wish | None = None


@dataclass(frozen=True)
class Eligible:
    """
    Args:
        rows: who passes every gate, ascending.
        removed: gate -> how many it removed; each listing counts at the first gate it fails.
        standing: who passes the gates that the person cannot soften.
        choices: the gates on listings that they can: the fee, and musts.
    """

    rows: Rows
    removed: Mapping[str, int]
    standing: BoolArray
    choices: tuple[Gate, ...]


def find_eligible(question: Question) -> Eligible:
    """Apply every gate."""
    passing = ~question.index.hidden
    removed: dict[str, int] = {}
    _apply(_standing_gates(question), passing, removed)
    standing = passing.copy()
    choices = choice_gates(question)
    _apply(choices, passing, removed)
    _apply(_meeting_gates(question), passing, removed)
    rows = np.flatnonzero(passing)
    if question.times_are_must:
        in_time = have_free_time(question, rows)
        removed["times"] = len(rows) - int(np.count_nonzero(in_time))
        rows = rows[in_time]
    return Eligible(rows, removed, standing, tuple(choices))


def choice_gates(question: Question) -> list[Gate]:
    """The gates on listings that the person can soften."""
    gates = [
        Gate(f"{wish.about}:{wish.value}", question.has_wish(wish, slice(None)), wish)
        for wish in question.musts
        if wish.about != "access"
    ]
    if question.enquiry.budget is not None:
        gates.insert(0, Gate("fee", _fee_within_budget(question)))
    return gates


def have_free_time(question: Question, rows: Rows) -> BoolArray:
    """Tell which listings have a free start at the times asked for, where they could meet."""
    practices, owners = question.index.practices_of(rows)
    usable = question.usable_practices[practices]
    practices, owners = practices[usable], owners[usable]
    found = first_free(question.index, practices, question.earliest(rows)[owners], question.wanted)
    has_time = np.zeros(len(rows), dtype=np.bool_)
    has_time[owners[found < NONE_FREE]] = True
    return has_time


def _standing_gates(question: Question) -> list[Gate]:
    columns, today = question.index.columns, question.today_number
    gates = [
        Gate("published", columns.is_published),
        Gate("verification", columns.verified_until >= today),
        Gate("paused", columns.paused_until <= today),
        Gate(
            "confirmed",
            (columns.confirmed_on != NEVER) & (columns.confirmed_on >= today - CONFIRMED_FOR_DAYS),
        ),
        Gate("client_group", columns.client_groups[question.group].view(np.bool_)),
        Gate("channel", (columns.channels & (question.remote_bits | question.in_person_bit)) != 0),
    ]
    gates += [
        Gate("training", _has_checked_training(question, issue))
        for issue in question.enquiry.issues
        if issue in question.index.words.training_needed
    ]
    if question.enquiry.exclude:
        gates.append(Gate("excluded", _not_excluded(question)))
    return gates


def _meeting_gates(question: Question) -> list[Gate]:
    """Where they could meet: the distance, then what the place must have."""
    gates = []
    if question.in_person_bit:
        reached = (question.index.columns.channels & question.remote_bits) != 0
        reached[question.index.columns.listing_of[question.near_practices[0]]] = True
        gates.append(Gate("distance", reached))
    if question.access_musts:
        names = ",".join(wish.value for wish in question.access_musts)
        reached = np.zeros(len(question.index.hidden), dtype=np.bool_)
        reached[question.index.columns.listing_of[np.flatnonzero(question.usable_practices)]] = True
        gates.append(Gate(f"access:{names}", reached))
    return gates


def _apply(gates: list[Gate], passing: BoolArray, removed: dict[str, int]) -> None:
    left = int(np.count_nonzero(passing))
    for gate in gates:
        passing &= gate.passes
        still = int(np.count_nonzero(passing))
        removed[gate.name] = removed.get(gate.name, 0) + left - still
        left = still


def _fee_within_budget(question: Question) -> BoolArray:
    budget = question.enquiry.budget
    assert budget is not None  # noqa: S101 - asked only with one
    everyone = slice(None)
    fees = question.fees(everyone, reduced=budget.reduced_fee)
    within = (fees >= 0) & (fees <= budget.money.minor)
    return within & question.has_currency(budget.money.currency, everyone)


def _has_checked_training(question: Question, issue: str) -> BoolArray:
    words = question.index.words
    needed = [words.therapy_types.index(slug) for slug in sorted(words.training_needed[issue])]
    checked: BoolArray = (question.index.columns.therapies[needed] == CHECKED).any(axis=0)
    return checked


def _not_excluded(question: Question) -> BoolArray:
    passes = np.ones(len(question.index.hidden), dtype=np.bool_)
    known = (question.index.rows.get(code) for code in question.enquiry.exclude)
    passes[[row for row in known if row is not None]] = False
    return passes
