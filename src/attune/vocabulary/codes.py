"""Random codes for public addresses: never a row number, never guessable."""

import secrets

# Crockford's base 32 without vowels: no words can form, and 0/O, 1/I/L cannot be confused.
ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"


def new_code(length: int = 12) -> str:
    """Return a random code; 12 letters carry 57 bits, 28 letters carry 134."""
    return random_letters(length, ALPHABET)


def random_letters(length: int, allowed_chars: str) -> str:
    """Return letters that nobody can guess, each of these equally likely.

    One draw makes all of them: each draw is a call of the system, which lets other threads in.
    With eight bytes to spare, no letter's chance differs by more than one in 2 to the power of 64.
    """
    base = len(allowed_chars)
    number = int.from_bytes(secrets.token_bytes(length * base.bit_length() // 8 + 8))
    letters = []
    for _ in range(length):
        number, place = divmod(number, base)
        letters.append(allowed_chars[place])
    return "".join(letters)


def new_secret_code() -> str:
    """Return a code that is itself the key to something (134 bits)."""
    return new_code(28)
