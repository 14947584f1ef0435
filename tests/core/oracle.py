"""Matching again, in plain Python over the entries: slow, and easy to see that it is right."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from zoneinfo import ZoneInfo

from attune.core.matching import weights

IN_PERSON = "in-person"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MASK = 2**64 - 1


@dataclass(frozen=True)
class Person:
    """One listing that passes every gate."""

    code: str
    points: dict
    score: float
    first: datetime | None
    first_fits: bool
    distance_km: float | None


@dataclass(frozen=True)
class Answer:
    people: list
    removed: dict


def plain_matches(entries, words, enquiry, where, *, now, seed, zone="Europe/London", sort="fit"):
    ask = Asking(words, enquiry, where, now, zone)
    people, removed = [], {}
    for entry in entries:
        failed = ask.first_gate_failed(entry)
        if failed:
            removed[failed] = removed.get(failed, 0) + 1
        else:
            people.append(ask.person(entry))
    people.sort(
        key=lambda one: (ask.sort_key(one, sort, entries), -step(one.score), turned(one.code, seed))
    )
    return Answer(people, removed)


class Asking:
    def __init__(self, words, enquiry, where, now, zone):
        self.words, self.enquiry, self.where, self.now, self.zone = words, enquiry, where, now, zone
        self.today = now.astimezone(ZoneInfo(zone)).date()
        asked = set(enquiry.channels or words.channels)
        if where is None:
            asked = asked - {IN_PERSON} or set(words.channels) - {IN_PERSON}
        self.channels = asked
        self.musts = [one for one in enquiry.wishes if one.weight == "must"]
        self.nice = [one for one in enquiry.wishes if one.weight == "nice"]
        self.fees = {}

    # Gates

    def first_gate_failed(self, entry):
        return next((name for name, passes in self.gates(entry) if not passes()), None)

    def gates(self, entry):
        enquiry, today = self.enquiry, self.today
        yield "published", lambda: entry.is_published
        yield "verification", lambda: entry.verified_until and entry.verified_until >= today
        yield "paused", lambda: not entry.paused_until or entry.paused_until <= today
        yield "confirmed", lambda: entry.confirmed_on and (today - entry.confirmed_on).days <= 21
        yield "client_group", lambda: enquiry.for_whom in entry.client_groups
        yield "channel", lambda: any(self.channels & one.channels for one in entry.practices)
        for issue in enquiry.issues:
            if needed := self.words.training_needed.get(issue):
                yield "training", lambda needed=needed: any(entry.therapies.get(t) for t in needed)
        yield "excluded", lambda: entry.code not in enquiry.exclude
        if enquiry.budget:
            yield "fee", lambda: self.is_affordable(entry)
        for wish in self.musts:
            if wish.about != "access":
                yield (
                    f"{wish.about}:{wish.value}",
                    lambda wish=wish: self.wish_met(entry, wish) == 1,
                )
        yield "distance", lambda: any(self.in_reach(one) for one in entry.practices)
        access = [one.value for one in self.musts if one.about == "access"]
        yield f"access:{','.join(access)}", lambda: self.usable(entry)
        if enquiry.times_weight == "must" and (enquiry.times or enquiry.within_days is not None):
            yield "times", lambda: self.free_starts(entry, wanted=True)

    def is_affordable(self, entry):
        fee = self.fee(entry)
        budget = self.enquiry.budget
        return (
            fee is not None
            and self.is_comparable(entry, budget.money.currency)
            and (fee <= budget.money.minor)
        )

    def entry_fee(self, entry):
        group = self.enquiry.for_whom
        return entry.fees.get(group) or entry.fees.get(self.words.priced_as.get(group))

    def fee(self, entry):
        fee, budget = self.entry_fee(entry), self.enquiry.budget
        if fee is None:
            return None
        if fee.kind in {"free", "donation"}:
            return 0
        if not (budget and budget.reduced_fee):
            return fee.upper_minor or fee.minor
        return fee.minor if fee.concession_minor is None else min(fee.concession_minor, fee.minor)

    def is_comparable(self, entry, currency):
        fee = self.entry_fee(entry)
        return fee.kind in {"free", "donation"} or fee.currency == currency

    def km(self, practice):
        a, b = self.where.point, practice.point
        lat = math.radians(b.lat - a.lat)
        lon = math.radians(b.lon - a.lon)
        square = math.sin(lat / 2) ** 2 + (
            math.cos(math.radians(a.lat)) * math.cos(math.radians(b.lat)) * math.sin(lon / 2) ** 2
        )
        return 2 * 6371.0088 * math.asin(math.sqrt(square))

    def in_person(self, practice):
        if self.where is None or IN_PERSON not in self.channels & practice.channels:
            return False
        limit = self.enquiry.max_distance_km
        return limit is None or self.where.accuracy_km > limit or self.km(practice) <= limit

    def in_reach(self, practice):
        return bool((self.channels - {IN_PERSON}) & practice.channels) or self.in_person(practice)

    def usable(self, entry):
        needs = [one.value for one in self.musts if one.about == "access"]
        return [
            one
            for one in entry.practices
            if self.in_reach(one) and all(one.access.get(need) == "yes" for need in needs)
        ]

    def free_starts(self, entry, *, wanted):
        since = self.now + timedelta(hours=entry.notice_hours)
        earliest = EPOCH + timedelta(minutes=30) * -((EPOCH - since) // timedelta(minutes=30))
        within = self.enquiry.within_days if wanted else None
        last = self.today + timedelta(days=within or 28)
        found = []
        for practice in self.usable(entry):
            for minute in practice.starts:
                moment = EPOCH + timedelta(minutes=int(minute))
                if moment >= earliest:
                    local = self.local(moment)
                    if local.date() > last:
                        break
                    if not wanted or self.in_times(local.weekday(), local.hour * 60 + local.minute):
                        found.append(moment)
        return sorted(found)

    def local(self, moment):
        return moment.astimezone(ZoneInfo(self.zone))

    def in_times(self, weekday, minute):
        return not self.enquiry.times or any(
            weekday in one.days and one.start_minute <= minute < one.end_minute
            for one in self.enquiry.times
        )

    # Criteria

    def person(self, entry):
        wanted = self.free_starts(entry, wanted=True)
        first = next(iter(wanted or self.free_starts(entry, wanted=False)), None)
        values = {
            "need": self.need(entry),
            "therapy": self.therapy(entry),
            "soon": self.soon(entry, first, bool(wanted)),
            "near": self.near(entry),
            "cost": self.cost(entry),
            "wishes": self.wishes(entry),
            "replies": self.replies(entry),
            "fair-share": self.fair_share(entry),
        }
        table = weights.weights_for(self.enquiry.matters_most)
        points = {slug: (value or 0.0) * table[slug] for slug, value in values.items()}
        self.fees[entry.code] = self.fee_key(entry)
        distance = self.nearest(entry)
        return Person(entry.code, points, sum(points.values()), first, bool(wanted), distance)

    def need(self, entry):
        level = {None: 0.0, 0: 0.5, 1: 1.0, 2: 1.0, 3: 1.0, 4: 0.9, 5: 0.9}
        shares = {0: (), 1: (1,), 2: (0.6, 0.4), 3: (0.5, 0.3, 0.2)}[len(self.enquiry.issues)]
        return sum(
            share * level[entry.issues.get(issue)]
            for issue, share in zip(self.enquiry.issues, shares, strict=True)
        )

    def direction(self, issue, therapy):
        found = self.words.evidence.get((issue, therapy))
        return found.direction.value if found else "silent"

    def therapy(self, entry):
        issues, named = self.enquiry.issues, self.enquiry.therapy_types
        if named:
            worth = [
                1.0 if entry.therapies[therapy] else 0.75
                for therapy in named
                if therapy in entry.therapies
                and all(self.direction(i, therapy) != "not-usually-recommended" for i in issues)
            ]
            return max(worth, default=0.0)
        listed = {
            issue: {t for t in self.words.therapy_types if self.is_listed(issue, t)}
            for issue in issues
        }
        told = [issue for issue in issues if listed[issue]]
        shares = {0: (), 1: (1,), 2: (0.6, 0.4), 3: (0.5, 0.3, 0.2)}[len(told)]
        return sum(
            share
            for issue, share in zip(told, shares, strict=True)
            if listed[issue] & set(entry.therapies)
        )

    def is_listed(self, issue, therapy):
        return self.direction(issue, therapy) in {"offer", "consider", "option"}

    def soon(self, entry, first, fits):
        value = 0.0
        if first:
            start = EPOCH + timedelta(minutes=30) * ((first - EPOCH) // timedelta(minutes=30))
            next_half = EPOCH - (EPOCH - self.now) // timedelta(minutes=30) * timedelta(minutes=30)
            days = max(0, (start - next_half) // timedelta(days=1))
            value = 0.8 * max(0.0, 1 - days / 28) * (1.0 if fits else 0.25)
        value += 0.2 * self.has_weekly_place(entry)
        return value * (0.5 if (self.today - entry.confirmed_on).days >= 15 else 1.0)

    def has_weekly_place(self, entry):
        usable = {one.code: one for one in self.usable(entry)}
        for code, weekday, minute, from_date in entry.weekly_places:
            if code in usable and from_date <= self.today + timedelta(days=28):
                theirs = self.now.astimezone(ZoneInfo(usable[code].zone)).utcoffset()
                shift = (self.local(self.now).utcoffset() - theirs) // timedelta(minutes=1)
                day, clock = divmod((weekday * 1440 + minute + shift) % 10080, 1440)
                if self.in_times(day, clock):
                    return True
        return False

    def nearest(self, entry):
        places = [self.km(one) for one in self.usable(entry) if self.in_person(one)]
        return min(places, default=None)

    def near(self, entry):
        nearest = self.nearest(entry)
        if nearest is None:
            return 0.0
        half = (self.enquiry.max_distance_km or 20) / 2
        return 1 / (1 + max(nearest, self.where.accuracy_km) / half)

    def cost(self, entry):
        budget, fee = self.enquiry.budget, self.fee(entry)
        if budget is None and self.enquiry.matters_most != "cost":
            return 0.0
        currency = budget.money.currency if budget else "GBP"
        most = budget.money.minor if budget else 15_000
        if fee is None or not self.is_comparable(entry, currency):
            return 0.0
        return min(1.0, max(0.0, 1 - fee / max(most, 1)))

    def fee_key(self, entry):
        currency = self.enquiry.budget.money.currency if self.enquiry.budget else "GBP"
        fee = self.fee(entry)
        return math.inf if fee is None or not self.is_comparable(entry, currency) else fee

    def wishes(self, entry):
        if not self.nice:
            return 0.0
        genders = [wish for wish in self.nice if wish.about == "gender"]
        met = [self.wish_met(entry, wish) for wish in self.nice if wish.about != "gender"]
        if genders:
            met.append(max(self.wish_met(entry, wish) for wish in genders))
        return sum(met) / len(met)

    def wish_met(self, entry, wish):
        if wish.about == "gender":
            return 2 / 3 if not entry.gender else float(entry.gender == wish.value)
        if wish.about == "language":
            return float(wish.value in entry.languages)
        if wish.about == "community":
            return 1.0 if wish.value in entry.communities else 2 / 3
        worth = {"yes": 1.0, "partly": 5 / 6, "unknown": 2 / 3, "no": 0.0}
        return max(worth[one.access.get(wish.value, "unknown")] for one in self.usable(entry))

    def replies(self, entry):
        if not entry.asked:
            return 0.0
        return max(0.0, 2 * (entry.answered + 2) / (entry.asked + 4) - 1)

    def fair_share(self, entry):
        openings = max(1, sum(len(one.starts) for one in entry.practices))
        return 1 / (1 + (entry.shown + 10 * entry.open_asks) / openings / 4)

    # Order

    def sort_key(self, person, sort, entries):
        if sort == "soonest":
            return (not person.first_fits, person.first or datetime.max.replace(tzinfo=UTC))
        if sort == "nearest":
            return math.inf if person.distance_km is None else person.distance_km
        if sort == "cost":
            return self.fees[person.code]
        return 0


def step(score):
    return math.floor((score + 1e-9) / 0.5)


@lru_cache(maxsize=4096)
def turned(code, seed):
    mixed = int.from_bytes(blake2b(code.encode(), digest_size=8).digest(), "big")
    mixed ^= seed * 0x9E3779B97F4A7C15 & MASK
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> shift)) * factor & MASK
    return mixed ^ (mixed >> 31)
