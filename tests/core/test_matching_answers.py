"""The index answers as plain Python over the entries does, for whatever is asked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attune.core.matching import find_matches
from attune.core.matching.enquiry import enquiry_as_json, parse_enquiry
from attune.core.matching.question import Question
from attune.core.matching.scoring import scores, weights_in_play
from core.oracle import plain_matches
from core.worlds import NOW, WORDS, enquiries_as_json, places, seeds, world, worlds

# Hundreds of questions, each also answered by a walk over everybody.
pytestmark = pytest.mark.slow

SORTS = ("fit", "soonest", "nearest", "cost")
ZONES = ("Europe/London", "Europe/London", "America/St_Johns", "Asia/Tokyo")


def asked(data):
    return parse_enquiry(data, WORDS)


@settings(max_examples=700, deadline=None)
@given(worlds, enquiries_as_json(), places, seeds, st.sampled_from(SORTS), st.sampled_from(ZONES))
def test_the_index_and_the_plain_scan_agree(number, data, where, seed, sort, zone):
    entries, index = world(number)
    put = {"now": NOW, "seed": seed, "sort": sort, "zone": zone}
    plain = plain_matches(entries, WORDS, asked(data), where, **put)
    found = find_matches(index, asked(data), where, limit=None, **put)
    assert [one.code for one in found.matches] == [one.code for one in plain.people]
    assert {gate: count for gate, count in found.removed.items() if count} == plain.removed
    for match, person in zip(found.matches, plain.people, strict=True):
        points = {one.criterion: one.points for one in match.components}
        assert points == pytest.approx(person.points)
        assert (match.first_free, match.first_free_fits) == (person.first, person.first_fits)
        assert match.distance_km == (person.distance_km and pytest.approx(person.distance_km))


@settings(max_examples=500, deadline=None)
@given(worlds, enquiries_as_json(), places, seeds)
def test_what_softening_gains_is_what_asking_again_finds(number, data, where, seed):
    _, index = world(number)
    found = find_matches(index, asked(data), where, now=NOW, seed=seed, limit=0, with_relax=True)
    for change in found.relaxations:
        softer = asked({**enquiry_as_json(asked(data)), **change.change})
        again = find_matches(index, softer, where, now=NOW, seed=seed, limit=0)
        assert again.total - found.total == change.gain > 0


@settings(max_examples=500, deadline=None)
@given(worlds, enquiries_as_json(), places, seeds)
def test_the_points_of_components_and_of_reasons_sum_to_the_score(number, data, where, seed):
    _, index = world(number)
    for match in find_matches(index, asked(data), where, now=NOW, seed=seed).matches:
        assert sum(one.points for one in match.components) == pytest.approx(match.score, abs=1e-9)
        assert sum(one.points for one in match.reasons) == pytest.approx(match.score, abs=1e-9)
        assert all(0 <= one.value <= 1 + 1e-12 for one in match.components)
        assert len(match.fits) <= 3


@settings(max_examples=300, deadline=None)
@given(worlds, enquiries_as_json(), places, st.sampled_from(ZONES))
def test_the_points_that_are_told_are_the_points_that_ranked(number, data, where, zone):
    _, index = world(number)
    matches = find_matches(
        index, asked(data), where, now=NOW, seed=1, zone=zone, limit=None
    ).matches
    rows = np.array([index.rows[one.code] for one in matches], dtype=np.intp)
    question = Question(index, asked(data), where, NOW, zone)
    ranked = scores(question, rows, weights_in_play(question))
    assert [one.score for one in matches] == pytest.approx(ranked.tolist(), abs=1e-9)


@settings(max_examples=300, deadline=None)
@given(worlds, enquiries_as_json(), places, st.randoms(use_true_random=False))
def test_a_list_seen_before_keeps_its_order_and_others_follow_theirs(number, data, where, chance):
    entries, index = world(number)
    everyone = [one.code for one in find(index, data, where).matches]
    order = [*chance.sample([one.code for one in entries], 5), "nobody"]
    kept = [code for code in order if code in everyone]
    others = [code for code in everyone if code not in kept]
    again = find(index, data, where, order=order)
    assert [one.code for one in again.matches] == kept + others
    assert again.total == len(everyone)


def find(index, data, where, **rest):
    return find_matches(index, asked(data), where, now=NOW, seed=1, limit=None, **rest)


@settings(max_examples=40, deadline=None)
@given(enquiries_as_json(), places, seeds, st.sampled_from(SORTS), st.sampled_from((0, 30)))
def test_the_first_of_many_are_those_of_the_plain_scan(data, where, seed, sort, offset):
    entries, index = world(5, 2500)
    put = {"now": NOW, "seed": seed, "sort": sort}
    plain = plain_matches(entries, WORDS, asked(data), where, **put)
    found = find_matches(index, asked(data), where, offset=offset, **put)
    people = plain.people[offset : offset + 10]
    assert [one.code for one in found.matches] == [one.code for one in people]
    assert list(found.order) == [one.code for one in plain.people[: max(50, offset + 10)]]
