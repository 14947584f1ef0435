from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from attune.core.spans import (
    Span,
    joined,
    minutes_of,
    minutes_up_to,
    moment_of,
    stretch_of,
    without,
)

stretches = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda pair: (pair[0], sum(pair))),
    max_size=8,
)


def covered(some):
    return {minute for start, end in some for minute in range(start, end)}


@given(stretches)
def test_joining_keeps_every_minute_in_disjoint_stretches_that_do_not_touch(some):
    found = joined(some)
    assert covered(found) == covered(some)
    assert all(start < end for start, end in found)
    assert all(one[1] < two[0] for one, two in pairwise(found))


@given(stretches, stretches)
def test_what_is_left_is_what_was_there_less_what_was_taken(some, taken):
    assert covered(without(some, taken)) == covered(some) - covered(taken)


def test_a_span_is_half_open():
    nine = datetime(2026, 11, 18, 9, tzinfo=UTC)
    first, next_one = Span(nine, nine + timedelta(hours=1)), Span(nine + timedelta(hours=1), nine)
    assert stretch_of(first)[1] == stretch_of(next_one)[0]


def test_seconds_round_outwards_so_that_a_stretch_covers_its_span():
    start = datetime(2026, 11, 18, 9, 0, 30, tzinfo=UTC)
    minute = minutes_of(start)
    assert moment_of(minute) == start.replace(second=0)
    assert minutes_up_to(start) == minute + 1
    assert stretch_of(Span(start, start + timedelta(minutes=1))) == (minute, minute + 2)


def test_minutes_follow_the_moment_and_not_the_zone_it_is_written_in():
    from zoneinfo import ZoneInfo

    moment = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert minutes_of(moment.astimezone(ZoneInfo("Asia/Tokyo"))) == minutes_of(moment)
