"""What every page loads, weighed as it travels."""

import gzip
import json
from pathlib import Path

import pytest
from django.test import Client

from attune import web
from attune.content.brand import current_look

STATIC = Path(web.__file__).parent / "static/web"


def weight(paths: list[Path]) -> int:
    return sum(len(gzip.compress(path.read_bytes())) for path in paths)


def test_stylesheets_weigh_at_most_20_kb():
    assert 0 < weight(list(STATIC.glob("*.css"))) <= 20 * 1024


def test_scripts_weigh_at_most_20_kb():
    assert 0 < weight(list(STATIC.glob("*.js"))) <= 20 * 1024


def test_crawlers_are_kept_from_private_addresses(client: Client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "User-agent: *" in lines
    for path in ("/match/", "/book/", "/account/", "/staff/", "/api/"):
        assert f"Disallow: {path}" in lines


def test_manifest_names_the_site_and_its_icon(client: Client):
    answer = client.get("/site.webmanifest")
    found = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert found["name"] == current_look().name
    assert found["icons"][0]["src"].startswith("/static/web/icon")


@pytest.mark.parametrize("name", ["icon.svg", "neutral.svg"])
def test_icon_is_small(name):
    assert weight([STATIC / name]) < 1024
