import os
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives

from attune.outbox.files import MailFolderBackend, read_folder


def message(number=1, **headers):
    mail = EmailMultiAlternatives(
        f"Subject {number}",
        "Grüße und £65",
        "Appointments <no-reply@localhost>",
        ["ada@home.example"],
        headers={"Message-ID": f"<number{number}@localhost>", **headers},
    )
    mail.attach("appointment.ics", "BEGIN:VCALENDAR", "text/calendar")
    return mail


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "mail"


def test_each_message_is_one_file_named_after_its_id(folder):
    backend = MailFolderBackend(file_path=folder)
    assert backend.send_messages([message(1), message(2), message(1)]) == 2 + 1
    assert sorted(one.name for one in folder.iterdir()) == [
        "number1@localhost.eml",
        "number2@localhost.eml",
    ]


def test_only_the_owner_can_read_them(folder):
    MailFolderBackend(file_path=folder).send_messages([message()])
    assert folder.stat().st_mode & 0o077 == 0
    assert next(folder.iterdir()).stat().st_mode & 0o077 == 0


def test_an_id_that_looks_like_a_path_stays_in_the_folder(folder):
    odd = message(**{"Message-ID": "<../../escape/me@localhost>"})
    MailFolderBackend(file_path=folder).send_messages([odd])
    assert [one.parent for one in folder.rglob("*.eml")] == [folder]
    assert not (folder.parent.parent / "escape").exists()


def test_a_write_that_fails_leaves_nothing_half_written(folder, monkeypatch):
    def fail(_handle):
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        MailFolderBackend(file_path=folder).send_messages([message()])
    assert list(folder.glob("*.eml")) == []
    assert read_folder(folder, 10) == []


def test_the_folder_reads_back_newest_first_up_to_a_limit(folder):
    backend = MailFolderBackend(file_path=folder)
    for number in range(1, 4):
        backend.send_messages([message(number)])
        os.utime(folder / f"number{number}@localhost.eml", (number, number))
    found = read_folder(folder, 2)
    assert [one["Subject"] for one in found] == ["Subject 3", "Subject 2"]
    assert found[0].get_body(("plain",)).get_content().strip() == "Grüße und £65"
    assert [one.get_filename() for one in found[0].iter_attachments()] == ["appointment.ics"]
    assert read_folder(Path(folder / "missing"), 10) == []
