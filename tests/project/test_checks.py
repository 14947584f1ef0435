"""``attune check`` tells an operator what to mend, and how."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError


@pytest.fixture
def key_file(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.KEY_FILE = tmp_path / "attune.key"
    settings.KEY_FILE.write_text("key")
    settings.KEY_FILE.chmod(0o600)
    return settings.KEY_FILE


def test_a_private_key_file_is_fine(key_file):
    call_command("check", tags=["security"])


def test_a_key_file_that_others_can_read_is_an_error_with_the_command_to_run(key_file):
    key_file.chmod(0o640)
    with pytest.raises(SystemCheckError, match=f"HINT: Run: chmod 600 {key_file}"):
        call_command("check", tags=["security"])


def test_a_key_file_among_the_data_is_an_error(key_file, settings):
    settings.DATA_DIR = key_file.parent
    with pytest.raises(SystemCheckError, match="each copy of the data holds its key"):
        call_command("check", tags=["security"])


def test_debug_pages_are_an_error(key_file, settings):
    settings.DEBUG = True
    with pytest.raises(SystemCheckError, match="Debug pages are on"):
        call_command("check", tags=["security"])


def test_a_public_site_on_the_embedded_database_is_warned(key_file, settings):
    settings.OWN_HOSTS, settings.EXTERNAL_DATABASE = ("find.example.org",), None
    settings.OPERATOR, settings.CONTACT = "Meadow Lane Charity", "help@example.org"
    with pytest.raises(SystemCheckError, match="embedded PostgreSQL"):
        call_command("check", tags=["security"], fail_level="WARNING")
    settings.OWN_HOSTS = ()
    call_command("check", tags=["security"], fail_level="WARNING")


@pytest.mark.parametrize(
    ("operator", "contact", "hint"),
    [
        ("", "", "Set ATTUNE_OPERATOR and ATTUNE_CONTACT."),
        ("Meadow Lane Charity", "", "Set ATTUNE_CONTACT."),
        ("", "help@example.org", "Set ATTUNE_OPERATOR."),
    ],
)
def test_a_public_site_that_names_nobody_is_warned(key_file, settings, operator, contact, hint):
    settings.EXTERNAL_DATABASE = settings.EXTERNAL_DATABASE or "elsewhere"
    settings.OPERATOR, settings.CONTACT = operator, contact
    settings.OWN_HOSTS = ("find.example.org",)
    with pytest.raises(SystemCheckError, match=f"HINT: {hint}"):
        call_command("check", tags=["security"], fail_level="WARNING")
    settings.OWN_HOSTS = ()
    call_command("check", tags=["security"], fail_level="WARNING")
