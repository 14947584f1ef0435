"""Counting, for those who agreed, how many people use which kinds of pages.

Nothing of a member, a network address, a browser or a page comes into it. A visitor is a hash that
differs each week; with the week's end all of them become one number for each kind of page, and a
number under ten is not kept at all, so that no page, export or backup can show it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from attune.accounts.sealing import keyed_hash
from attune.privacy.choice import Choice
from attune.privacy.models import Consent, Visit, WeekTotal
from attune.privacy.wordings import STATISTICS

LEAST = 10
TOTALS_KEPT_FOR = timedelta(days=2 * 365)
ONE_WEEK = timedelta(weeks=1)


class Event(models.TextChoices):
    """A kind of page: never which one, nor why somebody opened it."""

    FIRST_PAGE = "first-page", _("The first page")
    LIBRARY = "library-page", _("A page of the library")
    SEARCH = "search", _("Pages found by a search")
    EXPLAINED = "explained", _("A page about this service")
    QUESTIONS = "questions", _("The questions")
    RESULTS = "results", _("The results")
    PROFILE = "profile", _("A therapist's page")
    TIMES = "times", _("Free times")
    BOOKED = "booked", _("Booked")


# By the name of the route. What is not named here is not counted: help, and all that is somebody's.
EVENTS = {
    "home": Event.FIRST_PAGE,
    "wagtail_serve": Event.LIBRARY,
    "library_found": Event.SEARCH,
    "how_we_choose": Event.EXPLAINED,
    "privacy": Event.EXPLAINED,
    "enquiry_start": Event.QUESTIONS,
    "enquiry_question": Event.QUESTIONS,
    "enquiry_results": Event.RESULTS,
    "profile": Event.PROFILE,
    "book_time": Event.TIMES,
    "book_done": Event.BOOKED,
}

# One statement, which counts nobody whose agreement is not on record or was taken back.
COUNT = """
    INSERT INTO privacy_visit (visitor, week, event)
    SELECT %(visitor)s, %(week)s, %(event)s
    WHERE %(given)s = (
        SELECT answer FROM privacy_consent
        WHERE purpose = %(purpose)s AND browser = %(browser)s AND scope = ''
        ORDER BY id DESC LIMIT 1
    )
    ON CONFLICT DO NOTHING
"""
# What came late into a week that was folded before is too little to be a number of its own.
FOLD = """
    WITH gone AS (DELETE FROM privacy_visit WHERE week < %(week)s RETURNING week, event)
    INSERT INTO privacy_weektotal (week, event, visitors)
    SELECT week, event, count(*) FROM gone GROUP BY week, event HAVING count(*) >= %(least)s
    ON CONFLICT DO NOTHING
"""


def week_of(now: datetime) -> date:
    """Return the Monday of the week, on the site's clock."""
    today = now.astimezone(ZoneInfo(settings.VISITOR_ZONE)).date()
    return today - timedelta(days=today.weekday())


def count_visit(choice: Choice, event: Event, *, at: datetime) -> None:
    """Note that a visitor who agreed opened a page of a kind: once a week."""
    week = week_of(at)
    values: dict[str, str | date] = {
        "visitor": _visitor(choice, week),
        "week": week,
        "event": event.value,
        "given": Consent.Answer.GIVEN.value,
        "purpose": STATISTICS,
        "browser": choice.browser,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)


def forget_visits(choice: Choice, *, at: datetime) -> None:
    """Delete what is noted of a visitor, also of the last week if it is not folded yet."""
    weeks = (week_of(at), week_of(at) - ONE_WEEK)
    Visit.objects.filter(visitor__in=[_visitor(choice, week) for week in weeks]).delete()


def fold_weeks(now: datetime) -> None:
    """Make totals of the weeks that are over, and delete every visitor of theirs."""
    with connection.cursor() as cursor:
        cursor.execute(FOLD, {"week": week_of(now), "least": LEAST})
    WeekTotal.objects.filter(week__lt=week_of(now) - TOTALS_KEPT_FOR).delete()


def _visitor(choice: Choice, week: date) -> str:
    return keyed_hash(f"{choice.code}/{week.isoformat()}", purpose="visit")


@dataclass(frozen=True)
class Week:
    """The visitors of one week for each event, in the events' order; None: fewer than ten."""

    monday: date
    visitors: tuple[int | None, ...]


def weeks_counted() -> list[Week]:
    """Return the weeks in which anything was used by ten people or more, newest first.

    Nothing is added up: a sum would tell what a hidden number is.
    """
    totals: dict[date, dict[str, int]] = {}
    for one in WeekTotal.objects.order_by("-week"):
        totals.setdefault(one.week, {})[one.event] = one.visitors
    return [
        Week(monday, tuple(events.get(event.value) for event in Event))
        for monday, events in totals.items()
    ]
