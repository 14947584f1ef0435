"""Listings as the index wants them, read in a fixed number of queries per thousand."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import Max, Model, Q, Sum
from numpy.typing import NDArray

from attune.booking.models import Appointment
from attune.booking.queries import starts_for
from attune.core.columns import FINDER_DAYS
from attune.core.entries import FeeEntry, ListingEntry, PracticeEntry
from attune.core.geo import LatLon
from attune.directory.dates import day_of
from attune.directory.models import (
    Channel,
    Counters,
    Credential,
    Fee,
    ListedIssue,
    Listing,
    Practice,
    Practitioner,
    TherapyOffered,
    Verification,
    WeeklyPlace,
)

CHUNK = 1000
# How far back counters count: being shown, and answering.
SHOWN_DAYS = 7
REPLY_DAYS = 90
# The access need that a practice answers with yes, partly or no.
STEP_FREE = "step-free"
FEE_COLUMNS = ("kind", "minor", "upper_minor", "currency", "concession_minor")
DAY_MINUTES = 24 * 60

Grouped = Mapping[int, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Row:
    """One listing for the index, and the moments at which holds in its diary run out."""

    entry: ListingEntry
    holds_end: tuple[datetime, ...]


def read_rows(listing_ids: Iterable[int] | None, *, base_day: date, now: datetime) -> Iterator[Row]:
    """Yield these listings (None: all), with the starts of ``FINDER_DAYS`` days from ``base_day``.

    Ids that do not exist are left out.
    """
    if listing_ids is None:
        listing_ids = Listing.objects.order_by("pk").values_list("pk", flat=True)
    ids = list(listing_ids)
    for first in range(0, len(ids), CHUNK):
        facts = _Facts(ids[first : first + CHUNK], base_day=base_day, now=now)
        for listing in facts.listings:
            yield Row(_entry(listing, facts), facts.holds_end(listing.pk))


class _Facts:
    """What belongs to some listings, table by table."""

    def __init__(self, ids: Sequence[int], *, base_day: date, now: datetime) -> None:
        self.today = day_of(now)
        self.listings = list(Listing.objects.filter(pk__in=ids).select_related("practitioner"))
        people = [one.practitioner_id for one in self.listings]
        practices = list(Practice.objects.filter(practitioner__in=people).order_by("pk"))
        rooms = [one.pk for one in practices]
        self.starts = _starts(rooms, base_day, now)

        # By practitioner.
        self.practices: dict[int, list[Practice]] = defaultdict(list)
        for practice in practices:
            self.practices[practice.practitioner_id].append(practice)
        self.languages = _links(Practitioner.languages, "practitioner", "language", people)
        self.communities = _links(Practitioner.communities, "practitioner", "community", people)
        self.checks = _checks(people)

        # By practice.
        self.access = _links(Practice.access, "practice", "accessneed", rooms)

        # By listing.
        self.groups = _links(Listing.client_groups, "listing", "clientgroup", ids)
        self.issues = _of(ListedIssue, ids, "issue__slug", "focus_rank")
        self.therapies = _of(TherapyOffered, ids, "therapy_type__slug")
        self.fees = _of(Fee, ids, "client_group__slug", "minutes", *FEE_COLUMNS)
        self.places = _of(WeeklyPlace, ids, "practice__code", "weekday", "start", "from_date")
        self.counted = _counted(ids, self.today)
        self.waiting = _waiting(ids, now)

    def holds_end(self, listing_id: int) -> tuple[datetime, ...]:
        waiting = self.waiting.get(listing_id, ())
        return tuple(until for state, until in waiting if state == Appointment.State.HELD)


def _entry(listing: Listing, facts: _Facts) -> ListingEntry:
    person, pk = listing.practitioner, listing.pk
    practices = facts.practices[person.pk]
    checks = facts.checks.get(person.pk, [])
    trained = {slug for slug, until in checks if slug and until >= facts.today}
    asked, answered, shown = facts.counted.get(pk, [(0, 0, 0)])[0]
    return ListingEntry(
        listing_id=pk,
        code=listing.code,
        is_published=listing.state == Listing.State.PUBLISHED,
        verified_until=max((until for slug, until in checks if not slug), default=None),
        paused_until=listing.paused_until,
        confirmed_on=listing.confirmed_on,
        gender=person.gender,
        languages=frozenset(_slugs(facts.languages, person.pk)),
        communities=frozenset(_slugs(facts.communities, person.pk)),
        client_groups=frozenset(_slugs(facts.groups, pk)),
        issues={slug: rank or 0 for slug, rank in facts.issues.get(pk, ())},
        therapies={slug: slug in trained for (slug,) in facts.therapies.get(pk, ())},
        fees=_fees(facts.fees.get(pk, ()), listing.session_minutes),
        notice_hours=listing.notice_hours,
        weekly_places=tuple(
            (code, weekday, start.hour * 60 + start.minute, from_date)
            for code, weekday, start, from_date in facts.places.get(pk, ())
        ),
        asked=asked,
        answered=answered,
        shown=shown,
        open_asks=len(facts.waiting.get(pk, ())),
        practices=tuple(_practice(one, facts) for one in practices),
    )


def _practice(practice: Practice, facts: _Facts) -> PracticeEntry:
    point = None
    if practice.latitude is not None and practice.longitude is not None:
        point = LatLon(practice.latitude, practice.longitude)
    return PracticeEntry(
        code=practice.code,
        channels=frozenset(practice.channels),
        point=point,
        zone=practice.zone,
        starts=facts.starts[practice.pk],
        access=access_of(practice, _slugs(facts.access, practice.pk)),
    )


def access_of(practice: Practice, named: Iterable[str]) -> dict[str, str]:
    """Return what each access need meets with there: "yes", "partly" or "no".

    What is not said is left out; a line has no steps.
    """
    found = dict.fromkeys(named, "yes")
    if practice.step_free != Practice.StepFree.UNKNOWN:
        found[STEP_FREE] = practice.step_free
    elif Channel.IN_PERSON not in practice.channels:
        found[STEP_FREE] = "yes"
    return found


def _fees(rows: Iterable[tuple[Any, ...]], session_minutes: int) -> dict[str, FeeEntry]:
    """Return the fee of the standard session for each client group.

    Where no fee has its length, the nearest length stands for it.
    """
    found: dict[str, FeeEntry] = {}
    for group, minutes, kind, minor, upper_minor, currency, concession_minor in rows:
        fee = FeeEntry(kind, minor, upper_minor, currency, concession_minor, minutes)
        known = found.get(group)
        if known is None or abs(minutes - session_minutes) < abs(known.minutes - session_minutes):
            found[group] = fee
    return found


def _starts(rooms: Sequence[int], base_day: date, now: datetime) -> dict[int, NDArray[np.int32]]:
    """Return the starts of the index's days for each practice, in minutes UTC."""
    first = (base_day - date(1970, 1, 1)).days * DAY_MINUTES
    last = first + FINDER_DAYS * DAY_MINUTES
    # A day more on either side: the dates are those of each practice's own zone.
    found = starts_for(rooms, base_day - timedelta(days=1), FINDER_DAYS + 2, now)
    none = np.empty(0, dtype=np.int64)
    return {
        room: starts[(starts >= first) & (starts < last)].astype(np.int32)
        for room in rooms
        for starts in [found.get(room, none)]
    }


