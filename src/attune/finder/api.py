"""Listings and matches for other programs: the same code as the pages and ``attune match``."""

import re
from datetime import UTC, datetime

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router

from attune.core.errors import InvalidInput
from attune.finder.access import shown_listings
from attune.finder.listings import Json, asked, decoded, found_json, listing_json
from attune.finder.loading import current

router = Router(tags=["finder"])

DEFAULT_PAGE = 20
LARGEST_PAGE = 100
EXAMPLE: Json = {
    "for_whom": "adults",
    "issues": ["depression", "relationships"],
    "channels": ["in-person", "video"],
    "place": "CV34 4AA",
    "max_distance_km": 15,
    "times": [{"days": ["tue", "thu"], "from": "17:00", "to": "21:00"}],
    "times_weight": "nice",
    "within_days": 14,
    "budget": {"minor": 7000, "currency": "GBP", "reduced_fee": False},
    "wishes": [{"about": "gender", "value": "woman", "weight": "must"}],
    "matters_most": "soon",
    "limit": 10,
}
BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}, "example": EXAMPLE}},
    }
}


@router.post("/matches", openapi_extra=BODY)
def find_matches(request: HttpRequest) -> Json:
    """Say who fits an enquiry, and why. Every answer is optional, and nothing is stored."""
    now = timezone.now()
    try:
        data = decoded(request.body)
    except ValueError:
        raise InvalidInput("body", None, "an enquiry as JSON") from None
    return found_json(asked(data, loaded=current(now), now=now))


@router.get("/listings")
def list_listings(request: HttpRequest, after: str = "", limit: str = "") -> Json:
    """List who can be found, a page at a time: ``after`` is ``next`` of the page before."""
    now = timezone.now()
    size = _page_size(limit)
    if not re.fullmatch("[a-z0-9]{0,16}", after):
        raise InvalidInput("after", after, "what an earlier page gave as next")
    shown = shown_listings(now).filter(code__gt=after).values_list("code", flat=True)
    codes = list(shown[: size + 1])
    return {
        "listings": _listings(codes[:size], now),
        "next": codes[size - 1] if len(codes) > size else None,
    }


@router.get("/listings/{slug:code}")
def get_listing(request: HttpRequest, code: str) -> Json:
    """Return one listing; 404 for one that is not published, or not checked any more."""
    now = timezone.now()
    if not shown_listings(now).filter(code=code).exists():
        raise Http404("No such listing.")
    return _listings([code], now)[0]


def _listings(codes: list[str], now: datetime) -> list[Json]:
    loaded = current(now)
    people = loaded.people.get(codes, today=now.astimezone(UTC).date())
    return [listing_json(one, loaded=loaded, now=now) for one in people.values()]


def _page_size(limit: str) -> int:
    if not limit:
        return DEFAULT_PAGE
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:4]) <= LARGEST_PAGE):
        raise InvalidInput("limit", limit, f"a whole number from 1 to {LARGEST_PAGE}")
    return int(limit)
