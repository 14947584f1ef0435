"""An enquiry put to an index at a moment: what every gate and criterion asks of it."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from math import inf
from zoneinfo import ZoneInfo

import numpy as np

from attune.core.columns import (
    EPOCH,
    NEVER,
    BoolArray,
    Bytes,
    Floats,
    Ints,
    Rows,
    channel_bits,
    currency_number,
)
from attune.core.entries import ACCESS_LEVELS, IN_PERSON
from attune.core.geo import Whereabouts, chord_distances_km, chord_of_km, unit_vector
from attune.core.index import Index
from attune.core.matching.enquiry import FARTHEST_DAYS, Enquiry, Wish
from attune.core.matching.standing import Standing, find_standing
from attune.core.matching.times import (
    WEEK_MINUTES,
    Wanted,
    end_of_day,
    half_hours_between,
    half_hours_inside,
    half_hours_up_to,
    may_be_free,
    minutes_ahead,
    week_slots,
)
from attune.core.matching.weights import ISSUE_SHARES

ACCESS_YES = ACCESS_LEVELS.index("yes")
UNKNOWN_FEE = np.int32(2**31 - 1)


class Question:
    """An enquiry, with all that follows from it and the moment alone.

    Args:
        where: the resolved place; None means online only.
        zone: of the person's clock.
    """

    def __init__(
        self, index: Index, enquiry: Enquiry, where: Whereabouts | None, now: datetime, zone: str
    ) -> None:
        self.index, self.enquiry, self.where, self.now, self.zone = index, enquiry, where, now, zone
        self.today = now.astimezone(ZoneInfo(zone)).date()
        self.today_number = (self.today - EPOCH).days
        # The half-hour of the index that begins now or next.
        self.this_half_hour = half_hours_up_to(now) - index.base_half_hour
        self.group = index.words.client_groups.index(enquiry.for_whom)
        self.remote_bits, self.in_person_bit = self._channels()
        self.channel_bits = self.remote_bits | self.in_person_bit
        # Each met by itself, or by any of its alternatives.
        self.nice_wishes = _alternatives([one for one in enquiry.wishes if one.weight == "nice"])
        self.musts = tuple([one for one in enquiry.wishes if one.weight == "must"])
        self.access_musts = tuple([one for one in self.musts if one.about == "access"])
        self.asks_for_times = bool(enquiry.times) or enquiry.within_days is not None

    def _channels(self) -> tuple[int, int]:
        """Return what they would use, as bits: unanswered, anything; without a place, online."""
        words = self.index.words
        every, in_person = (1 << len(words.channels)) - 1, 1 << words.channels.index(IN_PERSON)
        asked = channel_bits(words, self.enquiry.channels) or every
        if self.where is None:
            return asked & ~in_person or every & ~in_person, 0
        return asked & ~in_person, asked & in_person

    @property
    def standing(self) -> Standing:
        """Who is open to anyone today; the same for every enquiry of the day."""
        return self.index.remember(
            ("standing", self.today), lambda: find_standing(self.index, self.today)
        )

    # Channels and distance

    @cached_property
    def limit_km(self) -> float | None:
        """The distance beyond which nobody is shown in person.

        None when they set none, or when the place is known only more roughly than that.
        """
        limit = self.enquiry.max_distance_km
        if self.where is None or limit is None or self.where.accuracy_km > limit:
            return None
        return float(limit)

    @cached_property
    def near_practices(self) -> tuple[Rows, Floats]:
        """Practices that see people in person within the distance, ascending, and how far (km).

        Only those of listings that are open today.
        """
        if self.where is None or not self.in_person_bit:
            return np.zeros(0, np.intp), np.zeros(0)
        rooms, origin = self.open_rooms, unit_vector(self.where.point)
        if self.limit_km is None:
            return rooms.practices, chord_distances_km(origin, rooms.vectors)
        near = rooms.in_box(origin, chord_of_km(self.limit_km))
        distances = chord_distances_km(origin, rooms.vectors[:, near])
        within = distances <= self.limit_km
        return rooms.practices[near[within]], distances[within]

    @property
    def open_rooms(self) -> "Rooms":
        """Practices of open listings that see people in person."""
        return self.index.remember(("rooms", self.today), self._find_open_rooms)

    def _find_open_rooms(self) -> "Rooms":
        columns = self.index.columns
        in_person = channel_bits(self.index.words, (IN_PERSON,))
        is_open = self.standing.passes[columns.listing_of]
        rooms = np.flatnonzero(is_open & ((columns.practice_channels & in_person) != 0))
        return Rooms.of(rooms, np.ascontiguousarray(columns.vectors[:, rooms]))

    def km_to(self, practice: int) -> float:
        """Return how far a practice is where they could meet in person; infinite: they could not.

        Asked of a few: plain bisection beats a call of NumPy.
        """
        place = bisect_left(self._near_rows, practice)
        if place < len(self._near_rows) and self._near_rows[place] == practice:
            return self.near_practices[1].item(place)
        return inf

    @cached_property
    def _near_rows(self) -> memoryview:
        return self.near_practices[0].data

    @cached_property
    def nearest_km(self) -> Floats:
        """For each listing, how far the nearest place is where they could meet; else infinite."""
        nearest = np.full(len(self.index.columns.listing_id), np.inf)
        practices, distances = self.near_practices
        if self.access_musts:
            usable = self.meets_access_musts(practices)
            practices, distances = practices[usable], distances[usable]
        np.minimum.at(nearest, self.index.columns.listing_of[practices], distances)
        return nearest

    @property
    def has_remote_channel(self) -> BoolArray:
        """Which listings could be met by a channel asked for that is not in person."""
        columns, bits = self.index.columns, self.remote_bits
        return self.index.remember(("remote", bits), lambda: (columns.channels & bits) != 0)

    @cached_property
    def usable_practices(self) -> BoolArray:
        """Where they could meet: the channel, the distance and every access must are right."""
        columns, bits = self.index.columns, self.remote_bits
        remote = self.index.remember(
            ("remote practices", bits), lambda: (columns.practice_channels & bits) != 0
        )
        usable: BoolArray = remote.copy()
        usable[self.near_practices[0]] = True
        if self.access_musts:
            usable &= self.meets_access_musts(slice(None))
        return usable

    def practices_to_meet(self, rows: Rows) -> tuple[Rows, Rows]:
        """Return where they could meet some listings, and each one's place in ``rows``."""
        practices, owners = self.index.practices_of(rows)
        usable = np.flatnonzero(self.usable_practices[practices])
        return practices[usable], owners[usable]

    # Wishes

    def has_wish(self, wish: Wish, rows: Rows | slice) -> BoolArray:
        """Tell which listings say that they are what a wish (not about access) asks for."""
        columns, words = self.index.columns, self.index.words
        place = words.wish_values(wish.about).index(wish.value)
        if wish.about == "gender":
            same: BoolArray = columns.gender[rows] == place + 1
            return same
        matrix = columns.languages if wish.about == "language" else columns.communities
        has: BoolArray = matrix[place, rows] != 0
        return has

    def has_access(self, wish: Wish, practices: Rows | slice) -> BoolArray:
        """Tell which practices say yes to an access need."""
        place = self.index.words.access_needs.index(wish.value)
        has: BoolArray = self.index.columns.access[place, practices] == ACCESS_YES
        return has

    def meets_access_musts(self, practices: Rows | slice) -> BoolArray:
        return _all_of([self.has_access(one, practices) for one in self.access_musts])

    # Money

    def fees(self, currency: str, *, reduced: bool) -> Ints:
        """Return what a standard session costs each listing's client, in minor units.

        A range costs its upper end, unless a reduced fee counts. Nothing to pay is nothing in
        every currency. ``UNKNOWN_FEE``, more than anybody pays: not said, or in another currency.
        """
        index = self.index
        charged = index.remember("currencies", lambda: np.unique(index.columns.fee_currency).data)
        number = currency_number(currency)
        # Currencies that nobody charges in are all alike.
        number = number if number in charged else 0
        return index.remember(
            ("fees", self.group, number, reduced), lambda: self._fees(number, reduced=reduced)
        )

    def _fees(self, currency: int, *, reduced: bool) -> Ints:
        columns, group = self.index.columns, self.group
        fees = (columns.fee_reduced if reduced else columns.fee_standard)[group]
        is_known = (columns.fee_currency[group] == currency) | (columns.fee_standard[group] == 0)
        known: Ints = np.where(is_known & (fees != NEVER), fees, UNKNOWN_FEE)
        return known

    # Time

    @property
    def times_are_must(self) -> bool:
        """Whether a free time is a gate: asked for as a must, and saying something."""
        return self.enquiry.times_weight == "must" and self.asks_for_times

    @cached_property
    def week(self) -> BoolArray:
        """For each half-hour of their week, whether it lies inside their times (none: all do)."""
        return week_slots(self.enquiry.times)

    @cached_property
    def wanted(self) -> Wanted:
        """The half-hours that they asked for."""
        if not self.asks_for_times:
            return self.any_time
        return self.half_hours(self.enquiry.within_days)

    @cached_property
    def any_time(self) -> Wanted:
        return half_hours_between(self.this_half_hour, self.horizon)

    def half_hours(self, within_days: int | None) -> Wanted:
        """Return the half-hours inside their times, within so many days."""
        end = self.end_after(within_days) if within_days else self.horizon
        return half_hours_inside(
            self.enquiry.times, self.this_half_hour, end, self.zone, self.index.base_day
        )

    @cached_property
    def horizon(self) -> int:
        """The half-hour from which on nothing is shown."""
        return self.end_after(FARTHEST_DAYS)

    def may_have_time(self, rows: Rows | slice) -> BoolArray:
        """Tell which listings could have a free start at the hours asked for."""
        if not self.enquiry.times:
            return ~self.index.hidden[rows]
        return may_be_free(self.index, rows, self.wanted)

    def has_weekly_place(self, rows: Rows) -> BoolArray:
        """Tell which listings state a weekly place in their times, where they could meet."""
        places, owners = self.index.weekly_places_of(rows)
        has_place = np.zeros(len(rows), dtype=np.bool_)
        has_place[owners[self.are_in_times(places)]] = True
        return has_place

    def are_in_times(self, places: Rows) -> BoolArray:
        """Tell which weekly places lie in their times, within four weeks, where they could meet."""
        columns = self.index.columns
        minutes = columns.weekly_minute[places] + self.zone_shifts[columns.weekly_zone[places]]
        fits: BoolArray = (
            self.usable_practices[columns.weekly_practice[places]]
            & (columns.weekly_from[places] <= self.today_number + FARTHEST_DAYS)
            & self.week[minutes % WEEK_MINUTES // 30]
        )
        return fits

    @cached_property
    def zone_shifts(self) -> Ints:
        """For each zone of the index, how many minutes the person's clock is ahead of its."""
        shifts = [minutes_ahead(self.zone, zone, self.now) for zone in self.index.zones]
        return np.array(shifts, dtype=np.int32)

    def end_after(self, days: int) -> int:
        """Return the half-hour at which the person's day so many days ahead is over."""
        return end_of_day(self.zone, self.index.base_day, self.today + timedelta(days=days))

    def earliest(self, rows: Rows) -> Rows:
        """Return the first half-hour that may be booked, by each listing's notice."""
        earliest: Rows = self.this_half_hour + 2 * self.index.columns.notice_hours[rows].astype(
            np.intp
        )
        return earliest

    # What they come with

    @property
    def issue_levels(self) -> list[Bytes]:
        """The level of each issue chosen, for every listing."""
        issues, words = self.index.columns.issues, self.index.words.issues
        return [issues[words.index(slug)] for slug in self.enquiry.issues]

    @cached_property
    def issues_with_listed_therapies(self) -> list[tuple[str, float]]:
        """The chosen issues that any therapy is listed for, with shares that sum to 1."""
        listed = self.index.words.listed_therapies
        issues = [slug for slug in self.enquiry.issues if listed[slug]]
        return list(zip(issues, ISSUE_SHARES.get(len(issues), ()), strict=True))

    @cached_property
    def cautioned_therapies(self) -> frozenset[str]:
        """Therapy types that are not usually recommended for something they chose."""
        cautioned = self.index.words.cautioned_therapies
        return frozenset().union(*(cautioned[issue] for issue in self.enquiry.issues))


@dataclass(frozen=True)
class Rooms:
    """Practices, ascending, where they are, and the same in order from south to north.

    Args:
        vectors: on the unit sphere, shape (3, n).
        northward: places in ``practices``, by the height over the equator's plane.
        heights: ascending.
    """

    practices: Rows
    vectors: Floats
    northward: Rows
    heights: Floats

    @classmethod
    def of(cls, practices: Rows, vectors: Floats) -> "Rooms":
        northward = vectors[2].argsort()
        return cls(practices, vectors, northward, vectors[2][northward])

    def in_box(self, origin: Floats, chord: float) -> Rows:
        """Return the places, ascending, of those no farther than ``chord`` on each axis.

        A cheap look before the exact one.
        """
        reach = chord + 1e-9
        x, y, z = origin.tolist()
        south, north = self.heights.searchsorted((z - reach, z + reach)).tolist()
        near = self.northward[south:north]
        near = near[np.abs(self.vectors[0][near] - x) <= reach]
        near = near[np.abs(self.vectors[1][near] - y) <= reach]
        return np.sort(near)


def _alternatives(wishes: Iterable[Wish]) -> tuple[tuple[Wish, ...], ...]:
    """Group wishes of which one is enough: those about gender, as nobody could meet them all."""
    groups: dict[Wish | str, list[Wish]] = {}
    for wish in wishes:
        groups.setdefault(wish.about if wish.about == "gender" else wish, []).append(wish)
    return tuple([tuple(group) for group in groups.values()])


def _all_of(conditions: Sequence[BoolArray]) -> BoolArray:
    together = conditions[0]
    for one in conditions[1:]:
        together = together & one
    return together
