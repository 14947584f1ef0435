"""Proving a mail address: a code is sent there, and whoever types it reads that mailbox.

Known and unknown addresses are treated alike in every step, and so is an address to which no
more codes go this hour: only its owner can see the difference.
"""

from datetime import datetime, timedelta
from hmac import compare_digest

from django.core import signing
from django.db import transaction

from attune.accounts.locks import locked
from attune.accounts.models import Contact, SealingKey, User
from attune.accounts.sealing import derived_digits, email_hash, seal, unseal
from attune.core.errors import AttuneError
from attune.outbox.actions import enqueue
from attune.vocabulary.codes import new_secret_code

CODE_LASTS = timedelta(minutes=30)
# How long a confirmed address can be used without asking again.
CONFIRMED_FOR = timedelta(minutes=30)
MOST_ATTEMPTS = 5
CODES_AN_HOUR_TO_ONE_ADDRESS = 5
CODES_AN_HOUR_FROM_ONE_ORIGIN = 20
_ONE_HOUR = timedelta(hours=1)
CONTACT_CODE = "contact-code"
_SALT = "attune.booking.contact"


class TooManyCodes(AttuneError):
    """This network address asked for too many codes within an hour."""


class CodeRefused(AttuneError):
    """The code is wrong, too old, or was tried too often: the answer is the same."""


def send_contact_code(email: str, *, origin: str, at: datetime) -> str:
    """
    Send a code to ``email`` and return the public code of what it will confirm.

    Args:
        origin: Keyed hash of the network address that asks (``accounts.limits.origin_of``).

    Raises ``TooManyCodes`` for the origin. An address that had its five codes this hour gets no
    more, and the answer does not say so.
    """
    address = email_hash(email)
    with locked(f"codes/{address}", f"codes/{origin}"):
        recent = Contact.objects.filter(created_at__gt=at - _ONE_HOUR)
        if recent.filter(origin_hash=origin).count() >= CODES_AN_HOUR_FROM_ONE_ORIGIN:
            raise TooManyCodes
        code = new_secret_code()
        is_silent = recent.filter(email_hash=address).count() >= CODES_AN_HOUR_TO_ONE_ADDRESS
        if not is_silent:
            Contact.objects.create(
                code=code,
                email_sealed=seal(email.strip(), model="contact", row=code, field="email"),
                email_hash=address,
                origin_hash=origin,
                created_at=at,
                expires_at=at + CODE_LASTS,
            )
            enqueue(CONTACT_CODE, code, key=f"code/{code}", at=at)
    return code


def confirm_contact(contact_code: str, digits: str, *, at: datetime) -> Contact:
    """Confirm an address with the code that was sent there. Raises ``CodeRefused``.

    Five attempts a code; typing the right one twice is harmless.
    """
    with transaction.atomic():
        contact = (
            Contact.objects.select_for_update()
            .filter(code=contact_code, expires_at__gt=at, attempts__lt=MOST_ATTEMPTS)
            .first()
        )
        if contact is None:
            raise CodeRefused
        is_right = compare_digest(digits_for(contact).encode(), digits.encode())
        if is_right:
            contact.confirmed_at = contact.confirmed_at or at
        else:
            contact.attempts += 1
        contact.save(update_fields=["confirmed_at", "attempts"])
    if not is_right:
        raise CodeRefused
    return contact


def digits_for(contact: Contact) -> str:
    """Return the six digits that confirm this address; they are not stored."""
    return derived_digits(f"{contact.code}:{contact.nonce}", purpose="contact-code")


def confirmed_contact(contact_code: str, *, at: datetime) -> Contact | None:
    """Return the contact if it was confirmed within the last half hour."""
    return Contact.objects.filter(
        code=contact_code, confirmed_at__gt=at - CONFIRMED_FOR, confirmed_at__lte=at
    ).first()


def own_contact(user: User, *, at: datetime) -> Contact:
    """Return an account's own address, which its owner proved, as what others confirm by a code."""
    proven = Contact.objects.filter(email_hash=user.email_hash, confirmed_at__isnull=False)
    if (known := proven.order_by("-pk").first()) is not None:
        return known
    code = new_secret_code()
    return Contact.objects.create(
        code=code,
        email_sealed=seal(user.email, model="contact", row=code, field="email", key=user.key),
        email_hash=user.email_hash,
        created_at=at,
        expires_at=at,
        confirmed_at=at,
    )


def email_of(contact: Contact, *, key: SealingKey | None = None) -> str:
    """Return the address; "" once its owner has erased what we hold of them.

    Args:
        key: Its owner's, if it is at hand.
    """
    if not contact.email_sealed:
        return ""
    return unseal(contact.email_sealed, model="contact", row=contact.code, field="email", key=key)


def seal_email(contact: Contact, *, key: SealingKey) -> None:
    """Seal the address anew, under the key of the account that it belongs to."""
    contact.email_sealed = seal(
        email_of(contact), model="contact", row=contact.code, field="email", key=key
    )
    contact.save(update_fields=["email_sealed"])


def token_for(contact: Contact) -> str:
    """Return what the API's callers show to prove that they confirmed this address."""
    return signing.Signer(salt=_SALT).sign(contact.code)


def contact_with_token(token: str, *, at: datetime) -> Contact | None:
    try:
        code = signing.Signer(salt=_SALT).unsign(token)
    except signing.BadSignature:
        return None
    return confirmed_contact(code, at=at)
