"""When invented practitioners have time for somebody new."""

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from random import Random

from attune.core.availability import WeeklyHours
from attune.core.phrases import list_words

SATURDAY = 5
NINE, FIVE = time(9), time(17)
# Parts of a day: earliest and latest start, and longest opening, in minutes. They never overlap,
# so that no practitioner is in two rooms at once.
EARLY = (7 * 60 + 30, 7 * 60 + 30, 60)
MORNING = (9 * 60, 10 * 60 + 30, 150)
AFTERNOON = (13 * 60, 14 * 60 + 30, 180)
EVENING = (17 * 60 + 30, 18 * 60 + 30, 150)

Part = tuple[int, int, int]


def draw_week(random: Random, today: date) -> list[WeeklyHours]:
    """Return a week: 80% of people have an evening, 20% a Saturday, 29% an hour before nine."""
    days = random.sample(range(5), random.choice((1, 2, 2, 3, 3, 4)))
    wanted = {(day, random.choice((MORNING, AFTERNOON))) for day in days}
    if random.random() < 0.8:
        wanted |= {(day, EVENING) for day in random.sample(range(5), random.choice((1, 1, 2)))}
    if random.random() < 0.2:
        wanted.add((SATURDAY, MORNING))
    if random.random() < 0.29:
        wanted.add((random.choice(days), EARLY))
    # Some have nothing until a place comes free.
    from_day = today + timedelta(days=random.randint(6, 26)) if random.random() < 0.2 else None
    return [_opening(random, day, part, from_day) for day, part in sorted(wanted)]


def shared_between(
    random: Random, week: Sequence[WeeklyHours], homes: Sequence[str]
) -> dict[str, tuple[WeeklyHours, ...]]:
    """Deal the openings out, one home at a time, so that each has some if there are enough."""
    dealt: dict[str, list[WeeklyHours]] = {home: [] for home in homes}
    for place, hours in enumerate(random.sample(week, len(week))):
        dealt[homes[place % len(homes)]].append(hours)
    return {
        home: tuple(sorted(some, key=lambda one: (one.weekday, one.start)))
        for home, some in dealt.items()
    }


def when_words(week: Iterable[WeeklyHours]) -> str:
    """Return when this person sees people: "in the daytime and in the evening"."""
    openings = list(week)
    weekdays = [one.start for one in openings if one.weekday != SATURDAY]
    said = [
        ("early in the morning", any(start < NINE for start in weekdays)),
        ("in the daytime", any(NINE <= start < FIVE for start in weekdays)),
        ("in the evening", has_evening(openings)),
        ("on Saturdays", len(weekdays) < len(openings)),
    ]
    return list_words([words for words, is_true in said if is_true])


def has_evening(week: Iterable[WeeklyHours]) -> bool:
    return any(one.start >= FIVE for one in week)


def _opening(random: Random, day: int, part: Part, from_day: date | None) -> WeeklyHours:
    earliest, latest, longest = part
    start = random.randrange(earliest, latest + 1, 30)
    length = random.randrange(60, longest + 1, 30)
    return WeeklyHours(day, _clock(start), _clock(start + length), valid_from=from_day)


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)
