"""A listing as the finder sees it: plain values, read from wherever they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from numpy.typing import NDArray

from attune.core.geo import LatLon

IN_PERSON = "in-person"
ACCESS_LEVELS = ("unknown", "no", "partly", "yes")
FEE_KINDS = ("none", "free", "donation", "fixed", "range")
FREE_KINDS = frozenset({"free", "donation"})


@dataclass(frozen=True)
class FeeEntry:
    """What a standard session costs one client group, in whole minor units.

    ``kind``: free, donation, fixed or range (from ``minor`` to ``upper_minor``).
    """

    kind: str
    minor: int
    upper_minor: int | None
    currency: str
    concession_minor: int | None
    minutes: int


@dataclass(frozen=True)
class PracticeEntry:
    """A place or a line where a practitioner works.

    Args:
        point: None where nobody is seen in person.
        zone: IANA name; weekly places are wall time in it.
        starts: bookable starts, ascending, UTC minutes since 1970-01-01; notice not applied.
        access: access need -> "yes", "partly" or "no"; a missing one is unknown. A line has no
            steps: say "yes" to a step-free way in.
    """

    code: str
    channels: frozenset[str]
    point: LatLon | None
    zone: str
    starts: NDArray[Any]
    access: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ListingEntry:
    """A listing as the finder sees it.

    Args:
        verified_until: last day on which the registration check holds; None: never checked.
        paused_until: the first day on which they are back; None: not paused.
        confirmed_on: when they last said that openings and hours are right.
        gender: slug; empty: not said.
        issues: issue -> rank 1 to 5 among the main ones, 0: also works with it.
        therapies: therapy type -> whether the training was checked.
        fees: client group -> its standard session.
        weekly_places: (practice code, weekday, minute of the day, first day), wall time.
        asked, answered: in the last 90 days; answered within 48 hours.
        shown: in the last seven days. open_asks: waiting now.
    """

    listing_id: int
    code: str
    practices: tuple[PracticeEntry, ...]
    is_published: bool = True
    verified_until: date | None = None
    paused_until: date | None = None
    confirmed_on: date | None = None
    gender: str = ""
    languages: frozenset[str] = frozenset()
    communities: frozenset[str] = frozenset()
    client_groups: frozenset[str] = frozenset({"adults"})
    issues: Mapping[str, int] = field(default_factory=dict)
    therapies: Mapping[str, bool] = field(default_factory=dict)
    fees: Mapping[str, FeeEntry] = field(default_factory=dict)
    notice_hours: int = 24
    weekly_places: tuple[tuple[str, int, int, date], ...] = ()
    answered: int = 0
    asked: int = 0
    shown: int = 0
    open_asks: int = 0
