"""Putting messages in the queue, in the transaction of what causes them."""

from datetime import datetime

from django.conf import settings

from attune.outbox.models import Message
from attune.outbox.registry import renderer_of
from attune.vocabulary.codes import new_secret_code


def enqueue(kind: str, about: str, *, key: str, at: datetime, due: datetime | None = None) -> None:
    """Queue one message, due now unless said otherwise. The same ``key`` twice is one message."""
    renderer_of(kind)  # fails here, in the caller's transaction, and not later in the worker
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    Message.objects.bulk_create(
        [
            Message(
                kind=kind,
                about=about,
                key=key,
                message_id=f"<{new_secret_code()}@{domain}>",
                created_at=at,
                due_at=due or at,
            )
        ],
        ignore_conflicts=True,
    )
