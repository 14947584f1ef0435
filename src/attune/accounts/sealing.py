"""Sealing: encryption of what only the person and the one they chose may read.

AES-256-GCM. What belongs to somebody with an account is sealed under their own key, which the
master key of the key file wraps (``SealingKey``); the rest under keys derived from the key file.
A box names its key. What is bound to the text (model, row, field and key) is authenticated with
it, so a sealed value that was moved to another row or field does not open. Without the key file,
or once somebody's key is destroyed, nothing opens: reads fail closed.

    service box   version of the master key (1 byte, 1 to 127) | nonce | ciphertext
    personal box  0 | code of the key (28 bytes) | nonce | ciphertext
"""

import hashlib
import hmac
import json
import os
from functools import lru_cache
from typing import Any, Protocol, TypedDict

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection

from attune.accounts.erased import is_erased
from attune.accounts.key_marks import trusted_key_file
from attune.accounts.keys import derived_key, master_versions

_NONCE_BYTES = 12
_CODE_BYTES = 28
_PERSONAL = 0
_FIND_KEY = "SELECT wrapped, master_version FROM accounts_sealingkey WHERE code = %s"


class CannotOpen(Exception):
    """The sealed value was moved, changed, or sealed with another key, or its key is destroyed."""


class WrappedKey(Protocol):
    """A key as it is stored (``SealingKey``)."""

    code: str
    wrapped: bytes | memoryview
    master_version: int


class Bound(TypedDict):
    """What is bound to a text besides its row."""

    model: str
    field: str


def seal(text: str, *, model: str, row: str, field: str, key: WrappedKey | None = None) -> bytes:
    """
    Return ``text`` sealed for one field of one row.

    Args:
        row: The row's public code.

        key: Of whom the text belongs to; None: the service's own.
    """
    if key is None:
        version = newest_version()
        name, cipher = bytes([version]), _service_cipher(version)
    else:
        name = bytes([_PERSONAL]) + key.code.encode()
        cipher = AESGCM(_unwrapped(key.code, bytes(key.wrapped), key.master_version))
    nonce = os.urandom(_NONCE_BYTES)
    return name + nonce + cipher.encrypt(nonce, text.encode(), _binding(model, row, field, name))


def unseal(
    sealed: bytes | memoryview, *, model: str, row: str, field: str, key: WrappedKey | None = None
) -> str:
    """
    Open what ``seal`` closed. Raises ``CannotOpen``.

    Args:
        key: One that is at hand; if it is the one that the box names, it is not looked up.
    """
    raw = bytes(sealed)
    length = 1 + (_CODE_BYTES if raw[:1] == bytes([_PERSONAL]) else 0)
    name, nonce = raw[:length], raw[length : length + _NONCE_BYTES]
    box = raw[length + _NONCE_BYTES :]
    try:
        opened = _cipher_named(name, key).decrypt(nonce, box, _binding(model, row, field, name))
        return opened.decode()
    except (InvalidTag, ValueError, IndexError) as error:
        raise CannotOpen(f"{model}.{field} does not open.") from error


def seal_json(
    value: Any, *, model: str, row: str, field: str, key: WrappedKey | None = None
) -> bytes:
    text = json.dumps(value, separators=(",", ":"))
    return seal(text, model=model, row=row, field=field, key=key)


def unseal_json(
    sealed: bytes | memoryview, *, model: str, row: str, field: str, key: WrappedKey | None = None
) -> Any:
    return json.loads(unseal(sealed, model=model, row=row, field=field, key=key))


def new_wrapped_key(code: str) -> tuple[bytes, int]:
    """Return a new personal key, wrapped, and the version of the master key that wraps it."""
    return wrapped_key(os.urandom(32), code)


def rewrapped_key(key: WrappedKey) -> tuple[bytes, int]:
    """Return the same key under the newest master key, and that one's version."""
    return wrapped_key(_unwrapped(key.code, bytes(key.wrapped), key.master_version), key.code)


def wrapped_key(secret: bytes, code: str) -> tuple[bytes, int]:
    version = newest_version()
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _wrapping_cipher(version).encrypt(nonce, secret, code.encode()), version


def keyed_hash(value: str, *, purpose: str) -> str:
    """Return a hash that can be compared but, without the key file, neither read nor guessed."""
    key = derived_key(trusted_key_file(), f"hash/{purpose}")
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def normalised_email(email: str) -> str:
    return email.strip().casefold()


def email_hash(email: str) -> str:
    return keyed_hash(normalised_email(email), purpose="email")


def derived_digits(value: str, *, purpose: str, length: int = 6) -> str:
    """Return digits that follow from ``value`` and the key: a code that need not be stored."""
    number = int(keyed_hash(value, purpose=purpose)[:15], 16)
    return f"{number % 10**length:0{length}d}"


def newest_version() -> int:
    """Return the version of the master key that seals what is sealed now."""
    return master_versions(trusted_key_file())[-1]


def _cipher_named(name: bytes, at_hand: WrappedKey | None) -> AESGCM:
    if name[0] != _PERSONAL:
        return _service_cipher(name[0])
    code = name[1:].decode()
    if not (code.isascii() and code.isalnum()):
        raise CannotOpen("This is no code of a key.")
    if at_hand is not None and at_hand.code == code:
        return AESGCM(_unwrapped(code, bytes(at_hand.wrapped), at_hand.master_version))
    with connection.cursor() as cursor:
        cursor.execute(_FIND_KEY, [code])
        row = cursor.fetchone()
    if row is None:
        raise CannotOpen("The key is destroyed.")
    return AESGCM(_unwrapped(code, bytes(row[0]), row[1]))


def _unwrapped(code: str, wrapped: bytes, master_version: int) -> bytes:
    if is_erased(code):
        raise CannotOpen("The key is destroyed.")
    nonce, box = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
    try:
        return _wrapping_cipher(master_version).decrypt(nonce, box, code.encode())
    except InvalidTag as error:
        raise CannotOpen("The key file is not the one that wrapped this key.") from error


def _service_cipher(version: int) -> AESGCM:
    return _cipher_of(version, purpose=f"seal/{version}")


def _wrapping_cipher(version: int) -> AESGCM:
    return _cipher_of(version, purpose="wrap")


def _cipher_of(version: int, *, purpose: str) -> AESGCM:
    path = trusted_key_file()
    if version not in master_versions(path):
        raise CannotOpen("No key of ours sealed this.")
    return _cipher_with(derived_key(path, purpose, version=version))


@lru_cache(maxsize=8)
def _cipher_with(key: bytes) -> AESGCM:
    return AESGCM(key)


def _binding(model: str, row: str, field: str, name: bytes) -> bytes:
    # What names the key is its version too: as text for boxes that were sealed before there
    # were personal keys.
    key = str(name[0]) if name[0] != _PERSONAL else name[1:].decode()
    return "\x1f".join((model, row, field, key)).encode()
