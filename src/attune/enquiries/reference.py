"""The reference that a person without e-mail writes down: "kfm2 9tqx hw4r"."""

from attune.accounts.sealing import keyed_hash
from attune.vocabulary.codes import ALPHABET

LETTERS = 12  # 57 bits


def reference_for(code: str) -> str:
    """Return the reference of the enquiry with this code: it follows from the service key, so it
    can be shown again without being stored."""
    number = int(keyed_hash(code, purpose="reference-words"), 16)
    letters = []
    for _ in range(LETTERS):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def spaced(reference: str) -> str:
    return " ".join(reference[at : at + 4] for at in range(0, len(reference), 4))


def normalised_reference(typed: str) -> str:
    return "".join(letter for letter in typed.lower() if letter in ALPHABET)
