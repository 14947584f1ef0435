"""A new master key while the service runs: nothing is lost, and all opens afterwards."""

import errno
import os
import threading
from base64 import b64decode
from io import StringIO

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.models import Q

from attune.accounts import rotation
from attune.accounts.contacts import email_of
from attune.accounts.key_marks import mark_key_file
from attune.accounts.keys import (
    KeyFileUnusable,
    add_master_key,
    ensure_key_file,
    known_versions,
    master_versions,
)
from attune.accounts.models import Contact, KeyMark, SealingKey, User
from attune.accounts.rotation import CannotRotate, forget_old, rotate
from attune.accounts.sealing import CannotOpen, seal
from attune.accounts.sessions import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def key_file(settings, tmp_path):
    settings.KEY_FILE = tmp_path / "site.key"
    ensure_key_file(settings.KEY_FILE)
    mark_key_file()
    return settings.KEY_FILE


def a_contact(now, number=0):
    code = f"contact{number}"
    return Contact.objects.create(
        code=code,
        email_sealed=seal(f"ada{number}@example.org", model="contact", row=code, field="email"),
        created_at=now,
        expires_at=now,
    )


def quietly(*_):
    """Tell nobody how far it is."""


def test_everything_is_under_the_new_version_and_opens_as_before(key_file, now):
    ada = User.objects.create_user("ada@example.org")
    contact = a_contact(now)
    sealed = get_adapter().encrypt("the secret of an app")
    factor = Authenticator.objects.create(user=ada, type="totp", data={"secret": sealed})
    done = rotate(quietly)
    assert (done.version, done.was_resumed, done.tally.sealed_anew, done.tally.closed) == (
        2,
        False,
        3,
        0,
    )
    contact.refresh_from_db()
    factor.refresh_from_db()
    assert (contact.email_sealed[0], b64decode(factor.data["secret"])[0]) == (2, 2)
    assert email_of(contact) == "ada0@example.org"
    assert get_adapter().decrypt(factor.data["secret"]) == "the secret of an app"
    assert SealingKey.objects.get().master_version == 2
    assert User.objects.with_email("ada@example.org").get().email == "ada@example.org"
    assert sorted(KeyMark.objects.values_list("master_version", flat=True)) == [1, 2]


def test_what_a_member_sealed_stays_as_it_is_and_only_their_key_is_wrapped_anew(key_file):
    ada = User.objects.create_user("ada@example.org")
    before, wrapped = bytes(ada.email_sealed), bytes(ada.key.wrapped)
    rotate(quietly)
    ada = User.objects.get()
    assert bytes(ada.email_sealed) == before
    assert bytes(ada.key.wrapped) != wrapped


def test_an_empty_value_is_left_empty(key_file, now):
    contact = a_contact(now)
    Contact.objects.update(email_sealed=b"")
    rotate(quietly)
    contact.refresh_from_db()
    assert email_of(contact) == ""


def test_interrupted_it_goes_on_where_it_was_and_adds_no_other_version(key_file, now, monkeypatch):
    for number in range(5):
        a_contact(now, number)
    monkeypatch.setattr(rotation, "BATCH", 2)

    def interrupt(_what, done, _total):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(interrupt)
    assert [one.email_sealed[0] for one in Contact.objects.order_by("pk")] == [2, 2, 2, 2, 1]
    done = rotate(quietly)
    assert (done.version, done.was_resumed, done.tally.sealed_anew) == (2, True, 1)
    assert rotate(quietly).version == 3
    assert [email_of(one) for one in Contact.objects.order_by("pk")] == [
        f"ada{number}@example.org" for number in range(5)
    ]


def test_what_does_not_open_is_left_and_counted(key_file, now):
    whole, moved = a_contact(now, 0), a_contact(now, 1)
    Contact.objects.filter(pk=moved.pk).update(email_sealed=whole.email_sealed)
    done = rotate(quietly)
    assert (done.tally.sealed_anew, done.tally.closed) == (1, 1)
    moved.refresh_from_db()
    assert bytes(moved.email_sealed) == bytes(whole.email_sealed)


def test_what_somebody_changed_meanwhile_is_not_overwritten(key_file, now):
    contact = a_contact(now)
    _rows, anew, _name = next(
        one for one in rotation._queues() if one[2].startswith("accounts.Contact")
    )
    add_master_key(key_file)
    before, after = anew(contact)
    newer = seal("other@example.org", model="contact", row=contact.code, field="email")
    Contact.objects.update(email_sealed=newer)
    assert Contact.objects.filter(**before).update(**after) == 0
    contact.refresh_from_db()
    assert email_of(contact) == "other@example.org"


