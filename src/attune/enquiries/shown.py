"""Cards as their template takes them: plain, and safe for HTML already.

Ten cards hold some three hundred texts, and most of a page's time would go into making each of
them safe on its own. Here each different text is made safe once; ``_cards.jinja`` puts them in
place.
"""

from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from typing import NamedTuple

from attune.finder.cards import Card, Line, Pair

Safe = Callable[[str], str]


class ShownCard(NamedTuple):
    """A card with every text safe for HTML, quotation marks too.

    Facts are pairs of what is printed strong and the rest; reasons are pairs of a sentence and
    the address of the answer that caused it, or ""; times are pairs of words and an address.
    ``seed`` is drawn from, not shown.
    """

    seed: str
    code: str
    name: str
    href: str
    book_href: str
    role: str
    facts: Sequence[Pair]
    fits: Sequence[Pair]
    does_not_fit: Sequence[Pair]
    unknown: Sequence[Pair]
    also_counted: Sequence[Pair]
    times: Sequence[Pair]
    weekly_place: str
    cannot_book: str


def shown_cards(cards: Sequence[Card]) -> list[ShownCard]:
    safe = cache(escape)
    return [_shown(one, safe) for one in cards]


def _shown(card: Card, safe: Safe) -> ShownCard:
    why = card.why
    return ShownCard(
        seed=card.seed,
        code=safe(card.code),
        name=safe(card.name),
        href=safe(card.href),
        book_href=safe(card.book_href),
        role=safe(card.role),
        facts=_pairs(card.facts, safe),
        fits=_lines(why.fits, safe),
        does_not_fit=_lines(why.does_not_fit, safe),
        unknown=_lines(why.unknown, safe),
        also_counted=_lines(why.also_counted, safe),
        times=_pairs(card.times, safe),
        weekly_place=safe(card.weekly_place),
        cannot_book=safe(card.cannot_book),
    )


def _pairs(pairs: Sequence[Pair], safe: Safe) -> list[Pair]:
    return [(safe(first), safe(second)) for first, second in pairs]


def _lines(lines: Sequence[Line], safe: Safe) -> list[Pair]:
    return [(safe(one.text), safe(one.href)) for one in lines]
