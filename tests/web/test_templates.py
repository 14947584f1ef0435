"""What the policy of the pages forbids is not even written."""

import re
from pathlib import Path

import pytest

import attune

SOURCE = Path(attune.__file__).parent
# No page of ours: a file that somebody keeps, which stands alone and names a policy of its own.
KEPT_BY_PEOPLE = SOURCE / "privacy" / "jinja2" / "privacy" / "everything.jinja"
TEMPLATES = [
    path
    for path in sorted(SOURCE.rglob("*"))
    if path.suffix in (".jinja", ".html", ".svg") and path.is_file() and path != KEPT_BY_PEOPLE
]
STYLESHEETS = sorted(SOURCE.rglob("*.css"))


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(SOURCE)) for path in paths]


def without_comments(path: Path) -> str:
    return re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=names(TEMPLATES))
@pytest.mark.parametrize(
    "pattern",
    [
        r"\sstyle\s*=",
        r"<style\b",
        r"<script(?![^>]*(?:\ssrc=|application/(?:ld\+)?json))",
        r"\son[a-z]+\s*=\s*[\"']",
        r"javascript:",
        r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']?(?:https?:)?//",
    ],
)
def test_template_has_nothing_inline_and_loads_nothing_from_elsewhere(path, pattern):
    assert re.findall(pattern, without_comments(path), flags=re.IGNORECASE) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=names(TEMPLATES))
def test_links_to_other_sites_send_no_referrer(path):
    links = re.findall(r"<a\b[^>]*href=\"https?://[^>]*>", without_comments(path))
    assert [link for link in links if 'rel="noreferrer"' not in link] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=names(TEMPLATES))
def test_only_words_of_our_own_skip_escaping(path):
    """``safe`` stands after a quoted literal, never after a value."""
    text = without_comments(path)
    assert re.findall(r"[^'\"\s]\s*\|\s*safe\b", text) == []
    # Mail in plain text has nothing to escape.
    assert "autoescape" not in text or path.name.endswith("_text.jinja")


@pytest.mark.parametrize("path", STYLESHEETS, ids=names(STYLESHEETS))
def test_stylesheet_loads_nothing(path):
    assert re.findall(r"url\(|@import", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", STYLESHEETS, ids=names(STYLESHEETS))
def test_colours_are_named_in_one_file(path):
    if path.name == "tokens.css":
        return
    # Print is black on white, whatever the theme.
    screen = path.read_text(encoding="utf-8").split("@media print")[0]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", screen) == []
