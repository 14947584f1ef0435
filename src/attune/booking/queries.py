"""Reading the diary: what is free, for one listing exactly and for many practices at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from attune.booking.models import Appointment, RuleException, WeeklyRule
from attune.core.availability import (
    DayException,
    WeeklyHours,
    bookable_starts,
    day_begins,
    not_before,
)
from attune.core.spans import Span, Stretch, minutes_of, moment_of
from attune.directory.dates import day_of
from attune.directory.models import Channel, Credential, Listing, Practice

# Openings that were last confirmed before this are neither live nor bookable.
CONFIRMED_FOR_DAYS = 21
TIMES_TO_SUGGEST = 5

_NEAR_DAYS = 7
_MINUTES_A_DAY = 24 * 60
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Meeting:
    """What is booked: its kind, its length, and the minutes kept free after it."""

    kind: Appointment.Kind
    minutes: int
    buffer_minutes: int


@dataclass(frozen=True, order=True)
class Slot:
    """A time that can be booked now, at one practice (``zone`` is that practice's)."""

    start: datetime
    practice_code: str
    minutes: int
    zone: str
    channels: tuple[str, ...]

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)

    @property
    def day(self) -> date:
        return self.start.astimezone(ZoneInfo(self.zone)).date()


def meeting_for(listing: Listing) -> Meeting | None:
    """Return what a first booking is; None: this practitioner wants to be asked first."""
    return _meeting(
        listing.booking_mode,
        listing.session_minutes,
        listing.introductory_minutes,
        listing.buffer_minutes,
    )


def meeting_of(appointment: Appointment) -> Meeting:
    """Return what an appointment is, as it was when it was booked."""
    after = appointment.during.upper - appointment.end
    return Meeting(
        Appointment.Kind(appointment.kind), appointment.minutes, after // timedelta(minutes=1)
    )


def _meeting(mode: str | None, session: int, introductory: int, buffer: int) -> Meeting | None:
    if mode == Listing.BookingMode.DIRECT:
        return Meeting(Appointment.Kind.FIRST_SESSION, session, buffer)
    if mode == Listing.BookingMode.INTRODUCTORY_CALL:
        return Meeting(Appointment.Kind.INTRODUCTORY_CALL, introductory, buffer)
    return None


def channels_for(kind: str, channels: Sequence[str]) -> tuple[str, ...]:
    """Return how a meeting can be held: an introductory call is never in the room."""
    if kind != Appointment.Kind.INTRODUCTORY_CALL:
        return tuple(channels)
    return tuple(one for one in channels if one != Channel.IN_PERSON) or (Channel.PHONE.value,)


def is_open(listing: Listing, now: datetime) -> bool:
    """Whether this listing's times may be offered: published, checked, here, and confirmed."""
    today = day_of(now)
    return (
        listing.state == Listing.State.PUBLISHED
        and (listing.paused_until is None or listing.paused_until <= today)
        and listing.confirmed_on is not None
        and listing.confirmed_on >= today - timedelta(days=CONFIRMED_FOR_DAYS)
        and Credential.objects.filter(
            practitioner_id=listing.practitioner_id,
            kind=Credential.Kind.REGISTRATION,
            verifications__expires_on__gte=today,
        ).exists()
    )


