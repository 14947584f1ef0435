"""Addresses to which nothing is ever sent again, because their owner said so (S9)."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import transaction

from attune.accounts.erasures import erases
from attune.accounts.exports import Row, exports
from attune.accounts.models import UnsafeChannel, User
from attune.accounts.notices import Kind, notify
from attune.accounts.sealing import email_hash
from attune.core.phrases import moment_words
from attune.outbox.registry import refuses_addresses

# With which somebody can sign in who reads no mail; recovery codes come with one of these.
_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


@refuses_addresses
def is_unsafe(address: str) -> bool:
    return UnsafeChannel.objects.filter(value_hash=email_hash(address)).exists()


def is_marked(user: User) -> bool:
    """Whether nothing is sent to this account's own address."""
    return user.unsafe_channels.filter(value_hash=user.email_hash).exists()


def can_do_without_mail(user: User) -> bool:
    return bool(is_mfa_enabled(user, types=_FACTORS))


def mark_unsafe(user: User, *, at: datetime) -> None:
    """Never send anything to the account's address again, not even word of this."""
    with transaction.atomic():
        _marked, is_new = UnsafeChannel.objects.get_or_create(
            value_hash=user.email_hash, defaults={"member": user, "marked_at": at}
        )
        if is_new:
            notify(user, Kind.CHANNEL, at=at)


def mark_safe(user: User, *, at: datetime) -> None:
    """Send to the account's address again, from what comes next on."""
    with transaction.atomic():
        if is_marked(user):
            notify(user, Kind.CHANNEL, at=at)
        user.unsafe_channels.filter(value_hash=user.email_hash).delete()


@exports("Addresses that we never write to")
def unsafe_channels_of(user: User, now: datetime) -> list[Row]:
    zone = settings.VISITOR_ZONE
    return [
        {
            "Address": user.email if one.value_hash == user.email_hash else "an earlier one",
            "Since": moment_words(one.marked_at, zone),
        }
        for one in user.unsafe_channels.order_by("marked_at")
    ]


@erases("Addresses that we never write to")
def unsafe_channels_gone(user: User, at: datetime) -> None:
    user.unsafe_channels.all().delete()
