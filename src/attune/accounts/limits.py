"""Where a request came from, as something to count by and nothing to read; and counting."""

from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from attune.accounts.sealing import keyed_hash
from attune.core.errors import AttuneError

# One statement, so that no two processes count from the same number.
COUNT_ONE = """
    INSERT INTO accounts_tally AS known (key, count, ends_at) VALUES (%(key)s, 1, %(ends_at)s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN known.ends_at > %(at)s THEN known.count + 1 ELSE 1 END,
        ends_at = CASE WHEN known.ends_at > %(at)s THEN known.ends_at ELSE excluded.ends_at END
    RETURNING count, ends_at
"""
# A household or an office has one of these; within it, addresses cost nothing to change.
IPV6_PREFIX = 64
ONE_MINUTE = timedelta(minutes=1)
READS_A_MINUTE = 240


class TooManyRequests(AttuneError):
    """Somebody asked too often; the message is for them, ``wait`` until they may again."""

    def __init__(self, message: str, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(message)


def address_of(request: HttpRequest) -> str:
    """
    Return the network address that a request came from.

    ``X-Forwarded-For`` grows at its end, by one address at each proxy. It is believed only as far
    back as proxies of ours (``ATTUNE_TRUSTED_PROXIES``) wrote it: the rest anybody can make up.
    """
    address: str = request.META.get("REMOTE_ADDR", "")
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while hops and _is_trusted_proxy(address):
        before = _ip(hops.pop().strip())
        if before is None:
            break
        address = str(before)
    return address


def origin_of(request: HttpRequest) -> str:
    """Return a keyed hash of the network address, or IPv6 network, that a request came from."""
    address = address_of(request)
    found = _ip(address)
    if isinstance(found, IPv6Address):
        address = str(ip_network((found, IPV6_PREFIX), strict=False))
    return keyed_hash(address, purpose="origin")


def wait_after(
    purpose: str, origin: str, *, most: int, within: timedelta, at: datetime
) -> timedelta | None:
    """Count one more; return how long there is to wait if that is over ``most``, else None."""
    key = keyed_hash(f"{purpose}/{origin}", purpose="limit")
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ONE, {"key": key, "at": at, "ends_at": at + within})
        count, ends_at = cursor.fetchone()
    return ends_at - at if count > most else None


def limit_each_minute(request: HttpRequest, purpose: str, *, most: int, at: datetime) -> None:
    """Count a request; raise ``TooManyRequests`` over ``most`` a minute from one origin."""
    wait = wait_after(purpose, origin_of(request), most=most, within=ONE_MINUTE, at=at)
    if wait is not None:
        raise TooManyRequests(
            f"More than {most} requests in a minute came from this address. Try again soon.", wait
        )


def limit_reads(request: HttpRequest, *, at: datetime) -> None:
    """Count a look at what the API lists; raise ``TooManyRequests`` over 240 a minute."""
    limit_each_minute(request, "reads", most=READS_A_MINUTE, at=at)


def _is_trusted_proxy(address: str) -> bool:
    found = _ip(address)
    return found is not None and any(found in network for network in settings.TRUSTED_PROXIES)


def _ip(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    # What a socket for both families calls 192.0.2.7 is ::ffff:192.0.2.7.
    return getattr(found, "ipv4_mapped", None) or found
