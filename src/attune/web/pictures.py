"""Pictures for the pages of the library, composed by hand in a frame of 320 by 170.

Rings, arcs and lines only, in the four ring colours. Each has an idea to feel and means nothing
literally: no faces, no bodies, no words. Colours carry no meaning.
"""

from collections.abc import Mapping
from functools import lru_cache
from math import cos, radians, sin
from typing import NamedTuple

from markupsafe import Markup

from attune.web.rings import Ring, picture_rings

WIDTH, HEIGHT = 320, 170


class Arc(NamedTuple):
    """Part of a circle: degrees clockwise from the top, ``sweep`` of them from ``start``."""

    x: float
    y: float
    radius: float
    start: float
    sweep: float
    width: float
    tone: int


class Line(NamedTuple):
    """A drawn line, ``d`` as in SVG; ``dashes`` of length 0 are round dots."""

    d: str
    width: float
    tone: int
    dashes: str = ""


class Bead(NamedTuple):
    """A ring that hides the lines behind it."""

    x: int
    y: int
    radius: int
    width: int
    tone: int


Shape = Ring | Arc | Line | Bead


def _disc(x: int, y: int, radius: int, tone: int) -> Ring:
    """Return a full disc: a ring whose line meets itself in the middle."""
    return Ring(x, y, radius // 2, radius, tone)


PICTURES: Mapping[str, tuple[Shape, ...]] = {
    # Two circles of people overlap; somebody in one reaches into the other.
    "ipt": (
        Ring(110, 100, 62, 3, 2),
        Ring(206, 76, 68, 3, 3),
        Ring(104, 106, 17, 9, 1),
        Line("M124 99Q156 92 176 64", 5, 1),
        _disc(188, 50, 12, 4),
        _disc(60, 63, 10, 2),
        _disc(76, 152, 10, 2),
        _disc(157, 140, 10, 1),
        _disc(258, 32, 10, 3),
        _disc(254, 124, 10, 3),
    ),
    # Each ring goes over the next and under the one before.
    "cbt": (
        Ring(160, 44, 33, 8, 1),
        Ring(201, 85, 33, 8, 3),
        Ring(160, 126, 33, 8, 4),
        Ring(119, 85, 33, 8, 2),
        Arc(160, 44, 33, 143, 32, 8, 1),
        Arc(201, 85, 33, 233, 32, 8, 3),
        Arc(160, 126, 33, 323, 32, 8, 4),
        Arc(160, 44, 33, 233, 36, 8, 1),
    ),
    "group-analysis": (
        Line("M160 36a108 50 0 1 1-.1 0", 3, 2),
        Bead(160, 36, 11, 5, 1),
        Bead(229, 48, 12, 5, 4),
        Bead(266, 77, 14, 6, 3),
        Bead(254, 111, 16, 7, 1),
        Bead(197, 133, 18, 8, 2),
        Bead(123, 133, 18, 8, 3),
        Bead(66, 111, 16, 7, 4),
        Bead(54, 77, 14, 6, 2),
        Bead(91, 48, 12, 5, 3),
    ),
    "relational": (
        Ring(76, 85, 44, 11, 1),
        Ring(244, 85, 44, 11, 4),
        Arc(76, 85, 63, 52, 76, 3, 2),
        Arc(76, 85, 74, 56, 68, 3, 2),
        Arc(76, 85, 84, 60, 60, 3, 2),
        Arc(244, 85, 63, 232, 76, 3, 3),
        Arc(244, 85, 74, 236, 68, 3, 3),
        Arc(244, 85, 84, 240, 60, 3, 3),
    ),
    "psychodynamic": (
        Ring(140, 78, 128, 3, 2),
        Ring(158, 86, 100, 4, 2),
        Ring(175, 93, 73, 6, 4),
        Ring(190, 100, 47, 8, 1),
        Ring(202, 105, 22, 10, 3),
    ),
    "person-centred": (
        Ring(160, 66, 18, 10, 3),
        Arc(160, 66, 44, 62, 222, 10, 1),
        Arc(152, 62, 72, 118, 166, 6, 2),
        Arc(170, 58, 96, 66, 92, 4, 4),
        Arc(150, 44, 120, 166, 96, 3, 2),
    ),
    # A third ring keeps its distance, and its arc goes round both.
    "couple-therapy": (
        Ring(126, 106, 40, 10, 1),
        Ring(178, 106, 40, 10, 3),
        Arc(126, 106, 40, 120, 38, 10, 1),
        Arc(152, 106, 84, 285, 150, 3, 2),
        Bead(211, 46, 14, 7, 4),
    ),
    "emdr": (
        Ring(83, 93, 26, 4, 1),
        Ring(120, 109, 26, 3, 2),
        Ring(160, 114, 26, 2, 2),
        Ring(200, 109, 26, 3, 2),
        Ring(237, 93, 26, 4, 4),
        Bead(51, 65, 26, 11, 1),
        Bead(269, 65, 26, 11, 4),
    ),
    "depression": (
        Ring(108, 140, 56, 20, 1),
        Line("M176 118Q210 108 222 76", 5, 2, "0 11"),
        Ring(232, 46, 20, 4, 3),
    ),
    "relationships": (
        Line("M92 62L164 112L236 58M164 112L74 130M164 112L262 136", 3, 2),
        Bead(92, 62, 26, 8, 4),
        Bead(236, 58, 32, 6, 3),
        Bead(164, 112, 20, 11, 1),
        Bead(74, 130, 12, 6, 2),
        Bead(262, 136, 14, 6, 1),
    ),
    "attachment": (
        Line("M138 84C166 160 206 40 240 112", 4, 2),
        Ring(92, 76, 46, 11, 1),
        Bead(246, 116, 17, 8, 3),
    ),
    "intimacy": (
        Ring(136, 98, 18, 6, 4),
        Ring(136, 98, 36, 4, 4),
        Ring(136, 98, 54, 3, 4),
        Ring(180, 78, 28, 6, 1),
        Ring(180, 78, 48, 4, 1),
        Ring(180, 78, 68, 3, 1),
    ),
    "bereavement": (
        Arc(160, 88, 56, 80, 300, 12, 1),
        Line("M203 37a15 15 0 1 1-.1 0", 5, 4, "0 9.42"),
    ),
    "life-changes": (
        Line("M186-10L134 180", 4, 2),
        Arc(160, 85, 48, 209, 152, 12, 1),
        Arc(160, 85, 48, 29, 152, 12, 3),
    ),
    "bipolar": (
        Line(
            "M-3 85C22 20 48 20 72 85S122 150 148 85S198 20 222 85S272 150 298 85S348 20 372 85",
            3,
            2,
        ),
        Bead(35, 36, 15, 5, 3),
        Bead(72, 85, 11, 5, 4),
        Bead(110, 134, 17, 12, 1),
        Bead(148, 85, 11, 5, 4),
        Bead(185, 36, 15, 5, 3),
        Bead(222, 85, 11, 5, 4),
        Bead(260, 134, 17, 12, 1),
        Bead(298, 85, 11, 5, 4),
    ),
    # These two stay away from anything like a plate, a scale or a figure.
    "eating": (
        Arc(205, 80, 40, 270, 180, 9, 3),
        Line("M-7.5 92q42.5-14 85 0t85 0t85 0t85 0", 4, 2),
        Line("M-50 118q42.5-14 85 0t85 0t85 0t85 0t85 0", 7, 1),
        Line("M-7.5 144q42.5-14 85 0t85 0t85 0t85 0", 4, 4),
    ),
    "anorexia": (
        Arc(16, 112, 42, 270, 180, 4, 2),
        Arc(16, 112, 24, 270, 180, 3, 2),
        Arc(112, 112, 43, 270, 180, 10, 1),
        Ring(112, 104, 16, 8, 3),
        Arc(208, 112, 42, 270, 180, 4, 2),
        Arc(208, 112, 24, 270, 180, 3, 2),
        Arc(304, 112, 42, 270, 180, 4, 2),
        Arc(304, 112, 24, 270, 180, 3, 2),
        Line("M-4 138H324", 3, 4),
    ),
    "how-to-choose-a-therapist": (
        Ring(64, 55, 22, 4, 2),
        Ring(128, 55, 22, 4, 2),
        Ring(192, 55, 25, 11, 1),
        Ring(256, 55, 22, 4, 2),
        Ring(96, 117, 22, 4, 2),
        Ring(160, 117, 22, 4, 2),
        Ring(224, 117, 22, 4, 2),
    ),
    # Somebody sits already; the other seat waits.
    "what-a-first-session-is-like": (
        Arc(112, 94, 44, 112, 200, 10, 1),
        Arc(212, 94, 44, 48, 200, 10, 4),
        Ring(208, 90, 18, 9, 3),
        Line("M36 40Q98 22 114 78", 5, 2, "0 11"),
        Bead(28, 44, 14, 7, 2),
    ),
    "what-therapy-costs": (
        Line("M-4 42H324M-4 86H324M-4 130H324", 3, 2),
        *(Bead(x, 42, 12, 7, 1) for x in (40, 72, 104, 136, 248)),
        *(Bead(x, 86, 12, 7, 3) for x in (40, 72, 216, 248)),
        *(Bead(x, 130, 12, 7, 4) for x in (40, 184, 216, 248)),
    ),
}


@lru_cache(maxsize=256)
def drawn_picture(name: str) -> Markup:
    """Return the picture of a page by its slug; rings placed by the name where none is drawn."""
    shapes = PICTURES.get(name) or picture_rings(name, width=WIDTH, height=HEIGHT)
    return Markup(  # noqa: S704 - numbers, and lines written in this file
        f'<svg class="picture" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
        ' aria-hidden="true" focusable="false">'
        f'<rect class="ring-ground" width="{WIDTH}" height="{HEIGHT}"/>'
        f"{''.join(map(_drawn, shapes))}</svg>"
    )


def _drawn(shape: Shape) -> str:
    look = f'ring ring--{shape.tone}" stroke-width="{shape.width}"'
    match shape:
        case Ring():
            return f'<circle class="{look} cx="{shape.x}" cy="{shape.y}" r="{shape.radius}"/>'
        case Bead():
            return (
                f'<circle class="ring-ground {look} cx="{shape.x}" cy="{shape.y}"'
                f' r="{shape.radius}"/>'
            )
        case Arc():
            return f'<path class="{look} stroke-linecap="round" d="{_path(shape)}"/>'
        case Line():
            dashes = f' stroke-dasharray="{shape.dashes}"' if shape.dashes else ""
            return f'<path class="{look} stroke-linecap="round"{dashes} d="{shape.d}"/>'


def _path(arc: Arc) -> str:
    start, end = _point(arc, arc.start), _point(arc, arc.start + arc.sweep)
    return f"M{start}A{arc.radius} {arc.radius} 0 {int(arc.sweep > 180)} 1 {end}"


def _point(arc: Arc, degrees: float) -> str:
    angle = radians(degrees)
    x, y = arc.x + arc.radius * sin(angle), arc.y - arc.radius * cos(angle)
    return f"{x:.1f} {y:.1f}"
