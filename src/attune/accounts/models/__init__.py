"""Who signs in, what proves it, and the keys to what they told us. Seekers need no account."""

from attune.accounts.models.browsers import SignIn, WebSession
from attune.accounts.models.contacts import Contact
from attune.accounts.models.keys import ErasedKey, KeyMark, SealingKey
from attune.accounts.models.people import Invitation, User
from attune.accounts.models.records import AccountNotice, LedgerEntry, UnfinishedWork, UnsafeChannel
from attune.accounts.models.tallies import Tally

__all__ = [
    "AccountNotice",
    "Contact",
    "ErasedKey",
    "Invitation",
    "KeyMark",
    "LedgerEntry",
    "SealingKey",
    "SignIn",
    "Tally",
    "UnfinishedWork",
    "UnsafeChannel",
    "User",
    "WebSession",
]
