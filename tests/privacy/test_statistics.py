"""Own statistics: for those who agreed, without anybody in them, nothing under ten."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import get_resolver

from attune.accounts.models import User
from attune.privacy.choice import NAME, Choice, new_choice
from attune.privacy.consents import consents_of, record_consent, withdraw_consent
from attune.privacy.models import Consent, Visit, WeekTotal
from attune.privacy.statistics import (
    EVENTS,
    LEAST,
    TOTALS_KEPT_FOR,
    Event,
    count_visit,
    fold_weeks,
    forget_visits,
    week_of,
    weeks_counted,
)
from attune.privacy.wordings import STATISTICS

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 16)
NEXT_WEEK = timedelta(days=7)


def visitors(number: int, event: Event, at: datetime) -> list[Choice]:
    """Let so many people who agreed open a page of a kind."""
    choices = [new_choice() for _ in range(number)]
    for one in choices:
        record_consent(STATISTICS, given=True, at=at, browser=one.browser)
        count_visit(one, event, at=at)
    return choices


def test_nothing_is_counted_before_somebody_agreed_nor_after_a_no(client, answer):
    client.get("/")
    client.get("/library/therapies/ipt/")
    answer(client, "no")
    client.get("/")
    assert not Visit.objects.exists()


def test_visit_is_a_kind_of_page_and_a_week(agreed):
    for path in ("/", "/library/therapies/ipt/", "/library/issues/depression/", "/"):
        agreed.get(path)
    rows = list(Visit.objects.values_list("week", "event").order_by("event"))
    assert rows == [(MONDAY, "first-page"), (MONDAY, "library-page")]


def test_table_has_room_for_nothing_else():
    names = {field.name for field in Visit._meta.concrete_fields}
    assert names == {"visitor", "week", "event"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'privacy_visit'")
        assert cursor.fetchone() == ("u",)


def test_names_of_events_hold_no_health_word():
    assert {event.value for event in Event} == {
        *("first-page", "library-page", "search", "explained", "questions", "results"),
        *("profile", "times", "booked"),
    }


def test_every_counted_route_exists():
    assert set(EVENTS) <= set(filter(lambda key: isinstance(key, str), get_resolver().reverse_dict))


def test_help_pages_and_what_is_somebodys_are_not_counted(agreed):
    for path in ("/help-now/", "/free-help/", "/cookies/", "/accounts/login/", "/no-such-page/"):
        agreed.get(path)
    agreed.head("/")
    assert not Visit.objects.exists()


def test_counting_is_one_statement_beside_the_page(agreed, django_assert_num_queries):
    with django_assert_num_queries(1):
        agreed.get("/how-we-choose/")
    with django_assert_num_queries(1):
        agreed.get("/how-we-choose/")


def test_made_up_code_counts_nothing(client):
    client.cookies[NAME] = "en-1." + "b" * 28
    assert client.get("/how-we-choose/").status_code == 200
    assert not Visit.objects.exists()


def test_member_who_takes_it_back_elsewhere_is_counted_no_more(answer, now):
    user = User.objects.create_user("ada@example.org")
    browser = Client()
    browser.force_login(user)
    answer(browser, "yes")
    withdraw_consent(consents_of(user)[0].consent, at=now)
    browser.get("/how-we-choose/")
    assert not Visit.objects.exists()
    assert "We count nothing" in browser.get("/cookies/").content.decode()


def test_visit_of_a_member_cannot_be_led_back_to_them(answer):
    user = User.objects.create_user("ada@example.org")
    browser = Client()
    browser.force_login(user)
    answer(browser, "yes")
    browser.get("/how-we-choose/")
    visitor = Visit.objects.get().visitor
    assert visitor not in {one.browser for one in Consent.objects.all()}
    assert user.code not in visitor


def test_same_visitor_is_another_one_next_week(now):
    (choice,) = visitors(1, Event.RESULTS, now)
    count_visit(choice, Event.RESULTS, at=now + NEXT_WEEK)
    assert len(set(Visit.objects.values_list("visitor", flat=True))) == 2


def test_page_comes_also_when_counting_fails(agreed, settings, tmp_path, caplog):
    settings.KEY_FILE = tmp_path / "no-such-key"
    assert agreed.get("/how-we-choose/").status_code == 200
    assert "not_counted error=KeyFileUnusable" in caplog.text


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_page_comes_also_without_the_table(agreed, caplog):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE privacy_visit RENAME TO away")
    assert agreed.get("/how-we-choose/").status_code == 200
    assert "not_counted error=ProgrammingError" in caplog.text


# -- numbers -------------------------------------------------------------------------------------
def test_ten_are_a_number_and_nine_are_none(now):
    visitors(10, Event.RESULTS, now)
    visitors(9, Event.BOOKED, now)
    fold_weeks(now + NEXT_WEEK)
    assert list(WeekTotal.objects.values_list("week", "event", "visitors")) == [
        (MONDAY, "results", 10)
    ]
    (week,) = weeks_counted()
    shown = dict(zip(Event, week.visitors, strict=True))
    assert shown[Event.RESULTS] == 10
    assert shown[Event.BOOKED] is None
    assert shown[Event.TIMES] is None


def test_one_visitor_with_ten_visits_is_one(now):
    (choice,) = visitors(1, Event.RESULTS, now)
    for _ in range(10):
        count_visit(choice, Event.RESULTS, at=now)
    fold_weeks(now + NEXT_WEEK)
    assert not WeekTotal.objects.exists()


def test_database_refuses_a_small_total():
    with pytest.raises(IntegrityError), transaction.atomic():
        WeekTotal.objects.create(week=MONDAY, event="booked", visitors=LEAST - 1)


def test_week_that_is_not_over_stays_open_and_one_that_is_holds_no_visitor(now):
    visitors(10, Event.RESULTS, now)
    sunday = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    fold_weeks(sunday)
    assert (Visit.objects.count(), WeekTotal.objects.count()) == (10, 0)
    fold_weeks(sunday + timedelta(minutes=2))
    assert (Visit.objects.count(), WeekTotal.objects.count()) == (0, 1)


def test_folding_twice_changes_nothing_and_what_comes_late_is_dropped(now):
    choices = visitors(10, Event.RESULTS, now)
    later = now + NEXT_WEEK
    fold_weeks(later)
    for one in choices:
        count_visit(one, Event.RESULTS, at=now)
    fold_weeks(later)
    assert WeekTotal.objects.get().visitors == 10
    assert not Visit.objects.exists()


def test_whoever_takes_it_back_is_in_no_number_of_the_week(now):
    choices = visitors(10, Event.RESULTS, now)
    forget_visits(choices[0], at=now)
    fold_weeks(now + NEXT_WEEK)
    assert not WeekTotal.objects.exists()


def test_taking_it_back_reaches_a_week_that_is_over_but_not_folded(now):
    (choice,) = visitors(1, Event.RESULTS, now)
    forget_visits(choice, at=now + NEXT_WEEK)
    assert not Visit.objects.exists()


def test_totals_go_after_two_years(now):
    visitors(10, Event.RESULTS, now)
    fold_weeks(now + NEXT_WEEK)
    fold_weeks(now + TOTALS_KEPT_FOR)
    assert WeekTotal.objects.exists()
    fold_weeks(now + TOTALS_KEPT_FOR + NEXT_WEEK)
    assert not WeekTotal.objects.exists()


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        # Summer time: Monday has begun in London, not in UTC.
        (datetime(2026, 7, 5, 22, 59, tzinfo=UTC), date(2026, 6, 29)),
        (datetime(2026, 7, 5, 23, 0, tzinfo=UTC), date(2026, 7, 6)),
        (datetime(2026, 10, 25, 23, 59, tzinfo=UTC), date(2026, 10, 19)),
        (datetime(2026, 10, 26, 0, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_week_turns_at_midnight_before_monday_on_the_sites_clock(moment, monday):
    assert week_of(moment) == monday


# -- the staff page ------------------------------------------------------------------------------
def test_staff_see_ten_and_nothing_of_nine(desk, now):
    visitors(10, Event.RESULTS, now)
    visitors(9, Event.BOOKED, now)
    fold_weeks(now + NEXT_WEEK)
    page = desk.get("/staff/statistics/").content.decode()
    assert "Week of Monday 16 November 2026" in page
    shown = dict(re.findall(r'<th scope="row">(.*?)</th><td class="number">(.*?)</td>', page))
    assert shown["The results"] == "10"
    assert {words for name, words in shown.items() if name != "The results"} == {"fewer than 10"}
    assert "total" not in page.casefold()


def test_staff_page_says_so_when_there_is_nothing(desk):
    assert "No week yet in which ten people" in desk.get("/staff/statistics/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_staff_page_costs_the_same_queries(desk, django_assert_max_num_queries, count):
    for week in range(count):
        for event in ("results", "booked"):
            WeekTotal.objects.create(week=MONDAY - week * NEXT_WEEK, event=event, visitors=10)
    with django_assert_max_num_queries(4):
        desk.get("/staff/statistics/")
