"""What is sealed opens in its own place, with its own key, and nowhere else."""

import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection

from attune.accounts.erased import note_erased
from attune.accounts.keys import KeyFileUnusable, add_master_key, derived_key, ensure_key_file
from attune.accounts.models import SealingKey, User
from attune.accounts.sealing import (
    CannotOpen,
    derived_digits,
    email_hash,
    keyed_hash,
    rewrapped_key,
    seal,
    seal_json,
    unseal,
    unseal_json,
)

PLACE = {"model": "Enquiry", "row": "abc", "field": "answers"}


def test_what_was_sealed_opens_in_its_own_place():
    assert unseal(seal("I lost my sister", **PLACE), **PLACE) == "I lost my sister"
    assert unseal_json(seal_json({"issues": ["x"]}, **PLACE), **PLACE) == {"issues": ["x"]}


def test_a_sealed_value_does_not_show_its_text():
    assert b"sister" not in seal("I lost my sister", **PLACE)


def test_the_same_text_is_never_sealed_alike():
    assert seal("yes", **PLACE) != seal("yes", **PLACE)


@pytest.mark.parametrize("moved", [{"model": "Message"}, {"row": "abd"}, {"field": "order"}])
def test_a_value_moved_elsewhere_does_not_open(moved):
    sealed = seal("I lost my sister", **PLACE)
    with pytest.raises(CannotOpen):
        unseal(sealed, **{**PLACE, **moved})


def test_a_changed_or_cut_value_does_not_open():
    sealed = seal("I lost my sister", **PLACE)
    for broken in (sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:5]):
        with pytest.raises(CannotOpen):
            unseal(broken, **PLACE)


@pytest.mark.parametrize("broken", [b"", b"\x00", b"\x01", b"\x63" + b"x" * 40, b"\xff" * 40])
def test_what_no_key_of_ours_sealed_does_not_open(broken):
    with pytest.raises(CannotOpen):
        unseal(broken, **PLACE)


@pytest.mark.parametrize("code", [b"\x00" * 28, b"\xff" * 28, b"' OR true --" + b" " * 16])
def test_the_code_of_a_key_that_cannot_be_one_is_not_even_looked_up(code):
    with pytest.raises(CannotOpen):
        unseal(b"\x00" + code + b"x" * 40, **PLACE)


def test_what_was_sealed_before_there_were_personal_keys_still_opens(settings):
    cipher = AESGCM(derived_key(settings.KEY_FILE, "seal/1"))
    nonce = os.urandom(12)
    binding = "\x1f".join(("Enquiry", "abc", "answers", "1")).encode()
    box = b"\x01" + nonce + cipher.encrypt(nonce, b"I lost my sister", binding)
    assert unseal(box, **PLACE) == "I lost my sister"


@pytest.fixture
def key_file(settings, tmp_path, db):
    """A key file of the test's own, in place of the one that all tests share."""
    settings.KEY_FILE = tmp_path / "site.key"
    ensure_key_file(settings.KEY_FILE)
    return settings.KEY_FILE


def test_without_its_key_file_nothing_opens_and_nothing_is_sealed(key_file):
    sealed = seal("I lost my sister", **PLACE)
    key_file.rename(key_file.with_name("away"))
    for deed in (
        lambda: unseal(sealed, **PLACE),
        lambda: seal("x", **PLACE),
        lambda: email_hash("a@b.c"),
    ):
        with pytest.raises(KeyFileUnusable):
            deed()
    ensure_key_file(key_file)
    with pytest.raises(CannotOpen):
        unseal(sealed, **PLACE)
    key_file.with_name("away").replace(key_file)
    assert unseal(sealed, **PLACE) == "I lost my sister"


def test_an_older_version_opens_what_it_sealed_and_the_newest_seals(key_file):
    before = seal("I lost my sister", **PLACE)
    assert add_master_key(key_file) == 2
    after = seal("I lost my sister", **PLACE)
    assert (before[0], after[0]) == (1, 2)
    assert unseal(before, **PLACE) == unseal(after, **PLACE) == "I lost my sister"


