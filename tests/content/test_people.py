"""People who practise what a library page is about."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from attune.booking.actions import Person, Wanted, hold_time
from attune.directory.actions import pause
from attune.directory.entries import NewTherapy
from attune.directory.models import Listing
from content.people import FAR, NEAR, NEARER, in_room, online
from content.reading import Reading, read, words_of
from diaries import a_contact
from finder.people import CHECK, NOW

pytestmark = pytest.mark.django_db

IPT, DEPRESSION = "/library/therapies/ipt/", "/library/issues/depression/"
CBT_ONLY = (NewTherapy("cbt", "Diploma", CHECK),)


def strip_of(client: Client, path: str = IPT) -> tuple[str, list[str]]:
    """Return the heading over the people beside a page, and their names."""
    page = read(client, path)
    return words_of(page.one("h2", class_="strip-title")), names_on(page)


def names_on(page: Reading) -> list[str]:
    return [
        words_of(link)
        for link in page.tree.findall(".//h3/a")
        if link.get("href").startswith("/therapists/")
    ]


def look_near(client: Client, place: str) -> None:
    """Say where one looks for people, as the first page's form does."""
    client.post("/match/begin/", {"place": place})


def test_library_page_shows_three_who_practise_it_and_nobody_else(client):
    for number in range(1, 5):
        online(number, f"Ipt {number}")
    online(5, "Other", therapies=CBT_ONLY)
    title, names = strip_of(client)
    assert title == "People who offer this online"
    assert len(set(names)) == 3
    assert set(names) < {f"Ipt {number}" for number in range(1, 5)}


def test_issue_page_shows_who_works_with_it_and_nobody_else(client):
    online(1, "Works With It", focus_issues=("depression",), also_issues=())
    online(2, "Also Works With It", focus_issues=("anxiety",), also_issues=("depression",))
    online(3, "Does Not", focus_issues=("anxiety",), also_issues=())
    assert set(strip_of(client, DEPRESSION)[1]) == {"Works With It", "Also Works With It"}


def test_first_page_shows_who_is_free_soonest(client):
    online(1, "Fred Friday", weekday=4)
    online(2, "Tess Tomorrow")
    assert strip_of(client, "/") == ("Free soonest", ["Tess Tomorrow", "Fred Friday"])


def test_the_three_nearest_to_the_visitors_place_are_shown(client):
    in_room(1, "Near", north_km=NEAR)
    in_room(2, "Far", north_km=FAR)
    in_room(3, "Nearer", north_km=NEARER)
    in_room(4, "Here")
    in_room(5, "Next Door", north_km=1, therapies=CBT_ONLY)
    online(6, "Online")
    look_near(client, "Warwick")
    assert strip_of(client) == ("People near Warwick who offer this", ["Here", "Nearer", "Near"])


def test_a_visitor_who_named_no_place_sees_whom_they_can_meet_online(client):
    in_room(1, "Here")
    online(2, "Online")
    assert strip_of(client) == ("People who offer this online", ["Online"])


@pytest.mark.parametrize("place", ["Warwick", "Wurstwick-on-Nowhere"])
def test_where_nobody_is_near_people_online_are_shown(client, place):
    online(1, "Online")
    look_near(client, place)
    assert strip_of(client) == ("People who offer this online", ["Online"])


# Committed, so that the index stays the same and the people beside the page are kept.
@pytest.mark.django_db(transaction=True)
def test_what_one_visitor_typed_is_nothing_to_another(client):
    in_room(1, "Here")
    online(2, "Online")
    look_near(client, "Warwick")
    assert strip_of(client)[0] == "People near Warwick who offer this"
    assert strip_of(Client())[0] == "People who offer this online"


def test_a_page_that_knows_the_visitors_place_is_kept_nowhere(client):
    online(1)
    assert "Cache-Control" not in client.get(IPT)
    look_near(client, "Warwick")
    for path in (IPT, "/", "/library/"):
        assert client.get(path)["Cache-Control"] == "private, no-store"
    assert "Cookie" in client.get(IPT)["Vary"]


def test_whoever_cannot_be_seen_now_is_not_shown(client):
    online(1, "Ipt 1")
    paused = online(2, "Ipt 2")
    pause(paused, until=NOW.date() + timedelta(days=30), at=NOW)
    assert strip_of(client)[1] == ["Ipt 1"]


def test_library_page_says_so_and_leads_on_when_nobody_practises_it(client):
    online(1, "Other", therapies=CBT_ONLY)
    page = read(client, IPT)
    assert names_on(page) == []
    assert page.all("ul", class_="people") == []
    assert "Nobody listed here fits this page at the moment." in page.words
    assert page.forms("/match/begin/")


def test_a_time_that_somebody_holds_is_no_longer_offered(client, now):
    listing = online(1)
    (before,) = facts_on(client)
    assert "Next free: Thu 19 Nov" in before
    wanted = Wanted(now.replace(day=19, hour=17))
    hold_time(listing, wanted, Person(a_contact(now), "ada-browser"), at=now)
    (after,) = facts_on(client)
    assert after != before


def facts_on(client) -> list[str]:
    return [words_of(one) for one in read(client, IPT).one("ul", class_="people").iter("li")]


# Committed, since what a transaction of its own has changed is never old news to the index.
@pytest.mark.django_db(transaction=True)
def test_whoever_pauses_is_gone_at_the_next_view_though_the_page_is_kept(client):
    online(1, "Ipt 1")
    online(2, "Ipt 2")
    assert set(strip_of(client)[1]) == {"Ipt 1", "Ipt 2"}
    paused = Listing.objects.get(practitioner__name="Ipt 2")
    pause(paused, until=NOW.date() + timedelta(days=30), at=NOW)
    assert strip_of(client)[1] == ["Ipt 1"]


def test_a_page_that_could_not_be_read_is_asked_for_anew_at_the_next_view(client):
    away = transaction.savepoint()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE wagtailcore_page RENAME TO out_of_reach")
    with pytest.raises(ProgrammingError, match="wagtailcore_page"):
        client.get(IPT)
    transaction.savepoint_rollback(away)
    assert client.get(IPT).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_free_time_is_offered_only_until_it_has_come(client, clock):
    online(1)
    (before,) = facts_on(client)
    clock.shift(timedelta(days=8))
    assert facts_on(client) != [before]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("count", [1, 3])
def test_library_page_costs_the_same_for_one_person_and_three(
    client, django_assert_max_num_queries, count
):
    for number in range(1, count + 1):
        online(number, f"Ipt {number}")
    # The first view makes the page; from then on, whether the index and the library are fresh.
    strip_of(client)
    with django_assert_max_num_queries(1):
        page = client.get(IPT)
    assert len(names_on(Reading(page))) == count


@pytest.mark.django_db(transaction=True)
def test_library_page_costs_one_query_for_a_visitor_who_gave_a_place(
    client, django_assert_max_num_queries
):
    in_room(1, "Here")
    look_near(client, "Warwick")
    strip_of(client)
    with django_assert_max_num_queries(1):
        client.get(IPT)
