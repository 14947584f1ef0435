"""People as they stand in lists, and why: the components that are written in Python.

A page of ten people prints some five hundred values, and a macro takes three times as long over
them. Whatever comes in goes through ``escaped``, so that no value is trusted.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from attune.finder.cards import Card, Line, Why
from attune.web.quick_jinja import escaped
from attune.web.rings import avatar_rings

_SHAPES = {
    "fits": '<path class="line" d="M4 10.5l4 4 8-9"/>',
    "not": '<path class="line" d="M4 10h12"/>',
    "unknown": '<circle class="line line--dashed" cx="10" cy="10" r="6.5"/>',
    "also": '<path class="line" d="M4 10h12M10 4v12"/>',
}
_ICONS = {
    kind: '<svg class="icon" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true"'
    f' focusable="false">{shape}</svg>'
    for kind, shape in _SHAPES.items()
}


class _Words(NamedTuple):
    """The fixed words of cards and reasons, ready for HTML."""

    fits: Markup
    does_not_fit: Markup
    unknown: Markup
    also_counted: Markup
    what_else: Markup
    change: Markup
    weekly_place: Markup
    times: Markup
    see_profile: Markup
    of: Markup
    book: Markup
    with_: Markup
    save: Markup
    saved: Markup


@lru_cache
def _words(_language: str | None) -> _Words:
    """Return them in the language that is read now, so that each is looked up once."""
    words = (
        *(_("Fits"), _("Does not fit"), _("We do not know"), _("Also counted")),
        *(_("What else counted"), _("Change")),
        *(_("A weekly place:"), _("Free times that suit you")),
        *(_("See profile"), _("of"), _("Book"), _("with"), _("Save"), _("Saved")),
    )
    return _Words(*map(escape, words))


def people_cards(cards: Iterable[Card], saved: Mapping[str, str] = MappingProxyType({})) -> Markup:
    """
    Return an article for each person: facts, reasons, free times and what to do next.

    Args:
        saved: By a person's code, the code of what whoever is signed in saved of them.
    """
    words = _words(get_language())
    # Every value in it was escaped.
    return Markup("\n".join(_card(one, words, saved.get(one.code)) for one in cards))  # noqa: S704


def _card(one: Card, words: _Words, saved: str | None) -> str:
    name, href = escaped(one.name), escaped(one.href)
    facts = "".join(
        f"<li><strong>{escaped(strong)}</strong> {escaped(rest)}</li>" for strong, rest in one.facts
    )
    book = (
        ""
        if one.cannot_book
        else (
            f'<a class="button button--main" href="{escaped(one.book_href)}">{words.book}'
            f'<span class="visually-hidden"> {words.with_} {name}</span></a>'
        )
    )
    return (
        f'<article class="card" id="{escaped(one.code)}">{avatar(one.code)}'
        f'<div class="card__head"><h2 class="card__name"><a href="{href}">{name}</a></h2>'
        f'<p class="card__role">{escaped(one.role)}</p></div>'
        f'<div class="card__body"><ul class="facts">{facts}</ul>'
        f"{_reasons(one.why, words)}{_when(one, words)}"
        f'<div class="actions"><a class="button button--quiet" href="{href}">{words.see_profile}'
        f'<span class="visually-hidden"> {words.of} {name}</span></a>'
        f"{save_button(one.save_href, one.name, saved)}{book}</div>"
        f"</div></article>"
    )


def save_button(href: str, name: str, saved: str | None = None) -> Markup:
    """
    Return a button that saves somebody, or a link to what was saved of them.

    Args:
        href: where saving is done.

        saved: code of what whoever is signed in saved of them.
    """
    language = get_language()
    if not saved:
        return _save_form(href, name, language)
    words, address = _words(language), escaped(reverse("saved_one", args=[saved]))
    return Markup(  # noqa: S704 - its values were escaped
        f'<a class="button button--quiet" href="{address}">{words.saved}'
        f'<span class="visually-hidden"> {escaped(name)}</span></a>'
    )


# It holds no token (``accounts/origin.py``), so that it need not be made for each reader.
@lru_cache(maxsize=4096)
def _save_form(href: str, name: str, language: str | None) -> Markup:
    words = _words(language)
    return Markup(  # noqa: S704 - its values were escaped
        f'<form class="one-button" method="post" action="{escaped(href)}">'
        f'<button class="button button--quiet">{words.save}'
        f'<span class="visually-hidden"> {escaped(name)}</span></button></form>'
    )


def _when(one: Card, words: _Words) -> str:
    html = ""
    if one.weekly_place:
        html += f'<p class="small">{words.weekly_place} {escaped(one.weekly_place)}</p>'
    if one.times:
        times = "".join(
            f'<li><a href="{escaped(href)}">{escaped(time)}</a></li>' for time, href in one.times
        )
        html += f'<ul class="times" aria-label="{words.times}">{times}</ul>'
    if one.cannot_book:
        html += f'<p class="small">{escaped(one.cannot_book)}</p>'
    return html


def reason_list(why: Why) -> Markup:
    """Return the reasons, each with a link to the answer that caused it; the rest folded away."""
    return Markup(_reasons(why, _words(get_language())))  # noqa: S704 - its values were escaped


def _reasons(why: Why, words: _Words) -> str:
    change = words.change
    html = (
        f'<dl class="reasons">{_part("fits", words.fits, why.fits, change)}'
        f"{_part('not', words.does_not_fit, why.does_not_fit, change)}"
        f"{_part('unknown', words.unknown, why.unknown, change)}</dl>"
    )
    if why.also_counted:
        html += (
            f'<details class="more"><summary>{words.what_else}</summary><dl class="reasons">'
            f"{_part('also', words.also_counted, why.also_counted, change)}</dl></details>"
        )
    return html


def _part(kind: str, title: str, reasons: Sequence[Line], change: str) -> str:
    if not reasons:
        return ""
    icon = _ICONS[kind]
    html = f'<div class="reasons__part reasons__part--{kind}"><dt>{title}</dt>'
    for words, href in reasons:
        text, link = escaped(words), ""
        if href:
            link = f"{_start_of_link(href, change)}{text}</span></a>"
        html += f"<dd>{icon}<span>{text}{link}</span></dd>"
    return f"{html}</div>"


# Nine questions have few addresses.
@lru_cache(maxsize=64)
def _start_of_link(href: str, change: str) -> str:
    return (
        f' <a class="reasons__change" href="{escaped(href)}">{change}'
        '<span class="visually-hidden">: '
    )


# Ten to a page of results, and the same for ever.
@lru_cache(maxsize=4096)
def avatar(seed: str, size: int = 64) -> Markup:
    """Return the rings of a person, decoration only; ``size`` in pixels."""
    rings = "".join(
        f'<circle class="ring ring--{ring.tone}" cx="{ring.x}" cy="{ring.y}" r="{ring.radius}"'
        f' stroke-width="{ring.width}"/>'
        for ring in avatar_rings(seed)
    )
    return Markup(  # noqa: S704 - numbers only
        f'<svg class="avatar" width="{size}" height="{size}" viewBox="0 0 64 64"'
        ' aria-hidden="true" focusable="false">'
        f'<circle class="ring-ground" cx="32" cy="32" r="32"/>{rings}</svg>'
    )
