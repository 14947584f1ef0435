"""Every pair of colours that text or a border is drawn with, measured."""

import re
from pathlib import Path

import pytest

from attune import web
from attune.core.colours import contrast

TOKENS = (Path(web.__file__).parent / "static/web/tokens.css").read_text(encoding="utf-8")
LIGHT, DARK = TOKENS.split("@media (prefers-color-scheme: dark)")

# Text is held to 7:1 (level AAA), borders of fields to 3:1.
TEXT = (
    ("text", "page"),
    ("text", "surface"),
    ("text", "tint"),
    ("muted", "page"),
    ("muted", "surface"),
    ("muted", "tint"),
    ("link", "page"),
    ("link", "surface"),
    ("link", "tint"),
    ("visited", "page"),
    ("visited", "surface"),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("success", "success-ground"),
    ("success", "surface"),
    ("warning", "warning-ground"),
    ("warning", "surface"),
    ("danger", "page"),
    ("danger", "danger-ground"),
    ("info", "info-ground"),
    ("focus-ink", "focus"),
)
BORDERS = (("field", "page"), ("field", "surface"), ("brand", "page"), ("danger", "page"))


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--color-([\w-]+): (#[0-9A-F]{6});", block))


THEMES = {"light": colours(LIGHT), "dark": colours(LIGHT) | colours(DARK)}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("ink", "ground", "least"), [(*pair, 7) for pair in TEXT] + [(*pair, 3) for pair in BORDERS]
)
def test_pair_has_enough_contrast(theme, ink, ground, least):
    found = THEMES[theme]
    assert contrast(found[ink], found[ground]) >= least


def test_contrast_is_measured_as_the_standard_says():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#FFFFFF", "#777777") == pytest.approx(4.48, abs=0.01)


def test_dark_theme_changes_every_colour_that_has_a_meaning():
    kept = {name for name in THEMES["light"] if THEMES["light"][name] == THEMES["dark"][name]}
    # Yellow for focus, and the white that a camera needs under a code.
    assert kept == {"focus", "paper"}
