from email.message import EmailMessage

import pytest
from django.urls import reverse

from attune.project.environment import MailAddress


@pytest.fixture
def outbox(settings, tmp_path, client):
    """Put a message into the mail folder of a demonstration site; return its page's text."""
    settings.IS_DEMO_SITE = True
    settings.MAIL = MailAddress("file", folder=tmp_path)

    def page():
        return client.get(reverse("demo_outbox"), secure=True).content.decode()

    return page


def write(folder, name, subject, text):
    message = EmailMessage()
    message["To"], message["Subject"] = "ada@demo.example", subject
    message["Date"] = "Wed, 18 Nov 2026 10:00:00 +0000"
    message["Message-ID"] = f"<{name}@localhost>"
    message.set_content(text)
    message.add_alternative("<p>The same again</p>", subtype="html")
    message.add_attachment(b"BEGIN:VCALENDAR", "text", "calendar", filename="appointment.ics")
    (folder / f"{name}.eml").write_bytes(message.as_bytes())


def test_the_outbox_shows_each_message_as_its_reader_would_see_it(outbox, tmp_path, db):
    text = "Dear Ada,\nsee you soon.\n\nChange it: http://localhost:8000/appointments/abc/ today"
    write(tmp_path, "one", "Your appointment <1>", text)
    page = outbox()
    assert "Your appointment &lt;1&gt;" in page
    assert "To ada@demo.example, Wednesday 18 November 2026, 10:00am" in page
    assert "Dear Ada,<br>see you soon." in page
    assert '<a href="http://localhost:8000/appointments/abc/">' in page
    assert "appointment.ics (15 bytes)" in " ".join(page.split())
    assert "The same again" not in page


def test_an_empty_outbox_says_how_messages_come_to_be(outbox, db):
    assert "There are none yet" in outbox()


def test_a_site_that_sends_its_mail_keeps_none_to_show(outbox, settings, db):
    settings.MAIL = MailAddress("smtp", host="localhost", port=25)
    assert "no message is kept here" in outbox()


def test_the_outbox_does_not_exist_where_people_are_real(outbox, settings, client, db):
    settings.IS_DEMO_SITE = False
    assert client.get(reverse("demo_outbox"), secure=True).status_code == 404
