"""Slots, compared with a plain oracle that looks at the clock on the wall minute by minute."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from attune.core.availability import (
    DayException,
    WeeklyHours,
    bookable_starts,
    day_begins,
    not_before,
    start_step,
)
from attune.core.spans import Span, minutes_of, moment_of

LONDON = "Europe/London"
CLOCKS_GO_FORWARD = date(2026, 3, 29)
CLOCKS_GO_BACK = date(2026, 10, 25)
MONDAY = date(2026, 11, 16)
# Both changes of the year, a zone without any, one that jumps at midnight, one of half an hour.
ZONES = (LONDON, "America/New_York", "Asia/Kolkata", "America/Havana", "Australia/Lord_Howe")


def starts(
    hours, exceptions=(), busy=(), *, zone=LONDON, day=MONDAY, days=1, minutes=50, buffer=10
):
    return [
        moment_of(minute)
        for minute in bookable_starts(
            hours,
            exceptions,
            busy,
            zone=zone,
            first_day=day,
            days=days,
            minutes=minutes,
            buffer_minutes=buffer,
        )
    ]


def wall(moments, zone=LONDON):
    return [moment.astimezone(ZoneInfo(zone)).strftime("%a %H:%M") for moment in moments]


def every_day(start, end, **rest):
    return [WeeklyHours(weekday, start, end, **rest) for weekday in range(7)]


def utc(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), UTC)


# -- by example --------------------------------------------------------------------------------
def test_a_morning_holds_three_sessions_an_hour_apart():
    assert wall(starts([WeeklyHours(0, time(9), time(12))])) == [
        "Mon 09:00",
        "Mon 10:00",
        "Mon 11:00",
    ]


def test_a_meeting_ends_before_the_doors_close():
    assert wall(starts([WeeklyHours(0, time(9), time(10, 49))])) == ["Mon 09:00"]
    assert wall(starts([WeeklyHours(0, time(9), time(10, 50))])) == ["Mon 09:00", "Mon 10:00"]


def test_the_buffer_after_the_last_meeting_may_lie_outside_the_hours():
    assert wall(starts([WeeklyHours(0, time(9), time(9, 50))], buffer=30)) == ["Mon 09:00"]


def test_touching_windows_are_one_window():
    hours = [WeeklyHours(0, time(9), time(10, 30)), WeeklyHours(0, time(10, 30), time(12))]
    assert starts(hours) == starts([WeeklyHours(0, time(9), time(12))])


def test_a_meeting_may_run_past_midnight_into_the_next_day_of_work():
    night = [WeeklyHours(0, time(22), time(0)), WeeklyHours(1, time(0), time(1))]
    assert wall(starts(night, minutes=90, buffer=0)) == ["Mon 22:00", "Mon 23:30"]
    assert wall(starts(night[:1], minutes=90, buffer=0)) == ["Mon 22:00"]


def test_a_closed_day_has_no_starts_and_a_closed_part_only_loses_that_part():
    hours = [WeeklyHours(0, time(9), time(17))]
    assert starts(hours, [DayException(MONDAY, is_open=False)]) == []
    lunch = DayException(MONDAY, is_open=False, start=time(12), end=time(13, 30))
    assert wall(starts(hours, [lunch])) == [
        "Mon 09:00",
        "Mon 10:00",
        "Mon 11:00",
        "Mon 13:30",
        "Mon 14:30",
        "Mon 15:30",
    ]


def test_extra_hours_are_open_on_a_day_that_is_closed():
    day_off = DayException(MONDAY, is_open=False)
    but_one = DayException(MONDAY, is_open=True, start=time(18), end=time(19))
    hours = [WeeklyHours(0, time(9), time(17))]
    assert wall(starts(hours, [day_off, but_one])) == ["Mon 18:00"]


def test_hours_hold_from_their_first_to_their_last_day():
    hours = every_day(
        time(9),
        time(10),
        valid_from=MONDAY + timedelta(days=1),
        valid_until=MONDAY + timedelta(days=2),
    )
    assert wall(starts(hours, days=5)) == ["Tue 09:00", "Wed 09:00"]


def test_what_is_taken_takes_its_buffer_too_and_shifts_nothing_else():
    hours = [WeeklyHours(0, time(9), time(13))]
    taken = Span(utc(MONDAY, 10), utc(MONDAY, 10, 50))
    assert wall(starts(hours, busy=[taken])) == ["Mon 09:00", "Mon 11:00", "Mon 12:00"]
    longer = Span(utc(MONDAY, 10), utc(MONDAY, 11, 1))
    assert wall(starts(hours, busy=[longer])) == ["Mon 09:00", "Mon 12:00"]


def test_short_meetings_start_each_half_hour_and_longer_ones_by_the_quarter():
    assert [start_step(20, 10), start_step(30, 15), start_step(50, 10), start_step(50, 15)] == [
        30,
        30,
        60,
        75,
    ]


def test_starts_are_on_multiples_of_five_minutes():
    assert wall(starts([WeeklyHours(0, time(9, 3), time(10, 5))])) == ["Mon 09:05"]


@pytest.mark.parametrize(
    ("now", "notice", "earliest"),
    [
        (utc(MONDAY, 10), 24, utc(MONDAY + timedelta(days=1), 10)),
        (utc(MONDAY, 10, 1), 24, utc(MONDAY + timedelta(days=1), 10, 30)),
        (utc(MONDAY, 10).replace(microsecond=1), 0, utc(MONDAY, 10, 30)),
        (utc(MONDAY, 23, 31), 0, utc(MONDAY + timedelta(days=1), 0)),
    ],
)
def test_notice_ends_on_the_next_half_hour(now, notice, earliest):
    assert not_before(now, notice) == earliest


# -- when the clocks change --------------------------------------------------------------------
def test_nine_on_the_wall_stays_nine_on_both_sides_of_both_changes():
    hours = every_day(time(9), time(10))
    for change in (CLOCKS_GO_FORWARD, CLOCKS_GO_BACK):
        found = starts(hours, day=change - timedelta(days=1), days=3)
        assert wall(found) == ["Sat 09:00", "Sun 09:00", "Mon 09:00"]
        assert found[1] - found[0] != timedelta(days=1)


def test_an_hour_that_the_clock_skips_is_no_hour_of_work():
    hours = [WeeklyHours(6, time(1), time(3))]
    found = starts(hours, day=CLOCKS_GO_FORWARD)
    assert wall(found) == ["Sun 02:00"]
    inside = [WeeklyHours(6, time(1, 15), time(1, 45))]
    assert starts(inside, day=CLOCKS_GO_FORWARD, minutes=15, buffer=0) == []


def test_an_hour_that_comes_twice_is_worked_twice_when_the_window_spans_it():
    hours = [WeeklyHours(6, time(0), time(3))]
    found = starts(hours, day=CLOCKS_GO_BACK)
    assert wall(found) == ["Sun 00:00", "Sun 01:00", "Sun 01:00", "Sun 02:00"]


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_begins_when_the_clock_first_shows_its_date(zone):
    for number in range(2 * 366):
        day = date(2026, 1, 1) + timedelta(days=number)
        begins = moment_of(day_begins(zone, day)).astimezone(ZoneInfo(zone))
        minute_before = (begins.astimezone(UTC) - timedelta(minutes=1)).astimezone(ZoneInfo(zone))
        assert begins.date() == day
        assert minute_before.date() < day


@pytest.mark.slow
def test_in_every_zone_each_start_of_two_years_reads_as_the_rule_says():
    """9:00 to 11:00 every day: two starts, at the same wall time, on every date of every zone."""
    hours = every_day(time(9), time(11))
    first, days = date(2026, 1, 1), 730
    for zone in sorted(available_timezones() - {"localtime"}):
        found = starts(hours, zone=zone, day=first, days=days)
        expected = [
            datetime.combine(first + timedelta(days=number), time(hour))
            for number in range(days)
            for hour in (9, 10)
        ]
        place = ZoneInfo(zone)
        assert [one.astimezone(place).replace(tzinfo=None) for one in found] == expected, zone


# -- against the oracle ------------------------------------------------------------------------
times = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
windows = st.tuples(times, times).map(sorted).filter(lambda pair: pair[0] < pair[1])
rules = st.builds(
    lambda weekday, pair: WeeklyHours(weekday, pair[0], pair[1]), st.integers(0, 6), windows
) | st.builds(lambda weekday, start: WeeklyHours(weekday, start, time(0)), st.integers(0, 6), times)
changes = st.builds(
    lambda number, is_open, pair: (number, is_open, *pair),
    st.integers(0, 2),
    st.booleans(),
    windows,
)
taken = st.builds(
    lambda start, length: (start, length), st.integers(0, 3 * 1440), st.integers(5, 240)
)


class Oracle:
    """Four days of a practice, five minutes by five minutes, read off the clock on the wall."""

    def __init__(self, hours, exceptions, spans, *, zone, day):
        self.place, self.spans = ZoneInfo(zone), spans
        noon = minutes_of(datetime.combine(day - timedelta(days=1), time(12), UTC))
        self.moments = range(noon, noon + 6 * 1440, 5)
        walls = [self.shown(minute) for minute in self.moments]
        # A window opens and closes the first time that the clock shows its edge or later.
        self.latest_shown = list(accumulate(walls, max))
        self.open_on = {
            one: self.open_minutes(one, hours, exceptions)
            for one in (day + timedelta(days=number) for number in range(4))
        }
        self.open = set().union(*self.open_on.values())

    def shown(self, minute):
        return moment_of(minute).astimezone(self.place).replace(tzinfo=None)

    def first(self, wall_time):
        return self.moments[bisect_left(self.latest_shown, wall_time)]

    def between(self, day, start, end):
        last = datetime.combine(day, end)
        last += timedelta(days=end == time(0))
        return set(range(self.first(datetime.combine(day, start)), self.first(last), 5))

    def open_minutes(self, day, hours, exceptions):
        rules = [one for one in hours if one.weekday == day.weekday()]
        today = [one for one in exceptions if one.day == day]
        found = set().union(*(self.between(day, one.start, one.end) for one in rules))
        for one in today:
            if not one.is_open:
                found -= self.between(day, one.start, one.end)
        for one in today:
            if one.is_open:
                found |= self.between(day, one.start, one.end)
        return found

    def starts(self, *, days, minutes, buffer):
        """Walk each run of open minutes from its opening, and keep the starts that fit."""
        step, found = start_step(minutes, buffer), []
        for day in sorted(self.open_on)[:days]:
            todays = self.open_on[day]
            for opening in sorted(one for one in todays if one - 5 not in todays):
                at = opening
                while at in todays and set(range(opening, at + 1, 5)) <= todays:
                    if self.fits(at, minutes, buffer):
                        found.append(moment_of(at))
                    at += step
        return sorted(found)

    def fits(self, start, minutes, buffer):
        during = Span(moment_of(start), moment_of(start + minutes + buffer))
        return set(range(start, start + minutes, 5)) <= self.open and not any(
            during.overlaps(one) for one in self.spans
        )


@settings(max_examples=120, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    day=st.sampled_from((CLOCKS_GO_FORWARD, CLOCKS_GO_BACK, MONDAY, date(2026, 3, 8)))
    | st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    hours=st.lists(rules, max_size=6),
    changes=st.lists(changes, max_size=3),
    busy=st.lists(taken, max_size=4),
    minutes=st.sampled_from((15, 20, 50, 90)),
    buffer=st.sampled_from((0, 10, 15)),
)
@example(
    zone=LONDON,
    day=CLOCKS_GO_BACK,
    hours=[WeeklyHours(6, time(0), time(3))],
    changes=[],
    busy=[(60, 15)],
    minutes=50,
    buffer=10,
)
def test_the_starts_are_those_that_a_walk_along_the_wall_clock_finds(
    zone, day, hours, changes, busy, minutes, buffer
):
    day -= timedelta(days=1)
    exceptions = [
        DayException(day + timedelta(days=number), is_open, start, end)
        for number, is_open, start, end in changes
    ]
    origin = day_begins(zone, day)
    spans = [
        Span(moment_of(origin + start), moment_of(origin + start + length))
        for start, length in busy
    ]
    found = starts(
        hours, exceptions, spans, zone=zone, day=day, days=3, minutes=minutes, buffer=buffer
    )
    oracle = Oracle(hours, exceptions, spans, zone=zone, day=day)
    assert found == oracle.starts(days=3, minutes=minutes, buffer=buffer)


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    hours=st.lists(rules, min_size=1, max_size=6),
    busy=st.lists(taken, max_size=4),
    minutes=st.sampled_from((20, 50)),
)
def test_a_booking_removes_exactly_the_starts_that_it_is_in_the_way_of(zone, hours, busy, minutes):
    origin = day_begins(zone, MONDAY)
    spans = [
        Span(moment_of(origin + start), moment_of(origin + start + length))
        for start, length in busy
    ]
    free = starts(hours, zone=zone, days=3, minutes=minutes)
    left = starts(hours, busy=spans, zone=zone, days=3, minutes=minutes)
    length = timedelta(minutes=minutes + 10)
    assert left == [
        one for one in free if not any(Span(one, one + length).overlaps(span) for span in spans)
    ]


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    hours=st.lists(rules, min_size=1, max_size=6),
    ask=st.tuples(st.integers(0, 3), st.integers(1, 4)),
)
def test_the_same_day_has_the_same_starts_whichever_days_are_asked_for(zone, hours, ask):
    offset, days = ask
    whole = starts(hours, zone=zone, day=CLOCKS_GO_BACK - timedelta(days=2), days=7)
    first = CLOCKS_GO_BACK - timedelta(days=2) + timedelta(days=offset)
    begin, end = (moment_of(day_begins(zone, one)) for one in (first, first + timedelta(days=days)))
    assert starts(hours, zone=zone, day=first, days=days) == [
        one for one in whole if begin <= one < end
    ]
