"""A listing as it is handed in: plain values, slugs for everything the vocabulary names.

The importer and the demonstration both make these; ``actions.add_listings`` writes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from attune.core.availability import WeeklyHours
from attune.vocabulary.codes import new_code


@dataclass(frozen=True)
class Check:
    """Who looked at a credential, where, on which day, and the day on which that runs out."""

    checked_on: date
    checked_by: str
    where: str
    expires_on: date


@dataclass(frozen=True)
class Registration:
    """Membership of a register; ``check`` is None while nobody has looked."""

    register: str
    number: str
    check: Check | None = None


@dataclass(frozen=True)
class NewTherapy:
    """A therapy offered; ``check`` is our check of the training, if there is one."""

    therapy_type: str
    training: str = ""
    check: Check | None = None


@dataclass(frozen=True)
class NewFee:
    """What ``minutes`` cost one client group, in whole pence or cents."""

    client_group: str
    minutes: int
    kind: str
    minor: int = 0
    upper_minor: int | None = None
    currency: str = "GBP"
    concession_minor: int | None = None
    concession_rule: str = ""


@dataclass(frozen=True)
class NewWeeklyPlace:
    """A weekly time that is open to a new client; Monday is 0."""

    weekday: int
    start: time
    from_date: date


@dataclass(frozen=True)
class NewPractice:
    """A room or a line, with its opening hours in wall time of ``zone``."""

    channels: tuple[str, ...]
    town: str = ""
    outward_postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    address: str = ""
    joining_details: str = ""
    step_free: str = "unknown"
    access: tuple[str, ...] = ()
    zone: str = "Europe/London"
    hours: tuple[WeeklyHours, ...] = ()
    weekly_places: tuple[NewWeeklyPlace, ...] = ()
    code: str = field(default_factory=new_code)


@dataclass(frozen=True)
class NewListing:
    """One practitioner with their listing. At most five ``focus_issues``, the main one first."""

    name: str
    email: str
    registration: Registration
    title: str
    phone: str = ""
    pronouns: str = ""
    gender: str = ""
    languages: tuple[str, ...] = ("en",)
    communities: tuple[str, ...] = ()

    state: str = "draft"
    consented_at: datetime | None = None
    one_line: str = ""
    how_i_work: str = ""
    what_to_expect: str = ""
    client_groups: tuple[str, ...] = ("adults",)
    payment_routes: tuple[str, ...] = ("self",)
    focus_issues: tuple[str, ...] = ()
    also_issues: tuple[str, ...] = ()
    therapies: tuple[NewTherapy, ...] = ()
    fees: tuple[NewFee, ...] = ()
    practices: tuple[NewPractice, ...] = ()

    booking_mode: str = "direct"
    session_minutes: int = 50
    introductory_minutes: int = 20
    buffer_minutes: int = 10
    notice_hours: int = 24
    cancellation_hours: int = 24
    how_to_pay: str = ""
    # Scale (lead, emotion, time, challenge) -> -3 to 3; a scale not named was not said.
    style: Mapping[str, int] = field(default_factory=dict)
    paused_until: date | None = None
    confirmed_on: date | None = None
    # Of the listing and of the practitioner.
    code: str = field(default_factory=new_code)
    practitioner_code: str = field(default_factory=new_code)
