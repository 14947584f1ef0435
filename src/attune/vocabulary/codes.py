"""Random codes for public addresses: never a row number, never guessable."""

import secrets

# Crockford's base 32 without vowels: no words can form, and 0/O, 1/I/L cannot be confused.
ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"


def new_code(length: int = 12) -> str:
    """Return a random code; 12 letters carry 57 bits, 28 letters carry 134."""
    base = len(ALPHABET)
    # One draw for all letters: letter by letter takes three times as long.
    number = secrets.randbelow(base**length)
    return "".join(ALPHABET[number // base**place % base] for place in range(length))


def new_secret_code() -> str:
    """Return a code that is itself the key to something (134 bits)."""
    return new_code(28)
