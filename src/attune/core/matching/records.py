"""The few listings that are shown, as plain values.

NumPy reads one value of many listings quickly, and many values of one listing slowly. So a listing
that is shown is read once, and its record kept: written rows never change.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from attune.core.columns import EPOCH
from attune.core.entries import FeeEntry
from attune.core.index import Index
from attune.core.matching.matches import WeeklyPlace


class Practice(NamedTuple):
    """Where a listing's people are met.

    Args:
        row: of the index.
        channels: as bits, in the vocabulary's order.
        free: bit h is set where a bookable start lies in half-hour h of the index.
        first_start, end_start: which of the index's starts are its own.
    """

    row: int
    code: str
    channels: int
    free: int
    first_start: int
    end_start: int


class Weekly(NamedTuple):
    """A weekly place for a new client, as people read it, and as it is compared.

    Args:
        practice: its row.
        week_minute: wall time in the zone; Monday 00:00 is 0.
        from_day: days since 1970-01-01.
        zone: which of the index's zones.
    """

    shown: WeeklyPlace
    practice: int
    week_minute: int
    from_day: int
    zone: int


class Record(NamedTuple):
    """A listing, as one client group sees it.

    Args:
        therapies: level of each therapy type offered.
        fee: what the group pays; None: not said.
        standard_fee, reduced_fee: at most and at least, in minor units.
        notice: in half-hours.
        confirmed_on: days since 1970-01-01.
    """

    code: str
    practices: Sequence[Practice]
    weekly_places: Sequence[Weekly]
    therapies: Mapping[str, int]
    fee: FeeEntry | None
    standard_fee: int
    reduced_fee: int
    notice: int
    asked: int
    answered: int
    confirmed_on: int


def record_of(index: Index, row: int, group: int) -> Record:
    """Return the listing in a row, for a client group (its place in the words)."""
    return index.keep(("record", row, group), lambda: _read(index, row, group))


def _read(index: Index, row: int, group: int) -> Record:
    columns, slugs = index.columns, index.words.therapy_types
    levels = columns.therapies[:, row].tolist()
    practices = _members(columns.first_practice.item(row), columns.practice_count.item(row))
    weekly = _members(columns.first_weekly.item(row), columns.weekly_count.item(row))
    return Record(
        code=index.code_of(row),
        practices=[_practice(index, one) for one in practices],
        weekly_places=[_weekly(index, one) for one in weekly],
        therapies={slug: level for slug, level in zip(slugs, levels, strict=True) if level},
        fee=index.fee_of(row, group),
        standard_fee=columns.fee_standard.item(group, row),
        reduced_fee=columns.fee_reduced.item(group, row),
        notice=2 * columns.notice_hours.item(row),
        asked=columns.asked.item(row),
        answered=columns.answered.item(row),
        confirmed_on=columns.confirmed_on.item(row),
    )


def _members(first: int, count: int) -> range:
    return range(first, first + count)


def _practice(index: Index, row: int) -> Practice:
    columns = index.columns
    first = columns.first_start.item(row)
    return Practice(
        row=row,
        code=index.practice_code_of(row),
        channels=columns.practice_channels.item(row),
        free=int.from_bytes(columns.bits[:, row].astype("<u8").tobytes(), "little"),
        first_start=first,
        end_start=first + columns.start_count.item(row),
    )


def _weekly(index: Index, row: int) -> Weekly:
    columns = index.columns
    practice, minute = columns.weekly_practice.item(row), columns.weekly_minute.item(row)
    from_day = columns.weekly_from.item(row)
    shown = WeeklyPlace(
        index.practice_code_of(practice), *divmod(minute, 1440), EPOCH + timedelta(days=from_day)
    )
    return Weekly(shown, practice, minute, from_day, columns.weekly_zone.item(row))