def _checks(people: Sequence[int]) -> Grouped:
    """Return, by practitioner, until when each training holds; an empty slug is registration."""
    return _grouped(
        Verification.objects.filter(credential__practitioner__in=people)
        .filter(
            Q(credential__kind=Credential.Kind.REGISTRATION)
            | Q(credential__therapy_type__isnull=False)
        )
        .order_by()
        .values_list("credential__practitioner_id", "credential__therapy_type__slug")
        .annotate(Max("expires_on"))
    )


def _counted(ids: Sequence[int], today: date) -> Grouped:
    """Return, by listing: asked and answered in the last 90 days, shown in the last seven."""
    lately = Q(day__gt=today - timedelta(days=SHOWN_DAYS))
    return _grouped(
        Counters.objects.filter(listing__in=ids, day__gt=today - timedelta(days=REPLY_DAYS))
        .order_by()
        .values_list("listing_id")
        .annotate(
            Sum("asked", default=0),
            Sum("answered_in_time", default=0),
            seen=Sum("shown", filter=lately, default=0),
        )
    )


def _waiting(ids: Sequence[int], now: datetime) -> Grouped:
    """Return, by listing, what waits for the practitioner: live holds, and bookings not yet seen.

    Each is its state, and the moment when the hold runs out.
    """
    held = Q(state=Appointment.State.HELD, hold_until__gt=now)
    booked = Q(state=Appointment.State.BOOKED, seen_at=None)
    return _grouped(
        Appointment.objects.filter(held | booked, listing__in=ids, start__gt=now).values_list(
            "listing_id", "state", "hold_until"
        )
    )


def _of(model: type[Model], ids: Sequence[int], *columns: str) -> Grouped:
    rows = model._default_manager.filter(listing__in=ids).order_by("pk")  # noqa: SLF001 - Django's
    return _grouped(rows.values_list("listing_id", *columns))


def _links(manager: Any, owner: str, term: str, ids: Sequence[int]) -> Grouped:
    """Return the slugs that many-to-many rows name, by owner."""
    rows = manager.through.objects.filter(**{f"{owner}__in": ids})
    return _grouped(rows.order_by("pk").values_list(f"{owner}_id", f"{term}__slug"))


def _slugs(links: Grouped, owner_id: int) -> tuple[str, ...]:
    return tuple(slug for (slug,) in links.get(owner_id, ()))


def _grouped(rows: Iterable[tuple[Any, ...]]) -> Grouped:
    """Group rows by their first column, which is taken off."""
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for owner_id, *rest in rows:
        found[owner_id].append(tuple(rest))
    return dict(found)
