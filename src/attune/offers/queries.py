"""How an offer stands at a moment, and which a member can see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from attune.accounts.models import User
from attune.offers.models import Offer, OfferClaim, OfferCode, OfferWording

# A year and a day, so that a code "for a year" can be read to its end.
CLAIMS_KEPT_FOR = timedelta(days=366)
# Below this a count could point at somebody (S15).
LEAST_SHOWN = 10


class Standing(StrEnum):
    """Whether somebody who has not claimed an offer can."""

    NOT_YET = "not-yet"
    OPEN = "open"
    EXHAUSTED = "exhausted"
    OVER = "over"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Shown:
    """An offer as one member meets it: in the words they claimed it on, if they have."""

    offer: Offer
    standing: Standing
    claim: OfferClaim | None

    @property
    def words(self) -> Offer | OfferWording:
        return self.claim.wording if self.claim else self.offer


@dataclass(frozen=True)
class StockCount:
    """
    Of a stock of codes, what an editor may know.

    Attributes:
        added: how many there have ever been.

        claimed_from:
            how many were claimed, rounded down to a ten: neither this page nor two looks at it
            tell that one person came.

        is_empty: none is left; whoever asks for one is told so too.
    """

    added: int
    claimed_from: int
    is_empty: bool


def day_of(now: datetime) -> date:
    """Return the date on the site's clock, by which offers begin and end."""
    return now.astimezone(ZoneInfo(settings.VISITOR_ZONE)).date()


def standing_of(offer: Offer, *, has_codes: bool, today: date) -> Standing:
    """Return how an offer stands; ``has_codes``: whether its stock has a free one."""
    if offer.state != Offer.State.PUBLISHED:
        return Standing.WITHDRAWN
    if offer.starts_on and today < offer.starts_on:
        return Standing.NOT_YET
    if offer.ends_on and today > offer.ends_on:
        return Standing.OVER
    if offer.kind == Offer.Kind.STOCK and not has_codes:
        return Standing.EXHAUSTED
    return Standing.OPEN


def offers_of(user: User, *, now: datetime) -> list[Shown]:
    """Return what this member has claimed, newest first, then what is or will be open."""
    claims = {one.offer_id: one for one in claims_of(user)}
    today = day_of(now)
    ahead = Q(state=Offer.State.PUBLISHED) & (Q(ends_on=None) | Q(ends_on__gte=today))
    offers = with_stock(Offer.objects.filter(ahead | Q(pk__in=claims)))
    return sorted(shown(offers, claims, today), key=_order)


def shown(offers: Iterable[Offer], claims: dict[int, OfferClaim], today: date) -> list[Shown]:
    """Return each offer, which comes from ``with_stock``, as one member meets it."""
    return [
        Shown(
            one,
            standing_of(one, has_codes=one.has_codes, today=today),  # type: ignore[attr-defined]
            claims.get(one.pk),
        )
        for one in offers
    ]


def with_stock(offers: QuerySet[Offer]) -> QuerySet[Offer]:
    """Return the offers with their partners, each knowing whether it ``has_codes``."""
    free = OfferCode.objects.filter(offer=OuterRef("pk"), used_at=None)
    return offers.select_related("partner").annotate(has_codes=Exists(free))


def claims_of(user: User) -> QuerySet[OfferClaim]:
    """Return what a member has claimed, in the words of then, newest first."""
    claims = OfferClaim.objects.filter(member=user).order_by("-claimed_at", "pk")
    return claims.select_related("offer__partner", "wording", "taken")


def is_kept(claim: OfferClaim, *, now: datetime) -> bool:
    """Whether what was claimed can still be read: for twelve months."""
    return claim.claimed_at > now - CLAIMS_KEPT_FOR


def stock_count(offer: Offer) -> StockCount:
    stock = OfferCode.objects.filter(offer=offer)
    added, left = stock.count(), stock.filter(used_at=None).count()
    return StockCount(added, in_tens(added - left), is_empty=left == 0)


def claim_count(offer: Offer) -> int:
    """Return how many members have claimed an offer, rounded down to a ten."""
    return in_tens(OfferClaim.objects.filter(offer=offer).count())


def in_tens(count: int) -> int:
    return count - count % LEAST_SHOWN


def _order(one: Shown) -> tuple[bool, float, bool]:
    claimed = one.claim.claimed_at.timestamp() if one.claim else 0.0
    return one.claim is None, -claimed, one.standing is not Standing.OPEN
