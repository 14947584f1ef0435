"""Who may be shown at all: the gates, in order, each counted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np

from attune.core.columns import CHECKED, BoolArray, Rows
from attune.core.matching.diary import are_free_in_times
from attune.core.matching.enquiry import Budget, Wish
from attune.core.matching.question import Question
from attune.core.matching.standing import Gate, apply


@dataclass(frozen=True)
class Choice(Gate):
    """A gate that the person set and can soften: the fee, or a must (``wish``)."""

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
    choices: tuple[Choice, ...]


def find_eligible(question: Question) -> Eligible:
    """Apply every gate."""
    standing = question.standing.passes.copy()
    removed = dict(question.standing.removed)
    apply(_fixed_gates(question), standing, removed)
    passing = standing.copy()
    choices = _choices(question)
    apply(chain(choices, _meeting_gates(question)), passing, removed)
    if question.times_are_must:
        # Last: diaries are looked at only of those who pass everything else.
        apply((Gate("times", are_free_in_times(question, passing)),), passing, removed)
    return Eligible(np.flatnonzero(passing), removed, standing, tuple(choices))


def _fixed_gates(question: Question) -> Iterator[Gate]:
    """What the person asked for and nobody can soften."""
    columns = question.index.columns
    yield Gate("client_group", columns.client_groups[question.group] != 0)
    bits = question.remote_bits | question.in_person_bit
    yield Gate("channel", (columns.channels & bits) != 0)
    for issue in question.enquiry.issues:
        if issue in question.index.words.training_needed:
            yield Gate("training", _has_checked_training(question, issue))
    if question.enquiry.exclude:
        yield Gate("excluded", _not_excluded(question))


def _choices(question: Question) -> list[Choice]:
    choices = [
        Choice(f"{wish.about}:{wish.value}", question.has_wish(wish, slice(None)), wish)
        for wish in question.musts
        if wish.about != "access"
    ]
    if question.enquiry.budget is not None:
        choices.insert(0, Choice("fee", _fee_within(question, question.enquiry.budget)))
    return choices


def _meeting_gates(question: Question) -> Iterator[Gate]:
    """Where they could meet: the distance, then what the place must have."""
    if question.in_person_bit:
        reached = (question.index.columns.channels & question.remote_bits) != 0
        reached[question.index.columns.listing_of[question.near_practices[0]]] = True
        yield Gate("distance", reached)
    if question.access_musts:
        names = ",".join(wish.value for wish in question.access_musts)
        reached = np.zeros(len(question.index.hidden), dtype=np.bool_)
        reached[question.index.columns.listing_of[np.flatnonzero(question.usable_practices)]] = True
        yield Gate(f"access:{names}", reached)


def _fee_within(question: Question, budget: Budget) -> BoolArray:
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
