from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import OperationalError, connection, transaction
from django.test import override_settings

import databases
from attune.outbox.actions import enqueue
from attune.outbox.duties import known_duties
from attune.outbox.management.commands.worker import Worker
from attune.outbox.models import Message
from attune.outbox.registry import Email, renderer_of, renders
from attune.outbox.retention import forget_old_messages
from attune.outbox.sending import MOST_ATTEMPTS, send_due

pytestmark = pytest.mark.django_db

KIND = "a-test-message"
ANSWERS = {}


@renders(KIND)
def render(about, now):
    """Answer with what the test put there; a function is called first."""
    found = ANSWERS[about]
    return found() if callable(found) else found


class BrokenPost(EmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, messages):
        raise ConnectionResetError("gone, and here is ada@home.example")


class LastPost(EmailBackend):
    """Takes a message, and then the database drops the one who sent it."""

    def send_messages(self, messages):
        sent = super().send_messages(messages)
        drop_this_connection()
        return sent


def drop_this_connection():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    with databases.connected(connection.settings_dict["NAME"]) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


@pytest.fixture(autouse=True)
def _answers():
    ANSWERS.clear()
    ANSWERS["hello"] = Email(to="ada@home.example", subject="Hello", text="Hello.")


def queue(now, about="hello", key="key", **rest):
    enqueue(KIND, about, key=key, at=now, **rest)


def test_a_due_message_is_sent_once_under_its_own_id(now):
    queue(now)
    assert (send_due(now), send_due(now)) == (1, 0)
    message = Message.objects.get()
    assert message.sent_at == now
    assert mail.outbox[0].extra_headers["Message-ID"] == message.message_id


def test_a_message_waits_until_it_is_due(now):
    queue(now, due=now + timedelta(hours=1))
    assert send_due(now) == 0
    assert send_due(now + timedelta(hours=1)) == 1


def test_the_same_cause_twice_is_one_message(now):
    queue(now)
    queue(now)
    assert Message.objects.count() == 1


def test_a_message_belongs_to_the_transaction_of_its_cause(now):
    with transaction.atomic():
        queue(now)
        transaction.set_rollback(True)
    assert Message.objects.count() == 0


def test_a_kind_that_nobody_writes_fails_at_its_cause(now):
    with pytest.raises(KeyError):
        enqueue("unheard-of", "hello", key="key", at=now)


def test_a_kind_has_one_writer(now):
    with pytest.raises(ValueError, match=KIND):
        renders(KIND)(lambda _about, _now: None)
    assert renderer_of(KIND) is render


def test_what_is_no_longer_apt_is_dropped(now):
    ANSWERS["gone"] = None
    queue(now, about="gone")
    send_due(now)
    assert (Message.objects.get().dropped_at, mail.outbox) == (now, [])


@pytest.mark.parametrize(
    "to", ["ada@home.example, cleo@home.example", "ada", "a@b.example\nBcc: c@d.example"]
)
def test_a_message_to_anything_but_one_address_is_refused(now, to):
    ANSWERS["two"] = Email(to=to, subject="Hello", text="Hello.")
    queue(now, about="two")
    send_due(now)
    assert (mail.outbox, Message.objects.get().last_error) == ([], "ValidationError")


def test_one_that_fails_is_put_off_and_does_not_hold_up_the_next(now):
    ANSWERS["bad"] = lambda: 1 / 0
    queue(now, about="bad", key="1")
    queue(now + timedelta(seconds=1), key="2")
    later = now + timedelta(seconds=2)
    assert send_due(later) == 0
    assert send_due(later) == 1
    bad = Message.objects.get(about="bad")
    assert (bad.attempts, bad.last_error) == (1, "ZeroDivisionError")
    assert bad.due_at == later + timedelta(minutes=1)


def test_waits_double_up_to_an_hour_and_then_it_is_given_up(now):
    ANSWERS["bad"] = lambda: 1 / 0
    queue(now, about="bad")
    waits, moment = [], now
    for _ in range(MOST_ATTEMPTS):
        send_due(moment)
        due_at = Message.objects.get().due_at
        waits.append((due_at - moment) // timedelta(minutes=1))
        moment = due_at
    assert waits[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert Message.objects.get().dropped_at
    assert send_due(moment) == 0


def test_a_mail_server_that_fails_loses_nothing_and_logs_no_address(now, caplog):
    queue(now)
    with override_settings(EMAIL_BACKEND=f"{__name__}.BrokenPost"):
        assert send_due(now) == 0
    message = Message.objects.get()
    assert (message.sent_at, message.last_error) == (None, "ConnectionResetError")
    assert "ada@" not in caplog.text
    assert send_due(message.due_at) == 1


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_after_a_message_left_does_not_have_it_sent_again(now):
    queue(now)
    with override_settings(EMAIL_BACKEND=f"{__name__}.LastPost"), pytest.raises(OperationalError):
        send_due(now)
    connection.close()
    assert send_due(now + timedelta(seconds=1)) == 0
    assert len(mail.outbox) == 1
    assert Message.objects.get().sent_at == now + timedelta(seconds=1)


def test_a_data_folder_that_cannot_be_written_sends_each_message_once_all_the_same(now, tmp_path):
    (tmp_path / "file").touch()
    queue(now)
    with override_settings(DATA_DIR=tmp_path / "file"):
        assert (send_due(now), send_due(now)) == (1, 0)
    assert len(mail.outbox) == 1


def test_one_who_is_told_to_stop_leaves_the_rest_of_the_queue(now):
    worker = Worker()
    ANSWERS["last"] = lambda: worker.stop.set() or ANSWERS["hello"]
    queue(now, about="last", key="1")
    queue(now, key="2", due=now + timedelta(seconds=1))
    worker.work(now + timedelta(seconds=2))
    assert len(mail.outbox) == 1


def test_messages_are_kept_for_thirty_days_after_they_were_dealt_with(now):
    queue(now)
    queue(now, key="never sent", due=now + timedelta(days=60))
    send_due(now)
    forget_old_messages(now + timedelta(days=30))
    assert Message.objects.count() == 2
    forget_old_messages(now + timedelta(days=30, seconds=1))
    assert Message.objects.get().key == "never sent"


def test_the_worker_sends_and_does_each_duty_at_its_interval(now):
    queue(now)
    worker = Worker()
    worker.work(now)
    assert len(mail.outbox) == 1
    queue(now, key="2")
    Message.objects.filter(key="key").update(sent_at=now - timedelta(days=31))
    worker.work(now + timedelta(minutes=59))
    assert Message.objects.count() == 2
    worker.work(now + timedelta(minutes=60))
    assert Message.objects.count() == 1


def test_every_retention_is_a_duty_of_the_worker():
    assert {"booking-retention", "outbox-retention"} <= {one.name for one in known_duties()}


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_send_the_same_message(now):
    from threading import Thread

    queue(now)
    seen = []

    def meanwhile():
        def other():
            seen.append(send_due(now))
            connection.close()

        thread = Thread(target=other)
        thread.start()
        thread.join(10)
        return Email(to="ada@home.example", subject="Hello", text="Hello.")

    ANSWERS["hello"] = meanwhile
    assert send_due(now) == 1
    assert seen == [0]
    assert len(mail.outbox) == 1
