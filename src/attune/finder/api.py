"""Listings and matches for other programs: the same code as the pages and ``attune match``.

Answers are written as they are made, and not read again by the models that describe them.
"""

import re
from datetime import datetime
from typing import Annotated

from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from ninja import Body, Router
from pydantic import SkipValidation

from attune.accounts.limits import READS, Limit, limited
from attune.accounts.schemas import MISTAKES_OR_TOO_MANY, Refused
from attune.core.errors import InvalidInput
from attune.directory.dates import day_of
from attune.finder.access import shown_listings
from attune.finder.listings import Json, asked, found_json, listing_json
from attune.finder.loading import current
from attune.finder.schemas import EnquiryIn, ListingOut, ListingsOut, MatchesOut

router = Router(tags=["finder"])

DEFAULT_PAGE = 20
LARGEST_PAGE = 100
MATCHES = Limit("matches", 120)
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
# Described as an enquiry and taken as it comes: ``parse_enquiry`` reads it, as everywhere.
Asked = Annotated[EnquiryIn, SkipValidation, Body(examples=[EXAMPLE])]


@router.post("/matches", response={200: MatchesOut, **MISTAKES_OR_TOO_MANY})
@limited(MATCHES)
def find_matches(request: HttpRequest, enquiry: Asked) -> JsonResponse:
    """Say who fits an enquiry, and why. Every answer is optional, and nothing is stored."""
    now = timezone.now()
    return JsonResponse(found_json(asked(enquiry, loaded=current(now), now=now)))


@router.get("/listings", response={200: ListingsOut, **MISTAKES_OR_TOO_MANY})
@limited(READS)
def list_listings(request: HttpRequest, after: str = "", limit: str = "") -> JsonResponse:
    """List who can be found, a page at a time: ``after`` is ``next`` of the page before."""
    now = timezone.now()
    size = _page_size(limit)
    if not re.fullmatch("[a-z0-9]{0,16}", after):
        raise InvalidInput("after", after, "what an earlier page gave as next")
    shown = shown_listings(now).filter(code__gt=after).values_list("code", flat=True)
    codes = list(shown[: size + 1])
    return JsonResponse(
        {
            "listings": _listings(codes[:size], now),
            "next": codes[size - 1] if len(codes) > size else None,
        }
    )


@router.get("/listings/{slug:code}", response={200: ListingOut, 404: Refused, 429: Refused})
@limited(READS)
def get_listing(request: HttpRequest, code: str) -> JsonResponse:
    """Return one listing; 404 for one that is not published, or not checked any more."""
    now = timezone.now()
    if not shown_listings(now).filter(code=code).exists():
        raise Http404("No such listing.")
    return JsonResponse(_listings([code], now)[0])


def _listings(codes: list[str], now: datetime) -> list[Json]:
    loaded = current(now)
    people = loaded.people.get(codes, today=day_of(now))
    return [listing_json(one, loaded=loaded, now=now) for one in people.values()]


def _page_size(limit: str) -> int:
    if not limit:
        return DEFAULT_PAGE
    if not (re.fullmatch("[0-9]{1,3}", limit) and 1 <= int(limit) <= LARGEST_PAGE):
        raise InvalidInput("limit", limit, f"a whole number from 1 to {LARGEST_PAGE}")
    return int(limit)
