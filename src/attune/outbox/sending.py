"""Sending what is due, one message to a transaction.

A message is marked in the transaction that locked it, after it has left, and noted in between
(``departed.py``). None is lost. One comes twice, under the same Message-ID, only where the mail
server took it and the worker never heard so, or the machine lost power right then.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet

from attune.core.errors import NotNow
from attune.outbox import departed
from attune.outbox.models import Message
from attune.outbox.registry import Email, may_be_sent_to, renderer_of

LONGEST_WAIT = timedelta(hours=1)
# Doubling waits up to an hour: given up after about fourteen hours.
MOST_ATTEMPTS = 20

logger = logging.getLogger(__name__)


def waiting(now: datetime) -> QuerySet[Message]:
    return Message.objects.filter(sent_at=None, dropped_at=None, due_at__lte=now).order_by("due_at")


def send_due(now: datetime, *, is_stopped: Callable[[], bool] = lambda: False) -> int:
    """Send what is due, until nothing is or one fails. Return how many messages were dealt with.

    A failure ends the run, since the connection may be gone; the message itself is put off.

    Args:
        is_stopped: asked before each message whether to leave the others for later.
    """
    _mark_departed(now)
    done = 0
    if not waiting(now).exists():
        return done
    with get_connection() as post:
        while not is_stopped() and send_next(post, now):
            done += 1
    return done


def _mark_departed(now: datetime) -> None:
    """Mark what left without its row being marked; another worker's message is waited for."""
    message_ids = departed.noted()
    if message_ids:
        Message.objects.filter(sent_at=None, message_id__in=message_ids).update(sent_at=now)
    for message_id in message_ids:
        departed.forget(message_id)


def send_next(post: BaseEmailBackend, now: datetime) -> bool:
    """Send the next due message; False: there is none, or it failed and was put off.

    Raises ``NotNow`` where nothing can be read that is needed for any message.
    """
    with transaction.atomic():
        message = waiting(now).select_for_update(skip_locked=True).first()
        if message is None:
            return False
        try:
            with transaction.atomic():
                email = _apt(renderer_of(message.kind)(message.about, now))
            if email is not None:
                post.send_messages([_mail(email, message)])
        except NotNow:
            # It is not the message that is at fault: it stays as it was, and counts as untried.
            raise
        except Exception as error:
            # Whatever is wrong with one message must not keep the others waiting.
            _put_off(message, error, now)
            return False
        if email is not None:
            departed.note(message.message_id)
        message.sent_at, message.dropped_at = (now, None) if email else (None, now)
        message.save(update_fields=["sent_at", "dropped_at"])
    departed.forget(message.message_id)
    return True


def _apt(email: Email | None) -> Email | None:
    """Return the message if it is still apt and its address is one that it may be sent to."""
    return email if email and email.to and may_be_sent_to(email.to) else None


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
