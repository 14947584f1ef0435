"""The way from private pages to other sites: through a page of ours that says so (S24).

The address of that page is sealed, so that neither a log nor the list of visited pages says where
somebody went before they went there. It holds where it leads and the day, and nothing of anybody.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from attune.accounts.sealing import Bound, CannotOpen, seal_json, unseal_json

# A page that stood open overnight still leads where it says.
DAYS = 2
SCHEMES = ("https", "http")
SEALED = Bound(model="web.leaving", field="address")


def outward(address: str) -> str:
    """Return the address, good today and tomorrow, of our page that leads to ``address``."""
    return _outward(address, timezone.now().date())


@lru_cache(maxsize=1024)
def _outward(address: str, today: date) -> str:
    box = seal_json([address, today.toordinal()], row="", **SEALED)
    return reverse("leaving_to", args=[urlsafe_b64encode(box).decode().rstrip("=")])


def destination(sealed: str, *, today: date) -> str | None:
    """Return where a link leads; None: it was altered, made up, or is too old."""
    try:
        box = urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
        address, day = unseal_json(box, row="", **SEALED)
    except (CannotOpen, ValueError):
        return None
    is_fresh = 0 <= today.toordinal() - day < DAYS
    return address if is_fresh and urlsplit(address).scheme in SCHEMES else None


def way_back(request: HttpRequest) -> str:
    """Return the page of ours that somebody came from, as the browser names it, or the first."""
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return "/"
    parts = urlsplit(came_from)
    return parts.path + (f"?{parts.query}" if parts.query else "")
