"""The columns of a file of listings: what each accepts, and how its text is read.

The table in ``docs/reference/import-listings.md`` is held to this one by a test.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from attune.core.availability import WeeklyHours
from attune.directory.models import Channel, Fee, Listing, Practice, Practitioner
from attune.vocabulary.models import (
    AccessNeed,
    ClientGroup,
    Community,
    Language,
    PaymentRoute,
    PresentingIssue,
    Register,
    TherapyType,
)

SEPARATOR = ";"
MOST_FOCUS_ISSUES = 5
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OPENING = re.compile(r"(\w{3})\s+(\d\d):(\d\d)\s*-\s*(\d\d):(\d\d)")
_AXES = {
    "issues": PresentingIssue,
    "therapies": TherapyType,
    "languages": Language,
    "client groups": ClientGroup,
    "communities": Community,
    "access needs": AccessNeed,
    "payment routes": PaymentRoute,
    "registers": Register,
}


class Unusable(Exception):
    """A cell's text cannot be read; ``detail`` tells more than what its column accepts."""

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__(detail)


@dataclass(frozen=True)
class Words:
    """The slugs that each axis of the vocabulary knows."""

    slugs: Mapping[str, frozenset[str]]

    @classmethod
    def load(cls) -> "Words":
        return cls(
            {
                axis: frozenset(term.objects.values_list("slug", flat=True))  # type: ignore[attr-defined]
                for axis, term in _AXES.items()
            }
        )


Reader = Callable[[str, Words], Any]


@dataclass(frozen=True)
class Column:
    """One column: what it accepts, in words, how it is read, and what an empty cell means."""

    name: str
    accepted: str
    read: Reader
    is_required: bool = False
    empty: Any = None


def text(longest: int) -> Reader:
    def read(cell: str, _: Words) -> str:
        if len(cell) > longest:
            raise Unusable(f"this one has {len(cell)} characters")
        return cell

    return read


def number(lowest: int, highest: int) -> Reader:
    def read(cell: str, _: Words) -> int:
        if not re.fullmatch(r"-?\d{1,6}", cell) or not lowest <= int(cell) <= highest:
            raise Unusable
        return int(cell)

    return read


def degrees(limit: int) -> Reader:
    def read(cell: str, _: Words) -> float:
        if not re.fullmatch(r"-?\d{1,3}(\.\d+)?", cell) or abs(float(cell)) > limit:
            raise Unusable
        return float(cell)

    return read


def one_of(*choices: str) -> Reader:
    def read(cell: str, _: Words) -> str:
        if cell not in choices:
            raise Unusable
        return cell

    return read


def some_of(*choices: str) -> Reader:
    return lambda cell, _: _parts(cell, frozenset(choices))


def slugs(axis: str, most: int | None = None) -> Reader:
    def read(cell: str, words: Words) -> tuple[str, ...]:
        found = _parts(cell, words.slugs[axis])
        if most and len(found) > most:
            raise Unusable(f"there are {len(found)}")
        return found

    return read


def slug(axis: str) -> Reader:
    def read(cell: str, words: Words) -> str:
        if cell not in words.slugs[axis]:
            raise Unusable
        return cell

    return read


def day(cell: str, _: Words) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        raise Unusable
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise Unusable("there is no such day") from None


def money(cell: str, _: Words) -> int:
    """Read a sum in whole pence or cents."""
    try:
        minor = Decimal(cell) * 100
    except InvalidOperation:
        raise Unusable from None
    if not re.fullmatch(r"\d{1,4}(\.\d\d?)?", cell) or not minor:
        raise Unusable
    return int(minor)


def mail_address(cell: str, _: Words) -> str:
    try:
        validate_email(cell)
    except ValidationError:
        raise Unusable from None
    return cell


def outward_postcode(cell: str, _: Words) -> str:
    if not re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]?", cell.upper()):
        raise Unusable
    return cell.upper()


def zone(cell: str, _: Words) -> str:
    try:
        return ZoneInfo(cell).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Unusable from None


def hours(cell: str, _: Words) -> tuple[WeeklyHours, ...]:
    return tuple(_opening(part) for part in _split(cell))


def _opening(part: str) -> WeeklyHours:
    match = _OPENING.fullmatch(part.lower())
    if not match or match[1] not in WEEKDAYS:
        raise Unusable(f"{part!r} is not such a time")
    try:
        start, end = time(int(match[2]), int(match[3])), time(int(match[4]), int(match[5]))
    except ValueError:
        raise Unusable(f"{part!r} is not such a time") from None
    # 00:00 is the midnight that ends the day.
    if end <= start and end != time(0):
        raise Unusable(f"{part!r} ends before it starts")
    return WeeklyHours(WEEKDAYS.index(match[1]), start, end)


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(SEPARATOR) if part.strip()]


