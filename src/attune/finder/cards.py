"""A match as a card: every string that it shows, ready before the page is rendered."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from attune.booking.words import amount_words
from attune.core.entries import FeeEntry
from attune.core.matching.matches import FreeTime, Match, Reason
from attune.core.phrases import checked_date_words, distance_words, short_moment_words, zone_words
from attune.directory.dates import day_of
from attune.directory.models import Channel
from attune.finder.people import MOST_KEPT, Person
from attune.finder.queries import Found
from attune.finder.reasons import Speaker
from attune.finder.words import (
    cannot_book_words,
    minute_as_time,
    rest_of_price_words,
    weekly_place_words,
)

Pair = tuple[str, str]


class Line(NamedTuple):
    """One reason in words; ``href`` leads to the answer that caused it, or is empty."""

    text: str
    href: str = ""


class Why(NamedTuple):
    """The reasons of one match, strongest first in each part."""

    fits: Sequence[Line]
    does_not_fit: Sequence[Line]
    unknown: Sequence[Line]
    also_counted: Sequence[Line]


class Card(NamedTuple):
    """
    One person as a result list shows them.

    Args:
        facts: What is printed strong, and the rest of the phrase; at most four.

        times: Words and address of the first free times in the person's week.

        weekly_place: "Tuesdays at 6:00pm from 1 December 2026", or "".

        cannot_book: Why there is no "Book" button, or "".
    """

    code: str
    name: str
    href: str
    book_href: str
    save_href: str
    role: str
    one_line: str
    facts: tuple[Pair, ...]
    why: Why
    times: tuple[Pair, ...]
    weekly_place: str
    cannot_book: str


def cards_of(found: Found, hrefs: Mapping[str, str] = MappingProxyType({})) -> list[Card]:
    """
    Return the matches as cards, in their order.

    Args:
        hrefs: Answer ("issues", "where", ...) -> the address where it can be changed.
    """
    codes = [one.code for one in found.result.matches]
    people = found.loaded.people.get(codes, today=day_of(found.now))
    speaker, language = Speaker.of(found), get_language()
    return [
        _card(one, people[one.code], why_of(one, speaker, hrefs), found.zone, language)
        for one in found.result.matches
        if one.code in people
    ]


def why_of(match: Match, speaker: Speaker, hrefs: Mapping[str, str] = MappingProxyType({})) -> Why:
    """Return the reasons of a match in words."""

    def lines(reasons: Sequence[Reason]) -> list[Line]:
        return [Line(speaker.sentence(one), hrefs.get(one.answer or "", "")) for one in reasons]

    return Why(
        lines(match.fits),
        lines(match.does_not_fit),
        lines(match.unknown),
        lines(match.also_counted),
    )


def _card(match: Match, person: Person, why: Why, zone: str, language: str | None) -> Card:
    fixed = _fixed_words(person, language)
    return Card(
        code=person.code,
        name=person.name,
        href=person.href,
        book_href=person.book_href,
        save_href=person.save_href,
        role=person.role,
        one_line=person.one_line,
        facts=tuple(_facts(match, fixed, zone, language)),
        why=why,
        times=tuple(_time(one, person, zone) for one in match.free_times),
        weekly_place=_weekly_place(match, person, zone),
        cannot_book=fixed.cannot_book,
    )


def _facts(match: Match, fixed: "_FixedWords", zone: str, language: str | None) -> Iterator[Pair]:
    """Yield where, what it costs, when, and who stands for them."""
    if match.practice and match.distance_km is not None:
        yield distance_words(match.distance_km), fixed.away[match.practice]
    else:
        yield _("Online"), ""
    if match.fee:
        yield _price(match.fee, language)
    if match.first_free:
        yield short_moment_words(match.first_free, zone), _("is the next free time")
    if fixed.registration:
        yield fixed.registration


class _FixedWords(NamedTuple):
    """What a card says of a person whatever was asked; ``away`` by practice."""

    away: Mapping[str, str]
    registration: Pair | None
    cannot_book: str


# For as many people as are kept themselves, each in the few languages that they are read in.
@lru_cache(maxsize=MOST_KEPT)
def _fixed_words(person: Person, language: str | None) -> _FixedWords:
    registration = None
    if person.checked_on:
        words = {"date": checked_date_words(person.checked_on)}
        registration = person.registered_with, _("registration checked %(date)s") % words
    channels = {channel for place in person.places.values() for channel in place.channels}
    meets_online = bool(channels - {Channel.IN_PERSON})
    away = _("away, %(town)s, or online") if meets_online else _("away, %(town)s")
    return _FixedWords(
        {code: away % {"town": place.town} for code, place in person.places.items()},
        registration,
        cannot_book_words(person.booking_mode, person.name),
    )


@lru_cache(maxsize=4096)
def _price(fee: FeeEntry, language: str | None) -> Pair:
    return amount_words(fee), rest_of_price_words(fee)


def _time(free: FreeTime, person: Person, zone: str) -> Pair:
    words = short_moment_words(free.start, zone)
    if person.places[free.practice].zone != zone:
        words = _("%(time)s (%(zone)s)") % {"time": words, "zone": zone_words(zone)}
    return words, f"{person.href}?time={_in_address(free.start)}@{free.practice}#times"


@lru_cache(maxsize=4096)
def _in_address(start: datetime) -> str:
    """Return a start as an address says it; the plus sign would be read as something else."""
    return start.isoformat().replace("+", "%2B")


def _weekly_place(match: Match, person: Person, zone: str) -> str:
    place = match.weekly_place
    if place is None:
        return ""
    words = weekly_place_words(place.weekday, minute_as_time(place.minute), place.from_date)
    own = person.places[place.practice].zone
    return words if own == zone else f"{words} ({zone_words(own)})"
