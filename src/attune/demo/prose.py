"""Writing a profile in the person's own facts, from a stock of sentence shapes."""

import re
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from random import Random

Facts = Mapping[str, str]
# How often a profile is written anew before it may resemble another.
MOST_TRIES = 30


class Writer:
    """Writes profiles that do not read alike.

    While the stock lasts, no two have the same line, the same first sentence, or three sentences
    in common.
    """

    def __init__(self, shapes: Mapping[str, Sequence[str]]) -> None:
        self._shapes = shapes
        self._used: set[str] = set()
        self._used_together: set[tuple[str, ...]] = set()

    def one_line(self, random: Random, facts: Facts) -> str:
        return self._fresh(
            line for line in self._drawn("one_line", random, facts) if len(line) <= 160
        )

    def how_i_work(self, random: Random, facts: Facts) -> str:
        """Return two short paragraphs: an opening with its middle, and an ending."""
        opening = self._fresh(self._drawn("opening", random, facts))
        for _ in range(MOST_TRIES):
            middles = _take(self._drawn("middle", random, facts), random.choice((2, 3, 3, 4)))
            endings = _take(self._drawn("ending", random, facts), random.choice((1, 2, 2)))
            together = set(combinations(sorted(_sentences([*middles, *endings])), 3))
            if not together & self._used_together:
                break
        self._used_together |= together
        return f"{' '.join([opening, *middles])}\n\n{' '.join(endings)}"

    def what_to_expect(self, random: Random, facts: Facts) -> str:
        first = next(self._drawn("first_meeting", random, facts))
        after = next(self._drawn("after_that", random, facts))
        return f"{first} {after}"

    def _drawn(self, kind: str, random: Random, facts: Facts) -> Iterator[str]:
        """Yield every sentence of this kind that the facts can fill, in a random order."""
        usable = [shape for shape in self._shapes[kind] if _named(shape) <= facts.keys()]
        return (shape.format_map(facts) for shape in random.sample(usable, len(usable)))

    def _fresh(self, drawn: Iterable[str]) -> str:
        """Return the first that nobody has yet, else the last drawn."""
        line = ""
        for line in drawn:
            if line not in self._used:
                break
        self._used.add(line)
        return line


def with_article(noun: str) -> str:
    """Return "an art psychotherapist", "a counsellor"."""
    return f"{'an' if noun[0].lower() in 'aeio' else 'a'} {noun}"


def lower_first(words: str) -> str:
    """Return the words as they read inside a sentence: "counsellor", "LGBTQ+ people", "Jungian"."""
    keeps_capital = words[1:2].isupper() or words.startswith("Jungian")
    return words if keeps_capital else words[:1].lower() + words[1:]


def _named(shape: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(shape) if name}


def _take(drawn: Iterator[str], count: int) -> list[str]:
    return [line for line, _ in zip(drawn, range(count), strict=False)]


def _sentences(lines: Iterable[str]) -> set[str]:
    return {one for line in lines for one in re.split(r"(?<=[.?]) ", line)}
