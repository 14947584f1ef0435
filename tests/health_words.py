"""Words that tell or hint why somebody came, as they must not stand where others can read them."""

import re
import tomllib
from pathlib import Path

from attune import vocabulary

DATA = Path(vocabulary.__file__).parent / "data"
# Beginnings of words; the vocabulary knows issues and therapies, and these what is said of them.
STEMS = (
    *("therap", "counsel", "psych", "mental", "depress", "anxi", "trauma", "abus", "suicid"),
    *("addict", "bereave", "grief", "griev", "divorc", "panic", "phobi", "disorder", "diagnos"),
    *("symptom", "treatment", "patient", "clinic", "illness", "medicat", "self harm", "low mood"),
    *("wellbeing", "well being", "recover from", "crisis"),
)
# Words of the vocabulary that say nothing where nobody knows that they come from it.
SAY_NOTHING = frozenset(
    (
        *(
            "act",
            "add",
            "did",
            "cat",
            "dit",
            "mi",
            "erp",
            "cft",
            "dbt",
            "cpt",
            "rebt",
            "gad",
            "purpose",
            "change",
        ),
        *("work", "rage", "temper", "schema", "schemas", "confidence", "isolation", "cutting"),
        *("identity", "meaning", "sensitivity", "family", "couple", "coaching", "groups", "group"),
    )
)


def _spaced(text: str) -> str:
    """Return lower-case words with one space between: addresses and names read as sentences."""
    return " ".join(re.findall(r"[a-z0-9&'’]+", text.lower()))


def _phrases() -> frozenset[str]:
    found = set()
    for name in ("issues", "therapies"):
        told = tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))
        for group in told["groups"]:
            for term in group["terms"]:
                found |= {term["slug"], term["label"], *term.get("also", ())}
    return frozenset(map(_spaced, found)) - SAY_NOTHING


_PHRASES = re.compile(
    r"\b(?:" + "|".join(map(re.escape, sorted(_phrases(), key=len, reverse=True))) + r")\b"
)
_STEMS = re.compile(r"\b(?:" + "|".join(STEMS) + r")\w*")


def health_words_in(text: str, *, without: tuple[str, ...] = ()) -> set[str]:
    """
    Return the words in ``text`` that tell or hint why somebody came.

    Args:
        without: parts of it that may stand there.
    """
    for part in without:
        text = text.replace(part, " ")
    words = _spaced(text)
    return {*_PHRASES.findall(words), *_STEMS.findall(words)}
