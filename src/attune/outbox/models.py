"""Messages to send: a row written in the same transaction as its cause."""

from django.db import models


class Message(models.Model):
    """One message to one person, described and not contained.

    The row holds what the message is about, never who receives it or what it says: both are read
    from the record at sending time by the renderer registered for ``kind`` (``registry.py``). So
    the queue holds no address and no health data, and a change of mind before sending is honoured.
    """

    kind = models.CharField(max_length=60)
    # The public code of the record that the renderer reads.
    about = models.CharField(max_length=60)
    # The same cause asked for twice is still one message.
    key = models.CharField(max_length=160, unique=True)
    # Fixed here, so that a message sent twice after a crash can be recognised as one.
    message_id = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    # Due, but no longer apt (the appointment was cancelled before the reminder).
    dropped_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # The kind of the last failure, never its text: that can quote an address.
    last_error = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("due_at",),
                condition=models.Q(sent_at=None, dropped_at=None),
                name="message_waiting",
            ),
            models.Index(fields=("kind", "about"), name="message_about"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
