"""What the vocabulary tells the apps on its left."""

from django.dispatch import Signal

# Sent in the transaction that changed the words, with ``at`` (aware datetime).
vocabulary_changed = Signal()
