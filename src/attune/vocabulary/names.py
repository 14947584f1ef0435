"""Names as they are compared: how a typed place or word is brought to one form."""

import re
import unicodedata

APOSTROPHES = re.compile(r"['’‘`]")
NOT_WORD = re.compile(r"[^a-z0-9]+")
SAINT = re.compile(r"\bst\b")


def normalised(text: str) -> str:
    """Return lower case words without accents or punctuation: "Bishop's Stortford" -> "bishops
    stortford", "St. Ives" -> "saint ives".
    """
    plain = unicodedata.normalize("NFKD", APOSTROPHES.sub("", text))
    letters = "".join(one for one in plain if not unicodedata.combining(one)).casefold()
    return SAINT.sub("saint", NOT_WORD.sub(" ", letters.replace("&", " and ")).strip())
