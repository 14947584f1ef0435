"""A person's week, on the clock they live by, through both changes of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attune.core.availability import not_before
from attune.core.columns import HALF_HOURS
from attune.core.matching.enquiry import TimeWindow
from attune.core.matching.times import end_of_day, half_hours_inside, half_hours_up_to

SPRING, AUTUMN = date(2026, 3, 23), date(2026, 10, 19)
ZONES = (
    "Europe/London", "Europe/Dublin", "America/New_York", "America/St_Johns", "Asia/Kolkata",
    "Australia/Lord_Howe", "Pacific/Auckland", "Asia/Kathmandu",
)  # fmt: skip
ALL = range(HALF_HOURS)


def inside(times, zone, base_day):
    return half_hours_inside(tuple(times), 0, HALF_HOURS, zone, base_day)


def moments(base_day):
    start = datetime.combine(base_day, time.min, UTC)
    return [start + timedelta(minutes=30 * number) for number in range(HALF_HOURS)]


def is_inside(moment, zone, windows):
    local = moment.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    return any(
        local.weekday() in one.days and one.start_minute <= minute < one.end_minute
        for one in windows
    )


@st.composite
def windows(draw):
    start = draw(st.integers(0, 47))
    end = draw(st.integers(start + 1, 48))
    days = draw(st.lists(st.integers(0, 6), min_size=1, unique=True))
    return TimeWindow(tuple(days), start * 30, end * 30)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(windows(), min_size=1, max_size=3),
    st.sampled_from(ZONES),
    st.sampled_from((SPRING, AUTUMN)),
)
def test_a_half_hour_counts_when_all_of_it_is_inside_on_the_persons_clock(times, zone, base_day):
    wanted = inside(times, zone, base_day)
    expected = [
        is_inside(moment, zone, times) and is_inside(moment + timedelta(minutes=29), zone, times)
        for moment in moments(base_day)
    ]
    assert wanted.inside.tolist() == expected


def test_words_hold_the_same_half_hours_as_flags():
    wanted = inside([TimeWindow((1, 3), 1020, 1260)], "Europe/London", AUTUMN)
    bits = [int(wanted.words[one // 64]) >> one % 64 & 1 for one in ALL]
    week = [int(wanted.week_words[one // 64]) >> one % 64 & 1 for one in range(336)]
    assert bits == wanted.inside.astype(int).tolist()
    assert week == [max(bits[one::336]) for one in range(336)]


def test_the_hour_that_comes_twice_in_autumn_is_inside_both_times():
    wanted = inside([TimeWindow((6,), 60, 120)], "Europe/London", AUTUMN)
    shown = [moments(AUTUMN)[one] for one in np.flatnonzero(wanted.inside)]
    assert [one.strftime("%d %H:%M") for one in shown if one.day == 25] == [
        "25 00:00", "25 00:30", "25 01:00", "25 01:30",
    ]  # fmt: skip


def test_the_hour_that_is_missing_in_spring_is_never_inside():
    wanted = inside([TimeWindow((6,), 60, 120)], "Europe/London", SPRING)
    assert [one for one in np.flatnonzero(wanted.inside) if moments(SPRING)[one].day == 29] == []


@pytest.mark.parametrize(
    ("zone", "day", "end"),
    [
        ("Europe/London", date(2026, 10, 24), datetime(2026, 10, 24, 23, 0, tzinfo=UTC)),
        ("Europe/London", date(2026, 10, 25), datetime(2026, 10, 26, 0, 0, tzinfo=UTC)),
        ("America/New_York", date(2026, 10, 24), datetime(2026, 10, 25, 4, 0, tzinfo=UTC)),
    ],
)
def test_a_day_ends_when_the_clock_there_says_so(zone, day, end):
    assert moments(AUTUMN)[end_of_day(zone, AUTUMN, day)] == end


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 400),
)
def test_notice_ends_where_the_diary_says_it_does(now, notice_hours):
    since = not_before(now, notice_hours) - datetime(1970, 1, 1, tzinfo=UTC)
    assert half_hours_up_to(now) + 2 * notice_hours == since / timedelta(minutes=30)
