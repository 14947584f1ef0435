"""Who opened what: lines that are added and never changed."""

from datetime import UTC, timedelta
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from attune.accounts.duties import LEDGER_KEPT_FOR, forget_old_ledger_lines
from attune.accounts.ledger import allow_deletion, broken_lines, lines_about, record_opening
from attune.accounts.models import LedgerEntry, User
from attune.accounts.sealing import email_hash

pytestmark = pytest.mark.django_db
SOMEBODY = "somebody who has no account"


@pytest.fixture
def ada():
    return User.objects.create_user("ada@home.example")


@pytest.fixture
def ben():
    return User.objects.create_user("ben@practice.example", name="Ben")


@pytest.fixture
def opened(ada, ben, now):
    """Write a line about Ada; ``by`` False: the service itself."""

    def write(what="your note", *, by=True, about=None, minutes=0):
        record_opening(
            about=about or ada.email_hash,
            by=ben if by else None,
            what=what,
            purpose="to prepare",
            at=now + timedelta(minutes=minutes),
        )

    return write


@pytest.fixture
def _behind_our_back():
    """Let this transaction change lines, as whoever owns the database could."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_ledgerentry DISABLE TRIGGER USER")


def ids():
    return list(LedgerEntry.objects.order_by("id").values_list("id", flat=True))


def test_a_line_says_who_what_when_and_why(opened, ada, now):
    opened()
    (line,) = lines_about(ada)
    said = (line.by_words, line.what, line.purpose, line.at)
    assert said == ("Ben", "your note", "to prepare", now)


def test_what_somebody_opens_of_their_own_is_not_written_down(ada, now):
    record_opening(about=ada.email_hash, by=ada, what="a note", purpose="to read", at=now)
    assert not LedgerEntry.objects.exists()


def test_what_the_service_opens_by_itself_has_one_line_a_day(opened, ada):
    for minutes in (0, 1, 24 * 60):
        opened(by=False, minutes=minutes)
    opened("your address", by=False)
    assert lines_about(ada).count() == 3


def test_what_a_person_opens_has_a_line_each_time(opened, ada):
    opened()
    opened()
    assert lines_about(ada).count() == 2


def test_lines_from_before_there_was_an_account_are_its_owners(opened, now, ben):
    opened(about=email_hash(" Cleo@Home.example"))
    cleo = User.objects.create_user("cleo@home.example")
    opened(about=cleo.email_hash, minutes=1)
    assert lines_about(cleo).count() == 2
    assert lines_about(ben).count() == 0
    assert broken_lines() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_ledgerentry SET by_words = 'Nobody'",
        "DELETE FROM accounts_ledgerentry",
        "TRUNCATE accounts_ledgerentry",
        "TRUNCATE accounts_user CASCADE",
    ],
)
def test_the_database_refuses_to_change_a_line(opened, statement):
    opened()
    with (
        pytest.raises(DatabaseError, match="ledger only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert LedgerEntry.objects.count() == 1


def test_not_even_who_may_delete_lines_may_change_one(opened):
    opened()
    allow_deletion()
    with pytest.raises(DatabaseError, match="ledger only grows"):
        LedgerEntry.objects.update(what="nothing")


@pytest.mark.django_db(transaction=True)
def test_the_leave_to_delete_ends_with_its_transaction(opened):
    opened()
    with transaction.atomic():
        allow_deletion()
    with pytest.raises(DatabaseError, match="ledger only grows"):
        LedgerEntry.objects.all().delete()


@pytest.mark.usefixtures("_behind_our_back")
@pytest.mark.parametrize(
    "change",
    [
        {"what": "nothing"},
        {"by_words": "Nobody"},
        {"purpose": "to help"},
        {"at": "2026-11-17T10:00Z"},
        {"day": "2026-11-17"},
        {"member": None},
        {"about_hash": "0" * 64},
        {"previous_hash": "0" * 64},
    ],
)
def test_a_line_that_was_changed_shows(opened, change):
    for minutes in range(3):
        opened(minutes=minutes)
    second = ids()[1]
    LedgerEntry.objects.filter(id=second).update(**change)
    assert second in broken_lines()


@pytest.mark.usefixtures("_behind_our_back")
def test_a_line_that_was_taken_out_shows_at_the_next(opened):
    for minutes in range(3):
        opened(minutes=minutes)
    _, second, third = ids()
    LedgerEntry.objects.filter(id=second).delete()
    assert broken_lines() == [third]


@pytest.mark.usefixtures("_behind_our_back")
def test_a_changed_line_with_a_hash_made_without_the_key_file_shows(opened, settings, tmp_path):
    from attune.accounts.keys import ensure_key_file
    from attune.accounts.ledger import hash_of

    opened()
    line = LedgerEntry.objects.get()
    line.what, right = "nothing", settings.KEY_FILE
    settings.KEY_FILE = tmp_path / "another.key"
    ensure_key_file(settings.KEY_FILE)
    line.own_hash = hash_of(line)
    line.save()
    settings.KEY_FILE = right
    assert broken_lines() == [line.pk]


def test_two_people_have_a_chain_each_however_their_lines_alternate(opened, now):
    for minutes in range(4):
        opened(minutes=minutes, about=email_hash(SOMEBODY) if minutes % 2 else None)
    assert broken_lines() == []
    firsts = LedgerEntry.objects.filter(previous_hash="")
    assert firsts.count() == 2


def test_the_zone_of_the_moment_makes_no_difference(ada, ben, now):
    record_opening(
        about=ada.email_hash,
        by=ben,
        what="a note",
        purpose="to prepare",
        at=now.astimezone(ZoneInfo("Asia/Tokyo")),
    )
    assert broken_lines() == []
    assert LedgerEntry.objects.get().at.astimezone(UTC) == now


@pytest.mark.django_db(transaction=True)
def test_lines_written_at_the_same_moment_form_one_chain(ada, now):
    def write(number):
        by = None if number % 2 else reader
        record_opening(about=ada.email_hash, by=by, what="a note", purpose="to read", at=now)
        connections.close_all()

    reader = User.objects.create_user("reader@example.org", name="Reader")
    threads = [Thread(target=write, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Four by a person; what the service read by itself is one.
    assert LedgerEntry.objects.count() == 5
    assert broken_lines() == []


def test_a_line_goes_with_what_it_tells_of_when_that_fails(opened):
    with transaction.atomic():
        opened()
        transaction.set_rollback(True)
    assert not LedgerEntry.objects.exists()


def test_lines_go_two_years_after_and_not_a_day_earlier(opened, now):
    opened()
    opened(minutes=24 * 60)
    forget_old_ledger_lines(now + LEDGER_KEPT_FOR)
    assert LedgerEntry.objects.count() == 2
    forget_old_ledger_lines(now + LEDGER_KEPT_FOR + timedelta(seconds=1))
    assert LedgerEntry.objects.count() == 1
    assert broken_lines() == []


def test_retention_takes_the_beginning_of_a_chain_and_never_a_middle(opened, now):
    # The clock of one process was a little ahead.
    for minutes in (0, 2, 1, 3):
        opened(minutes=minutes)
    forget_old_ledger_lines(now + LEDGER_KEPT_FOR + timedelta(seconds=90))
    assert LedgerEntry.objects.count() == 3
    assert broken_lines() == []


def test_a_chain_loses_its_lines_whatever_another_chain_holds(opened, now):
    # The clock was put back in between.
    record_opening(about=SOMEBODY, by=None, what="a note", purpose="to send", at=now)
    opened(minutes=-24 * 60)
    forget_old_ledger_lines(now + LEDGER_KEPT_FOR)
    assert LedgerEntry.objects.get().about_hash == SOMEBODY


def test_a_line_after_all_others_went_begins_the_chain_anew(opened, now):
    opened()
    forget_old_ledger_lines(now + LEDGER_KEPT_FOR + timedelta(days=1))
    opened(minutes=1)
    assert broken_lines() == []


@pytest.mark.usefixtures("_behind_our_back")
def test_the_command_counts_the_lines_and_fails_when_one_is_broken(opened, capsys):
    opened()
    call_command("ledger_check")
    assert capsys.readouterr().out == "1 lines, all as they were written.\n"
    LedgerEntry.objects.update(what="nothing")
    with pytest.raises(CommandError, match=rf"1 lines .*: {ids()[0]}\.") as failed:
        call_command("ledger_check")
    assert failed.value.returncode == 1
