"""A setting that cannot be used is refused at the start, in one sentence, with exit status 2."""

import os
import subprocess
import sys

import pytest

# Each starts a whole process.
pytestmark = pytest.mark.slow

BAD_SETTINGS = [
    ("PORT", "eighty", "a whole number from 1 to 65535"),
    ("PORT", "70000", "a whole number from 1 to 65535"),
    ("DATABASE_URL", "mysql://localhost/attune", "postgresql://USER:PASSWORD@HOST:PORT/NAME"),
    ("DATABASE_URL", "postgresql://localhost", "postgresql://USER:PASSWORD@HOST:PORT/NAME"),
    ("DATABASE_URL", "postgresql://h:x/attune", "postgresql://USER:PASSWORD@HOST:PORT/NAME"),
    ("EMAIL_URL", "pigeon://coo", "smtp://USER:PASSWORD@HOST:587"),
    ("EMAIL_URL", "smtp://", "smtp://USER:PASSWORD@HOST:587"),
    ("EMAIL_URL", "smtp://host?starttls=maybe", "?starttls=no"),
    ("ATTUNE_ALLOWED_HOSTS", "https://example.org", "host names with commas between them"),
    ("ATTUNE_TRUSTED_PROXIES", "2", "network addresses with commas between them"),
    ("ATTUNE_TRUSTED_PROXIES", "10.0.0.1/8", "network addresses with commas between them"),
    ("ATTUNE_OPERATOR", "Two\nlines", "one line of at most 120 characters"),
    ("ATTUNE_OPERATOR", "x" * 121, "one line of at most 120 characters"),
    ("ATTUNE_CONTACT", "ring the bell", "an email address"),
    ("ATTUNE_SECRET_KEY", "short", "32 characters or more"),
    ("ATTUNE_DATA_DIR", "relative/folder", "an absolute path"),
    ("ATTUNE_KEY_FILE", "/proc/nothing/here", "a file in a folder that this user can write"),
    ("ATTUNE_PG_BIN", "/", "a folder that holds initdb, pg_ctl and postgres"),
]


def attune(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "attune.project.cli", *arguments],
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def own_folder(tmp_path):
    return {
        "ATTUNE_DATA_DIR": str(tmp_path / "data"),
        "ATTUNE_KEY_FILE": str(tmp_path / "attune.key"),
    }


@pytest.mark.parametrize(("name", "value", "accepted"), BAD_SETTINGS)
def test_a_bad_setting_is_named_with_what_is_accepted(own_folder, name, value, accepted):
    done = attune("serve", **own_folder | {name: value})
    assert done.returncode == 2
    assert done.stdout == ""
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith(f"{name}=")
    assert accepted in sentence


def test_a_password_in_a_bad_setting_is_not_repeated(own_folder):
    done = attune("serve", **own_folder | {"DATABASE_URL": "mysql://ada:planted@localhost/x"})
    assert "planted" not in done.stderr
    assert done.returncode == 2


def test_a_key_file_that_is_not_one_is_refused(own_folder, tmp_path):
    key_file = tmp_path / "attune.key"
    key_file.write_text("something else")
    done = attune("serve", **own_folder)
    assert done.returncode == 2
    assert done.stderr == f"The key file {key_file} is not an Attune key file.\n"


def test_a_fresh_checkout_needs_no_setting(own_folder):
    done = attune("help", **own_folder)
    assert done.returncode == 0
    assert "load_vocabulary" in done.stdout


def test_an_unknown_command_is_answered_in_a_sentence(own_folder):
    done = attune("cehck", **own_folder | {"DATABASE_URL": "postgresql://nobody@localhost/x"})
    assert done.returncode == 1
    assert done.stderr.startswith("Unknown command: 'cehck'")
    assert "Traceback" not in done.stderr