def test_a_box_that_claims_another_version_does_not_open(key_file):
    add_master_key(key_file)
    sealed = seal("I lost my sister", **PLACE)
    with pytest.raises(CannotOpen):
        unseal(b"\x01" + sealed[1:], **PLACE)


@pytest.fixture
def ada(db):
    return User.objects.create_user("ada@example.org")


@pytest.fixture
def cleo(db):
    return User.objects.create_user("cleo@example.org")


def test_what_is_sealed_for_a_member_opens_by_itself(ada):
    assert unseal(seal("I lost my sister", key=ada.key, **PLACE), **PLACE) == "I lost my sister"


@pytest.mark.parametrize("moved", [{"model": "Message"}, {"row": "abd"}, {"field": "order"}])
def test_a_members_value_moved_elsewhere_does_not_open(ada, moved):
    sealed = seal("I lost my sister", key=ada.key, **PLACE)
    with pytest.raises(CannotOpen):
        unseal(sealed, **{**PLACE, **moved})


def test_a_value_given_to_another_member_does_not_open(ada, cleo):
    sealed = seal("I lost my sister", key=ada.key, **PLACE)
    with pytest.raises(CannotOpen):
        unseal(b"\x00" + cleo.key.code.encode() + sealed[29:], **PLACE)


def test_a_key_put_in_the_place_of_another_opens_nothing(ada, cleo):
    sealed = seal("I lost my sister", key=ada.key, **PLACE)
    SealingKey.objects.filter(pk=ada.key_id).update(wrapped=cleo.key.wrapped)
    with pytest.raises(CannotOpen):
        unseal(sealed, **PLACE)


def test_a_members_address_that_was_moved_to_another_account_does_not_open(ada, cleo):
    User.objects.filter(pk=cleo.pk).update(email_sealed=ada.email_sealed)
    with pytest.raises(CannotOpen):
        User.objects.get(pk=cleo.pk).email  # noqa: B018 - opening it is the test


def test_a_key_whose_row_is_gone_has_closed_what_it_sealed(ada):
    sealed = seal("I lost my sister", key=ada.key, **PLACE)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(
            "UPDATE accounts_sealingkey SET code = %s WHERE id = %s", ["gone", ada.key_id]
        )
    with pytest.raises(CannotOpen):
        unseal(sealed, **PLACE)


def test_a_key_that_was_destroyed_stays_destroyed_when_its_row_comes_back(key_file, ada, now):
    sealed = seal("I lost my sister", key=ada.key, **PLACE)
    note_erased(ada.key.code, ada.code, at=now)
    with pytest.raises(CannotOpen):
        unseal(sealed, **PLACE)
    with pytest.raises(CannotOpen):
        seal("more", key=ada.key, **PLACE)


def test_a_key_wrapped_anew_opens_what_it_opened_before(key_file, ada):
    sealed = seal("I lost my sister", key=ada.key, **PLACE)
    add_master_key(key_file)
    wrapped, version = rewrapped_key(ada.key)
    assert version == 2
    SealingKey.objects.filter(pk=ada.key_id).update(wrapped=wrapped, master_version=version)
    assert unseal(sealed, **PLACE) == "I lost my sister"


def test_each_purpose_has_a_key_of_its_own(settings):
    assert derived_key(settings.KEY_FILE, "a") != derived_key(settings.KEY_FILE, "b")
    assert keyed_hash("x", purpose="a") != keyed_hash("x", purpose="b")


def test_an_address_is_found_however_it_was_typed():
    assert email_hash(" Ada@Example.org ") == email_hash("ada@example.org")


def test_derived_digits_are_steady_and_keep_their_length():
    codes = [derived_digits(str(number), purpose="code") for number in range(500)]
    assert {len(code) for code in codes} == {6}
    assert codes[7] == derived_digits("7", purpose="code")
    assert len(set(codes)) > 495
