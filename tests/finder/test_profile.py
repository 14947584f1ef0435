"""The page of one practitioner."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from attune.accounts.sessions import ENQUIRY
from attune.booking.queries import slots_for
from attune.booking.words import start_value
from attune.core.matching.enquiry import Enquiry
from attune.directory.actions import pause, withdraw
from attune.directory.entries import NewFee
from attune.directory.models import Counters, Listing
from attune.enquiries.actions import start_enquiry
from attune.enquiries.answers import Answers
from finder.people import BEN, LINE, NOW, ROOM, TODAY, listed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]


def page_of(client, listing, query=""):
    response = client.get(f"/therapists/{listing.code}/{query}")
    assert response.status_code == 200
    return response.content.decode()


def text_of(page):
    return " ".join(re.sub("<[^>]+>", " ", page.split("<main")[1]).split())


def test_the_page_says_what_is_known_and_who_checked_it(client):
    ben = listed(
        practices=(ROOM, LINE),
        pronouns="he/him",
        fees=(NewFee("adults", 50, "fixed", minor=6000, concession_minor=4000),),
        cancellation_hours=48,
        how_to_pay="By bank transfer",
        style={"lead": -2, "time": 0},
    )
    page = page_of(client, ben)
    words = text_of(page)
    for expected in (
        "Ben Hathersage-Quaye",
        "Counsellor, he/him",
        "£60 for 50 minutes, £40 reduced",
        "Thu 19 Nov, 5:00pm is the next free time",
        "Reply time is not known yet",
        "Depression and low mood",
        "Interpersonal psychotherapy (IPT) Diploma, 2015 Checked 19 October 2026 by Dev Marsh",
        "Not yet checked",
        "How to pay: By bank transfer",
        "with less than 48 hours to go, the fee may still be due",
        "Warwick, CV34",
        "Partly step-free. Ask before you come",
        "A quiet room",
        "British Association for Counselling and Psychotherapy, number T-1",
        "Thursdays at 6:00pm from 3 December 2026",
        "You book a first session of 50 minutes.",
        "In between, or it depends",
    ):
        assert expected in words, expected
    assert re.search('href="https://www.bacp.co.uk[^"]*" rel="noreferrer"', page)


def test_nothing_that_is_told_after_booking_is_on_the_page(client):
    ben = listed(practices=(ROOM, LINE), phone="01926 000000")
    page = page_of(client, ben)
    for secret in ("Hidden Yard", "Ring twice", "01926 000000", "ben@demo.example", "52.28"):
        assert secret not in page


def test_the_free_times_are_those_that_can_be_booked(client):
    ben = listed(practices=(ROOM, LINE))
    page = page_of(client, ben)
    shown = re.findall('type="radio" id="[^"]*" name="start" value="([^"]*)"', page)
    assert shown == [start_value(slot) for slot in slots_for(ben, NOW, 28)]
    assert len(shown) > 9


def test_three_days_stand_open_and_a_chosen_time_is_in_sight(client):
    ben = listed()
    opened, _summary, closed = page_of(client, ben).partition("Show more days")
    assert opened.count('<fieldset class="day">') == 3
    assert closed.count('<fieldset class="day">') == 1
    value = re.search('name="start" value="([^"]*)"', closed)[1]
    page = page_of(client, ben, f"?time={value.replace('+', '%2B')}")
    assert f'value="{value}" checked' in page
    assert "Show more days" not in page


def test_replies_are_told_once_there_are_enough(client):
    ben = listed()
    Counters.objects.create(listing=ben, day=TODAY, asked=5, answered_in_time=4)
    assert "4 of 5 answered within 48 hours (last 90 days)" in text_of(page_of(client, ben))


def test_somebody_who_is_paused_says_so_first_and_has_no_times(client, now):
    ben = pause(listed(), until=TODAY + timedelta(days=12), at=now)
    page = page_of(client, ben)
    words = text_of(page)
    assert "Ben Hathersage-Quaye is not taking new clients now" in words
    assert "They expect to be back on Monday 30 November 2026." in words
    assert words.index("not taking new clients") < words.index("What I help with")
    assert 'name="start"' not in page


@pytest.mark.parametrize(
    ("days", "title", "has_times"),
    [
        (14, None, True),
        (15, "Times last confirmed 15 days ago", True),
        (21, "Times last confirmed 21 days ago", True),
        (22, "Times last confirmed 22 days ago", False),
    ],
)
def test_openings_that_were_not_confirmed_lately_say_so(client, days, title, has_times):
    page = page_of(client, listed(confirmed_on=TODAY - timedelta(days=days)))
    assert (title in text_of(page)) if title else ("last confirmed" not in page)
    assert ('name="start"' in page) is has_times


def test_somebody_who_is_asked_first_has_no_button_and_says_why(client):
    page = page_of(client, listed(booking_mode="ask-first"))
    assert "wants to hear from people before a first meeting" in page
    assert 'name="start"' not in page
    assert "/book/" not in page


def test_an_introductory_call_is_named_as_what_is_booked(client):
    words = text_of(page_of(client, listed(booking_mode="introductory-call")))
    assert "You book an introductory call of 20 minutes first." in words


def test_whoever_may_not_be_shown_is_not_there(client, now):
    draft = listed(1, state="draft")
    unchecked = listed(2, registration=replace(BEN.registration, number="T-8", check=None))
    gone = withdraw(listed(3), at=now)
    for code in (draft.code, unchecked.code, gone.code, "nobody"):
        assert client.get(f"/therapists/{code}/").status_code == 404


def test_a_check_that_ran_out_takes_the_page_away(client, stopped_clock):
    ben = listed()
    stopped_clock.move_to(BEN.registration.check.expires_on.isoformat() + "T22:00:00+00:00")
    page_of(client, ben)
    stopped_clock.shift(timedelta(hours=2))
    assert client.get(f"/therapists/{ben.code}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_of_everything_and_three(
    client, count, django_assert_num_queries
):
    ben = listed(
        practices=tuple(
            replace(LINE, code=f"b{number}", weekly_places=()) for number in range(count)
        ),
        also_issues=("anxiety", "stress", "anger")[:count],
    )
    with django_assert_num_queries(22):
        page_of(client, ben)


def test_a_browser_that_asked_for_nothing_sees_no_reasons(client):
    response = client.get(f"/therapists/{listed().code}/")
    assert "Why we suggest" not in response.content.decode()
    assert "no-store" not in response.headers.get("Cache-Control", "")


def test_a_browser_that_asked_sees_why_and_keeps_no_copy(client, now):
    ben = listed(practices=(LINE,))
    enquiry = start_enquiry(
        Answers(enquiry=Enquiry(issues=("depression",)), answered=frozenset({2})), at=now
    )
    session = client.session
    session[ENQUIRY] = enquiry.code
    session.save()
    response = client.get(f"/therapists/{ben.code}/")
    words = text_of(response.content.decode())
    assert "Why we suggest Ben Hathersage-Quaye" in words
    assert "Works mainly with depression and low mood, which you chose" in words
    assert "no-store" in response.headers["Cache-Control"]
    title = re.search("<title>(.*?)</title>", response.content.decode(), re.DOTALL)[1]
    assert title.strip() == "Ben Hathersage-Quaye"
    assert Listing.objects.count() == 1
