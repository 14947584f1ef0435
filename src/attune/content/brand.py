"""Whose site this is, as every page shows it: kept for ten seconds in each process.

Every page needs it and it changes once a year; asking the database each time would cost the
results page a tenth of its price.
"""

import time
from dataclasses import dataclass

from django.db import DatabaseError
from django.utils.translation import gettext_lazy

from attune.content.models import Brand

KEPT_FOR_SECONDS = 10.0


# What words of the operator's colours stand on, or stand on them: the grounds of tokens.css.
# (field of the settings, the other colour, what that is)
CONTRAST_WANTED = 7
PAIRS = (
    ("colour", "#FFFFFF", gettext_lazy("the white of a button's words")),
    ("colour_dark", "#0C1614", gettext_lazy("the dark of a button's words")),
    ("link_colour", "#FFFFFF", gettext_lazy("a light page")),
    ("link_colour", "#F6F4EF", gettext_lazy("a light box")),
    ("link_colour", "#E9F1EF", gettext_lazy("a tinted box")),
    ("link_colour_dark", "#111816", gettext_lazy("a dark page")),
    ("link_colour_dark", "#1A2321", gettext_lazy("a dark box")),
    ("link_colour_dark", "#22302D", gettext_lazy("a dark tinted box")),
)


@dataclass(frozen=True)
class Look:
    """Name, address of the mark ("": the drawn rings) and colours, as (purpose, light, dark)."""

    name: str
    logo: str
    colours: tuple[tuple[str, str, str], ...]

    @property
    def has_own_colours(self) -> bool:
        return self.colours != ATTUNE.colours

    @property
    def mark_of_colours(self) -> str:
        """Return what tells these colours from others, for an address."""
        return "".join(light[1:] + dark[1:] for _, light, dark in self.colours)


ATTUNE = Look(
    "Attune",
    "",
    (("brand", "#0B5254", "#7CCBC7"), ("link", "#08575A", "#8FD6D2")),
)


class _Kept:
    look = ATTUNE
    until = 0.0


def current_look() -> Look:
    """Return the look as it was at most ten seconds ago; the last known when nobody answers."""
    if time.monotonic() >= _Kept.until:
        try:
            _Kept.look = _read()
        except DatabaseError:
            return _Kept.look
        _Kept.until = time.monotonic() + KEPT_FOR_SECONDS
    return _Kept.look


def forget() -> None:
    """Have the next page of this process read it again."""
    _Kept.until = 0.0


def _read() -> Look:
    brand = Brand.objects.select_related("logo").first()
    if brand is None:
        return ATTUNE
    logo = brand.logo.get_rendition("height-56|format-png").url if brand.logo else ""
    colours = (
        ("brand", brand.colour, brand.colour_dark),
        ("link", brand.link_colour, brand.link_colour_dark),
    )
    return Look(brand.name, logo, colours)