def test_old_versions_are_forgotten_once_nothing_is_sealed_under_them(key_file, now):
    contact, copy = a_contact(now), key_file.read_bytes()
    older = bytes(contact.email_sealed)
    rotate(quietly)
    rotate(quietly)
    assert forget_old() == (2,)
    assert (known_versions(key_file), master_versions(key_file)) == ((1, 3), (3,))
    contact.refresh_from_db()
    assert email_of(contact) == "ada0@example.org"
    contact.email_sealed = older
    with pytest.raises(CannotOpen):
        email_of(contact)
    assert a_contact(now, 7).email_sealed[0] == 3
    key_file.write_bytes(copy)
    with pytest.raises(KeyFileUnusable, match="lacks version 3"):
        email_of(contact)


def test_hashes_find_the_same_people_after_all_that(key_file):
    ada = User.objects.create_user("ada@example.org")
    rotate(quietly)
    forget_old()
    assert User.objects.with_email("ada@example.org").get() == ada


def test_a_browsers_session_of_a_forgotten_version_holds_nothing(key_file):
    session = SessionStore()
    session["typed"] = "something"
    session.save()
    rotate(quietly)
    assert SessionStore(session.session_key)["typed"] == "something"
    forget_old()
    assert "typed" not in SessionStore(session.session_key)


def test_nothing_is_forgotten_while_something_is_sealed_under_it(key_file, now):
    a_contact(now)
    add_master_key(key_file)
    with pytest.raises(CannotRotate, match="1 values are still sealed under an older version"):
        forget_old()
    assert master_versions(key_file) == (1, 2)


def test_the_command_says_what_it_did(key_file, now):
    a_contact(now)
    said = StringIO()
    call_command("rotate_key", stdout=said)
    call_command("rotate_key", forget_old=True, stdout=said)
    assert "Version 2 of the key seals from now on; 1 values and keys" in said.getvalue()
    assert "Only the newest version of the key opens now" in said.getvalue()


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(key_file, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    # Root, as whom tests may run, can write anywhere: a disk that is full stops it too.
    monkeypatch.setattr(os, "fsync", full)
    before = key_file.read_bytes()
    with pytest.raises(
        CommandError, match=r"cannot be replaced: No space left on device\. Nothing"
    ):
        call_command("rotate_key")
    assert key_file.read_bytes() == before
    assert [one.name for one in key_file.parent.iterdir()] == [key_file.name]


@pytest.mark.django_db(transaction=True)
def test_only_one_runs_at_a_time(key_file):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute(rotation._LOCK)
        with pytest.raises(CannotRotate, match="by another process"):
            rotate(quietly)
        cursor.execute(rotation._UNLOCK)
    other.close()
    assert rotate(quietly).version == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_people_who_write_meanwhile_lose_nothing(key_file, now):
    for number in range(100):
        a_contact(now, number)
    users = [User.objects.create_user(f"user{number}@example.org") for number in range(20)]
    is_over, written, failed = threading.Event(), [], []

    def write(place):
        number = place
        try:
            while not is_over.is_set():
                number += 3
                made = a_contact(now, 1000 + number)
                changed = User.objects.get(pk=users[number % 20].pk)
                changed.email = changed.email
                changed.save(update_fields=["email_sealed"])
                written.append((made.pk, email_of(made)))
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=[place]) for place in range(3)]
    for one in threads:
        one.start()
    while len(written) < 30 and not failed:
        is_over.wait(0.01)
    versions = [rotate(quietly).version for _ in range(3)]
    is_over.set()
    for one in threads:
        one.join()
    assert failed == []
    rotate(quietly)
    assert versions[0] == 2
    newest = master_versions(key_file)[-1]
    opened = {one.pk: email_of(one) for one in Contact.objects.all()}
    assert len(opened) == 100 + len(written)
    assert all(opened[pk] == address for pk, address in written)
    assert [one.email for one in User.objects.order_by("pk")] == [
        f"user{number}@example.org" for number in range(20)
    ]
    assert not SealingKey.objects.filter(~Q(master_version=newest)).exists()
    forget_old()
    assert all(email_of(one) for one in Contact.objects.all())
