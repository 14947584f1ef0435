"""Sending what is due, one message to a transaction.

A message is marked in the transaction that locked it, after it has left. A process that dies
between the two sends it again, under the same Message-ID; none is lost.
"""

import logging
from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet

from attune.outbox.models import Message
from attune.outbox.registry import Email, renderer_of

LONGEST_WAIT = timedelta(hours=1)
# Doubling waits up to an hour: given up after about fourteen hours.
MOST_ATTEMPTS = 20

logger = logging.getLogger(__name__)


def waiting(now: datetime) -> QuerySet[Message]:
    return Message.objects.filter(sent_at=None, dropped_at=None, due_at__lte=now).order_by("due_at")


def send_due(now: datetime) -> int:
    """Send what is due, until nothing is or one fails. Return how many messages were dealt with.

    A failure ends the run, since the connection may be gone; the message itself is put off.
    """
    done = 0
    if not waiting(now).exists():
        return done
    with get_connection() as post:
        while send_next(post, now):
            done += 1
    return done


def send_next(post: BaseEmailBackend, now: datetime) -> bool:
    """Send the next due message; False: there is none, or it failed and was put off."""
    with transaction.atomic():
        message = waiting(now).select_for_update(skip_locked=True).first()
        if message is None:
            return False
        try:
            with transaction.atomic():
                email = renderer_of(message.kind)(message.about, now)
            if email is not None:
                post.send_messages([_mail(email, message)])
        except Exception as error:
            # Whatever is wrong with one message must not keep the others waiting.
            _put_off(message, error, now)
            return False
        message.sent_at, message.dropped_at = (now, None) if email else (None, now)
        message.save(update_fields=["sent_at", "dropped_at"])
    return True


def _mail(email: Email, message: Message) -> EmailMultiAlternatives:
    validate_email(email.to)  # exactly one address, whatever the template says
    mail = EmailMultiAlternatives(
        email.subject,
        email.text,
        to=[email.to],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    if email.html:
        mail.attach_alternative(email.html, "text/html")
    for one in email.attachments:
        mail.attach(one.filename, one.content, one.content_type)
    return mail


def _put_off(message: Message, error: Exception, now: datetime) -> None:
    message.attempts += 1
    message.last_error = type(error).__name__
    message.due_at = now + min(timedelta(minutes=2 ** (message.attempts - 1)), LONGEST_WAIT)
    if message.attempts >= MOST_ATTEMPTS:
        message.dropped_at = now
    message.save(update_fields=["attempts", "last_error", "due_at", "dropped_at"])
    logger.warning("message_failed kind=%s error=%s", message.kind, message.last_error)
