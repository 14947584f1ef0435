import xml.etree.ElementTree as ElementTree

import pytest

from attune.web.pictures import HEIGHT, PICTURES, WIDTH, Arc, Bead, Line, drawn_picture
from attune.web.rings import Ring, picture_rings

LIBRARY = {
    *("ipt", "cbt", "group-analysis", "relational", "psychodynamic", "person-centred"),
    *("couple-therapy", "emdr", "depression", "relationships", "attachment", "intimacy"),
    *("bereavement", "life-changes", "bipolar", "eating", "anorexia"),
    *("how-to-choose-a-therapist", "what-a-first-session-is-like", "what-therapy-costs"),
}
NAMES = (*sorted(PICTURES), "a-page-without-a-drawing")
# What the style sheet gives a colour: nothing is coloured in a picture itself.
CLASSES = {
    "ring-ground",
    *(f"{kind}ring ring--{n}" for kind in ("", "ring-ground ") for n in range(1, 5)),
}
ATTRIBUTES = {
    "rect": {"class", "width", "height"},
    "circle": {"class", "stroke-width", "cx", "cy", "r"},
    "path": {"class", "stroke-width", "stroke-linecap", "stroke-dasharray", "d"},
}


def test_every_page_of_the_first_library_has_a_drawing():
    assert PICTURES.keys() == LIBRARY


def test_no_two_pages_share_a_drawing():
    assert len({drawn_picture(name) for name in NAMES}) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_small_and_hidden_from_screen_readers(name):
    picture = drawn_picture(name)
    assert picture.startswith(
        '<svg class="picture" width="320" height="170" viewBox="0 0 320 170"'
        ' aria-hidden="true" focusable="false"><rect class="ring-ground"'
    )
    assert len(picture.encode()) < 1500


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_holds_shapes_alone_and_takes_its_colours_from_the_style_sheet(name):
    svg = ElementTree.fromstring(drawn_picture(name))
    assert "".join(svg.itertext()) == ""
    for shape in svg:
        assert set(shape.keys()) <= ATTRIBUTES[shape.tag]
        assert shape.get("class") in CLASSES


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_every_shape_shows_inside_the_frame(name):
    for shape in PICTURES[name]:
        if isinstance(shape, Line):
            continue
        reach = shape.radius + shape.width / 2
        assert -reach < shape.x < WIDTH + reach
        assert -reach < shape.y < HEIGHT + reach


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_a_ring_is_never_wider_than_it_can_be(name):
    rings = [shape for shape in PICTURES[name] if isinstance(shape, Ring | Bead)]
    assert all(ring.width <= 2 * ring.radius for ring in rings)
    arcs = [shape for shape in PICTURES[name] if isinstance(shape, Arc)]
    assert all(0 < arc.sweep < 360 for arc in arcs)


def test_an_arc_runs_clockwise_from_the_top():
    # From nine o'clock over the top to three o'clock, round (205, 80).
    assert 'd="M165.0 80.0A40 40 0 0 1 245.0 80.0"' in drawn_picture("eating")


def test_a_page_without_a_drawing_has_rings_of_its_own():
    first = picture_rings("stress")[0]
    circle = f'cx="{first.x}" cy="{first.y}" r="{first.radius}"/>'
    assert circle in drawn_picture("stress")
    assert circle not in drawn_picture("sleep")
