"""What every invented detail is drawn with."""

from dataclasses import dataclass
from datetime import date
from random import Random

from attune.demo.stock import Stock
from attune.vocabulary.codes import ALPHABET


@dataclass(frozen=True)
class Draw:
    """A source of chance that follows from the seed, the stock to draw from, and the day."""

    random: Random
    stock: Stock
    today: date
    # Slugs of the vocabulary.
    communities: tuple[str, ...]

    def one_of(self, kind: str) -> str:
        """Return one of the stock's short texts of this kind."""
        return self.random.choice(self.stock.prose[kind])

    def code(self, length: int = 12) -> str:
        """Return a public code: these people need no secret."""
        return random_code(self.random, length)

    def happens(self, chance: float) -> bool:
        return self.random.random() < chance


def random_code(random: Random, length: int = 12) -> str:
    return "".join(random.choices(ALPHABET, k=length))
