"""Matches as cards: strings, ready to print."""

import re

import pytest
import time_machine

from attune.core.matching.enquiry import parse_enquiry
from attune.finder.cards import Line, cards_of
from attune.finder.loading import current
from attune.finder.queries import UnknownPlace, match
from finder.people import LINE, NOW, ROOM, listed

pytestmark = pytest.mark.django_db

DATA = {
    "issues": ["depression"],
    "place": "Warwick",
    "max_distance_km": 10,
    "times": [{"days": ["thu"], "from": "17:00", "to": "19:00"}],
    "wishes": [{"about": "gender", "value": "woman", "weight": "nice"}],
}


def card_of(data=DATA, hrefs=None):
    loaded = current(NOW)
    found = match(parse_enquiry(data, loaded.words), loaded=loaded, now=NOW)
    (card,) = cards_of(found, hrefs or {})
    return card


def test_a_card_has_every_word_that_it_shows():
    listed(practices=(ROOM, LINE), pronouns="he/him", one_line="Calm work.")
    card = card_of(hrefs={"issues": "/match/2/"})
    assert (card.name, card.role, card.one_line) == (
        "Ben Hathersage-Quaye",
        "Counsellor, he/him",
        "Calm work.",
    )
    assert card.facts == (
        ("under 1 km", "away, Warwick, or online"),
        ("£60", "for 50 minutes"),
        ("Thu 19 Nov, 5:00pm", "is the next free time"),
        ("BACP", "registration checked 19 October 2026"),
    )
    assert card.why.fits[0] == Line(
        "Works mainly with depression and low mood, which you chose", "/match/2/"
    )
    assert card.why.unknown[0] == Line("Whether they are a woman", "")
    assert card.weekly_place == "Thursdays at 6:00pm from 3 December 2026"
    assert card.cannot_book == ""
    assert card.book_href == "/therapists/c1/#times"


def test_the_times_of_a_card_lead_to_that_time_on_the_profile(client):
    listed(practices=(ROOM, LINE))
    words, href = card_of().times[0]
    assert words == "Thu 19 Nov, 5:00pm"
    with time_machine.travel(NOW, tick=False):
        page = client.get(href.partition("#")[0]).content.decode()
    assert re.findall('value="([^"]*)" checked', page) == ["2026-11-19T17:00:00+00:00@b2"]


def test_somebody_who_would_be_met_online_says_so():
    listed(practices=(LINE,))
    assert card_of({}).facts[0] == ("Online", "")


def test_somebody_who_is_asked_first_cannot_be_booked_and_says_why():
    listed(booking_mode="ask-first", practices=(LINE,))
    card = card_of({})
    assert card.times == ()
    assert card.cannot_book.startswith("Ben Hathersage-Quaye wants to hear from people")


def test_cards_of_people_shown_before_cost_no_query(django_assert_num_queries):
    for number in range(3):
        listed(number)
    loaded = current(NOW)
    found = match(parse_enquiry({"place": "Warwick"}, loaded.words), loaded=loaded, now=NOW)
    cards_of(found)
    with django_assert_num_queries(0):
        found = match(parse_enquiry({"place": "Warwick"}, loaded.words), loaded=loaded, now=NOW)
        assert len(cards_of(found)) == 3


@pytest.mark.parametrize("count", [1, 3])
def test_cards_cost_the_same_for_one_and_three(count, django_assert_num_queries):
    for number in range(count):
        listed(number)
    loaded = current(NOW)
    found = match(parse_enquiry({"place": "Warwick"}, loaded.words), loaded=loaded, now=NOW)
    with django_assert_num_queries(13):
        assert len(cards_of(found)) == count


def test_a_place_that_nobody_can_find_is_named():
    loaded = current(NOW)
    with pytest.raises(UnknownPlace) as caught:
        match(parse_enquiry({"place": "XX1"}, loaded.words), loaded=loaded, now=NOW)
    assert str(caught.value) == "We could not find XX1. Enter a UK postcode or a town"
    assert caught.value.field == "place"


def test_a_place_is_looked_up_once(django_assert_num_queries):
    loaded = current(NOW)
    enquiry = parse_enquiry({"place": "Warwick"}, loaded.words)
    match(enquiry, loaded=loaded, now=NOW)
    with django_assert_num_queries(0):
        match(enquiry, loaded=loaded, now=NOW)
