"""Who signed in when, how and with what, for their own eyes (S7)."""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.signals import authentication_failed, authenticator_removed
from django.contrib.auth.signals import user_logged_in
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.signals import m2m_changed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from attune.accounts.audience import CODE
from attune.accounts.devices import device_words
from attune.accounts.models import SignIn, User, WebSession
from attune.accounts.sealing import email_hash
from attune.accounts.sessions import DEVICE, SEEN_AT, SIGN_IN_CODE, SIGNED_IN_AT
from attune.accounts.signals import address_proven
from attune.vocabulary.codes import new_code

HISTORY_KEPT_FOR = timedelta(days=90)
DEMONSTRATION = "demonstration"
How = SignIn.How
# Known or not: the same statement, and none that waits for the disk, which would take longer.
NOTE_REFUSED = """
    INSERT INTO accounts_signin (user_id, at, how, was_refused, device)
    SELECT id, %(at)s, %(how)s, true, %(device)s FROM accounts_user WHERE email_hash = %(hash)s
"""


@receiver(user_logged_in, dispatch_uid="accounts.note_sign_in")
def note_sign_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Write the sign-in down, and say in the web session since when and with what."""
    at = timezone.now()
    device = device_in(request)
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = at.timestamp()
    request.session[DEVICE] = device
    request.session[SIGN_IN_CODE] = new_code()
    SignIn.objects.create(user=user, at=at, how=how_of(request, user), device=device)


@receiver(user_logged_in, dispatch_uid="accounts.tell_what_was_proven")
def tell_what_was_proven(request: HttpRequest, user: User, **_: Any) -> None:
    """Tell other apps which address this person proved, once they are in: not before."""
    for record in get_authentication_records(request, user):
        if record["method"] == CODE and "proved" in record:
            address_proven.send(User, user=user, email_hash=record["proved"], at=timezone.now())


def note_refused_password(request: HttpRequest, email: str, *, at: datetime) -> None:
    """Write down for the account with this address, if there is one, that it was tried in vain."""
    values: dict[str, datetime | str] = {
        "at": at,
        "how": str(How.PASSWORD),
        "device": device_in(request),
        "hash": email_hash(email),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(NOTE_REFUSED, values)


@receiver(authentication_failed, dispatch_uid="accounts.note_refused_factor")
def note_refused_factor(request: HttpRequest, user: User, **_: Any) -> None:
    SignIn.objects.create(
        user=user,
        at=timezone.now(),
        how=how_of(request, user),
        was_refused=True,
        device=device_in(request),
    )


def device_in(request: HttpRequest) -> str:
    return device_words(request.headers.get("User-Agent", ""))


def how_of(request: HttpRequest, user: User) -> How:
    """Return how somebody began this sign-in: a second factor after it does not change that."""
    for record in get_authentication_records(request, user):
        if record["method"] == "password":
            return How.PASSWORD
        if record["method"] == CODE:
            return How.CODE
        if record.get("type") == DEMONSTRATION:
            return How.DEMONSTRATION
        if record.get("passwordless"):
            return How.PASSKEY
    return How.INVITATION


def history_of(user: User, now: datetime) -> QuerySet[SignIn]:
    """Return the sign-ins of the last 90 days, newest first."""
    return SignIn.objects.filter(user=user, at__gt=now - HISTORY_KEPT_FOR)


@receiver(m2m_changed, sender=User.groups.through, dispatch_uid="accounts.end_sessions")
def end_sessions_of_changed(
    instance: Any, action: str, *, reverse: bool, pk_set: set[int] | None, **_: Any
) -> None:
    """End the sign-ins of whoever enters or leaves a group (S4).

    The password and the rights that stand in the account's own row are held to by Django.
    """
    if action not in ("post_add", "post_remove", "pre_clear"):
        return
    if not reverse:
        changed = [instance.pk]
    else:
        changed = list(pk_set or instance.user_set.values_list("pk", flat=True))
    ended = WebSession.objects.filter(user__in=changed)
    if context.request is not None:
        # Whoever changes their own groups is asked for these at every page anyway.
        ended = ended.exclude(session_key=context.request.session.session_key)
    ended.delete()


@receiver(authenticator_removed, dispatch_uid="accounts.new_session_id")
def take_new_session_id(request: HttpRequest, **_: Any) -> None:
    request.session.cycle_key()
