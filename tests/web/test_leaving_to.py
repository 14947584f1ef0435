"""Links from private pages to other sites: the page between."""

import re
from base64 import urlsafe_b64encode
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from attune.accounts.sealing import seal_json
from attune.web.leaving import SEALED, outward

pytestmark = pytest.mark.django_db
ADDRESS = "https://quillfen.example/offer?month=may&kind=year"
GONE = "This link no longer works"


def sealed(value):
    box = seal_json(value, row="", **SEALED)
    return reverse("leaving_to", args=[urlsafe_b64encode(box).decode().rstrip("=")])


def links_in(answer):
    return re.findall(r'<a [^>]*href="([^"]*)"[^>]*>', unescape(answer.content.decode()))


def test_the_page_says_where_it_leads_and_leads_there_with_nothing_added(client):
    answer = client.get(outward(ADDRESS))
    page = unescape(answer.content.decode())
    assert f'href="{ADDRESS}" rel="noreferrer noopener"' in page
    assert "Go to quillfen.example" in page
    assert answer.status_code == 200
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "private, no-store"


def test_two_people_are_led_by_the_same_page_to_the_same_link(client, django_user_model):
    address, pages = outward(ADDRESS), []
    for name in ("ada", "cleo"):
        client.force_login(django_user_model.objects.create_user(f"{name}@home.example"))
        assert outward(ADDRESS) == address
        pages.append(client.get(address).content)
    assert pages[0] == pages[1]


def test_the_address_on_our_side_says_nothing_of_the_other():
    assert "quillfen" not in outward(ADDRESS)
    assert urlsafe_b64encode(b"quillfen").decode()[:-4] not in outward(ADDRESS)


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("http://testserver/account/offers/", "/account/offers/"),
        ("http://testserver/match/results/?page=2", "/match/results/?page=2"),
        ("https://elsewhere.example/account/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_is_a_page_of_ours(client, came_from, back):
    answer = client.get(outward(ADDRESS), headers={"referer": came_from})
    assert f'href="{back}">Stay here' in answer.content.decode()
    assert "elsewhere" not in answer.content.decode()
    assert not any(one.startswith("javascript") for one in links_in(answer))


@pytest.mark.parametrize(
    "made_up",
    [
        "/leaving-to/quillfen.example/",
        "/leaving-to/aHR0cHM6Ly9xdWlsbGZlbi5leGFtcGxl/",
        "/leaving-to/AA/",
        "/leaving-to/é/",
        f"/leaving-to/{'A' * 5000}/",
    ],
)
def test_a_link_that_nobody_here_made_leads_nowhere(client, made_up):
    answer = client.get(made_up)
    assert answer.status_code == 404
    assert GONE in answer.content.decode()
    assert "quillfen" not in answer.content.decode()


def test_an_altered_link_leads_nowhere(client):
    address = outward(ADDRESS)
    middle = len(address) // 2
    other = "A" if address[middle] != "A" else "B"
    answer = client.get(address[:middle] + other + address[middle + 1 :])
    assert answer.status_code == 404
    assert GONE in answer.content.decode()


def test_what_was_sealed_for_another_place_leads_nowhere(client, now):
    box = seal_json([ADDRESS, now.toordinal()], model="web.other", field="address", row="")
    address = reverse("leaving_to", args=[urlsafe_b64encode(box).decode().rstrip("=")])
    assert client.get(address).status_code == 404


def test_a_link_works_the_day_after_and_not_later(client, now):
    with time_machine.travel(now, tick=False) as clock:
        address = outward(ADDRESS)
        clock.shift(timedelta(days=1))
        assert client.get(address).status_code == 200
        clock.shift(timedelta(days=1))
        assert client.get(address).status_code == 404
        assert client.get(outward(ADDRESS)).status_code == 200


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,words", "//evil"])
def test_only_addresses_of_the_web_are_led_to(client, now, address):
    with time_machine.travel(now, tick=False):
        assert client.get(sealed([address, now.toordinal()])).status_code == 404
