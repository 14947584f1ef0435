"""How often one origin may use a route: every route has a limit, counted by all processes alike.

A view says its own with ``limited`` beside its audience; each other route that changes something
has ``CHANGES``. Pages that are only read are not counted, unless they say so: what a page costs is
mostly what it asks of the database (docs/decisions/price-of-the-results-page.md).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, TypeVar

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

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
READING = ("GET", "HEAD", "OPTIONS", "TRACE")
# What may carry a file: an upload of the editor, a list that staff bring in.
TAKE_FILES = ("/editor/", "/staff/")
# Longer than any photograph: up to here a form itself says what it takes, and keeps the rest.
LONGEST_WITH_FILES = 64 * 1024 * 1024
# Never sent back to a page, so that no page holds them.
SECRETS = ("password", "code")

MARK = "origin_limit"
View = TypeVar("View", bound=Callable[..., Any])


class TooManyRequests(AttuneError):
    """Somebody asked too often; the message is for them, ``wait`` until they may again."""

    def __init__(self, message: str, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(message)


@dataclass(frozen=True)
class Limit:
    """
    How many requests one origin may make to all routes that share a ``purpose``.

    Args:
        most: how many, ``within`` that time; None for as many as anybody likes.

        reads: whether looking counts too, and not only sending.

        why: for a limit that is not to be expected, the reason.
    """

    purpose: str
    most: int | None
    within: timedelta = timedelta(minutes=1)
    reads: bool = False
    why: str = ""


# Far more than a household types, few enough that no machine gets far.
CHANGES = Limit("changes", 600)
# What can be listed is read by one program at a time, and not by a crowd of them.
READS = Limit("reads", 240, reads=True)
# Requests that may send mail; how many codes go out is counted apart (accounts/contacts.py).
MAIL_ASKED_FOR = Limit("mail-asked-for", 60, timedelta(hours=1))
# A code itself takes five attempts: this stops whoever asks for one code after the other.
CODES_TYPED = Limit("codes-typed", 60, timedelta(minutes=10))


def limited(limit: Limit) -> Callable[[View], View]:
    """Declare how often one origin may use a view."""

    def mark(view: View) -> View:
        setattr(view, MARK, limit)
        return view

    return mark


def limit_of(view: Callable[..., Any], method: str) -> Limit:
    """Return the limit that a view declares for requests of this method, or ``CHANGES``."""
    inner = getattr(view, "view_class", None) or getattr(view, "func", view)
    # ninja answers all methods of an address with one view, which knows a function for each.
    for operation in operations_of(view):
        if method in operation.methods:
            inner = operation.view_func
    found: Limit = getattr(view, MARK, None) or getattr(inner, MARK, None) or CHANGES
    return found


def operations_of(view: Callable[..., Any]) -> list[Any]:
    """Return what ninja answers at an address: its operations, none for any other view."""
    if not getattr(view, "__module__", "").startswith("ninja"):
        return []
    held = (cell.cell_contents for cell in getattr(view, "__closure__", None) or ())
    return [one for path in held for one in getattr(path, "operations", ())]


class LimitsMiddleware:
    """Refuse what is too often or too long before anything is done with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _carries_too_much(request):
            return render(request, "413.jinja", status=413)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        is_reading = request.method in READING
        limit = limit_of(view, request.method or "")
        if limit.most is None or (is_reading and not limit.reads):
            return None
        try:
            wait = wait_for(limit, origin_of(request), at=timezone.now())
        except DatabaseError:
            # What is only read goes on without being counted.
            return None if is_reading else cannot_count(request, view)
        return None if wait is None else too_many(request, view, limit, wait)


def wait_for(limit: Limit, origin: str, *, at: datetime) -> timedelta | None:
    """Count one more; return how long there is to wait if that is too many, else None."""
    if limit.most is None:
        return None
    return wait_after(limit.purpose, origin, most=limit.most, within=limit.within, at=at)


def too_many(
    request: HttpRequest, view: Callable[..., Any], limit: Limit, wait: timedelta
) -> HttpResponse:
    """Say when to come back, and give back what was typed."""
    seconds = math.ceil(wait.total_seconds())
    if operations_of(view):
        told = (
            f"More than {limit.most} requests in {spoken(limit.within)} came from this address. "
            "Try again soon."
        )
        answer: HttpResponse = JsonResponse({"detail": told}, status=429)
    else:
        context = {"minutes": math.ceil(seconds / 60), "typed": typed_again(request)}
        answer = render(request, "429.jinja", context, status=429)
    answer["Retry-After"] = str(seconds)
    answer["Cache-Control"] = "private, no-store"
    return answer


def cannot_count(request: HttpRequest, view: Callable[..., Any]) -> HttpResponse:
    """Refuse what must be counted while nothing can be."""
    if operations_of(view):
        told = "This cannot be done at the moment. Nothing was changed. Try again in a minute."
        answer: HttpResponse = JsonResponse({"detail": told}, status=503)
    else:
        answer = render(request, "503.jinja", {"typed": typed_again(request)}, status=503)
    answer["Retry-After"] = "60"
    answer["Cache-Control"] = "private, no-store"
    return answer


def typed_again(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what a form sent, to send once more by a button; nothing if it has a secret or a file.

    A page that is never stored is empty after Back, so this page holds it.
    """
    if request.method != "POST" or request.FILES:
        return []
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    has_secret = any(secret in name for name, _ in fields for secret in SECRETS)
    return [] if has_secret else fields


def spoken(within: timedelta) -> str:
    """Return a length of time in words: "a minute", "10 minutes", "an hour"."""
    minutes = within // timedelta(minutes=1)
    return {1: "a minute", 60: "an hour", 24 * 60: "a day"}.get(minutes, f"{minutes} minutes")


def _carries_too_much(request: HttpRequest) -> bool:
    """Whether a form with files is longer than anything that this address takes.

    Django's own limit on what is sent leaves files out.
    """
    if not request.META.get("CONTENT_TYPE", "").startswith("multipart/"):
        return False
    length = request.META.get("CONTENT_LENGTH") or "0"
    takes_files = request.path_info.startswith(TAKE_FILES)
    most = LONGEST_WITH_FILES if takes_files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return not length.isdecimal() or int(length) > most


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
