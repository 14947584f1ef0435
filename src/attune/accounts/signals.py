"""What happens to accounts, for the apps that hold something of theirs."""

from django.dispatch import Signal

# Somebody signed in with a code that was sent to an address: ``user``, ``email_hash``, ``at``.
# Whoever holds something that was made under that address hands it to the account.
address_proven = Signal()
