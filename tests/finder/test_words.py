"""Small phrases of cards and profiles."""

from datetime import date, time

import pytest

from attune.core.entries import FeeEntry
from attune.finder.words import cannot_book_words, rest_of_price_words, weekly_place_words


@pytest.mark.parametrize(
    ("fee", "words"),
    [
        (FeeEntry("fixed", 6500, None, "GBP", None, 50), "for 50 minutes"),
        (FeeEntry("range", 4000, 6000, "EUR", 2550, 50), "for 50 minutes, €25.50 reduced"),
        (FeeEntry("free", 0, None, "GBP", None, 45), "for a session of 45 minutes"),
    ],
)
def test_a_price_is_followed_by_what_it_buys(fee, words):
    assert rest_of_price_words(fee) == words


def test_a_weekly_place_names_its_day_time_and_first_date():
    assert weekly_place_words(1, time(18), date(2026, 12, 1)) == (
        "Tuesdays at 6:00pm from 1 December 2026"
    )


@pytest.mark.parametrize("mode", ["direct", "introductory-call"])
def test_only_somebody_who_is_asked_first_cannot_be_booked(mode):
    assert cannot_book_words(mode, "Ben") == ""
    assert cannot_book_words("ask-first", "Ben").startswith("Ben wants to hear from people")
