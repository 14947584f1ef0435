"""Listings with no surprises, for tests."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from attune.core.availability import WeeklyHours
from attune.directory.actions import add_listings
from attune.directory.entries import (
    Check,
    NewFee,
    NewListing,
    NewPractice,
    NewTherapy,
    Registration,
)
from attune.directory.models import Listing

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
CHECK = Check(TODAY - timedelta(days=30), "Dev Marsh", "the register", TODAY + timedelta(days=335))
BEN = NewListing(
    name="Ben Hathersage-Quaye",
    email="ben@demo.example",
    registration=Registration("bacp", "T-1", CHECK),
    title="Counsellor",
    state="published",
    consented_at=NOW - timedelta(days=40),
    focus_issues=("depression", "bereavement"),
    also_issues=("anxiety",),
    therapies=(NewTherapy("ipt", "Diploma, 2015", CHECK), NewTherapy("integrative")),
    fees=(NewFee("adults", 50, "fixed", minor=6000),),
    practices=(
        NewPractice(
            channels=("in-person",),
            town="Warwick",
            latitude=52.28,
            longitude=-1.58,
            hours=(WeeklyHours(1, time(9), time(12)),),
        ),
    ),
    confirmed_on=TODAY,
)


def listed(number: int = 1, **changes: object) -> Listing:
    """Put one listing into the directory: Ben's, with these values changed."""
    return add_listings([replace(_numbered(number), **changes)], at=NOW)[0]


def numbered(count: int) -> list[NewListing]:
    """Return this many listings like Ben's, not yet in the directory."""
    return [_numbered(number) for number in range(1, count + 1)]


def _numbered(number: int) -> NewListing:
    return replace(
        BEN,
        registration=Registration("bacp", f"T-{number}", CHECK),
        practices=tuple(replace(one, code=f"r{number}") for one in BEN.practices),
        code=f"c{number}",
        practitioner_code=f"p{number}",
    )
