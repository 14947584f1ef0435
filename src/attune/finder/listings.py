"""Listings and matches as the API and ``attune match --json`` give them. Fields are named here."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from attune.core.availability import not_before
from attune.core.errors import InvalidInput
from attune.core.matching.enquiry import DAYS, parse_enquiry
from attune.core.matching.matches import FreeTime, Match, Reason, WeeklyPlace
from attune.core.matching.weights import CONFIRMED_FOR_DAYS
from attune.core.spans import minutes_up_to, moment_of
from attune.directory.dates import day_of
from attune.directory.models import Listing
from attune.finder.loading import Loaded
from attune.finder.people import Person
from attune.finder.queries import Found, match
from attune.finder.reasons import Speaker

# More than any body of ours has, and few enough to be written back in an answer.
DEEPEST = 20
DEFAULT_LIMIT = 10
MOST_MATCHES = 50

Json = dict[str, Any]


def decoded(text: str | bytes) -> object:
    """Return decoded JSON. Raises ``ValueError``, also for what only Python takes for JSON."""
    try:
        data = json.loads(text, parse_constant=_finite, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if _is_deeper(data, DEEPEST):
        raise ValueError("nested too deeply")
    return data


def _finite(text: str) -> float:
    """Refuse NaN and Infinity, which JSON does not have, and 1e999, which would become one."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is not a number")
    return number


def _is_deeper(data: object, levels: int) -> bool:
    if not isinstance(data, dict | list):
        return False
    inside = data.values() if isinstance(data, dict) else data
    return levels == 0 or any(_is_deeper(one, levels - 1) for one in inside)


def asked(data: object, *, loaded: Loaded, now: datetime) -> Found:
    """
    Match an enquiry given as decoded JSON, with an optional ``limit`` of matches to explain.

    Raises:
        InvalidInput: naming the field, its value and what is accepted.
    """
    limit, rest = _without_limit(data)
    enquiry = parse_enquiry(rest, loaded.words)
    return match(enquiry, loaded=loaded, now=now, limit=limit)


def _without_limit(data: object) -> tuple[int, object]:
    if not isinstance(data, Mapping):
        return DEFAULT_LIMIT, data
    limit = data.get("limit", DEFAULT_LIMIT)
    # True is a whole number to Python, never to a person.
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MOST_MATCHES:
        raise InvalidInput("limit", limit, f"a whole number from 1 to {MOST_MATCHES}")
    return limit, {key: value for key, value in data.items() if key != "limit"}


def found_json(found: Found) -> Json:
    """Return what matching answered."""
    result = found.result
    today = day_of(found.now)
    people = found.loaded.people.get([one.code for one in result.matches], today=today)
    speaker = Speaker.of(found)
    return {
        "total": result.total,
        "place": found.where and found.where.label,
        "matches": [
            _match_json(one, people[one.code], found, speaker)
            for one in result.matches
            if one.code in people
        ],
        "removed": dict(result.removed),
        "relaxations": [
            {"about": one.about, "change": dict(one.change), "gain": one.gain}
            for one in result.relaxations
        ],
        "not_used": list(result.not_used),
    }


def listing_json(person: Person, *, loaded: Loaded, now: datetime) -> Json:
    """Return what is public of one listing: never an address, a phone number or a mail address."""
    state = accepting_state(person, day_of(now))
    first = next_free(person.code, loaded, now) if state == "open" else None
    return {
        **person.facts,
        "accepting": {
            "state": state,
            "confirmed_on": person.confirmed_on and person.confirmed_on.isoformat(),
        },
        "next_free": first and utc_text(first),
    }


def accepting_state(person: Person | Listing, today: date) -> str:
    """Return "open", "unconfirmed" (nobody said lately that openings are right) or "paused"."""
    if person.paused_until and person.paused_until > today:
        return "paused"
    lately = today - timedelta(days=CONFIRMED_FOR_DAYS)
    is_confirmed = person.confirmed_on is not None and person.confirmed_on >= lately
    return "open" if is_confirmed else "unconfirmed"


def next_free(code: str, loaded: Loaded, now: datetime) -> datetime | None:
    """Return the first start that can be booked, at any practice, as far as the index looks."""
    index = loaded.index
    row = index.rows.get(code)
    if row is None:
        return None
    earliest = minutes_up_to(not_before(now, int(index.columns.notice_hours[row])))
    starts, _owners = index.starts_of(index.practices_of(np.array([row]))[0])
    ahead = starts[starts >= earliest]
    return moment_of(int(ahead.min())) if len(ahead) else None


def _match_json(one: Match, person: Person, found: Found, speaker: Speaker) -> Json:
    def told(reasons: Iterable[Reason]) -> list[Json]:
        return [{**_reason_json(reason), "text": speaker.sentence(reason)} for reason in reasons]

    return {
        "listing": listing_json(person, loaded=found.loaded, now=found.now),
        "components": [component._asdict() for component in one.components],
        "score": one.score,
        "fits": told(one.fits),
        "does_not_fit": told(one.does_not_fit),
        "unknown": told(one.unknown),
        "also_counted": told(one.also_counted),
        "first_free": one.first_free and utc_text(one.first_free),
        "first_free_practice": one.first_free_practice,
        "free_times": [_free_time_json(time) for time in one.free_times],
        "weekly_place": one.weekly_place and _weekly_place_json(one.weekly_place, person),
        "distance_km": one.distance_km and round(one.distance_km, 1),
        "practice": one.practice,
        "fee": one.fee and asdict(one.fee),
    }


def _reason_json(reason: Reason) -> Json:
    return {
        "criterion": reason.criterion,
        "code": reason.code,
        "values": {name: _plain(value) for name, value in reason.values.items()},
        "points": reason.points,
        "answer": reason.answer,
    }


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return utc_text(value)
    return value.isoformat() if isinstance(value, date) else value


def _free_time_json(time: FreeTime) -> Json:
    return {
        "start": utc_text(time.start),
        "practice": time.practice,
        "channels": list(time.channels),
    }


def _weekly_place_json(place: WeeklyPlace, person: Person) -> Json:
    return {
        "practice": place.practice,
        "weekday": DAYS[place.weekday],
        "start": f"{place.minute // 60:02d}:{place.minute % 60:02d}",
        "zone": person.places[place.practice].zone,
        "from_date": place.from_date.isoformat(),
    }


def utc_text(moment: datetime) -> str:
    """Return "2026-04-14T09:00:00Z"."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
