"""One day for all: a check, a pause and a confirmation turn at the site's midnight everywhere."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from attune.core.matching.weights import CONFIRMED_FOR_DAYS
from attune.directory.actions import confirm_still_true
from attune.directory.models import Listing
from finder.people import BEN, CHECK, LINE, listed

pytestmark = pytest.mark.django_db

# The first moment of a day in the United Kingdom, and a practice's zone.
MIDNIGHTS = [
    (datetime(2026, 7, 1, 23, tzinfo=UTC), date(2026, 7, 2), "Europe/London"),
    (datetime(2026, 7, 1, 23, tzinfo=UTC), date(2026, 7, 2), "Pacific/Auckland"),
    (datetime(2026, 11, 18, 0, tzinfo=UTC), date(2026, 11, 18), "America/New_York"),
    # The day on which the clocks go back, and the one after.
    (datetime(2026, 10, 24, 23, tzinfo=UTC), date(2026, 10, 25), "Europe/London"),
    (datetime(2026, 10, 26, 0, tzinfo=UTC), date(2026, 10, 26), "Europe/London"),
    # The day on which they go forward, and the one after.
    (datetime(2026, 3, 29, 0, tzinfo=UTC), date(2026, 3, 29), "Europe/London"),
    (datetime(2026, 3, 29, 23, tzinfo=UTC), date(2026, 3, 30), "Europe/London"),
]
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
EVERY_FACE = {"listing", "matches", "slots", "page"}


def faces(client, moment):
    """Return which faces offer the listing's times at a moment."""
    with time_machine.travel(moment, tick=False):
        shown = client.get("/api/v1/listings/c1").json()
        matches = client.post("/api/v1/matches", {}, content_type="application/json").json()
        slots = client.get("/api/v1/listings/c1/slots").json()["slots"]
        page = client.get("/therapists/c1/")
    offers = {
        "listing": shown.get("accepting", {}).get("state") == "open",
        "matches": matches["total"] == 1,
        "slots": slots != [],
        "page": f"@{LINE.code}" in page.content.decode(),
    }
    return {name for name, is_offered in offers.items() if is_offered}


@pytest.mark.parametrize(("midnight", "day", "zone"), MIDNIGHTS)
@pytest.mark.parametrize(
    ("dates", "before"),
    [
        (lambda day: {"paused_until": day}, False),
        (lambda day: {"confirmed_on": day - timedelta(days=CONFIRMED_FOR_DAYS + 1)}, True),
        (lambda day: {"expires_on": day - DAY}, True),
    ],
    ids=["pause", "confirmation", "check"],
)
def test_what_is_dated_turns_at_the_same_moment_on_every_face(
    client, midnight, day, zone, dates, before
):
    changes = {"confirmed_on": day - DAY} | dates(day)
    expires_on = changes.pop("expires_on", day + DAY)
    check = replace(CHECK, checked_on=day - 9 * DAY, expires_on=expires_on)
    registration = replace(BEN.registration, check=check)
    ben = listed(registration=registration, practices=(LINE,), **changes)
    ben.practitioner.practices.update(zone=zone)
    assert faces(client, midnight - SECOND) == (EVERY_FACE if before else set())
    assert faces(client, midnight) == (set() if before else EVERY_FACE)


@pytest.mark.parametrize(("midnight", "day", "_zone"), MIDNIGHTS)
def test_what_is_confirmed_today_counts_from_today(midnight, day, _zone):
    ben = listed()
    for moment, expected in ((midnight - SECOND, day - DAY), (midnight, day)):
        confirm_still_true(ben, at=moment)
        assert Listing.objects.get().confirmed_on == expected