def slots_for(
    listing: Listing,
    now: datetime,
    days: int | None = None,
    *,
    first_day: date | None = None,
    moving: Appointment | None = None,
) -> list[Slot]:
    """
    Return the times that can be booked now, earliest first.

    Args:
        days: How many dates to look at; None: as far as the listing's horizon.

        first_day: The first of them, in each practice's zone; None: today.

        moving: An appointment that is being moved: the time it takes counts as free, and what is
            looked for is another like it.
    """
    meeting = meeting_of(moving) if moving else meeting_for(listing)
    if meeting is None or not is_open(listing, now):
        return []
    # A date in any zone touches at most the UTC dates before and after it.
    today = now.astimezone(UTC).date()
    last = today + timedelta(days=listing.horizon_days)
    first = min(max(first_day or today, today), last) - _ONE_DAY
    count = min(days or listing.horizon_days, listing.horizon_days) + 3
    practices = {
        one.pk: one for one in Practice.objects.filter(practitioner_id=listing.practitioner_id)
    }
    diaries = {pk: _Diary(one.practitioner_id, one.zone, meeting) for pk, one in practices.items()}
    found = _starts(diaries, first, count, now, moving=moving)
    return sorted(
        Slot(
            start=moment_of(minute),
            practice_code=practice.code,
            minutes=meeting.minutes,
            zone=practice.zone,
            channels=channels_for(meeting.kind, practice.channels),
        )
        for practice in practices.values()
        for minute in _within(
            found[practice.pk], *_window(listing, practice.zone, now, first_day, days)
        )
    )


def _window(
    listing: Listing, zone: str, now: datetime, first_day: date | None, days: int | None
) -> Stretch:
    """Return the first minute that may be booked in ``zone``, and the first that is too late."""
    today = now.astimezone(ZoneInfo(zone)).date()
    horizon = today + timedelta(days=listing.horizon_days + 1)
    first = min(first_day or today, horizon)
    ahead = (horizon - first).days
    last = first + timedelta(days=min(days, ahead) if days else ahead)
    earliest = minutes_of(not_before(now, listing.notice_hours))
    return max(earliest, day_begins(zone, max(first, today))), day_begins(zone, max(last, today))


def slots_near(
    listing: Listing, now: datetime, wanted: datetime, *, moving: Appointment | None = None
) -> list[Slot]:
    """Return the free times within a week of ``wanted``."""
    first_day = wanted.date() - timedelta(days=_NEAR_DAYS)
    return slots_for(listing, now, 2 * _NEAR_DAYS, first_day=first_day, moving=moving)


def nearest_slots(
    listing: Listing,
    now: datetime,
    wanted: datetime,
    *,
    channel: str = "",
    moving: Appointment | None = None,
    near: Sequence[Slot] | None = None,
) -> list[Slot]:
    """
    Return the five free times nearest to ``wanted``, in order; those by ``channel`` first.

    Args:
        near: What ``slots_near`` gave, if it was asked already. A whole diary is read only when
            the week around does not hold five.
    """
    if near is None:
        near = slots_near(listing, now, wanted, moving=moving)
    found = _nearest(near, wanted, channel)
    if len(found) == TIMES_TO_SUGGEST and all(_is_by(one, channel) for one in found):
        return found
    return _nearest(slots_for(listing, now, moving=moving), wanted, channel)


def _nearest(slots: Sequence[Slot], wanted: datetime, channel: str) -> list[Slot]:
    by_start: dict[datetime, Slot] = {}
    for slot in slots:
        if slot.start not in by_start or _is_by(slot, channel):
            by_start[slot.start] = slot
    by_nearness = sorted(
        by_start.values(), key=lambda slot: (not _is_by(slot, channel), abs(slot.start - wanted))
    )
    return sorted(by_nearness[:TIMES_TO_SUGGEST])


def _is_by(slot: Slot, channel: str) -> bool:
    return not channel or channel in slot.channels


def starts_for(
    practice_ids: Collection[int], first_day: date, days: int, now: datetime
) -> dict[int, NDArray[np.int64]]:
    """
    Return when a first meeting can start at each practice, by the rules and the diary alone.

    Notice, horizon, pauses and confirmation are not applied; practitioners who want to be asked
    first have no starts. Four queries, however many practices.

    Args:
        first_day, days: The UTC dates on which a start may fall.

    Returns:
        By practice id, minutes since 1970-01-01 00:00 UTC, ascending.
    """
    return _starts(_diaries(practice_ids), first_day, days, now)


