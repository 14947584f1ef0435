"""Who may be shown at all: the gates, in order, each counted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np

from attune.core.columns import CHECKED, BoolArray, Rows
from attune.core.matching.diary import are_free_in_times
from attune.core.matching.enquiry import Wish
from attune.core.matching.question import Question
from attune.core.matching.standing import Gate, Standing


@dataclass(frozen=True)
class Choice(Gate):
    """A gate that the person set and can soften: the fee, or a must (``wish``)."""

    wish: Wish | None = None


@dataclass(frozen=True)
class Eligible:
    """
    Args:
        passes: who passes every gate, one flag for each row.
        total: how many do.
        removed: gate -> how many it removed; each listing counts at the first gate it fails.
        standing: who passes the gates that the person cannot soften.
        choices: the gates on listings that they can: the fee, and musts.
    """

    passes: BoolArray
    total: int
    removed: Mapping[str, int]
    standing: BoolArray
    choices: tuple[Choice, ...]

    @cached_property
    def rows(self) -> Rows:
        """Who passes every gate, ascending."""
        return np.flatnonzero(self.passes)


def find_eligible(question: Question) -> Eligible:
    """Apply every gate."""
    standing, choices = _standing(question), _choices(question)
    found = standing.after(chain(choices, _meeting_gates(question)))
    if question.times_are_must:
        # Last: diaries are looked at only of those who pass everything else.
        found = found.after((Gate("times", are_free_in_times(question, found.passes)),))
    return Eligible(found.passes, found.total, found.removed, standing.passes, tuple(choices))


def _standing(question: Question) -> Standing:
    """Apply what the person asked for and nobody can soften."""
    key = ("standing for", question.today, question.group, question.channel_bits)
    standing = question.index.remember(
        key, lambda: question.standing.after(_gates_of_many(question))
    )
    own = list(_own_gates(question))
    return standing.after(own) if own else standing


def _gates_of_many(question: Question) -> tuple[Gate, ...]:
    """What many enquiries of a day have in common."""
    columns = question.index.columns
    return (
        Gate("client_group", columns.client_groups[question.group] != 0),
        Gate("channel", (columns.channels & question.channel_bits) != 0),
    )


def _own_gates(question: Question) -> Iterator[Gate]:
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
    budget = question.enquiry.budget
    if budget is not None:
        fees = question.fees(budget.money.currency, reduced=budget.reduced_fee)
        choices.insert(0, Choice("fee", fees <= budget.money.minor))
    return choices


def _meeting_gates(question: Question) -> Iterator[Gate]:
    """Where they could meet: the distance, then what the place must have."""
    if question.in_person_bit:
        reached = question.has_remote_channel.copy()
        reached[question.index.columns.listing_of[question.near_practices[0]]] = True
        yield Gate("distance", reached)
    if question.access_musts:
        names = ",".join(wish.value for wish in question.access_musts)
        reached = np.zeros(len(question.index.hidden), dtype=np.bool_)
        reached[question.index.columns.listing_of[np.flatnonzero(question.usable_practices)]] = True
        yield Gate(f"access:{names}", reached)


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
