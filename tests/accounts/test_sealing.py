import pytest

from attune.accounts.keys import KeyFileUnusable, derived_key, ensure_key_file
from attune.accounts.sealing import (
    CannotOpen,
    derived_digits,
    email_hash,
    keyed_hash,
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


def test_without_its_key_file_nothing_opens(settings, tmp_path):
    sealed = seal("I lost my sister", **PLACE)
    settings.KEY_FILE = tmp_path / "missing.key"
    with pytest.raises(KeyFileUnusable):
        unseal(sealed, **PLACE)
    ensure_key_file(settings.KEY_FILE)
    with pytest.raises(CannotOpen):
        unseal(sealed, **PLACE)


def test_the_key_file_is_for_its_owner_only_and_is_never_replaced(tmp_path):
    path = tmp_path / "site.key"
    ensure_key_file(path)
    before = path.read_bytes()
    ensure_key_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes() == before


def test_a_file_that_is_no_key_file_is_refused(tmp_path):
    path = tmp_path / "site.key"
    path.write_text("hello world\n")
    with pytest.raises(KeyFileUnusable):
        derived_key(path, "django")


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
