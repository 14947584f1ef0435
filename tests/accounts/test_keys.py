"""The key file, and what happens when it is missing, another one, or half written."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from attune.accounts import keys
from attune.accounts.erased import is_erased
from attune.accounts.keys import (
    KeyFileUnusable,
    add_master_key,
    derived_key,
    ensure_key_file,
    forget_old_versions,
    known_versions,
    master_versions,
)


@pytest.fixture
def path(tmp_path):
    ensure_key_file(tmp_path / "site.key")
    return tmp_path / "site.key"


def test_it_is_for_its_owner_only_and_never_replaced(path):
    before = path.read_bytes()
    ensure_key_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes() == before


def test_those_who_make_it_at_the_same_moment_all_get_the_same(tmp_path):
    path = tmp_path / "site.key"
    with ThreadPoolExecutor(8) as threads:
        made = list(
            threads.map(lambda _: [ensure_key_file(path), derived_key(path, "a")], range(8))
        )
    assert len({key for _, key in made}) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["site.key"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello world\n",
        "attune-key-1 00ff\n",
        f"attune-key-0 {'00' * 32}\n",
        f"attune-key-128 {'00' * 32}\n",
        f"attune-key-1 {'00' * 32}\nattune-key-1 {'11' * 32}\n",
        f"other-key-1 {'00' * 32}\n",
        f"attune-hash-key-1 {'00' * 32}\n",
        f"attune-key-1 {'00' * 32}\nattune-hash-key-2 {'11' * 32}\n",
        "attune-key-1 \u00e9\n",
    ],
)
def test_a_file_that_is_no_key_file_is_refused_by_name(tmp_path, text):
    path = tmp_path / "site.key"
    path.write_text(text)
    with pytest.raises(KeyFileUnusable, match=f"The key file {path} is not an Attune key file"):
        derived_key(path, "django")


def test_a_missing_file_is_told_by_name(tmp_path):
    with pytest.raises(KeyFileUnusable, match="cannot be read: No such file or directory"):
        derived_key(tmp_path / "site.key", "django")


def test_what_was_read_once_is_not_remembered_when_the_file_has_gone(path):
    derived_key(path, "django")
    path.unlink()
    with pytest.raises(KeyFileUnusable):
        derived_key(path, "django")


def test_another_file_with_the_same_time_of_writing_is_noticed(path, tmp_path):
    before, when = derived_key(path, "a"), path.stat().st_mtime_ns
    ensure_key_file(tmp_path / "other.key")
    os.utime(tmp_path / "other.key", ns=(when, when))
    (tmp_path / "other.key").replace(path)
    assert derived_key(path, "a") != before


def test_each_purpose_and_each_version_has_a_key_of_its_own(path):
    add_master_key(path)
    made = {derived_key(path, purpose, version=version) for purpose in "ab" for version in (1, 2)}
    assert len(made) == 4


def test_a_new_version_leaves_the_older_and_what_finds_things(path):
    hashes = derived_key(path, "hash/email")
    assert add_master_key(path) == 2
    assert master_versions(path) == (1, 2)
    assert derived_key(path, "hash/email") == hashes
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_new_version_goes_into_the_file_that_the_name_leads_to(path, tmp_path):
    link = tmp_path / "link.key"
    link.symlink_to(path)
    add_master_key(link)
    assert link.is_symlink()
    assert master_versions(path) == (1, 2)


def test_forgetting_leaves_the_newest_and_the_lowest_for_hashes_only(path):
    hashes = derived_key(path, "hash/email")
    add_master_key(path)
    add_master_key(path)
    assert forget_old_versions(path) == (2,)
    assert (known_versions(path), master_versions(path)) == ((1, 3), (3,))
    assert derived_key(path, "hash/email") == hashes
    assert forget_old_versions(path) == ()


def test_forgetting_where_there_is_one_version_changes_nothing(path):
    before = path.read_bytes()
    assert forget_old_versions(path) == ()
    assert path.read_bytes() == before


def test_versions_are_not_given_out_for_ever(path):
    path.write_text(f"attune-key-127 {'11' * 32}\n")
    with pytest.raises(KeyFileUnusable, match="has had its 127 versions"):
        add_master_key(path)


def test_a_process_takes_back_the_very_file_that_it_made_and_no_other(path):
    assert keys.take_back_new_file(path)
    assert not path.exists()
    path.write_text(f"attune-key-1 {'00' * 32}\n")
    assert not keys.take_back_new_file(path)
    assert path.exists()


def test_a_list_of_destroyed_keys_that_cannot_be_read_closes_what_is_sealed(settings, path):
    settings.KEY_FILE = path
    assert not is_erased("k" * 28)
    path.with_name("site.key.erased").mkdir()
    with pytest.raises(KeyFileUnusable, match="The list of destroyed keys"):
        is_erased("k" * 28)
