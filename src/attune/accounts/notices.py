"""Telling somebody that something about their account changed, where it was safe before (S8).

The change is also said on their own page, which is all there is when no address is safe.
"""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.conf import settings
from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from attune.accounts.erasures import erases
from attune.accounts.exports import Row, exports
from attune.accounts.models import AccountNotice, User
from attune.accounts.sealing import Bound, seal, unseal
from attune.core.phrases import moment_words
from attune.outbox.actions import enqueue
from attune.outbox.duties import duty
from attune.outbox.letters import Letter
from attune.outbox.registry import Email, may_be_sent_to, renders
from attune.vocabulary.codes import new_secret_code

Kind = AccountNotice.Kind
ACCOUNT_NOTICE = "account-notice"
KEPT_FOR = timedelta(days=30)
# One deed at one page can change several things of one kind, such as a passkey with its codes.
ONE_DEED = timedelta(minutes=1)
SEALED_EMAIL = Bound(model="accounts.AccountNotice", field="email")


def notify(user: User, kind: Kind, *, at: datetime) -> None:
    """Note a change, and write to the address as it is now: call this before the change.

    Nothing is sent to an address that was marked as unsafe before.
    """
    if user.notices.filter(kind=kind, at__gt=at - ONE_DEED, at__lte=at).exists():
        return
    code, address = new_secret_code(), user.email
    with transaction.atomic():
        AccountNotice.objects.create(
            code=code,
            member=user,
            kind=kind,
            email_sealed=seal(address, row=code, key=user.key, **SEALED_EMAIL),
            at=at,
        )
        if may_be_sent_to(address):
            enqueue(ACCOUNT_NOTICE, code, key=f"notice/{code}", at=at)


@renders(ACCOUNT_NOTICE)
def account_notice(about: str, now: datetime) -> Email | None:
    notice = AccountNotice.objects.filter(code=about).first()
    if notice is None:
        return None
    return Letter(
        subject=_("Your account"),
        opening=_("Something about your account changed."),
        rows=((_("What"), words_of(notice)), (_("When"), when_of(notice))),
        links=(
            (_("See your account"), settings.PUBLIC_URL + reverse("account_home")),
            (_("Write to us"), settings.PUBLIC_URL + reverse("privacy")),
        ),
        closing=_(
            "If it was you, there is nothing you need to do. If it was not you, sign in and end "
            "what you do not know, or write to us."
        ),
    ).to(unseal(notice.email_sealed, row=notice.code, **SEALED_EMAIL))


def words_of(notice: AccountNotice) -> str:
    words = str(_(Kind(notice.kind).label))
    return words[:1].upper() + words[1:]


def when_of(notice: AccountNotice) -> str:
    return moment_words(notice.at, settings.VISITOR_ZONE)


@receiver(
    (authenticator_added, authenticator_removed, authenticator_reset),
    dispatch_uid="notices.factor",
)
def tell_of_factor(user: User, **_: Any) -> None:
    notify(user, Kind.FACTOR, at=timezone.now())


@receiver((password_set, password_changed, password_reset), dispatch_uid="notices.password")
def tell_of_password(user: User, **_: Any) -> None:
    notify(user, Kind.PASSWORD, at=timezone.now())


@duty("accounts-old-notices", every=timedelta(hours=1))
def forget_old_notices(now: datetime) -> None:
    AccountNotice.objects.filter(at__lte=now - KEPT_FOR).delete()


@exports("What changed about your account")
def notices_of(user: User, now: datetime) -> list[Row]:
    return [{"When": when_of(one), "What": words_of(one)} for one in user.notices.order_by("at")]


@erases("What changed about your account")
def notices_gone(user: User, at: datetime) -> None:
    user.notices.all().delete()
