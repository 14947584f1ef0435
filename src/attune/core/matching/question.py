"""An enquiry put to an index at a moment: what every gate and criterion asks of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np

from attune.core.columns import (
    EPOCH,
    HALF_HOURS,
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
    half_hours_up_to,
    may_be_free,
    offset_minutes,
    week_slots,
)
from attune.core.matching.weights import ISSUE_SHARES, STALE_AFTER_DAYS

ACCESS_YES = ACCESS_LEVELS.index("yes")


@dataclass(frozen=True)
class Question:
    """``where``: the resolved place; None means online only. ``zone``: of the person's clock."""

    index: Index
    enquiry: Enquiry
    where: Whereabouts | None
    now: datetime
    zone: str

    @cached_property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    @cached_property
    def today_number(self) -> int:
        return (self.today - EPOCH).days

    @cached_property
    def this_half_hour(self) -> int:
        """The half-hour of the index that begins now or next."""
        return half_hours_up_to(self.now) - self.index.base_half_hour

    @property
    def standing(self) -> Standing:
        """Who is open to anyone today; the same for every enquiry of the day."""
        return self.index.remember(
            ("standing", self.today), lambda: find_standing(self.index, self.today)
        )

    @property
    def is_stale(self) -> BoolArray:
        """Whose openings nobody confirmed for so long that the card says so."""
        return self.index.remember(
            ("stale", self.today),
            lambda: self.today_number - self.index.columns.confirmed_on >= STALE_AFTER_DAYS,
        )

    @cached_property
    def group(self) -> int:
        return self.index.words.client_groups.index(self.enquiry.for_whom)

    # Channels and distance

    @cached_property
    def channels(self) -> frozenset[str]:
        """What they would use: without a place, online only; unanswered, anything."""
        every = frozenset(self.index.words.channels)
        asked = frozenset(self.enquiry.channels) or every
        if self.where is None:
            return asked - {IN_PERSON} or every - {IN_PERSON}
        return asked

    @cached_property
    def remote_bits(self) -> np.uint8:
        return np.uint8(channel_bits(self.index.words, self.channels - {IN_PERSON}))

    @cached_property
    def in_person_bit(self) -> np.uint8:
        return np.uint8(channel_bits(self.index.words, self.channels & {IN_PERSON}))

    def channels_among(self, bits: int, *, in_person: bool) -> tuple[str, ...]:
        """Return those of a practice's channels that suit them; ``in_person``: it is in reach."""
        bits &= int(self.remote_bits | self.in_person_bit if in_person else self.remote_bits)
        slugs = self.index.words.channels
        return tuple(slug for place, slug in enumerate(slugs) if bits & (1 << place))

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
        rooms, vectors = self.open_rooms
        origin = unit_vector(self.where.point)
        if self.limit_km is None:
            return rooms, chord_distances_km(origin, vectors)
        near = _in_box(origin, vectors, chord_of_km(self.limit_km))
        distances = chord_distances_km(origin, vectors[:, near])
        within = distances <= self.limit_km
        return rooms[near[within]], distances[within]

    @property
    def open_rooms(self) -> tuple[Rows, Floats]:
        """Practices of open listings that see people in person, and where they are."""
        return self.index.remember(("rooms", self.today), self._find_open_rooms)

    def _find_open_rooms(self) -> tuple[Rows, Floats]:
        columns = self.index.columns
        in_person = channel_bits(self.index.words, (IN_PERSON,))
        is_open = self.standing.passes[columns.listing_of]
        rooms = np.flatnonzero(is_open & ((columns.practice_channels & in_person) != 0))
        return rooms, np.ascontiguousarray(columns.vectors[:, rooms])

    def distances_to(self, practices: Rows) -> Floats:
        """Return how far practices are that see people in person in reach; infinite: others."""
        near, distances = self.near_practices
        found = np.full(len(practices), np.inf)
        if len(near):
            places = near.searchsorted(practices)
            places[places == len(near)] = 0
            is_near = np.flatnonzero(near[places] == practices)
            found[is_near] = distances[places[is_near]]
        return found

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

    @cached_property
    def usable_practices(self) -> BoolArray:
        """Where they could meet: the channel, the distance and every access must are right."""
        usable: BoolArray = (self.index.columns.practice_channels & self.remote_bits) != 0
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

    @cached_property
    def nice_wishes(self) -> tuple[Wish, ...]:
        return tuple(one for one in self.enquiry.wishes if one.weight == "nice")

    @cached_property
    def musts(self) -> tuple[Wish, ...]:
        return tuple(one for one in self.enquiry.wishes if one.weight == "must")

    @cached_property
    def access_musts(self) -> tuple[Wish, ...]:
        return tuple(one for one in self.musts if one.about == "access")

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

    def fees(self, rows: Rows | slice, *, reduced: bool) -> Ints:
        """Return what a standard session costs each listing's client, in minor units.

        A range costs its upper end, unless a reduced fee counts. ``NEVER``: not said.
        """
        columns = self.index.columns
        fees: Ints = (columns.fee_reduced if reduced else columns.fee_standard)[self.group][rows]
        return fees

    def has_currency(self, currency: str, rows: Rows | slice) -> BoolArray:
        """Tell which fees are in a currency; nothing to pay is nothing in all of them."""
        columns, group = self.index.columns, self.group
        same = columns.fee_currency[group][rows] == currency_number(currency)
        fits: BoolArray = same | (columns.fee_standard[group][rows] == 0)
        return fits

    # Time

    @property
    def asks_for_times(self) -> bool:
        return bool(self.enquiry.times) or self.enquiry.within_days is not None

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
        return self._ahead(self.horizon)

    def half_hours(self, within_days: int | None) -> Wanted:
        """Return the half-hours inside their times, within so many days."""
        ahead = self._ahead(self.end_after(within_days) if within_days else self.horizon)
        if not self.enquiry.times:
            return ahead
        return ahead.inside_week(self.week, self.zone, self.index.base_day)

    def _ahead(self, end: int) -> Wanted:
        inside = np.zeros(HALF_HOURS, dtype=np.bool_)
        inside[max(0, self.this_half_hour) : end] = True
        return Wanted(inside)

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
        ours = offset_minutes(self.zone, self.now)
        shifts = [ours - offset_minutes(zone, self.now) for zone in self.index.zones]
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

    @cached_property
    def issues(self) -> tuple[int, ...]:
        return tuple(self.index.words.issues.index(slug) for slug in self.enquiry.issues)

    @property
    def issue_levels(self) -> list[Bytes]:
        """The level of each issue chosen, for every listing."""
        return [self.index.columns.issues[issue] for issue in self.issues]

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


def _in_box(origin: Floats, vectors: Floats, chord: float) -> Rows:
    """Return the points no farther than ``chord`` on each axis: a cheap look before the exact."""
    reach = chord + 1e-9
    x, y, z = vectors
    near = np.flatnonzero((z >= origin[2] - reach) & (z <= origin[2] + reach))
    near = near[np.abs(x[near] - origin[0]) <= reach]
    near_too: Rows = near[np.abs(y[near] - origin[1]) <= reach]
    return near_too


def _all_of(conditions: Sequence[BoolArray]) -> BoolArray:
    together = conditions[0]
    for one in conditions[1:]:
        together = together & one
    return together