def _parts(cell: str, known: frozenset[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(_split(cell)))
    if strange := [part for part in found if part not in known]:
        raise Unusable(f"{strange[0]!r} is not one")
    return found


_DAY = "a date as in 2026-11-22"
_SUM = "a sum as in 65 or 47.50, at most 9999"
_STYLE = "a whole number from -3 to 3"

COLUMNS = (
    Column("name", "up to 120 characters", text(120), is_required=True),
    Column("email", "a mail address", mail_address, is_required=True),
    Column("phone", "up to 30 characters", text(30), empty=""),
    Column("pronouns", "up to 30 characters", text(30), empty=""),
    Column(
        "gender",
        "woman, man or non-binary, only if they chose to publish it",
        one_of(*filter(None, Practitioner.Gender.values)),
        empty="",
    ),
    Column(
        "languages", "languages of the vocabulary, as in en;pl", slugs("languages"), empty=("en",)
    ),
    Column("communities", "communities of the vocabulary", slugs("communities"), empty=()),
    Column(
        "register", "a register of the vocabulary, as in bacp", slug("registers"), is_required=True
    ),
    Column("registration_number", "up to 40 characters", text(40), is_required=True),
    Column("checked_on", f"{_DAY}, not after today", day),
    Column("checked_by", "the name of who checked, up to 120 characters", text(120)),
    Column("checked_where", "where they looked, up to 200 characters", text(200), empty=""),
    Column("check_expires_on", f"{_DAY}, after checked_on", day),
    Column("consented_on", f"{_DAY}, not after today", day),
    Column("confirmed_on", f"{_DAY}, not after today", day),
    Column("title", "up to 80 characters", text(80), is_required=True),
    Column("one_line", "up to 160 characters", text(160), empty=""),
    Column("how_i_work", "up to 4000 characters", text(4000), empty=""),
    Column("what_to_expect", "up to 4000 characters", text(4000), empty=""),
    Column(
        "client_groups",
        "client groups of the vocabulary, as in adults;couples",
        slugs("client groups"),
        empty=("adults",),
    ),
    Column(
        "payment_routes",
        "payment routes of the vocabulary, as in self;insurer",
        slugs("payment routes"),
        empty=("self",),
    ),
    Column(
        "focus_issues",
        f"at most {MOST_FOCUS_ISSUES} issues of the vocabulary, the main one first",
        slugs("issues", MOST_FOCUS_ISSUES),
        empty=(),
    ),
    Column("also_issues", "issues that focus_issues does not name", slugs("issues"), empty=()),
    Column("therapies", "therapies of the vocabulary, as in ipt;cbt", slugs("therapies"), empty=()),
    Column("fee_kind", "free, donation, fixed or range", one_of(*Fee.Kind.values)),
    Column("fee", _SUM, money),
    Column("fee_upper", f"{_SUM}, more than fee", money),
    Column("concession", f"{_SUM}, less than fee", money),
    Column("concession_rule", "up to 160 characters", text(160), empty=""),
    Column("couple_fee", _SUM, money),
    Column("currency", "GBP or EUR", one_of("GBP", "EUR"), empty="GBP"),
    Column(
        "booking_mode",
        "direct, introductory-call or ask-first",
        one_of(*Listing.BookingMode.values),
        empty=Listing.BookingMode.DIRECT.value,
    ),
    Column("session_minutes", "a whole number from 15 to 180", number(15, 180), empty=50),
    Column("notice_hours", "a whole number from 0 to 336", number(0, 336), empty=24),
    Column("cancellation_hours", "a whole number from 0 to 336", number(0, 336), empty=24),
    Column("how_to_pay", "up to 200 characters", text(200), empty=""),
    Column(
        "channels",
        "in-person, video and phone, as in in-person;video",
        some_of(*Channel.values),
        is_required=True,
    ),
    Column("town", "a town in the UK or Ireland", text(120), empty=""),
    Column(
        "outward_postcode", "the first half of a postcode, as in CV32", outward_postcode, empty=""
    ),
    Column("latitude", "degrees north, as in 52.293", degrees(90)),
    Column("longitude", "degrees east, as in -1.536", degrees(180)),
    Column("address", "told after booking only; up to 500 characters", text(500), empty=""),
    Column("joining_details", "told after booking only; up to 500 characters", text(500), empty=""),
    Column(
        "step_free",
        "yes, partly, no or unknown",
        one_of(*Practice.StepFree.values),
        empty="unknown",
    ),
    Column("access", "access needs of the vocabulary", slugs("access needs"), empty=()),
    Column("zone", "an IANA time zone, as in Europe/London", zone, empty="Europe/London"),
    Column("hours", "opening hours, as in mon 09:00-12:30;tue 17:00-21:00", hours, empty=()),
    Column("style_lead", _STYLE, number(-3, 3)),
    Column("style_emotion", _STYLE, number(-3, 3)),
    Column("style_time", _STYLE, number(-3, 3)),
    Column("style_challenge", _STYLE, number(-3, 3)),
)
BY_NAME = {column.name: column for column in COLUMNS}
EMPTY = {column.name: column.empty for column in COLUMNS}
REQUIRED = tuple(column.name for column in COLUMNS if column.is_required)
