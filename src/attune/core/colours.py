"""How well two colours can be told apart."""

import re

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def is_colour(text: str) -> bool:
    """Whether ``text`` is a colour as these functions take it: "#0B5254"."""
    return _COLOUR.fullmatch(text) is not None


def luminance(colour: str) -> float:
    """
    Return the relative luminance of a colour, 0 (black) to 1 (white).

    Args:
        colour: "#0B5254".

    Source: WCAG 2.2, definition of relative luminance.
    """
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 (the same) to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
