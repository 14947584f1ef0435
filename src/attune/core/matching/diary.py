"""When listings are next free, where the person could meet them."""

from dataclasses import dataclass

import numpy as np

from attune.core.columns import BoolArray, Rows
from attune.core.matching.question import Question
from attune.core.matching.times import NONE_FREE, Wanted, first_free, have_free


@dataclass(frozen=True)
class Diary:
    """When some listings are free.

    Args:
        first: the first half-hour in their times, else the first at all, else NONE_FREE.
        fits: whether that is in their times.
        practices, owners: where they could meet, and each one's place among the listings.
        found: the same as ``first``, for each of these practices.
    """

    first: Rows
    fits: BoolArray
    practices: Rows
    owners: Rows
    found: Rows


def look_at_diary(question: Question, rows: Rows) -> Diary:
    """Find each listing's first free half-hour, outside their times if need be."""
    practices, owners = question.practices_to_meet(rows)
    earliest = question.earliest(rows)
    found = np.full(len(practices), NONE_FREE)
    first = np.full(len(rows), NONE_FREE)

    def look(places: Rows, wanted: Wanted) -> None:
        listings = owners[places]
        found[places] = first_free(question.index, practices[places], earliest[listings], wanted)
        np.minimum.at(first, listings, found[places])

    look(np.flatnonzero(question.may_have_time(rows)[owners]), question.wanted)
    fits = first < NONE_FREE
    if question.asks_for_times:
        look(np.flatnonzero(~fits[owners]), question.any_time)
    return Diary(first, fits, practices, owners, found)


def are_free_in_times(question: Question, passing: BoolArray) -> BoolArray:
    """Tell which of the listings that pass so far have a free start in their times."""
    listing_of = question.index.columns.listing_of
    may_have = passing & question.may_have_time(slice(None))
    practices = np.flatnonzero(question.usable_practices & may_have[listing_of])
    owners = listing_of[practices]
    earliest = question.earliest(owners)
    return have_free(question.index, practices, owners, earliest, question.wanted)
