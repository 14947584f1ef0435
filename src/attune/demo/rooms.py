"""Where invented practitioners see people: rooms in real towns, and lines."""

from collections.abc import Sequence
from datetime import timedelta

from attune.core.availability import WeeklyHours
from attune.demo.draw import Draw
from attune.demo.hours import draw_week, shared_between
from attune.demo.stock import Town
from attune.directory.entries import NewPractice, NewWeeklyPlace

KM_PER_DEGREE = 111.2
# A degree of longitude is about 1.6 times shorter here than one of latitude.
NARROWER = 1.6
JITTER_KM = 2.0
SHAPES = {("room", "line"): 50, ("room", "line", "second room"): 6, ("room",): 21, ("line",): 23}


def draw_practices(draw: Draw, town: Town) -> tuple[NewPractice, ...]:
    """Return a room, a line for video and phone, or both, and now and then a second room."""
    homes = draw.random.choices(list(SHAPES), list(SHAPES.values()))[0]
    dealt = shared_between(draw.random, draw_week(draw.random, draw.today), homes)
    return tuple(
        _line(draw, hours) if home == "line" else _room(draw, _town_of(draw, town, home), hours)
        for home, hours in dealt.items()
    )


def _town_of(draw: Draw, town: Town, home: str) -> Town:
    """Return where a room is; a second one is in another town of the same region."""
    if home == "room":
        return town
    near = [one for one in draw.stock.towns if one.region == town.region and one.town != town.town]
    return draw.random.choice(near)


def _room(draw: Draw, town: Town, hours: tuple[WeeklyHours, ...]) -> NewPractice:
    random = draw.random
    street = f"{random.randint(1, 120)} {draw.one_of('street')} Row (invented)"
    shift = JITTER_KM / KM_PER_DEGREE
    return NewPractice(
        channels=("in-person",),
        town=town.town,
        outward_postcode=town.outward,
        latitude=round(town.latitude + random.gauss(0, shift), 4),
        longitude=round(town.longitude + random.gauss(0, shift * NARROWER), 4),
        address=f"{street}\n{town.town}\n{town.outward}",
        joining_details=f"My room is {draw.one_of('room')}.",
        step_free=random.choices(("yes", "partly", "no", "unknown"), (40, 15, 25, 20))[0],
        access=tuple(
            need for need in ("assistance-dog", "quiet-room", "easy-read") if draw.happens(0.25)
        ),
        hours=hours,
        weekly_places=_weekly_places(draw, hours),
        code=draw.code(),
    )


def _line(draw: Draw, hours: tuple[WeeklyHours, ...]) -> NewPractice:
    return NewPractice(
        channels=("video", "phone") if draw.happens(0.6) else ("video",),
        joining_details=draw.one_of("joining"),
        access=("captions",) if draw.happens(0.3) else (),
        hours=hours,
        weekly_places=_weekly_places(draw, hours),
        code=draw.code(),
    )


def _weekly_places(draw: Draw, hours: Sequence[WeeklyHours]) -> tuple[NewWeeklyPlace, ...]:
    """Return at most one weekly time that is open to somebody new, from a day soon."""
    if not hours or draw.happens(0.55):
        return ()
    chosen = draw.random.choice(hours)
    day = draw.today + timedelta(days=draw.random.randint(1, 28))
    first = day + timedelta(days=(chosen.weekday - day.weekday()) % 7)
    return (NewWeeklyPlace(chosen.weekday, chosen.start, first),)
