"""Reading a file of listings, and naming every mistake in one run."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any

from attune.core.geo import LatLon
from attune.directory.columns import BY_NAME, COLUMNS, EMPTY, REQUIRED, Unusable, Words
from attune.directory.entries import (
    Check,
    NewFee,
    NewListing,
    NewPractice,
    NewTherapy,
    Registration,
)
from attune.directory.models import Channel, Credential, Fee, Listing
from attune.vocabulary.models import Register
from attune.vocabulary.places import ROUGHLY_KM, resolve

MOST_PROBLEMS_SHOWN = 100
LONGEST_VALUE_SHOWN = 60
CHUNK = 1000

Values = Mapping[str, Any]
# Called with the number of rows done, and of all.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Problem:
    """What is wrong in one cell (or with the file: ``column`` is empty), and what was expected."""

    line: int
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        where = f"Line {self.line}, {self.column}" if self.column else f"Line {self.line}"
        return f"{where}: {_shown(self.value)} cannot be used. Expected: {self.expected}."


@dataclass
class Report:
    """What a file holds: listings to write, unless there is a problem with any row."""

    rows: int = 0
    entries: list[NewListing] = field(default_factory=list)
    published: int = 0
    problems: list[Problem] = field(default_factory=list)
    # Why rows stayed drafts; a row can have several reasons.
    drafts: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    unconfirmed: int = 0


def read_listings(content: bytes, *, today: date, progress: Progress | None = None) -> Report:
    """
    Read a CSV file of listings. Nothing is written.

    Args:
        content: the file's bytes, UTF-8 with or without a byte order mark.

        today: what the days in the file are compared with.
    """
    report = Report()
    reader = _Reader(today, Words.load(), report)
    rows = list(_rows(content, report))
    for done, (line, cells) in enumerate(rows, 1):
        if entry := reader.entry(line, cells):
            report.entries.append(entry)
        if progress and (done % CHUNK == 0 or done == len(rows)):
            progress(done, len(rows))
    report.problems.sort(key=lambda one: one.line)
    return report


def _rows(content: bytes, report: Report) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row with the line it starts on; what is wrong with the file goes to the report."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        _note(report, line, "", repr(content[error.start : error.start + 4]), "text in UTF-8")
        return
    if "\0" in text:
        # The database keeps no such character.
        line = text.count("\n", 0, text.index("\0")) + 1
        _note(report, line, "", "a NUL character", "text in UTF-8")
        return
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(lines, [])]
        if not _header_is_right(header, report):
            return
        start = lines.line_num + 1
        for cells in lines:
            if any(cells):
                report.rows += 1
                if len(cells) == len(header):
                    trimmed = (cell.strip() for cell in cells)
                    yield start, dict(zip(header, trimmed, strict=True))
                else:
                    _note(report, start, "", f"{len(cells)} cells", f"{len(header)} cells")
            start = lines.line_num + 1
    except csv.Error as error:
        _note(report, lines.line_num, "", str(error), "rows of comma-separated values")


def _header_is_right(header: Sequence[str], report: Report) -> bool:
    twice = [name for name, count in Counter(header).items() if count > 1]
    known = ", ".join(column.name for column in COLUMNS)
    wrong = [
        *((name, f"columns named {known}") for name in header if name not in BY_NAME),
        *((name, "each column once") for name in twice),
        *(("this header", f"a column named {name}") for name in REQUIRED if name not in header),
    ]
    for value, expected in wrong:
        _note(report, 1, "", value, expected)
    return not wrong


class _Reader:
    """Turns rows into listings, one after another, and notes what is wrong with them."""

    def __init__(self, today: date, words: Words, report: Report) -> None:
        self._today, self._words, self._report = today, words, report
        self._registers = {one.slug: one for one in Register.objects.all()}
        self._seen = {
            (register, _as_compared(number)): "the directory"
            for register, number in Credential.objects.filter(
                kind=Credential.Kind.REGISTRATION
            ).values_list("register__slug", "number")
        }
        # A file names few places many times.
        self._point_of = lru_cache(maxsize=None)(_point_of)

    def entry(self, line: int, cells: Mapping[str, str]) -> NewListing | None:
        """Return the listing of one row, or None: something in it is wrong, and noted."""
        values, wrong = self._read(cells)
        if not wrong:
            wrong = dict(self._contradictions(values))
        if not wrong:
            wrong = self._known_already(line, values)
        point = None
        if not wrong and Channel.IN_PERSON in values["channels"]:
            point = self._point(values)
            if point is None:
                wrong = {"town": "a town we know, or latitude and longitude"}
        for column, expected in wrong.items():
            _note(self._report, line, column, cells.get(column, ""), expected)
        return None if wrong else self._count(values, point)

    def _read(self, cells: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
        """Return what the cells say, and by column what would have to stand in the wrong ones."""
        values, wrong = EMPTY.copy(), {}
        for name, cell in cells.items():
            column = BY_NAME[name]
            try:
                if cell:
                    values[name] = column.read(cell, self._words)
                elif column.is_required:
                    raise Unusable
            except Unusable as error:
                wrong[name] = "; ".join(filter(None, (column.accepted, error.detail)))
        return values, wrong

    def _contradictions(self, values: Values) -> Iterator[tuple[str, str]]:
        """Yield columns that do not agree with others, and what they would have to be."""
        yield from self._wrong_days(values)
        yield from _wrong_fees(values)
        if set(values["focus_issues"]) & set(values["also_issues"]):
            yield "also_issues", BY_NAME["also_issues"].accepted
        if (values["latitude"] is None) != (values["longitude"] is None):
            yield "longitude", "latitude and longitude together, or neither"
        if Channel.IN_PERSON in values["channels"] and not values["town"]:
            yield "town", "a town, since people are seen in person"
        register = self._registers[values["register"]]
        if register.is_pattern_confirmed and not re.fullmatch(
            register.number_pattern, values["registration_number"]
        ):
            yield "registration_number", f"a number as in {register.number_looks_like}"

    def _wrong_days(self, values: Values) -> Iterator[tuple[str, str]]:
        for name in ("checked_on", "consented_on", "confirmed_on"):
            if values[name] and values[name] > self._today:
                yield name, BY_NAME[name].accepted
        start, end = values["checked_on"], values["check_expires_on"]
        if start and end and end <= start:
            yield "check_expires_on", BY_NAME["check_expires_on"].accepted

    def _known_already(self, line: int, values: Values) -> dict[str, str]:
        key = (values["register"], _as_compared(values["registration_number"]))
        where = self._seen.setdefault(key, f"line {line}")
        if where == f"line {line}":
            return {}
        return {"registration_number": f"one that is new; it is already in {where}"}

    def _point(self, values: Values) -> LatLon | None:
        if values["latitude"] is not None:
            return LatLon(values["latitude"], values["longitude"])
        return self._point_of(values["outward_postcode"], values["town"])

    def _count(self, values: Values, point: LatLon | None) -> NewListing:
        reasons = list(_why_draft(values, self._today))
        self._report.reasons.update(reasons)
        self._report.drafts += bool(reasons)
        self._report.published += not reasons
        self._report.unconfirmed += values["confirmed_on"] is None
        state = Listing.State.DRAFT if reasons else Listing.State.PUBLISHED
        return _entry(values, point, state)


def _point_of(outward_postcode: str, town: str) -> LatLon | None:
    """Return the middle of the postcode district if it is known well, else of the town."""
    for typed in filter(None, (outward_postcode, town)):
        found = resolve(typed)
        if found and found.whereabouts.accuracy_km <= ROUGHLY_KM:
            return found.whereabouts.point
    found = resolve(town)
    return found.whereabouts.point if found else None


def _wrong_fees(values: Values) -> Iterator[tuple[str, str]]:
    kind, fee, upper = values["fee_kind"], values["fee"], values["fee_upper"]
    concession = values["concession"]
    if kind in (Fee.Kind.FREE, Fee.Kind.DONATION):
        for name in ("fee", "fee_upper", "concession"):
            if values[name] is not None:
                yield name, f"nothing, since fee_kind is {kind}"
        return
    if kind and fee is None:
        yield "fee", BY_NAME["fee"].accepted
    if (upper is None) == (kind == Fee.Kind.RANGE) or (upper and fee and upper <= fee):
        yield "fee_upper", f"{BY_NAME['fee_upper'].accepted}, and only where fee_kind is range"
    if concession is not None and (fee is None or concession >= fee):
        yield "concession", BY_NAME["concession"].accepted


def _why_draft(values: Values, today: date) -> Iterator[str]:
    """Yield why a row cannot be published yet."""
    if not values["consented_on"]:
        yield "no date of consent (consented_on)"
    missing = [
        name for name in ("checked_on", "checked_by", "check_expires_on") if not values[name]
    ]
    if missing:
        yield f"no complete check of the registration ({', '.join(missing)})"
    elif values["check_expires_on"] < today:
        yield "the check of the registration has run out (check_expires_on)"
    if not _fees(values):
        yield "no fee (fee_kind, fee)"


def _entry(values: Values, point: LatLon | None, state: Listing.State) -> NewListing:
    return NewListing(
        **_named_alike(NewListing, values)
        | {
            "registration": Registration(
                values["register"], values["registration_number"], _check(values)
            ),
            "state": state,
            "consented_at": _noon(values["consented_on"]),
            "therapies": tuple(NewTherapy(slug) for slug in values["therapies"]),
            "fees": _fees(values),
            "practices": (_practice(values, point),),
            "style": {
                scale: values[f"style_{scale}"]
                for scale in ("lead", "emotion", "time", "challenge")
                if values[f"style_{scale}"] is not None
            },
        }
    )


def _practice(values: Values, point: LatLon | None) -> NewPractice:
    place = {"latitude": point and point.lat, "longitude": point and point.lon}
    return NewPractice(**_named_alike(NewPractice, values) | place)


def _named_alike(kind: type, values: Values) -> dict[str, Any]:
    """Return the values of the columns that are called like fields of ``kind``."""
    return {name: values[name] for name in _fields_in_columns(kind)}


@lru_cache
def _fields_in_columns(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind) if one.name in BY_NAME)


def _check(values: Values) -> Check | None:
    names = ("checked_on", "checked_by", "checked_where", "check_expires_on")
    check = Check(*(values[name] for name in names))
    return check if check.checked_on and check.checked_by and check.expires_on else None


def _noon(day: date | None) -> datetime | None:
    """Return a moment that is on this day in the UK and Ireland, in winter and in summer."""
    return datetime.combine(day, time(12), UTC) if day else None


def _fees(values: Values) -> tuple[NewFee, ...]:
    kind = values["fee_kind"] or (Fee.Kind.FIXED.value if values["fee"] else None)
    if kind is None:
        return ()
    minutes, currency = values["session_minutes"], values["currency"]
    single = NewFee(
        "adults",
        minutes,
        kind,
        minor=values["fee"] or 0,
        upper_minor=values["fee_upper"],
        currency=currency,
        concession_minor=values["concession"],
        concession_rule=values["concession_rule"],
    )
    if values["couple_fee"] is None:
        return (single,)
    return (
        single,
        NewFee("couples", minutes, Fee.Kind.FIXED, minor=values["couple_fee"], currency=currency),
    )


def _as_compared(number: str) -> str:
    """Return a registration number without case and spaces: nobody is listed twice by typing."""
    return "".join(number.split()).casefold()


def _shown(value: str) -> str:
    if not value:
        return "an empty cell"
    cut = value if len(value) <= LONGEST_VALUE_SHOWN else f"{value[:LONGEST_VALUE_SHOWN]}..."
    return f"“{cut}”"


def _note(report: Report, line: int, column: str, value: str, expected: str) -> None:
    report.problems.append(Problem(line, column, value, expected))
