"""How hard a text is to read: sentences, words, syllables, and the age that follows from them."""

import re
import unicodedata
from functools import lru_cache

# Dots that end no sentence, whatever follows them. A single capital is an initial, but for "I".
_NO_END = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|al|approx|Dr|Mr|Mrs|Ms|Mx|Prof|Rev|St|pp?|vol|fig)"
    r"|(?-i:(?<!\w)[A-HJ-Z]))\.$",
    re.IGNORECASE,
)
# An end: its mark, what closes with it, and then no small letter.
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s+[^\sa-z])")
_WORD = re.compile(r"[^\W_]+(?:['’.,-]?[^\W_]+)*")
_PART = re.compile(r"[a-z]+|\d")

_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(
    r"(?<=[aeiouy][^aeiouy])e(?=(?:ly|ments?|less|ful|ness|things?|times)$)"  # safely, something
    r"|(?<![aeiouy])(?<![^aeiouy]l)e$"  # change, but table
    r"|(?<![aeiouysxzcg])(?<![^aeiouy]l)(?<!ch)(?<!sh)es$"  # times, but places, tables
    r"|(?<![aeiouydt])(?<![bcdfgptv]r)ed$"  # helped, but needed, centred
)
# Two vowels side by side that are said apart.
_APART = re.compile(
    r"[aeouy]ing|iet|(?<!fr)(?<![tcsg])ien|^scien|(?<![tscxg])ia(?!ge)"
    r"|(?<![tscxgln])io(?!us|ur)|(?<=[rv])ious$|(?<!q)ua[lt]|(?<![qg])uen|idea|area|creat"
)


def sentences(text: str) -> list[str]:
    """
    Return the sentences of a plain text, in order.

    A line ends a sentence, with or without a full stop: it is a paragraph, a heading or an item
    of a list.
    """
    return [one for line in text.splitlines() for one in _of_line(line.strip()) if words(one)]


def words(text: str) -> list[str]:
    """Return the words of a text: "one-to-one", "don't" and "34,285" are one word each."""
    return _WORD.findall(text)


@lru_cache(maxsize=8192)
def syllables(word: str) -> int:
    """Estimate the syllables of an English word, at least 1; a figure counts one for each digit."""
    letters = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    bare = "".join(one for one in letters if one != "'" and not unicodedata.combining(one))
    return max(1, sum(map(_of_part, _PART.findall(bare))))


def reading_age(text: str) -> float:
    """
    Return the age in years at which a text can be read with ease; 0 for a text without words.

    Source: Flesch-Kincaid grade level (Kincaid, Fishburne, Rogers and Chissom, 1975, Derivation of
    new readability formulas for Navy enlisted personnel, Research Branch Report 8-75), plus 5: an
    American child is about 6 in grade 1.
    """
    said = words(text)
    if not said:
        return 0.0
    spoken = sum(map(syllables, said))
    return 0.39 * len(said) / len(sentences(text)) + 11.8 * spoken / len(said) - 15.59 + 5


def long_sentences(text: str, most_words: int = 30) -> list[str]:
    """Return the sentences with more words than ``most_words``."""
    return [one for one in sentences(text) if len(words(one)) > most_words]


def _of_line(line: str) -> list[str]:
    found, start = [], 0
    for end in _END.finditer(line):
        if not _NO_END.search(line, start, end.end()):
            found.append(line[start : end.end()].strip())
            start = end.end()
    return [*found, line[start:].strip()]


def _of_part(part: str) -> int:
    if part.isdigit():
        return 1
    said = len(_VOWELS.findall(part)) + len(_APART.findall(part)) - len(_SILENT.findall(part))
    return max(1, said)
