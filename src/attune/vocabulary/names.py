"""Names as they are compared: how a typed place or word is brought to one form."""

import re
import unicodedata

APOSTROPHES = re.compile(r"['’‘`]")
NOT_WORD = re.compile(r"[\W_]+")
SAINT = re.compile(r"\bst\b")


def normalised(text: str) -> str:
    """Return words in lower case without accents or punctuation, in any script.

    "Bishop's Stortford" becomes "bishops stortford", "St. Ives" becomes "saint ives".
    """
    plain = unicodedata.normalize("NFKD", APOSTROPHES.sub("", text))
    letters = "".join(one for one in plain if not unicodedata.combining(one)).casefold()
    return SAINT.sub("saint", NOT_WORD.sub(" ", letters.replace("&", " and ")).strip())
