"""What holds of every enquiry, and which answers change the order."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from attune.core.index import Index
from attune.core.matching import find_matches
from attune.core.matching.enquiry import parse_enquiry
from core.worlds import (
    NEARBY,
    NOW,
    WORDS,
    enquiries_as_json,
    listing,
    places,
    seeds,
    world,
    worlds,
)

PEOPLE, EVERYBODY = world(3, 150)


def ask(index, data, where, seed=1, **rest):
    return find_matches(index, parse_enquiry(data, WORDS), where, now=NOW, seed=seed, **rest)


def order_of(data, where=NEARBY):
    return [one.code for one in ask(EVERYBODY, data, where, limit=None).matches]


@settings(max_examples=600, deadline=None)
@given(worlds, enquiries_as_json(), places, seeds)
def test_nobody_shown_breaks_a_must(number, data, where, seed):
    entries, index = world(number)
    by_code = {one.code: one for one in entries}
    musts = [one for one in data.get("wishes", ()) if one["weight"] == "must"]
    for match in ask(index, data, where, seed).matches:
        entry = by_code[match.code]
        for wish in musts:
            assert meets(entry, wish, match)
        if data.get("budget"):
            assert match.fee.minor <= data["budget"]["minor"] or data["budget"]["reduced_fee"]
        assert match.code not in data.get("exclude", ())


def meets(entry, wish, match):
    if wish["about"] == "gender":
        return entry.gender == wish["value"]
    if wish["about"] == "language":
        return wish["value"] in entry.languages
    if wish["about"] == "community":
        return wish["value"] in entry.communities
    named = {one.practice for one in match.free_times} | {match.practice} - {None}
    access = {one.code: one.access.get(wish["value"]) for one in entry.practices}
    return "yes" in access.values() and all(access[code] == "yes" for code in named)


@settings(max_examples=300, deadline=None)
@given(worlds, enquiries_as_json(), places, seeds)
def test_the_same_question_has_the_same_answer(number, data, where, seed):
    entries, index = world(number)
    again = Index.build(entries, WORDS, index.base_day)
    assert ask(index, data, where, seed, with_relax=True) == ask(
        again, data, where, seed, with_relax=True
    )


@settings(max_examples=300, deadline=None)
@given(worlds, enquiries_as_json(), places, seeds)
def test_every_gate_counts_each_listing_once(number, data, where, seed):
    entries, index = world(number)
    result = ask(index, data, where, seed, limit=0)
    assert result.total + sum(result.removed.values()) == len(entries)


@settings(max_examples=300, deadline=None)
@given(worlds, enquiries_as_json(), places, st.integers(0, 9))
def test_without_what_a_reason_says_the_score_is_less_by_its_points(number, data, where, place):
    entries, index = world(number)
    matches = ask(index, data, where).matches
    assume(place < len(matches))
    match = matches[place]
    entry = next(one for one in entries if one.code == match.code)
    for reason in match.reasons:
        less = without(entry, reason)
        if less is None:
            continue
        changed = index.with_changes([less], ())
        after = ask(changed, data, where, limit=None)
        again = next((one for one in after.matches if one.code == match.code), None)
        if again is not None:
            assert match.score - again.score == pytest.approx(reason.points, abs=1e-9)


def without(entry, reason):
    """The same listing, without the facts that a reason states; None: it states no such fact."""
    if reason.code in {"focus-issues", "also-issues"}:
        kept = {one: at for one, at in entry.issues.items() if one not in reason.values["issues"]}
        return replace(entry, issues=kept)
    if reason.code in {"named-therapies", "listed-therapies"}:
        gone = reason.values["therapies"]
        kept = {one: at for one, at in entry.therapies.items() if one not in gone}
        return replace(entry, therapies=kept)
    if reason.code == "weekly-place":
        return replace(entry, weekly_places=())
    if reason.code == "replies":
        return replace(entry, asked=0, answered=0)
    if reason.code == "wish-met" and reason.values["about"] == "language":
        return replace(entry, languages=entry.languages - set(reason.values["wishes"]))
    return None


@pytest.mark.parametrize(
    ("answer", "before", "after"),
    [
        ("for_whom", "adults", "couples"),
        ("issues", ["grief"], ["anxiety"]),
        ("issues", ["grief", "anxiety"], ["anxiety", "grief"]),
        ("therapy_types", [], ["ipt"]),
        ("channels", [], ["video"]),
        ("max_distance_km", None, 5),
        ("times", [], [{"days": ["tue"], "from": "08:00", "to": "12:00"}]),
        ("within_days", None, 3),
        ("budget", None, {"minor": 5000, "currency": "GBP", "reduced_fee": False}),
        ("wishes", [], [{"about": "gender", "value": "woman", "weight": "nice"}]),
        ("wishes", [], [{"about": "language", "value": "pl", "weight": "nice"}]),
        ("wishes", [], [{"about": "access", "value": "step-free", "weight": "nice"}]),
        ("wishes", [], [{"about": "community", "value": "carers", "weight": "nice"}]),
        ("matters_most", None, "soon"),
        ("matters_most", None, "near"),
        ("matters_most", None, "cost"),
        ("exclude", [], ["c1", "c2", "c3", "c5", "c7"]),
    ],
)
def test_every_answer_that_counts_can_change_the_order(answer, before, after):
    assert order_of({answer: before}) != order_of({answer: after})


@pytest.mark.parametrize(
    ("given_too", "answer", "before", "after"),
    [
        (
            {"times": [{"days": ["tue"], "from": "08:00", "to": "12:00"}]},
            "times_weight",
            "nice",
            "must",
        ),
        ({"issues": ["grief"], "therapy_types": ["ipt"]}, "matters_most", None, "fit"),
        (
            {},
            "budget",
            {"minor": 5000, "currency": "GBP", "reduced_fee": False},
            {"minor": 5000, "currency": "GBP", "reduced_fee": True},
        ),
        (
            {},
            "wishes",
            [{"about": "language", "value": "pl", "weight": "nice"}],
            [{"about": "language", "value": "pl", "weight": "must"}],
        ),
    ],
)
def test_answers_that_sharpen_others_can_change_the_order(given_too, answer, before, after):
    assert order_of({**given_too, answer: before}) != order_of({**given_too, answer: after})


def test_where_they_are_changes_the_order():
    assert order_of({}, NEARBY) != order_of({}, None)


def test_style_changes_nothing():
    assert order_of({"style": {"lead": 3}}) == order_of({})


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 30), max_size=6), max_size=5),
    st.randoms(use_true_random=False),
    enquiries_as_json(),
    places,
)
def test_a_changed_index_answers_as_one_built_anew(rounds, chance, data, where):
    entries = {number: listing(number, Random(number)) for number in range(20)}
    index = first = Index.build(list(entries.values()), WORDS, EVERYBODY.base_day)
    before = ask(first, data, where)
    for numbers in rounds:
        removed = {number for number in numbers if chance.random() < 0.3}
        changed = {number: listing(number, chance) for number in set(numbers) - removed}
        index = index.with_changes(list(changed.values()), [100 + one for one in removed])
        entries = {one: entry for one, entry in (entries | changed).items() if one not in removed}
    anew = Index.build(list(entries.values()), WORDS, EVERYBODY.base_day)
    assert len(index) == len(entries)
    assert ask(index, data, where) == ask(anew, data, where)
    assert ask(first, data, where) == before