def _starts(
    diaries: Mapping[int, "_Diary"],
    first_day: date,
    days: int,
    now: datetime,
    *,
    moving: Appointment | None = None,
) -> dict[int, NDArray[np.int64]]:
    """Return the same for practices whose diaries are known; what ``moving`` takes is free."""
    first = day_begins("UTC", first_day)
    window = (first, first + days * _MINUTES_A_DAY)
    # A UTC date touches at most the local dates before and after it.
    local_day, local_days = first_day - _ONE_DAY, days + 2
    hours, exceptions = _hours(diaries), _exceptions(diaries, local_day, local_days)
    busy = _busy({one.practitioner_id for one in diaries.values()}, window, now, moving)
    return {
        practice_id: _within(
            bookable_starts(
                hours[practice_id],
                exceptions[practice_id],
                busy[diary.practitioner_id],
                zone=diary.zone,
                first_day=local_day,
                days=local_days,
                minutes=diary.meeting.minutes,
                buffer_minutes=diary.meeting.buffer_minutes,
            ),
            *window,
        )
        if diary.meeting
        else np.empty(0, dtype=np.int64)
        for practice_id, diary in diaries.items()
    }


def _within(starts: NDArray[np.int64], first: int, end: int) -> NDArray[np.int64]:
    return starts[slice(*np.searchsorted(starts, (first, end)))]


@dataclass(frozen=True)
class _Diary:
    practitioner_id: int
    zone: str
    meeting: Meeting | None


def _diaries(practice_ids: Collection[int]) -> dict[int, _Diary]:
    rows = Practice.objects.filter(pk__in=practice_ids).values_list(
        "pk",
        "practitioner_id",
        "zone",
        "practitioner__listing__booking_mode",
        "practitioner__listing__session_minutes",
        "practitioner__listing__introductory_minutes",
        "practitioner__listing__buffer_minutes",
    )
    return {
        pk: _Diary(practitioner, zone, _meeting(mode, session, introductory, buffer))
        for pk, practitioner, zone, mode, session, introductory, buffer in rows
    }


def _hours(practice_ids: Collection[int]) -> dict[int, list[WeeklyHours]]:
    rows = WeeklyRule.objects.filter(practice__in=practice_ids).values_list(
        "practice_id", "weekday", "start", "end", "valid_from", "valid_until"
    )
    found: dict[int, list[WeeklyHours]] = defaultdict(list)
    for practice_id, weekday, start, end, valid_from, valid_until in rows:
        found[practice_id].append(WeeklyHours(weekday, start, end, valid_from, valid_until))
    return found


def _exceptions(
    practice_ids: Collection[int], first_day: date, days: int
) -> dict[int, list[DayException]]:
    rows = RuleException.objects.filter(
        practice__in=practice_ids, day__range=(first_day, first_day + timedelta(days=days))
    ).values_list("practice_id", "day", "kind", "start", "end")
    found: dict[int, list[DayException]] = defaultdict(list)
    for practice_id, day, kind, start, end in rows:
        found[practice_id].append(DayException(day, kind == RuleException.Kind.EXTRA, start, end))
    return found


def taking_time(now: datetime) -> Q:
    """What fills a diary: booked appointments, and holds that have not run out."""
    return Q(state=Appointment.State.BOOKED) | Q(state=Appointment.State.HELD, hold_until__gt=now)


def has_run_out(held: Appointment, now: datetime) -> bool:
    """Whether a hold no longer keeps its time."""
    return held.state != Appointment.State.HELD or held.hold_until is None or held.hold_until <= now


def _busy(
    practitioner_ids: Collection[int], window: Stretch, now: datetime, moving: Appointment | None
) -> dict[int, list[Span]]:
    # A meeting that begins in the window may run on after it, and so may what is in its way.
    reach = (moment_of(window[0]), moment_of(window[1] + _MINUTES_A_DAY))
    rows = Appointment.objects.filter(
        taking_time(now), practitioner__in=practitioner_ids, during__overlap=reach
    ).exclude(pk=moving.pk if moving else 0)
    found: dict[int, list[Span]] = defaultdict(list)
    for practitioner_id, during in rows.values_list("practitioner_id", "during"):
        found[practitioner_id].append(Span(during.lower, during.upper))
    return found
