"""Partners, offers and members, as the tests of offers know them."""

from datetime import UTC, datetime
from io import BytesIO

from attune.accounts.models import User
from attune.offers.access import sealed_shared_code
from attune.offers.actions import add_codes, claim, save_offer
from attune.offers.models import Offer, OfferClaim, Partner

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
TERMS = "For twelve months. It does not renew by itself."


def a_partner(name: str = "Quillfen Apps") -> Partner:
    made, _ = Partner.objects.get_or_create(
        name=name, defaults={"what": "They make an app.", "website": "https://quillfen.example/"}
    )
    return made


def an_offer(*codes: str, at: datetime = NOW, **fields: object) -> Offer:
    """Return a published offer with these codes in its stock."""
    shared = fields.pop("shared_code", "")
    offer = Offer(
        partner=fields.pop("partner", None) or a_partner(),
        **{
            "title": "A year of the app",
            "summary": "Short exercises for calm evenings.",
            "terms": TERMS,
            "worth_minor": 3899,
            "state": Offer.State.PUBLISHED,
            **fields,
        },
    )
    if shared:
        offer.shared_code_sealed = sealed_shared_code(offer, shared)
    save_offer(offer, at=at)
    if codes:
        add(offer, *codes)
    return offer


def add(offer: Offer, *codes: str):
    content = "\n".join(codes).encode()
    return add_codes(offer, BytesIO(content), size=len(content))


def a_member(name: str = "Ada") -> User:
    return User.objects.create_user(f"{name.casefold()}@home.example", name=name)


def claimed(offer: Offer, member: User, *, at: datetime = NOW) -> OfferClaim:
    """Claim an offer as somebody does who has read its words."""
    offer.refresh_from_db()
    return claim(offer, member, wording=offer.wording_number, at=at)
