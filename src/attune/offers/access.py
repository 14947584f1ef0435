"""The only door to what members have claimed, and to the codes."""

from django.http import Http404

from attune.accounts.models import User
from attune.accounts.sealing import Bound, keyed_hash, seal, unseal
from attune.offers.models import Offer, OfferClaim, OfferCode
from attune.offers.queries import claims_of, with_stock

# What sealed text is bound to.
STOCK = Bound(model="offers.OfferCode", field="text")
SHARED = Bound(model="offers.Offer", field="shared_code")


def offer_for(user: User, code: str) -> tuple[Offer, OfferClaim | None]:
    """Return an offer and this member's claim of it, else 404: a draft and none alike."""
    claim = claims_of(user).filter(offer__code=code).first()
    offer = with_stock(Offer.objects.filter(code=code)).first()
    if offer is None or (offer.state == Offer.State.DRAFT and claim is None):
        raise Http404("No such offer.")
    return offer, claim


def claimed_code(claim: OfferClaim) -> str:
    """Open the code that a claim gave; "" where it gave none, or it is no longer kept."""
    if claim.offer.kind == Offer.Kind.SHARED:
        return shared_code(claim.offer)
    taken = getattr(claim, "taken", None)
    if taken is None or taken.text_sealed is None:
        return ""
    return unseal(taken.text_sealed, row=taken.code, **STOCK)


def shared_code(offer: Offer) -> str:
    """Open the code that all members of an offer share; "" if there is none."""
    if offer.shared_code_sealed is None:
        return ""
    return unseal(offer.shared_code_sealed, row=offer.code, **SHARED)


def sealed_shared_code(offer: Offer, text: str) -> bytes:
    return seal(text, row=offer.code, **SHARED)


def sealed_code(offer: Offer, text: str) -> OfferCode:
    """Return a code of an offer's stock, sealed and not saved."""
    one = OfferCode(offer=offer, text_hash=hash_of(offer, text))
    one.text_sealed = seal(text, row=one.code, **STOCK)
    return one


def hash_of(offer: Offer, text: str) -> str:
    """Return what tells whether an offer has this code, and tells nothing else."""
    return keyed_hash(f"{offer.code}/{text}", purpose="offer-code")
