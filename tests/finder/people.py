"""Ben, as the directory's tests know him, with what the finder's tests add."""

from dataclasses import replace
from datetime import date, time, timedelta

from attune.core.availability import WeeklyHours
from attune.directory.entries import NewPractice, NewWeeklyPlace
from directory.listings import BEN, CHECK, NOW, TODAY, listed

LINE = NewPractice(
    channels=("video", "phone"),
    hours=(WeeklyHours(3, time(17), time(20)),),
    weekly_places=(NewWeeklyPlace(3, time(18), date(2026, 12, 3)),),
    code="b2",
)
ROOM = replace(
    BEN.practices[0],
    code="b1",
    outward_postcode="CV34",
    address="7 Hidden Yard",
    joining_details="Ring twice",
    step_free="partly",
    access=("quiet-room",),
)

__all__ = ("BEN", "CHECK", "LINE", "NOW", "ROOM", "TODAY", "listed", "timedelta")
