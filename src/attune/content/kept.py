"""Library pages as this process keeps them: made once, until something they show changes.

Nothing in a kept page depends on who asks, but whether somebody is signed in. The three people are
kept apart, for as long as the index and the minute stay the same.
"""

from datetime import date, datetime
from typing import NamedTuple

from django.template.loader import render_to_string

from attune.content import queries
from attune.content.people import strip_for
from attune.content.rendering import Rendered, rendered
from attune.directory.dates import day_of
from attune.finder.loading import Loaded

# A full store is emptied, since it is cheap to fill.
MOST_KEPT = 2000


class _KeptStrip(NamedTuple):
    loaded: Loaded
    minute: datetime
    html: str


class _Kept:
    """What was made of one state of the library, on one day."""

    def __init__(self, version: int, today: date, catalogue: queries.Catalogue) -> None:
        self.version, self.today, self.catalogue = version, today, catalogue
        self.pages: dict[tuple[str, bool], Rendered] = {}
        self.strips: dict[tuple[object, ...], _KeptStrip] = {}

    def is_of(self, version: int, today: date) -> bool:
        return (self.version, self.today) == (version, today) and len(self.pages) <= MOST_KEPT


class _Process:
    """What this process keeps.

    Replaced as a whole and only once its catalogue is read: a thread that meets it meanwhile never
    has pages of one state with the catalogue of another.
    """

    kept: _Kept | None = None


def forget() -> None:
    """Have every page of this process made anew."""
    _Process.kept = None


def library_page(
    path: str,
    version: int,
    *,
    place: str | None,
    signed_in: bool,
    loaded: Loaded,
    now: datetime,
) -> str | None:
    """
    Return the published page at ``path`` as HTML; None: there is none.

    Without a query, unless something has changed.

    Args:
        path: without the first slash: "library/issues/depression/".

        version: of the library, as the database has it now.

        place: where the visitor looks for people, as they typed it.
    """
    today, kept = day_of(now), _Process.kept
    if kept is None or not kept.is_of(version, today):
        kept = _Process.kept = _Kept(version, today, queries.catalogue())
    card = kept.catalogue.at(path)
    if card is None:
        return None
    key = path, signed_in
    found = kept.pages.get(key)
    if found is None:
        page = queries.page_of(card)
        found = rendered(page, kept.catalogue, today=today, signed_in=signed_in)
        kept.pages[key] = found
    if not found.strip:
        return found.parts[0]
    return _strip(found, place, loaded, now, kept.strips).join(found.parts)


def _strip(
    found: Rendered,
    place: str | None,
    loaded: Loaded,
    now: datetime,
    strips: dict[tuple[object, ...], _KeptStrip],
) -> str:
    key = found.strip, tuple(found.preset.items()), place
    minute = now.replace(second=0, microsecond=0)
    kept = strips.get(key)
    if kept is None or kept.loaded is not loaded or kept.minute != minute:
        strip = strip_for(found.preset, place, loaded=loaded, now=now)
        html = render_to_string("content/_people.jinja", {"strip": strip, "kind": found.strip})
        if len(strips) > MOST_KEPT:
            strips.clear()
        kept = strips[key] = _KeptStrip(loaded, minute, html)
    return kept.html
