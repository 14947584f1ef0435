from datetime import UTC, date, datetime, time

import pytest

from attune.core.money import Money
from attune.core.phrases import (
    about_count_words,
    checked_date_words,
    count_words,
    date_words,
    distance_words,
    list_words,
    moment_words,
    money_words,
    short_moment_words,
    span_words,
    time_words,
    zone_words,
)

APRIL = datetime(2026, 4, 14, 9, 0, tzinfo=UTC)


def test_a_date_is_written_out_in_full():
    assert date_words(date(2026, 4, 14)) == "Tuesday 14 April 2026"
    assert checked_date_words(date(2026, 3, 3)) == "3 March 2026"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (time(0, 0), "12:00am"),
        (time(9, 5), "9:05am"),
        (time(12, 0), "12:00pm"),
        (time(12, 30), "12:30pm"),
        (time(23, 55), "11:55pm"),
    ],
)
def test_times_use_the_twelve_hour_clock(moment, words):
    assert time_words(moment) == words


def test_a_moment_is_told_in_the_zone_it_happens_in():
    assert moment_words(APRIL, "Europe/London") == "Tuesday 14 April 2026, 10:00am"
    assert short_moment_words(APRIL, "America/New_York") == "Tue 14 Apr, 5:00am"
    assert zone_words("Europe/London") == "UK time"
    assert zone_words("America/New_York") == "New York time"


def test_a_span_across_the_autumn_clock_change_reads_as_the_wall_clock_does():
    start = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    end = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert span_words(start, end, "Europe/London") == "1:30am to 1:30am"


@pytest.mark.parametrize(
    ("money", "words"),
    [
        (Money(6500, "GBP"), "£65"),
        (Money(4750, "GBP"), "£47.50"),
        (Money(6005, "EUR"), "€60.05"),
        (Money(123400, "GBP"), "£1,234"),
        (Money(6000, "USD"), "USD 60"),
    ],
)
def test_money_shows_pence_only_when_there_are_some(money, words):
    assert money_words(money) == words


@pytest.mark.parametrize(
    ("km", "words"),
    [(0.2, "under 1 km"), (1.94, "1.9 km"), (9.94, "9.9 km"), (9.96, "10 km"), (12.4, "12 km")],
)
def test_distances_lose_their_decimals_from_ten_kilometres_on(km, words):
    assert distance_words(km) == words


@pytest.mark.parametrize(
    ("parts", "words"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_a_list_reads_as_a_sentence_part(parts, words):
    assert list_words(parts) == words


def test_counts_agree_with_their_noun():
    assert count_words(1, "person", "people") == "1 person"
    assert count_words(1200, "person", "people") == "1,200 people"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (20, "20"),
        (21, "about 20"),
        (38, "about 40"),
        (384, "about 380"),
        (1234, "about 1,200"),
    ],
)
def test_larger_counts_are_rounded_and_say_so(number, words):
    assert about_count_words(number) == words
