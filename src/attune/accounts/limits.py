"""Counting attempts in the shared cache, so that all processes count together."""

from django.core.cache import cache
from django.http import HttpRequest

from attune.accounts.sealing import keyed_hash

WINDOW_SECONDS = 600
ATTEMPTS = 10


def origin_of(request: HttpRequest) -> str:
    """Return a keyed hash of the network address that a request came from."""
    return keyed_hash(request.META.get("REMOTE_ADDR", ""), purpose="origin")


def count_attempt(request: HttpRequest, what: str) -> bool:
    """Count one attempt from this address; False once there were too many in ten minutes."""
    key = f"attempts/{what}/{origin_of(request)}"
    cache.add(key, 0, WINDOW_SECONDS)
    return int(cache.incr(key)) <= ATTEMPTS
