"""Sealing: encryption of what only the person and the one they chose may read.

AES-256-GCM under a key derived from the key file. What is bound to the text (model, row, field and
key version) is authenticated with it, so a sealed value that was moved to another row or field
does not open. Without the key file nothing opens: reads fail closed.
"""

import hashlib
import hmac
import json
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from attune.accounts.keys import derived_key

KEY_VERSION = 1
_NONCE_BYTES = 12


class CannotOpen(Exception):
    """The sealed value was moved, changed, or sealed with another key."""


def seal(text: str, *, model: str, row: str, field: str) -> bytes:
    """Return ``text`` sealed for one field of one row (``row`` is the row's public code)."""
    nonce = os.urandom(_NONCE_BYTES)
    box = _cipher().encrypt(nonce, text.encode(), _binding(model, row, field, KEY_VERSION))
    return bytes([KEY_VERSION]) + nonce + box


def unseal(sealed: bytes | memoryview, *, model: str, row: str, field: str) -> str:
    """Open what ``seal`` closed. Raises ``CannotOpen``."""
    raw = bytes(sealed)
    version, nonce, box = raw[0], raw[1 : 1 + _NONCE_BYTES], raw[1 + _NONCE_BYTES :]
    try:
        return _cipher().decrypt(nonce, box, _binding(model, row, field, version)).decode()
    except (InvalidTag, ValueError, IndexError) as error:
        raise CannotOpen(f"{model}.{field} does not open.") from error


def seal_json(value: Any, *, model: str, row: str, field: str) -> bytes:
    return seal(json.dumps(value, separators=(",", ":")), model=model, row=row, field=field)


def unseal_json(sealed: bytes | memoryview, *, model: str, row: str, field: str) -> Any:
    return json.loads(unseal(sealed, model=model, row=row, field=field))


def keyed_hash(value: str, *, purpose: str) -> str:
    """Return a hash that can be compared but, without the key file, neither read nor guessed."""
    return hmac.new(_key(f"hash/{purpose}"), value.encode(), hashlib.sha256).hexdigest()


def email_hash(email: str) -> str:
    return keyed_hash(email.strip().casefold(), purpose="email")


def derived_digits(value: str, *, purpose: str, length: int = 6) -> str:
    """Return digits that follow from ``value`` and the key: a code that need not be stored."""
    number = int(keyed_hash(value, purpose=purpose)[:15], 16)
    return f"{number % 10**length:0{length}d}"


def _key(purpose: str) -> bytes:
    return derived_key(settings.KEY_FILE, purpose)


def _cipher() -> AESGCM:
    return _cipher_with(_key(f"seal/{KEY_VERSION}"))


@lru_cache(maxsize=4)
def _cipher_with(key: bytes) -> AESGCM:
    return AESGCM(key)


def _binding(model: str, row: str, field: str, version: int) -> bytes:
    return "\x1f".join((model, row, field, str(version))).encode()
