"""What matching answers: people, and the reasons that are the computation.

A page of ten people holds some two hundred of these values. They are named tuples, which are made
in a third of the time that a frozen dataclass takes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from attune.core.index import FeeEntry
from attune.core.matching.enquiry import Wish


class Component(NamedTuple):
    """One criterion of one match: ``points`` = ``value`` (0 to 1) x ``weight``."""

    criterion: str
    value: float
    weight: float
    points: float


class Reason(NamedTuple):
    """One part of a component, to be put in words.

    Args:
        criterion: slug of the criterion that it is a part of.
        code: stable slug of the sentence ("focus-issues", "wish-missed", ...).
        values: what the sentence mentions: slugs, numbers, dates, codes.
        points: what the score would lose without it.
        answer: the answer that caused it ("issues", "therapy", "where", "times", "budget",
            "wishes", "matters_most"); None when no answer did.
    """

    criterion: str
    code: str
    values: Mapping[str, Any]
    points: float
    answer: str | None


class FreeTime(NamedTuple):
    """A bookable start (UTC) at one practice, by the channels that suit the person."""

    start: datetime
    practice: str
    channels: tuple[str, ...]


class WeeklyPlace(NamedTuple):
    """A weekly time for a new client; wall time in the practice's zone, Monday is 0."""

    practice: str
    weekday: int
    minute: int
    from_date: date


class Match(NamedTuple):
    """A listing scored for an enquiry.

    Args:
        code: of the listing.
        parts: criterion -> values whose sum is its own; none where it did not count.
        weights: criterion -> weight, 0 where it did not count.
        fits: at most three, most points first.
        does_not_fit: every wish or answer that is not met.
        unknown: what the listing does not say.
        also_counted: everything else that has points.
        first_free: the first free start in their times, else the first at all (UTC).
        first_free_fits: whether that start is in their times.
        first_free_practice: code of the practice that it is at.
        free_times: the first three in their times.
        weekly_place: the first one in their times.
        distance_km: straight line to ``practice``, the nearest where they can be seen in person.
        practice: its code; None when they would meet online.
        fee: what the person's client group pays.
    """

    code: str
    parts: Mapping[str, Sequence[float]]
    weights: Mapping[str, float]
    fits: tuple[Reason, ...]
    does_not_fit: tuple[Reason, ...]
    unknown: tuple[Reason, ...]
    also_counted: tuple[Reason, ...]
    first_free: datetime | None
    first_free_fits: bool
    first_free_practice: str | None
    free_times: tuple[FreeTime, ...]
    weekly_place: WeeklyPlace | None
    distance_km: float | None
    practice: str | None
    fee: FeeEntry | None

    @property
    def components(self) -> tuple[Component, ...]:
        """Every criterion."""
        return tuple(
            Component(slug, value := sum(parts), weight := self.weights[slug], value * weight)
            for slug, parts in self.parts.items()
        )

    @property
    def score(self) -> float:
        """The sum of the components' points, and of all reasons'."""
        return sum(one.points for one in self.components)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """All of them; their points sum to the score."""
        return self.fits + self.does_not_fit + self.unknown + self.also_counted


@dataclass(frozen=True)
class Relaxation:
    """The smallest change of one answer that adds people.

    Args:
        about: "wishes", "max_distance_km", "budget", "reduced_fee", "times_weight" or
            "within_days".
        change: the answer's new value, in the enquiry's JSON: ``{**as_json, **change}``.
        gain: how many more people fit with it.
        wish: the must that would become nice, when it is about one.
    """

    about: str
    change: Mapping[str, Any]
    gain: int
    wish: Wish | None = None


@dataclass(frozen=True)
class MatchResult:
    """Everyone who fits, and the asked-for part of them explained.

    Args:
        total: how many pass every gate.
        matches: from ``offset``, at most ``limit``, in order.
        removed: gate -> how many it removed, each listing counted at the first gate it fails.
        relaxations: most gain first; given when fewer than three fit, or when asked for.
        not_used: answers given that do not count here: "style", "max_distance_km".
        order: codes of the first people in order, to be passed back as ``order`` so that the
            list stays as it was seen.
    """

    total: int
    matches: tuple[Match, ...]
    removed: Mapping[str, int]
    relaxations: tuple[Relaxation, ...]
    not_used: tuple[str, ...]
    order: tuple[str, ...]
