"""What somebody looks for, as an address that tells nobody."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode

from attune.accounts.sealing import Bound, CannotOpen, seal, unseal

LONGEST_SEARCH = 120
_BOUND_TO = Bound(model="content.search", field="words")


def sealed_words(words: str) -> str:
    """Return words as a part of an address that only this service can read."""
    return urlsafe_b64encode(seal(words, row="", **_BOUND_TO)).decode().rstrip("=")


def words_in(token: str) -> str:
    """Return the words of ``sealed_words``. Raises ``CannotOpen``."""
    try:
        sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError) as error:
        raise CannotOpen("This is no address of ours.") from error
    if not sealed:
        raise CannotOpen("This is no address of ours.")
    return unseal(sealed, row="", **_BOUND_TO)
