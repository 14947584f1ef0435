"""Erase, then restore yesterday's backup: unreadable, and gone again after the next start."""

import shutil

import pytest
from django.core.management import call_command
from django.db import connection

import databases
from attune.accounts import erased
from attune.accounts.models import ErasedKey, SealingKey, User
from attune.accounts.sealing import CannotOpen, seal, unseal
from attune.privacy.actions import erase
from attune.project.backups import _put_back
from attune.project.preparation import prepare

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PLACE = {"model": "test", "row": "1", "field": "note"}


@pytest.fixture(autouse=True)
def machine(settings, tmp_path):
    """Return a function that moves to a machine of its own: a folder with a copy of the key."""

    def move(name, *, with_list=False):
        before = settings.KEY_FILE
        folder = tmp_path / name
        folder.mkdir()
        settings.KEY_FILE = folder / before.name
        shutil.copy(before, settings.KEY_FILE)
        if with_list:
            shutil.copy(before.with_name(f"{before.name}.erased"), folder)

    # A start writes the pages of help as files.
    settings.PUBLISHED_DIR = tmp_path / "published"
    move("first")
    return move


@pytest.fixture
def another_database():
    name = f"{connection.settings_dict['NAME']}_restored"
    databases.create_empty(name)
    yield name
    databases.drop(name)


@pytest.fixture
def ada(now):
    return User.objects.create_user("ada@home.example", name="Ada")


@pytest.fixture
def box(ada):
    """A text that was sealed under Ada's key."""
    return seal("my note", key=ada.key, **PLACE)


@pytest.fixture
def file(tmp_path, ada, box, now):
    """Yesterday's backup, from before Ada erased everything; Cleo is in it too."""
    User.objects.create_user("cleo@home.example", name="Cleo")
    file = tmp_path / "yesterday.backup"
    call_command("backup", file)
    erase(ada, at=now)
    return file


def names():
    return sorted(User.objects.values_list("name", flat=True))


def test_put_back_by_whatever_means_nothing_opens_and_the_next_start_erases_again(
    file, box, another_database
):
    with databases.using(another_database):
        _put_back(file)
        restored = User.objects.get(name="Ada")
        assert SealingKey.objects.filter(code=restored.key.code).exists()
        with pytest.raises(CannotOpen):
            unseal(box, **PLACE)
        with pytest.raises(CannotOpen):
            _ = restored.email
        prepare(with_demo=False, say=lambda _: None)
        assert names() == ["Cleo"]
        assert User.objects.get().email == "cleo@home.example"
        assert SealingKey.objects.count() == ErasedKey.objects.count() == 1


def test_our_own_restore_erases_again_at_once(file):
    call_command("restore", file, "--replace")
    assert names() == ["Cleo"]
    assert ErasedKey.objects.count() == len(erased.erased_keys()) == 1


def test_another_machine_needs_the_key_file_and_the_list(file, box, machine, another_database):
    machine("second", with_list=True)
    with databases.using(another_database):
        call_command("restore", file)
        assert names() == ["Cleo"]
        with pytest.raises(CannotOpen):
            unseal(box, **PLACE)


def test_a_lost_list_is_written_anew_from_the_database_before_it_is_replaced(file, machine):
    machine("second")
    assert erased.erased_keys() == []
    call_command("restore", file, "--replace")
    assert names() == ["Cleo"]
    assert len(erased.erased_keys()) == 1


def test_with_neither_list_nor_database_an_old_backup_brings_people_back(
    file, box, machine, another_database
):
    """What the loss of both means, as the guide says."""
    machine("second")
    with databases.using(another_database):
        call_command("restore", file)
        assert names() == ["Ada", "Cleo"]
        assert unseal(box, **PLACE) == "my note"


def test_a_backup_from_after_the_erasure_holds_the_tombstone_and_no_address(
    file, machine, another_database, tmp_path
):
    later = tmp_path / "later.backup"
    call_command("backup", later)
    machine("second")
    with databases.using(another_database):
        call_command("restore", later)
        assert names() == ["Cleo"]
        assert len(erased.erased_keys()) == 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM privacy_farewell")
            assert cursor.fetchone() == (0,)
