"""``attune check`` tells an operator what to mend, and how."""

import re
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from attune.project import headers
from attune.project.environment import DatabaseAddress, MailAddress


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


# -- before people come from outside -------------------------------------------------------------
@pytest.fixture
def public_site(settings, tmp_path, now, time_machine):
    """A public site that is set up as docs/howto/run.md says."""
    time_machine.move_to(now, tick=False)
    settings.OWN_HOSTS = ("find.example.org",)
    settings.ALLOWED_HOSTS = ["find.example.org", "localhost"]
    settings.TRUSTED_PROXIES = (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"))
    settings.OPERATOR, settings.CONTACT = "Meadow Lane Charity", "help@example.org"
    settings.EXTERNAL_DATABASE = DATABASE
    settings.MAIL = MailAddress("smtp", host="mail.example.org", port=587, uses_starttls=True)
    settings.DATA_DIR, settings.KEY_FILE = tmp_path / "data", tmp_path / "keys" / "attune.key"
    settings.DEMO_MARK = settings.DATA_DIR / "demo-site"
    for folder in (settings.DATA_DIR, settings.KEY_FILE.parent):
        folder.mkdir()
    settings.KEY_FILE.write_text("key")
    settings.KEY_FILE.chmod(0o600)
    return settings


DATABASE = DatabaseAddress(
    "attune", "attune", "tulip-4-amber-9", "db.example.org", "5432", {"sslmode": "verify-full"}
)


def findings():
    with pytest.raises(SystemCheckError) as told:
        call_command("check", deploy=True, fail_level="WARNING")
    return re.findall(r"\((\S+)\)", str(told.value)), str(told.value)


@pytest.mark.django_db
def test_a_public_site_that_is_set_up_well_hears_nothing(public_site, capsys):
    call_command("check", deploy=True, fail_level="WARNING")
    printed = capsys.readouterr()
    assert "no issues" in printed.out
    assert printed.err == ""


def test_every_finding_that_is_silenced_has_its_reason_beside_it():
    lines = Path(headers.__file__).with_name("settings.py").read_text().splitlines()
    first = lines.index("SILENCED_SYSTEM_CHECKS = [")
    listed = lines[first + 1 : lines.index("]", first)]
    assert listed[0].lstrip().startswith("#")
    assert [one.strip(' ",') for one in listed if not one.lstrip().startswith("#")] == [
        *("security.W002", "security.W005", "security.W021", "security.W008"),
    ]


def without_encryption(site):
    site.EXTERNAL_DATABASE = replace(DATABASE, options={"sslmode": "prefer"})


def with_plain_mail(site):
    site.MAIL = MailAddress("smtp", host="mail.example.org", port=25)


def with_a_backup_beside_the_key(site):
    site.KEY_FILE.with_name("nightly").write_bytes(b"PGDMP\1\2")


def with_the_key_beside_the_data(site):
    site.KEY_FILE.parent.rename(site.DATA_DIR.parent / "elsewhere")
    site.KEY_FILE = site.DATA_DIR.with_name("attune.key")
    site.KEY_FILE.touch(0o600)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "finding"),
    [
        (lambda site: setattr(site, "ALLOWED_HOSTS", []), "security.W020"),
        (lambda site: setattr(site, "OWN_HOSTS", ("*",)), "attune.E004"),
        (lambda site: setattr(site, "OWN_HOSTS", (".example.org",)), "attune.E004"),
        (lambda site: setattr(site, "TRUSTED_PROXIES", ()), "attune.W004"),
        (lambda site: setattr(site, "TRUSTED_PROXIES", (ip_network("0.0.0.0/0"),)), "attune.E005"),
        (lambda site: setattr(site, "TRUSTED_PROXIES", (ip_network("::/0"),)), "attune.E005"),
        (lambda site: site.DEMO_MARK.touch(), "attune.E006"),
        (lambda site: setattr(site, "MAIL", MailAddress("file")), "attune.W005"),
        (lambda site: setattr(site, "MAIL", MailAddress("console")), "attune.W005"),
        (with_plain_mail, "attune.W006"),
        (without_encryption, "attune.W007"),
        (
            lambda site: setattr(site, "EXTERNAL_DATABASE", replace(DATABASE, password="attune")),
            "attune.E007",
        ),
        (
            lambda site: setattr(site, "EXTERNAL_DATABASE", replace(DATABASE, password="")),
            "attune.E007",
        ),
        (with_the_key_beside_the_data, "attune.W008"),
        (with_a_backup_beside_the_key, "attune.E008"),
        (lambda site: site.KEY_FILE.chmod(0o644), "attune.E001"),
        (lambda site: setattr(site, "KEY_FILE", site.DATA_DIR / "key"), "attune.E002"),
        (lambda site: setattr(site, "DEBUG", True), "attune.E003"),
        (lambda site: setattr(site, "EXTERNAL_DATABASE", None), "attune.W001"),
        (lambda site: setattr(site, "CONTACT", ""), "attune.W002"),
        (lambda site: setattr(site, "SECRET_KEY", "x" * 40), "security.W009"),
        (lambda site: setattr(site, "SECURE_HSTS_SECONDS", 0), "security.W004"),
        (lambda site: setattr(site, "SESSION_COOKIE_SECURE", False), "security.W011"),
    ],
)
def test_each_wrong_setting_is_found_and_comes_with_what_to_do(public_site, wrong, finding):
    (public_site.DATA_DIR / "key").touch(0o600)
    wrong(public_site)
    found, told = findings()
    assert found.count(finding) == 1
    if finding.startswith("attune."):
        _, after = told.split(f"({finding}) ")
        assert after.splitlines()[1].startswith("\tHINT: ")


@pytest.mark.django_db
def test_what_never_leaves_this_machine_needs_no_encryption(public_site):
    public_site.MAIL = MailAddress("smtp", host="127.0.0.1", port=25)
    for host in ("localhost", "127.0.0.1", "::1", "/run/postgresql", ""):
        public_site.EXTERNAL_DATABASE = replace(DATABASE, host=host, password="", options={})
        call_command("check", deploy=True, fail_level="WARNING")


@pytest.mark.django_db
def test_a_site_for_this_machine_alone_is_told_how_to_open(public_site):
    public_site.OWN_HOSTS = ()
    found, told = findings()
    assert found == ["attune.W003"]
    assert "Set ATTUNE_ALLOWED_HOSTS" in told
