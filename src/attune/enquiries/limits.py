"""How often one network address may try a reference."""

from django.core.cache import cache

TRIES = 20
WINDOW_SECONDS = 3600


def may_try(origin: str) -> bool:
    """Count one try; False once there were too many within the hour."""
    key = f"enquiry-reference/{origin}"
    cache.add(key, 0, WINDOW_SECONDS)
    return int(cache.incr(key)) <= TRIES
