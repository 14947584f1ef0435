"""Why a claim can be refused. The page says each in one sentence."""

from attune.core.errors import AttuneError


class ClaimRefused(AttuneError):
    """The root of these."""


class NotOpen(ClaimRefused):
    """The offer has not begun, is over, or was withdrawn."""


class AllTaken(ClaimRefused):
    """Every code of the stock has been claimed."""


class WordingChanged(ClaimRefused):
    """The offer says something else than when the page was opened."""


class CodesUnusable(AttuneError):
    """The file of codes cannot be read as one; the message says why, and nothing was added."""
