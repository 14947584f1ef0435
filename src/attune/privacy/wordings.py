"""What people were asked to agree to, word for word, for ever.

A consent keeps the version and the hash of the words it answers. Words are never changed: other
words are another version, added below the old one. A translation is a version of its own, since
it is what was read.
"""

import hashlib
from dataclasses import dataclass

STATISTICS = "statistics"


@dataclass(frozen=True)
class Wording:
    """One question, as it was put; ``yes`` and ``no`` are the answers to choose from."""

    purpose: str
    version: str
    question: str
    explanation: str
    yes: str
    no: str

    @property
    def digest(self) -> str:
        """SHA-256 of all of its words."""
        words = (self.question, self.explanation, self.yes, self.no)
        return hashlib.sha256("\x1f".join(words).encode()).hexdigest()


# Of each purpose, the last is the one that is asked now.
WORDINGS = (
    Wording(
        purpose=STATISTICS,
        version="en-1",
        question="May we count how our pages are used?",
        explanation=(
            "We count for ourselves only, and do not know who you are. If you agree, your browser"
            " keeps a random code for half a year. If you say no, nothing changes for you."
        ),
        yes="You may count",
        no="Do not count",
    ),
)


def current_wording(purpose: str) -> Wording:
    """Return what is asked now. Raises ``LookupError`` for a purpose that nobody is asked about."""
    found = [one for one in WORDINGS if one.purpose == purpose]
    if not found:
        raise LookupError(f"{purpose} has no wording.")
    return found[-1]


def wording_of(purpose: str, version: str) -> Wording:
    """Return what was asked then. Raises ``LookupError``."""
    for one in WORDINGS:
        if (one.purpose, one.version) == (purpose, version):
            return one
    raise LookupError(f"{purpose} has no wording {version}.")
