"""Whose site it is: name, mark and colours on every page."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.forms import modelform_factory
from PIL import Image

from attune.content import brand
from attune.content.forms import BrandForm
from attune.content.models import Brand, LibraryImage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _read_again():
    brand.forget()


def picture() -> LibraryImage:
    drawn = BytesIO()
    Image.new("RGB", (120, 120), "#0B5254").save(drawn, format="PNG")
    return LibraryImage.objects.create(title="Mark", file=ContentFile(drawn.getvalue(), "mark.png"))


@pytest.mark.parametrize("address", ["/", "/library/therapies/ipt/", "/match/", "/privacy/"])
def test_every_page_follows_the_brand(client, address):
    assert "Fenland" not in client.get(address).content.decode()
    Brand.objects.create(name="Fenland Talking", logo=picture(), colour="#3D1A78")
    page = client.get(address).content.decode()
    assert "Fenland Talking" in page
    assert "Attune</a>" not in page
    assert '<img class="top__logo" src="/media/images/mark' in page
    assert '<link rel="stylesheet" href="/brand.css?v=' in page


def test_the_colours_are_a_style_sheet_that_browsers_keep(client):
    Brand.objects.create(colour="#3D1A78", colour_dark="#C9B3F0")
    answer = client.get("/brand.css")
    assert answer["Content-Type"] == "text/css"
    assert "immutable" in answer["Cache-Control"]
    light, dark = answer.content.decode().split("prefers-color-scheme: dark")
    assert "--color-brand: #3D1A78;" in light
    assert "--color-brand: #C9B3F0;" in dark


def test_a_site_with_the_projects_colours_loads_no_style_sheet_for_them(client):
    assert "/brand.css" not in client.get("/").content.decode()


def test_a_drawn_mark_is_answered_and_the_upload_itself_is_not(client):
    mark = picture()
    Brand.objects.create(logo=mark)
    drawn = brand.current_look().logo
    assert client.get(drawn)["Content-Type"] == "image/png"
    assert client.get(f"/media/{mark.file.name}").status_code == 404


def test_the_look_is_read_again_after_ten_seconds_and_not_before(monkeypatch):
    moment = [100.0]
    monkeypatch.setattr(brand.time, "monotonic", lambda: moment[0])
    brand.forget()
    assert brand.current_look().name == "Attune"
    Brand.objects.bulk_create([Brand(name="Elsewhere")])
    moment[0] += 9.9
    assert brand.current_look().name == "Attune"
    moment[0] += 0.2
    assert brand.current_look().name == "Elsewhere"


def form(**colours: str):
    form_class = modelform_factory(Brand, form=BrandForm, fields=["name", *COLOURS])
    defaults = {name: Brand._meta.get_field(name).default for name in COLOURS}
    return form_class({"name": "Fenland", **defaults, **colours})


COLOURS = ("colour", "colour_dark", "link_colour", "link_colour_dark")


def test_the_projects_own_colours_can_be_read():
    assert form().is_valid()


@pytest.mark.parametrize(
    ("field", "colour"),
    [
        ("colour", "#4A8F8B"),
        ("colour_dark", "#0B5254"),
        # Enough on white, too little on a tinted box.
        ("link_colour", "#1B5E9A"),
        ("link_colour_dark", "#5C9A96"),
    ],
)
def test_a_colour_that_nobody_could_read_is_refused_with_what_it_reaches(field, colour):
    found = form(**{field: colour})
    assert list(found.errors) == [field]
    assert "this colour reaches a contrast of" in str(found.errors[field])


@pytest.mark.parametrize("colour", ["teal", "#12345", "#12345G"])
def test_what_is_no_colour_is_refused_in_a_sentence(colour):
    assert "Enter a colour as # and six digits" in str(form(colour=colour).errors["colour"])
