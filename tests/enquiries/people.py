"""Three invented people to be found, and one who may not be shown."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from attune.core.availability import WeeklyHours
from attune.directory.entries import (
    Check,
    NewFee,
    NewListing,
    NewPractice,
    NewTherapy,
    Registration,
)

EVENINGS = tuple(WeeklyHours(day, time(17), time(21)) for day in (1, 3))
MORNINGS = tuple(WeeklyHours(day, time(9), time(12)) for day in range(5))
LEEDS = {"town": "Leeds", "outward_postcode": "LS1", "latitude": 53.797, "longitude": -1.5427}


def three_people(now: datetime) -> list[NewListing]:
    """Amara (evenings, Leeds, £65), Bram (mornings, by video, £45), Cora (free, Leeds, Polish)."""
    today = now.astimezone(UTC).date()
    check = Check(
        today - timedelta(days=30), "Dev Marsh", "the register", today + timedelta(days=300)
    )
    amara = NewListing(
        name="Amara Featherby",
        code="amara2222222",
        email="amara@example.org",
        gender="woman",
        title="Psychotherapist",
        registration=Registration("bacp", "T-1", check),
        state="published",
        consented_at=now - timedelta(days=90),
        confirmed_on=today - timedelta(days=2),
        focus_issues=("depression", "relationships"),
        therapies=(NewTherapy("ipt", "Practitioner training", check),),
        fees=(NewFee("adults", 50, "fixed", minor=6500, concession_minor=4000),),
        practices=(NewPractice(channels=("in-person",), step_free="yes", hours=EVENINGS, **LEEDS),),
    )
    bram = replace(
        amara,
        name="Bram Oakhollow",
        code="bram22222222",
        practitioner_code="bram22222223",
        email="bram@example.org",
        gender="man",
        title="Counsellor",
        registration=Registration("bacp", "T-2", check),
        focus_issues=("anxiety",),
        therapies=(NewTherapy("cbt"),),
        fees=(NewFee("adults", 50, "fixed", minor=4500),),
        practices=(NewPractice(channels=("video", "phone"), hours=MORNINGS),),
    )
    cora = replace(
        amara,
        name="Cora Lindqvist",
        code="cqra22222222",
        practitioner_code="cqra22222223",
        email="cora@example.org",
        languages=("en", "pl"),
        registration=Registration("bacp", "T-3", check),
        focus_issues=("bereavement", "depression"),
        therapies=(NewTherapy("person-centred"),),
        fees=(NewFee("adults", 50, "free"),),
        practices=(
            NewPractice(channels=("in-person", "video"), hours=MORNINGS + EVENINGS, **LEEDS),
        ),
    )
    return [amara, bram, cora]


def unchecked(now: datetime) -> NewListing:
    """Somebody whose registration nobody has checked: never shown."""
    amara, *_others = three_people(now)
    return replace(
        amara,
        name="Dilys Unchecked",
        code="dqlys2222222",
        practitioner_code="dqlys2222223",
        email="dilys@example.org",
        registration=Registration("bacp", "T-4", None),
    )
