"""Backup and restore, from one real database into another."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

import databases
from attune.accounts.models import Tally, User
from attune.accounts.sealing import seal_json
from attune.directory.actions import record_change
from attune.directory.models import DirectoryChange, IndexEpoch
from attune.enquiries.models import Enquiry
from attune.vocabulary.models import PresentingIssue

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def empty_database():
    """A new database, and Django pointed at it while the context is open."""
    name = f"{connection.settings_dict['NAME']}_restored"
    databases.create_empty(name)
    yield name
    databases.drop(name)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "attune.backup"


def test_everything_that_matters_comes_back(file, empty_database, now):
    User.objects.create_user("ada@example.org", name="Ada")
    record_change(None, at=now)
    epoch = IndexEpoch.objects.create(value="00000000-0000-0000-0000-000000000001")
    issues = PresentingIssue.objects.count()
    call_command("backup", file)
    with databases.using(empty_database):
        call_command("restore", file)
        assert User.objects.get().name == "Ada"
        assert PresentingIssue.objects.count() == issues
        # Every index has to be built anew: its change log spoke of another database.
        assert IndexEpoch.objects.get().value != epoch.value
        assert not DirectoryChange.objects.exists()


def test_a_restored_database_can_be_backed_up_and_restored_again(file, empty_database, tmp_path):
    User.objects.create_user("ada@example.org", name="Ada")
    call_command("backup", file)
    with databases.using(empty_database):
        call_command("restore", file)
        call_command("backup", tmp_path / "again")
        call_command("restore", tmp_path / "again", "--replace")
        assert User.objects.get().name == "Ada"


def test_a_backup_opens_no_session_and_holds_nothing_sealed_in_the_clear(file, client, now):
    client.session.save()
    sealed = seal_json({"issues": ["planted-secret"]}, model="t", row="r", field="f")
    Tally.objects.create(key="planted-origin", count=1, ends_at=now)
    Enquiry.objects.create(answers_sealed=sealed, created_at=now, updated_at=now, expires_at=now)
    call_command("backup", file)
    plain = _as_text(file)
    assert "COPY public.enquiries_enquiry " in plain
    assert sealed.hex() in plain
    assert "planted-secret" not in plain
    assert client.session.session_key not in plain
    assert "planted-origin" not in plain


def _as_text(file):
    import subprocess

    from attune.project.backups import _program

    return subprocess.run(
        _program("pg_restore", "--file=-", str(file)), capture_output=True, text=True, check=True
    ).stdout


def test_a_backup_is_readable_by_its_owner_only(file):
    call_command("backup", file)
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_restore_does_not_write_over_what_is_there_unless_told(file):
    call_command("backup", file)
    User.objects.create_user("ben@example.org")
    with pytest.raises(CommandError, match="has tables already"):
        call_command("restore", file)
    assert User.objects.exists()
    call_command("restore", file, "--replace")
    assert not User.objects.exists()


def test_restore_refuses_while_the_service_is_connected(file, empty_database):
    call_command("backup", file)
    with databases.using(empty_database):
        with databases.connected(empty_database), pytest.raises(CommandError, match="in use"):
            call_command("restore", file)
        call_command("restore", file)


def test_a_file_cut_short_changes_nothing(file):
    User.objects.create_user("ada@example.org")
    call_command("backup", file)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CommandError, match="not a whole backup"):
        call_command("restore", file, "--replace")
    assert User.objects.exists()


def test_a_folder_that_is_not_there_is_told_in_one_sentence(tmp_path):
    with pytest.raises(CommandError, match=r"^\S+ cannot be written: No such file or directory\.$"):
        call_command("backup", tmp_path / "missing" / "file")
