"""Spans of time: half-open, in UTC, and as whole minutes where there is arithmetic to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)

# (first minute, first minute after it), counted from 1970-01-01 00:00 UTC.
Stretch = tuple[int, int]


@dataclass(frozen=True, order=True)
class Span:
    """``[start, end)``, both aware."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


def minutes_of(moment: datetime) -> int:
    """Return the whole minutes from 1970-01-01 00:00 UTC to an aware ``moment``, rounded down."""
    return (moment - EPOCH) // _MINUTE


def minutes_up_to(moment: datetime) -> int:
    """Return the same, rounded up."""
    return -((EPOCH - moment) // _MINUTE)


def moment_of(minutes: int) -> datetime:
    """Return the UTC moment that many minutes after 1970-01-01 00:00 UTC."""
    return EPOCH + int(minutes) * _MINUTE


def stretch_of(span: Span) -> Stretch:
    """Return every minute that a span touches."""
    return minutes_of(span.start), minutes_up_to(span.end)


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return the same minutes as disjoint stretches in order; touching ones become one."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def without(stretches: Iterable[Stretch], removed: Iterable[Stretch]) -> list[Stretch]:
    """Return what is left of ``stretches``, joined, once ``removed`` is taken out."""
    gone = joined(removed)
    left = []
    for start, end in joined(stretches):
        begin = start
        for gone_start, gone_end in gone:
            if gone_start < end and gone_end > begin:
                left.append((begin, gone_start))
                begin = gone_end
        left.append((begin, end))
    return joined(left)
