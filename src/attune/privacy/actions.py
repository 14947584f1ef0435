"""What a member does about what we hold of them: take a copy, erase it, or have both wait."""

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction

from attune.accounts.audience import needs_second_factor
from attune.accounts.erased import erased_keys, is_erased, note_erased
from attune.accounts.erasures import forget_everywhere
from attune.accounts.ledger import allow_deletion
from attune.accounts.models import ErasedKey, User
from attune.accounts.sealing import Bound, CannotOpen, seal
from attune.core.errors import AttuneError
from attune.outbox.actions import enqueue
from attune.outbox.registry import may_be_sent_to
from attune.privacy.models import Delayed, Farewell, WaitFirst
from attune.vocabulary.codes import new_secret_code

WAIT = timedelta(days=14)
# How long a copy that was waited for can be taken.
COPY_READY_FOR = timedelta(days=7)
# Long enough for a mail server to come back.
FAREWELLS_KEPT_FOR = timedelta(days=1)
FAREWELL = "farewell"
SEALED_FAREWELL = Bound(model="privacy.Farewell", field="email")

Kind = Delayed.Kind
logger = logging.getLogger(__name__)


class HasRole(AttuneError):
    """A listing, or a role on the staff, hangs on this account: that ends first."""


def ask_for(user: User, kind: Kind, *, at: datetime) -> Delayed:
    """Note what is done in 14 days. Asked twice, it is due as it was."""
    forget_what_is_over(at)
    asked = {"asked_at": at, "due_at": at + WAIT}
    return Delayed.objects.get_or_create(member=user, kind=kind, defaults=asked)[0]


def take_back(user: User, kind: str) -> None:
    """Forget what was asked for. What was not, or is done, stays as it is."""
    Delayed.objects.filter(member=user, kind=kind).delete()


@transaction.atomic
def wait_from_now_on(user: User, *, at: datetime) -> None:
    """Have copies and erasures wait 14 days from now on."""
    take_back(user, Kind.NO_WAIT)
    WaitFirst.objects.get_or_create(member=user, defaults={"since": at})


def erase(user: User, *, at: datetime) -> None:
    """
    Destroy somebody's key, and delete what we hold of them; twice is harmless.

    The list of erased keys, which no restore reaches, is written when the database has done and
    checked everything but its commit. Whatever dies before that has changed nothing; whatever dies
    after it leaves a key that opens nothing, and the next start erases the rest.

    Raises ``HasRole``.
    """
    with transaction.atomic():
        row = _locked(user)
        if row is None:
            return
        if needs_second_factor(row):
            raise HasRole
        _say_farewell(row, at)
        _forget(row, at)


def erase_what_is_due(now: datetime) -> None:
    """Erase the accounts whose wait is over, but those that have got a role meanwhile."""
    due = Delayed.objects.filter(kind=Kind.ERASURE, due_at__lte=now)
    for one in due.select_related("member"):
        try:
            erase(one.member, at=now)
        except HasRole:
            continue


def erase_again() -> int:
    """Erase whoever a restored backup has brought back; return how many they were.

    Somebody who cannot be erased again, whatever the reason, keeps no one else: their key opens
    nothing in any case, and the next time tries again.
    """
    keep_tombstones()
    known = {one.key_code: one.at for one in erased_keys()}
    done = 0
    for user in User.objects.filter(key__code__in=known).select_related("key"):
        try:
            with transaction.atomic():
                row = _locked(user)
                if row is not None:
                    _forget(row, known[row.key.code])
        except Exception as error:
            # Whatever is wrong with one must not keep the others.
            logger.error("not_erased_again user=%s error=%s", user.code, type(error).__name__)
        else:
            done += 1
    return done


def keep_tombstones() -> None:
    """Have the database and the list beside the key file name the same destroyed keys."""
    listed = {one.key_code: one for one in erased_keys()}
    for row in ErasedKey.objects.exclude(key_code__in=listed):
        note_erased(row.key_code, row.user_code, at=row.erased_at)
    ErasedKey.objects.bulk_create(
        [
            ErasedKey(key_code=one.key_code, user_code=one.user_code, erased_at=one.at)
            for one in listed.values()
        ],
        ignore_conflicts=True,
    )


def forget_what_is_over(now: datetime) -> None:
    """Delete copies that nobody took, waits that have ended, and addresses of last messages."""
    Delayed.objects.filter(kind=Kind.COPY, due_at__lte=now - COPY_READY_FOR).delete()
    Farewell.objects.filter(at__lt=now - FAREWELLS_KEPT_FOR).delete()
    with transaction.atomic():
        ended = Delayed.objects.filter(kind=Kind.NO_WAIT, due_at__lte=now)
        WaitFirst.objects.filter(member__in=ended.values("member")).delete()
        ended.delete()


def _locked(user: User) -> User | None:
    """Return the account, which nobody else can add anything to now; None: it is gone."""
    rows = User.objects.select_for_update(of=("self",)).select_related("key")
    return rows.filter(pk=user.pk).first()


def _forget(user: User, at: datetime) -> None:
    key = user.key
    allow_deletion()
    forget_everywhere(user, at)
    ErasedKey.objects.get_or_create(
        key_code=key.code, defaults={"user_code": user.code, "erased_at": at}
    )
    user.delete()
    key.delete()
    with connection.cursor() as cursor:
        # What the commit could still refuse is refused here, before anything outside is written.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    if not is_erased(key.code):
        note_erased(key.code, user.code, at=at)


def _say_farewell(user: User, at: datetime) -> None:
    """Queue the last message: whoever did not ask for this hears of it."""
    try:
        address = user.email
    except CannotOpen:
        return
    if may_be_sent_to(address):
        code = new_secret_code()
        sealed = seal(address, row=code, **SEALED_FAREWELL)
        Farewell.objects.create(code=code, email_sealed=sealed, at=at)
        enqueue(FAREWELL, code, key=f"farewell/{code}", at=at)
