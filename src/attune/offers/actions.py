"""Claiming an offer, filling its stock, and keeping its words."""

from dataclasses import dataclass
from datetime import datetime
from typing import IO

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from attune.accounts.models import User
from attune.offers.access import hash_of, sealed_code
from attune.offers.errors import AllTaken, NotOpen, WordingChanged
from attune.offers.importing import read_codes
from attune.offers.models import Offer, OfferClaim, OfferCode
from attune.offers.queries import CLAIMS_KEPT_FOR, day_of
from attune.vocabulary.codes import new_secret_code

BATCH = 1000
WORDS = ("title", "summary", "terms", "worth_minor", "worth_currency")

# A second claim of the same member waits here for the first to be decided, with no code in hand.
_ENTER = """
    INSERT INTO offers_offerclaim (member_id, offer_id, wording_id, claimed_at)
    SELECT %(member)s, offer.id, wording.id, %(at)s
    FROM offers_offer AS offer
    JOIN offers_offerwording AS wording
        ON wording.offer_id = offer.id AND wording.number = offer.wording_number
    WHERE offer.id = %(offer)s AND wording.number = %(wording)s AND offer.state = 'published'
        AND COALESCE(offer.starts_on <= %(today)s, true)
        AND COALESCE(offer.ends_on >= %(today)s, true)
    ON CONFLICT (member_id, offer_id) DO NOTHING
    RETURNING id
"""
# Codes that others take at this moment are passed over: nobody waits, and no two take the same.
_TAKE = """
    UPDATE offers_offercode SET used_at = %(at)s, claim_id = %(claim)s
    WHERE id = (
        SELECT id FROM offers_offercode WHERE offer_id = %(offer)s AND used_at IS NULL
        ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
    )
"""


@dataclass(frozen=True)
class Added:
    """What became of a file of codes: how many were added, and the lines that were not.

    ``repeated``: an earlier line has the code; ``known``: the stock has it; ``bad``: it is none.
    """

    count: int
    repeated: tuple[int, ...]
    known: tuple[int, ...]
    bad: tuple[int, ...]


def claim(offer: Offer, member: User, *, wording: int, at: datetime) -> OfferClaim:
    """
    Give this member the offer, once: claiming again gives what was claimed before.

    Args:
        wording: number of the words that the member has read.

    Raises:
        WordingChanged, NotOpen, AllTaken: nothing was claimed.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _ENTER,
            {
                "member": member.pk,
                "offer": offer.pk,
                "wording": wording,
                "at": at,
                "today": day_of(at),
            },
        )
        if entered := cursor.fetchone():
            if offer.kind == Offer.Kind.STOCK:
                cursor.execute(_TAKE, {"claim": entered[0], "offer": offer.pk, "at": at})
                if not cursor.rowcount:
                    raise AllTaken
            return OfferClaim.objects.get(pk=entered[0])
    if claimed := OfferClaim.objects.filter(member=member, offer=offer).first():
        return claimed
    raise WordingChanged if _says_otherwise(offer, wording) else NotOpen


def _says_otherwise(offer: Offer, wording: int) -> bool:
    return not Offer.objects.filter(pk=offer.pk, wording_number=wording).exists()


def note_shown(claimed: OfferClaim, *, at: datetime) -> None:
    """Keep when a claim was first looked at: its owner can tell whether somebody else did."""
    OfferClaim.objects.filter(pk=claimed.pk, shown_at=None).update(shown_at=at)


def save_offer(offer: Offer, *, at: datetime) -> None:
    with transaction.atomic():
        offer.save()
        keep_words(offer, at=at)


def keep_words(offer: Offer, *, at: datetime) -> None:
    """Make the words that an offer was saved with those of claims from now on, and of no other.

    Runs in the transaction that saved it.
    """
    words = {name: getattr(offer, name) for name in WORDS}
    said = offer.wordings.filter(number=offer.wording_number).values(*WORDS).first()
    if said != words:
        offer.wording_number += 1
        offer.save(update_fields=["wording_number"])
        offer.wordings.create(number=offer.wording_number, since=at, **words)


def add_codes(offer: Offer, file: IO[bytes], *, size: int) -> Added:
    """
    Add a partner's codes to the stock: every good line of the file, or none.

    Args:
        file, size: see ``importing.read_codes``.

    Raises:
        CodesUnusable: the file is not one of codes.
    """
    found = read_codes(file, size=size)
    hashes = {hash_of(offer, text): text for text in found.codes}
    with transaction.atomic():
        _lock_stock(offer)
        stock = OfferCode.objects.filter(offer=offer, text_hash__in=list(hashes))
        known = {hashes[one] for one in stock.values_list("text_hash", flat=True)}
        fresh = [text for text in found.codes if text not in known]
        _add(offer, fresh)
    return Added(
        len(fresh),
        tuple(found.repeated),
        tuple(sorted(found.codes[text] for text in known)),
        tuple(found.bad),
    )


def issue_codes(offer: Offer, count: int) -> list[str]:
    """Make codes of our own, of 134 bits each, add them to the stock, and return them."""
    codes = [new_secret_code() for _ in range(count)]
    with transaction.atomic():
        _lock_stock(offer)
        _add(offer, codes)
    return codes


def forget_claims(claims: QuerySet[OfferClaim]) -> None:
    """Delete claims with what they gave. A code that was used stays used, by nobody."""
    with transaction.atomic():
        forget_codes(claims)
        claims.delete()


def forget_codes(claims: QuerySet[OfferClaim]) -> None:
    """Delete the codes that claims gave, and keep that they were used."""
    OfferCode.objects.filter(claim__in=claims).update(text_sealed=None, claim=None)


def forget_old_claims(now: datetime) -> None:
    """
    Delete what was claimed twelve months ago.

    The claim itself stays, without its code, as long as its offer is open: the same person could
    claim it again.
    """
    old = OfferClaim.objects.filter(claimed_at__lte=now - CLAIMS_KEPT_FOR)
    forget_codes(old)
    is_open = Q(offer__state=Offer.State.PUBLISHED) & (
        Q(offer__ends_on=None) | Q(offer__ends_on__gte=day_of(now))
    )
    old.exclude(is_open).delete()
    # Of members who are gone in any other way.
    OfferCode.objects.filter(claim=None).exclude(used_at=None).update(text_sealed=None)


def _lock_stock(offer: Offer) -> None:
    """Let one file at a time be added. Claims, which need the offer to exist, do not wait."""
    Offer.objects.select_for_update(no_key=True).get(pk=offer.pk)


def _add(offer: Offer, codes: list[str]) -> None:
    OfferCode.objects.bulk_create((sealed_code(offer, one) for one in codes), batch_size=BATCH)
