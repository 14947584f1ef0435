"""When invented practitioners have time for somebody new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random

from attune.core.availability import WeeklyHours
from attune.core.phrases import list_words

SATURDAY = 5
# Parts of a day never overlap, so that no practitioner is in two rooms at once.
EARLY, MORNING, AFTERNOON, EVENING = range(4)
# Earliest and latest start, and longest opening, in minutes.
PARTS = {
    EARLY: (7 * 60 + 30, 7 * 60 + 30, 60),
    MORNING: (9 * 60, 10 * 60 + 30, 150),
    AFTERNOON: (13 * 60, 14 * 60 + 30, 180),
    EVENING: (17 * 60 + 30, 18 * 60 + 30, 150),
}


@dataclass(frozen=True)
class Week:
    """Openings by weekday and part of the day."""

    openings: Mapping[tuple[int, int], WeeklyHours]

    @classmethod
    def draw(cls, random: Random, today: date) -> "Week":
        """Draw a week: 80% of people have an evening, 20% a Saturday, 29% an hour before nine."""
        days = random.sample(range(5), random.choice((1, 2, 2, 3, 3, 4)))
        wanted = {(day, random.choice((MORNING, AFTERNOON))) for day in days}
        if random.random() < 0.8:
            evenings = random.choice((1, 1, 2))
            wanted |= {(day, EVENING) for day in random.sample(range(5), evenings)}
        if random.random() < 0.2:
            wanted.add((SATURDAY, MORNING))
        if random.random() < 0.29:
            wanted.add((random.choice(days), EARLY))
        # Some have nothing until a place comes free.
        from_day = today + timedelta(days=random.randint(6, 26)) if random.random() < 0.2 else None
        return cls({spot: _opening(random, *spot, from_day) for spot in sorted(wanted)})

    def shared_between(
        self, random: Random, homes: Sequence[str]
    ) -> dict[str, tuple[WeeklyHours, ...]]:
        """Deal the openings out, one home at a time, so that each has some if there are enough."""
        spots = random.sample(list(self.openings), len(self.openings))
        dealt = {spot: homes[place % len(homes)] for place, spot in enumerate(spots)}
        return {
            home: tuple(hours for spot, hours in self.openings.items() if dealt[spot] == home)
            for home in homes
        }

    @property
    def has_evening(self) -> bool:
        return any(part == EVENING for _, part in self.openings)


def when_words(week: Week) -> str:
    """Return when this person sees people: "in the daytime and in the evening"."""
    parts = {part for day, part in week.openings if day != SATURDAY}
    said = [
        ("early in the morning", EARLY in parts),
        ("in the daytime", bool(parts & {MORNING, AFTERNOON})),
        ("in the evening", EVENING in parts),
        ("on Saturdays", any(day == SATURDAY for day, _ in week.openings)),
    ]
    return list_words([words for words, is_true in said if is_true])


def _opening(random: Random, day: int, part: int, from_day: date | None) -> WeeklyHours:
    earliest, latest, longest = PARTS[part]
    start = random.randrange(earliest, latest + 1, 30)
    length = random.randrange(60, longest + 1, 30)
    return WeeklyHours(day, _clock(start), _clock(start + length), valid_from=from_day)


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)
