"""The index keeps what it saw, and comes back from its arrays."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import numpy as np
import pytest

from attune.core.index import Index
from attune.core.matching import find_matches
from attune.core.matching.enquiry import Enquiry
from core.worlds import BASE_DAY, NEARBY, NOW, WORDS, listing, world


def answer(index):
    return find_matches(index, Enquiry(), NEARBY, now=NOW, seed=1, limit=None)


def someone(number):
    return listing(number, Random(f"another {number}"))


def test_an_index_comes_back_from_its_arrays():
    entries, _ = world(1)
    index = Index.build(entries, WORDS, BASE_DAY).with_changes([someone(3)], [104])
    again = Index.from_arrays(index.arrays(), WORDS)
    assert answer(again) == answer(index)
    assert len(again) == len(index) == len(entries) - 1


def test_arrays_mapped_read_only_can_still_be_changed():
    _, index = world(1)
    arrays = index.arrays()
    for array in arrays.values():
        array.flags.writeable = False
    mapped = Index.from_arrays(arrays, WORDS)
    assert len(mapped.with_changes([someone(500)], [101])) == len(index)
    assert answer(mapped.with_changes([someone(3)], ())) == answer(
        index.with_changes([someone(3)], ())
    )


def test_arrays_made_with_other_words_are_refused():
    _, index = world(1)
    other = replace(WORDS, languages=("en", "cy", "pl"))
    with pytest.raises(ValueError, match="another vocabulary or layout"):
        Index.from_arrays(index.arrays(), other)


def test_two_changes_of_the_same_index_do_not_disturb_each_other():
    entries, _ = world(2)
    index = Index.build(entries, WORDS, BASE_DAY)
    grown = index.with_changes([someone(1)], ())
    left, right = grown.with_changes([someone(2)], ()), grown.with_changes([someone(4)], ())
    assert answer(left) == answer(Index.build(list(kept(entries, 1, 2)), WORDS, BASE_DAY))
    assert answer(right) == answer(Index.build(list(kept(entries, 1, 4)), WORDS, BASE_DAY))


def test_what_was_shown_of_one_change_is_not_taken_for_another():
    entries, _ = world(2)
    grown = Index.build(entries, WORDS, BASE_DAY).with_changes([someone(1)], ())
    assert answer(grown.with_changes([someone(3)], ())).matches
    right = grown.with_changes([someone(4)], ())
    assert answer(right) == answer(Index.build(list(kept(entries, 1, 4)), WORDS, BASE_DAY))


def test_what_is_kept_of_a_row_serves_later_indexes_and_makes_room_in_the_end(monkeypatch):
    monkeypatch.setattr("attune.core.index.MOST_KEPT", 2)
    index = Index.build([someone(1)], WORDS, BASE_DAY)
    assert index.keep("first", lambda: 1) == 1
    assert index.with_changes([], [999_999]).keep("first", lambda: 2) == 1
    index.keep("second", lambda: 0)
    index.keep("third", lambda: 0)
    assert index.keep("first", lambda: 3) == 3


def kept(entries, *changed):
    for number, entry in enumerate(entries):
        yield someone(number) if number in changed else entry


def test_what_failed_half_way_leaves_nothing_behind():
    entries, _ = world(2)
    index = Index.build(entries, WORDS, BASE_DAY).with_changes([someone(1)], ())
    broken = replace(someone(5), weekly_places=(("no such practice", 0, 0, BASE_DAY),))
    with pytest.raises(KeyError):
        index.with_changes([broken], ())
    assert answer(index.with_changes([someone(2)], ())) == answer(
        Index.build(list(kept(entries, 1, 2)), WORDS, BASE_DAY)
    )


def test_removing_an_unknown_listing_changes_nothing():
    _, index = world(1)
    assert answer(index.with_changes([], [999_999])) == answer(index)


def test_nothing_at_all_can_be_indexed():
    index = Index.build([], WORDS, BASE_DAY)
    assert answer(index).total == 0
    assert answer(index.with_changes([replace(someone(1), code="c1")], ())).total <= 1


def test_values_that_the_vocabulary_does_not_open_are_left_out():
    entry = replace(someone(1), client_groups=frozenset({"children"}), languages=frozenset({"xx"}))
    assert answer(Index.build([entry], WORDS, BASE_DAY)).total == 0


@pytest.mark.parametrize(("days", "is_due"), [(-1, True), (0, False), (5, False), (6, True)])
def test_an_index_is_rebuilt_before_it_runs_out_of_days(days, is_due):
    _, index = world(1)
    now = NOW.replace(hour=0) - (NOW.date() - BASE_DAY) + timedelta(days=days)
    assert index.needs_rebuild(now) is is_due


def test_an_index_is_rebuilt_when_it_holds_mostly_what_was_replaced():
    index = Index.build([someone(1)], WORDS, BASE_DAY)
    for _ in range(1001):
        index = index.with_changes([someone(1)], ())
    assert not index.needs_rebuild(NOW)
    assert index.with_changes([someone(1)], ()).needs_rebuild(NOW)


def test_starts_before_and_after_the_days_of_the_index_are_not_free_times():
    base = int(np.datetime64(BASE_DAY).astype("datetime64[m]").astype(int))
    entry = someone(1)
    practice = replace(entry.practices[0], starts=np.array([base - 30, base + 35 * 1440]))
    index = Index.build([replace(entry, practices=(practice,), weekly_places=())], WORDS, BASE_DAY)
    assert not index.columns.bits.any()
