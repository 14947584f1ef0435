"""Making an account, by invitation or by a code from the mailbox, and what proves who it is."""

import hashlib
from datetime import datetime, timedelta

from allauth.account.internal.flows.login import record_authentication
from django.db import transaction
from django.http import HttpRequest

from attune.accounts.contacts import CodeRefused, confirm_contact, email_of, seal_email
from attune.accounts.locks import locked
from attune.accounts.models import Contact, Invitation, User
from attune.accounts.sealing import Bound, email_hash, normalised_email, seal, unseal
from attune.vocabulary.codes import new_code

INVITATION_LASTS = timedelta(hours=24)
SEALED_INVITATION = Bound(model="accounts.Invitation", field="email")


class InvitationUnusable(Exception):
    """No such code, or it was used, or it is too old: the answer is the same for all three."""


def invite(
    *, email: str, name: str, is_staff: bool, is_superuser: bool = False, at: datetime
) -> str:
    """Return a one-time code with which this person makes, or regains, an account.

    Older unused codes for the same address stop working.
    """
    code = "-".join((new_code(5), new_code(5), new_code(5), new_code(5)))
    with transaction.atomic():
        Invitation.objects.filter(email_hash=email_hash(email), used_at=None).delete()
        row = new_code(16)
        Invitation.objects.create(
            code=row,
            email_sealed=seal(normalised_email(email), row=row, **SEALED_INVITATION),
            email_hash=email_hash(email),
            name=name,
            is_staff=is_staff or is_superuser,
            is_superuser=is_superuser,
            code_hash=_digest(code),
            expires_at=at + INVITATION_LASTS,
        )
    return code


def open_invitation(code: str, *, at: datetime) -> User:
    """Return the account that this code makes or regains. Raises ``InvitationUnusable``.

    The code works again until a second factor is set up (``complete_invitation``), so that a
    person who is interrupted half-way can come back.
    """
    with transaction.atomic():
        invitation = (
            Invitation.objects.select_for_update()
            .filter(code_hash=_digest(code), used_at=None, expires_at__gt=at)
            .first()
        )
        if invitation is None:
            raise InvitationUnusable
        email = unseal(invitation.email_sealed, row=invitation.code, **SEALED_INVITATION)
        user = account_of(email, name=invitation.name)
        user.is_active = True
        user.is_staff = user.is_staff or invitation.is_staff
        user.is_superuser = user.is_superuser or invitation.is_superuser
        user.save(update_fields=["is_active", "is_staff", "is_superuser"])
    return user


def account_of(email: str, *, name: str = "") -> User:
    """Return the account with this address, which is made if there is none."""
    with locked(f"account/{email_hash(email)}"):
        return User.objects.with_email(email).first() or User.objects.create_user(email, name=name)


def account_with_code(contact_code: str, digits: str, *, at: datetime) -> User:
    """
    Return the account of whoever reads the mailbox that a code was sent to.

    It is made now if there is none: until here nothing asked whether there is. Raises
    ``CodeRefused``; a code that did this once is refused, too.
    """
    contact = confirm_contact(contact_code, digits, at=at)
    with locked(f"account/{contact.email_hash}"):
        _use_up(contact, at=at)
        user = account_of(email_of(contact))
        seal_email(contact, key=user.key)
    return user


def confirm_own_address(user: User, contact_code: str, digits: str, *, at: datetime) -> None:
    """Take a code that was sent to this account's own address. Raises ``CodeRefused``."""
    contact = confirm_contact(contact_code, digits, at=at)
    if contact.email_hash != user.email_hash:
        raise CodeRefused
    _use_up(contact, at=at)


def _use_up(contact: Contact, *, at: datetime) -> None:
    """Let a code act once: of two who type it at the same moment, one is first."""
    unused = Contact.objects.filter(pk=contact.pk, used_at=None).exclude(email_sealed=b"")
    if not unused.update(used_at=at):
        raise CodeRefused


def complete_invitation(user: User, *, at: datetime) -> None:
    """Use up the invitation of a person who now has a second factor."""
    Invitation.objects.filter(email_hash=user.email_hash, used_at=None).update(used_at=at)


def note_second_factor(request: HttpRequest, user: User, *, kind: str) -> None:
    """Record in the web session that a second factor was made or shown just now."""
    record_authentication(request, user, method="mfa", type=kind, reauthenticated=True)


def _digest(code: str) -> str:
    return hashlib.sha256(code.strip().lower().encode()).hexdigest()
