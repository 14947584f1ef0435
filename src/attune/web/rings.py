"""Drawn avatars and pictures: rings placed by a seed, the same for the same seed for ever.

No faces: a drawing says nothing about a person. Colours and sizes carry no meaning.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True)
class Ring:
    """A circle in the units of its drawing; ``tone`` 1 to 4 names a ``--ring`` colour."""

    x: int
    y: int
    radius: int
    width: int
    tone: int


def avatar_rings(seed: str) -> tuple[Ring, Ring]:
    """Return the two rings of a person, in a square of 64: they always cross, inside the disc."""
    draws = _draws(f"avatar:{seed}")
    tone = 1 + next(draws) % 4
    other = 1 + (tone + next(draws) % 3) % 4
    across, along = 22 + next(draws) % 4, 27 + next(draws) % 11
    first = Ring(across, along, 13 + next(draws) % 3, 4 + next(draws) % 2, tone)
    second = Ring(64 - across, 64 - along, 10 + next(draws) % 4, 3 + next(draws) % 3, other)
    return (first, second) if next(draws) % 2 else (_turned(first), _turned(second))


def _turned(ring: Ring) -> Ring:
    return Ring(ring.y, ring.x, ring.radius, ring.width, ring.tone)


def picture_rings(seed: str, *, width: int = 320, height: int = 170) -> tuple[Ring, ...]:
    """Return the five rings of a page's picture, ``width`` by ``height``; they may be cut off."""
    draws = _draws(f"picture:{seed}")
    return tuple(
        Ring(
            next(draws) * width // 256,
            next(draws) * height // 256,
            20 + next(draws) % 52,
            (3, 6, 10)[next(draws) % 3],
            1 + next(draws) % 4,
        )
        for _ in range(5)
    )


def _draws(seed: str) -> Iterator[int]:
    """Yield 32 numbers from 0 to 255 that depend on the seed alone."""
    return iter(sha256(seed.encode()).digest())
