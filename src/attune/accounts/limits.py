"""Where a request came from, as something to count by and nothing to read."""

from django.http import HttpRequest

from attune.accounts.sealing import keyed_hash


def origin_of(request: HttpRequest) -> str:
    """Return a keyed hash of the network address that a request came from."""
    return keyed_hash(request.META.get("REMOTE_ADDR", ""), purpose="origin")
