"""What a member's page, export and erasure hold of offers."""

from datetime import datetime

from attune.accounts.erasures import erases
from attune.accounts.exports import Row, exports
from attune.accounts.models import User
from attune.accounts.panels import Panel, home_panel
from attune.core.phrases import moment_words, money_words
from attune.offers.access import claimed_code
from attune.offers.actions import forget_claims
from attune.offers.models import OfferClaim
from attune.offers.queries import Standing, claims_of, is_kept, offers_of
from attune.offers.words import card_of

MOST_ON_THE_PAGE = 3
ZONE = "Europe/London"


@home_panel(order=60)
def offers_panel(user: User, now: datetime) -> Panel | None:
    """Show the first few offers; nothing where there is none to claim and none was claimed."""
    found = [one for one in offers_of(user, now=now) if one.claim or one.standing is Standing.OPEN]
    if not found:
        return None
    cards = [card_of(one) for one in found[:MOST_ON_THE_PAGE]]
    return Panel("offers/_panel.jinja", {"cards": cards, "more": len(found) > len(cards)})


@exports("Offers you claimed")
def claimed_offers(user: User, now: datetime) -> list[Row]:
    return [_row(one, now) for one in claims_of(user)]


@erases("Offers you claimed")
def claims_gone(user: User, at: datetime) -> None:
    """Delete the claims and their codes; a code that was used is given to nobody else."""
    forget_claims(OfferClaim.objects.filter(member=user))


def _row(one: OfferClaim, now: datetime) -> Row:
    worth = one.wording.worth
    return {
        "Partner": one.offer.partner.name,
        "Offer": one.wording.title,
        "What it is": one.wording.summary,
        "Terms": one.wording.terms,
        "Worth": money_words(worth) if worth else None,
        "Claimed": moment_words(one.claimed_at, ZONE),
        "First shown": moment_words(one.shown_at, ZONE) if one.shown_at else None,
        "Code": claimed_code(one) or None if is_kept(one, now=now) else None,
        "Link": one.offer.link or None,
    }
