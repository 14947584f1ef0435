"""Giving an account another mail address, once a code proved it."""

from datetime import datetime

from attune.accounts.contacts import CodeRefused, email_of, seal_email
from attune.accounts.locks import locked
from attune.accounts.models import Contact, User, WebSession
from attune.accounts.notices import Kind, notify
from attune.accounts.signals import address_proven


def change_address(user: User, contact: Contact, *, here: str | None, at: datetime) -> None:
    """
    Make a confirmed address the account's own, and end its sessions in other browsers.

    Args:
        contact: What the code confirmed; it changes an address once.

        here: Key of the session that stays.

    Raises ``CodeRefused`` if the address is somebody else's account: the answer is that of a wrong
    code, since who has an account is nobody's to know.
    """
    with locked(f"account/{user.email_hash}", f"account/{contact.email_hash}"):
        others = User.objects.exclude(pk=user.pk)
        unused = Contact.objects.filter(pk=contact.pk, used_at=None)
        if others.filter(email_hash=contact.email_hash).exists() or not unused.update(used_at=at):
            raise CodeRefused
        notify(user, Kind.EMAIL, at=at)
        user.email = email_of(contact)
        user.save(update_fields=["email_sealed", "email_hash"])
        seal_email(contact, key=user.key)
        WebSession.objects.filter(user=user).exclude(session_key=here or "").delete()
        address_proven.send(User, user=user, email_hash=user.email_hash, at=at)
