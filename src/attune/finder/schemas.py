"""The shapes of what the API takes and answers, as its description publishes them.

They describe: ``core`` reads an enquiry and words its mistakes, ``listings`` makes the answers.
Tests hold real answers against them.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from attune.accounts.schemas import Exact
from attune.core.matching import enquiry

Channel = Literal["in-person", "video", "phone"]
Level = Literal["yes", "partly", "no"]
FeeKind = Literal["free", "donation", "fixed", "range"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Weight = Literal["must", "nice"]
About = Literal["gender", "language", "access", "community"]
MattersMost = Literal["fit", "soon", "near", "cost"]
BookingMode = Literal["direct", "introductory-call", "ask-first"]
WallTime = Annotated[str, Field(pattern="^[0-9]{2}:[0-9]{2}$", examples=["17:30"])]
Minor = Annotated[int, Field(ge=0, description="In the smallest unit of the currency")]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Zone = Annotated[str, Field(description="IANA name", examples=["Europe/London"])]
Step = Annotated[int, Field(ge=-3, le=3)] | None


# -- a listing ---------------------------------------------------------------------------------


class PracticeOut(Exact):
    """Where they work, as far as it is told before a booking; a place is good to about 1 km."""

    code: str
    channels: list[Channel]
    town: str | None
    outward_postcode: str | None
    lat: float | None
    lon: float | None
    zone: Zone
    access: dict[str, Level]


class FeeOut(Exact):
    """``upper_minor``: where a range ends."""

    kind: FeeKind
    minor: Minor
    upper_minor: Minor | None
    currency: Currency
    concession_minor: Minor | None
    minutes: int


class ListedFeeOut(FeeOut):
    client_group: str


class TherapyOut(Exact):
    slug: str
    training_checked: bool


class AcceptingOut(Exact):
    """``unconfirmed``: nobody said in the last three weeks that the openings are right."""

    state: Literal["open", "unconfirmed", "paused"]
    confirmed_on: date | None


class WeeklyPlaceOut(Exact):
    """A weekly time for a new client, by the clock in ``zone``."""

    practice: str
    weekday: Weekday
    start: WallTime
    zone: Zone
    from_date: date


class RegistrationOut(Exact):
    # Every class has a method named register.
    register_: str | None = Field(alias="register")
    checked_on: date


class ListingOut(Exact):
    code: str
    name: str
    pronouns: str
    gender: str | None
    languages: list[str]
    channels: list[Channel]
    practices: list[PracticeOut]
    fees: list[ListedFeeOut]
    focus_issues: list[str]
    also_issues: list[str]
    therapy_types: list[TherapyOut]
    client_groups: list[str]
    access: dict[str, Level] = Field(description="The lowest level of their practices")
    accepting: AcceptingOut
    next_free: AwareDatetime | None
    weekly_places: list[WeeklyPlaceOut]
    booking_mode: BookingMode
    registration: RegistrationOut | None


class ListingsOut(Exact):
    """A page; ``next`` is what the next one is asked for with, null on the last."""

    listings: list[ListingOut]
    next: str | None


# -- a match -----------------------------------------------------------------------------------


class ComponentOut(Exact):
    """``points`` = ``value`` (0 to 1) x ``weight``."""

    criterion: str
    value: float
    weight: float
    points: float


class ReasonOut(Exact):
    """``points``: what the score would lose without it. ``answer``: which answer caused it."""

    criterion: str
    code: str
    values: dict[str, Any]
    points: float
    answer: str | None
    text: str


class FreeTimeOut(Exact):
    start: AwareDatetime
    practice: str
    channels: list[Channel]


class MatchOut(Exact):
    listing: ListingOut
    components: list[ComponentOut]
    score: float = Field(description="The sum of the components' points, and of the reasons'")
    fits: list[ReasonOut]
    does_not_fit: list[ReasonOut]
    unknown: list[ReasonOut]
    also_counted: list[ReasonOut]
    first_free: AwareDatetime | None
    first_free_practice: str | None
    free_times: list[FreeTimeOut]
    weekly_place: WeeklyPlaceOut | None
    distance_km: float | None
    practice: str | None
    fee: FeeOut | None


class RelaxationOut(Exact):
    """``change``: the new value of one answer. ``gain``: how many more people fit with it."""

    about: str
    change: dict[str, Any]
    gain: int


class MatchesOut(Exact):
    total: int
    place: str | None
    matches: list[MatchOut]
    removed: dict[str, int] = Field(description="Gate -> how many people it left out")
    relaxations: list[RelaxationOut]
    not_used: list[str]


# -- an enquiry --------------------------------------------------------------------------------


class TimesIn(Exact):
    """Whole and half hours on the person's clock; ``to`` is "24:00" at most."""

    days: list[Weekday] = Field(min_length=1)
    from_: WallTime = Field(alias="from")
    to: WallTime


class BudgetIn(Exact):
    minor: Annotated[int, Field(ge=0, le=enquiry.HIGHEST_BUDGET_MINOR)]
    currency: Currency = "GBP"
    reduced_fee: bool = False


class WishIn(Exact):
    about: About
    value: str
    weight: Weight = "nice"


class StyleIn(Exact):
    lead: Step = None
    emotion: Step = None
    time: Step = None
    challenge: Step = None


def _up_to(most: int) -> Any:
    return Field(default=None, max_length=most)


class EnquiryIn(Exact):
    """What somebody looks for. Every answer may be left out, or null."""

    for_whom: str | None = None
    issues: list[str] | None = _up_to(enquiry.MOST_ISSUES)
    therapy_types: list[str] | None = _up_to(enquiry.MOST_THERAPY_TYPES)
    channels: list[Channel] | None = None
    place: str | None = _up_to(enquiry.LONGEST_PLACE)
    max_distance_km: int | None = Field(None, ge=1, le=enquiry.FARTHEST_KM)
    times: list[TimesIn] | None = _up_to(enquiry.MOST_TIMES)
    times_weight: Weight | None = None
    within_days: int | None = Field(None, ge=1, le=enquiry.FARTHEST_DAYS)
    budget: BudgetIn | None = None
    wishes: list[WishIn] | None = _up_to(enquiry.MOST_WISHES)
    style: StyleIn | None = None
    matters_most: MattersMost | None = None
    exclude: list[str] | None = _up_to(enquiry.MOST_EXCLUDED)
    limit: int = Field(10, ge=1, le=50)
