"""Changing the master key while the service runs.

A new version is added to the key file, and whatever is sealed from then on is sealed under it. What
was sealed before is sealed anew, a batch at a time, each value only if nobody changed it meanwhile.
Values under somebody's own key stay as they are: that key is wrapped anew. Interrupted, it goes on
where it was. Web sessions are left: those of an older version end when that is forgotten.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import BinaryField, F, Func, QuerySet, Value

from attune.accounts.adapter import SEALED_SECRET
from attune.accounts.key_marks import forget_marks, mark_key_file, trusted_key_file
from attune.accounts.keys import add_master_key, forget_old_versions, known_versions, state_of
from attune.accounts.models import SealingKey
from attune.accounts.sealed_fields import SealedField, sealed_fields
from attune.accounts.sealing import CannotOpen, newest_version, rewrapped_key, seal, unseal

BATCH = 200
# Where allauth keeps what its adapter sealed.
SECRETS_OF_FACTORS = ("secret", "seed")
_LOCK = "SELECT pg_try_advisory_lock(hashtext('attune rotate-key'))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtext('attune rotate-key'))"
_OLD_TRANSACTIONS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    " AND xact_start < to_timestamp(%s)"
)

# What is being sealed anew, how many of it are done, and of how many.
Progress = Callable[[str, int, int], None]


class CannotRotate(Exception):
    """The message is one sentence for the operator."""


@dataclass
class Tally:
    """What came of the values that an older version sealed."""

    sealed_anew: int = 0
    # They did not open before either: moved, changed behind our back, or their key is destroyed.
    closed: int = 0


@dataclass(frozen=True)
class Rotation:
    version: int
    # Whether the version was there already: an earlier change had not come to its end.
    was_resumed: bool
    tally: Tally


def rotate(tell: Progress) -> Rotation:
    """Bring everything to a new version of the master key, or end an interrupted change.

    Raises ``CannotRotate`` while another one runs, ``KeyFileUnusable``, and ``OSError`` where the
    key file cannot be written.
    """
    with _alone():
        rest = _bring_up(tell)
        if rest.sealed_anew:
            return Rotation(newest_version(), was_resumed=True, tally=rest)
        version = add_master_key(trusted_key_file())
        mark_key_file()
        return Rotation(version, was_resumed=False, tally=_bring_up(tell))


def forget_old() -> tuple[int, ...]:
    """Make the newest version the only one that opens; return those that left the key file.

    Raises ``CannotRotate`` while anything is, or may become, sealed under another.
    """
    with _alone():
        path = trusted_key_file()
        if _transactions_before(state_of(path)[0]):
            raise CannotRotate(
                "A transaction is open that began before the last change of the key file. "
                "Try again in a minute."
            )
        waiting = sum(queue.count() for queue, _anew, _name in _queues())
        if waiting:
            raise CannotRotate(
                f"{waiting} values are still sealed under an older version. Run attune rotate-key "
                "first; what does not open even then would be closed for ever."
            )
        middle = known_versions(path)[1:-1]
        # Before the file: a mark without its version would make the right file a wrong one.
        forget_marks(middle)
        forget_old_versions(path)
    return middle


# A row that waits for the new version; gives what to write where, if the row is as it was.
Anew = Callable[[Any], tuple[dict[str, Any], dict[str, Any]]]
Queue = tuple[QuerySet[Any], Anew, str]


def _queues() -> Iterator[Queue]:
    """Give what older versions sealed: the rows, how one is sealed anew, and what they are."""
    newest = newest_version()
    older = [bytes([version]) for version in range(1, newest)]
    keys = SealingKey.objects.filter(master_version__lt=newest)
    yield keys, _key_anew, "keys of members"
    for field in sealed_fields():
        first = Func(
            F(field.column), Value(1), Value(1), function="substring", output_field=BinaryField()
        )
        rows = field.model_class._base_manager.annotate(first_byte=first)  # noqa: SLF001 - Django's own name for the manager that leaves nothing out
        yield rows.filter(first_byte__in=older), _value_anew(field), f"{field.model}.{field.column}"
    factors = Authenticator.objects.filter(type__in=("totp", "recovery_codes"))
    waiting = [one.pk for one in factors.iterator() if _versions_in(one.data) - {newest}]
    yield Authenticator.objects.filter(pk__in=waiting), _factor_anew, "second factors"


def _bring_up(tell: Progress) -> Tally:
    """Seal anew until nothing more can be: whoever began before us may have ended after."""
    tally = Tally()
    while (done := _once_through(tell)).sealed_anew:
        tally.sealed_anew += done.sealed_anew
    tally.closed = done.closed
    return tally


def _once_through(tell: Progress) -> Tally:
    tally = Tally()
    for queue, anew, name in _queues():
        total, done, last = queue.count(), 0, 0
        while batch := list(queue.filter(pk__gt=last).order_by("pk")[:BATCH]):
            for row in batch:
                _seal_anew(row, anew, tally)
            done, last = done + len(batch), batch[-1].pk
            tell(name, done, total)
    return tally


def _seal_anew(row: Any, anew: Anew, tally: Tally) -> None:
    try:
        before, after = anew(row)
    except CannotOpen:
        tally.closed += 1
        return
    # Whoever changed it meanwhile has sealed it under the new version.
    rows = type(row)._base_manager.filter(pk=row.pk, **before)  # noqa: SLF001 - as above
    tally.sealed_anew += rows.update(**after)


def _key_anew(key: SealingKey) -> tuple[dict[str, Any], dict[str, Any]]:
    wrapped, version = rewrapped_key(key)
    return {"master_version": key.master_version}, {"wrapped": wrapped, "master_version": version}


def _value_anew(field: SealedField) -> Anew:
    def anew(row: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        box = getattr(row, field.column)
        code = getattr(row, field.row) if field.row else ""
        text = unseal(box, model=field.label, row=code, field=field.field)
        again = seal(text, model=field.label, row=code, field=field.field)
        return {field.column: box}, {field.column: again}

    return anew


def _factor_anew(factor: Authenticator) -> tuple[dict[str, Any], dict[str, Any]]:
    opened = {
        name: unseal(b64decode(factor.data[name]), row="", **SEALED_SECRET)
        for name in SECRETS_OF_FACTORS
        if name in factor.data
    }
    again = {
        name: b64encode(seal(text, row="", **SEALED_SECRET)).decode()
        for name, text in opened.items()
    }
    return {"data": factor.data}, {"data": factor.data | again}


def _versions_in(data: dict[str, Any]) -> set[int]:
    return {b64decode(data[name])[0] for name in SECRETS_OF_FACTORS if name in data}


def _transactions_before(nanoseconds: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_OLD_TRANSACTIONS, [nanoseconds / 1e9])
        return int(cursor.fetchone()[0])


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        if cursor.fetchone() != (True,):
            raise CannotRotate("The key is being changed already, by another process.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(_UNLOCK)
