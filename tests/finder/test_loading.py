"""The index stays level with the database, whoever commits what in whichever order."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from attune.accounts.models import Contact
from attune.booking.models import Appointment
from attune.directory.actions import pause, record_change, withdraw
from attune.directory.models import DirectoryChange, IndexEpoch, Listing, Practitioner
from attune.finder import loading
from attune.finder.loading import current, current_and
from databases import url_of
from finder.people import NOW, TODAY, listed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@contextmanager
def another_connection():
    with psycopg.connect(url_of(connection.settings_dict["NAME"])) as other:
        yield other


def published(loaded):
    """Return the codes that the index holds as published."""
    rows = loaded.index.rows
    return {code for code, row in rows.items() if loaded.index.columns.is_published[row]}


def shown(loaded, code):
    return loaded.people.get([code], today=TODAY)[code]


def withdraw_over(other, listing):
    """Withdraw a listing in another transaction, which stays open."""
    other.execute("UPDATE directory_listing SET state = 'withdrawn' WHERE id = %s", [listing.pk])
    other.execute(
        "INSERT INTO directory_directorychange (listing_id, at) VALUES (%s, now())", [listing.pk]
    )


def test_a_change_is_seen_by_the_next_match():
    ben = listed()
    assert published(current(NOW)) == {"c1"}
    withdraw(ben, at=NOW)
    assert published(current(NOW)) == set()


def test_what_was_shown_of_somebody_is_read_again_when_it_changes():
    ben = listed()
    assert shown(current(NOW), "c1").name == "Ben Hathersage-Quaye"
    with transaction.atomic():
        Practitioner.objects.update(name="Benedict Quaye")
        record_change(ben.pk, at=NOW)
    assert shown(current(NOW), "c1").name == "Benedict Quaye"


def test_a_new_listing_is_seen_by_the_next_match():
    listed()
    current(NOW)
    listed(2)
    assert published(current(NOW)) == {"c1", "c2"}


def test_a_deleted_listing_is_gone():
    ben = listed()
    current(NOW)
    with transaction.atomic():
        record_change(ben.pk, at=NOW)
        ben.delete()
    assert len(current(NOW).index) == 0


def test_a_transaction_that_commits_after_a_later_one_is_not_skipped():
    first, second = listed(1), listed(2)
    current(NOW)
    with another_connection() as other:
        withdraw_over(other, first)
        withdraw(second, at=NOW)
        early, late = DirectoryChange.objects.latest("pk"), None
        assert published(current(NOW)) == {"c1"}
        other.commit()
        late = DirectoryChange.objects.order_by("-pk")[1]
        assert late.listing_id == first.pk
        assert early.listing_id == second.pk
        assert published(current(NOW)) == set()


def test_an_open_transaction_holds_up_no_other_change():
    ben = listed()
    current(NOW)
    with another_connection() as dump:
        dump.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        dump.execute("SELECT pg_current_xact_id()")
        withdraw(ben, at=NOW)
        assert published(current(NOW)) == set()
        with CaptureQueriesContext(connection) as queries:
            current(NOW)
        assert len(queries) == 1


def test_a_change_that_is_rolled_back_is_never_seen():
    ben = listed()
    current(NOW)
    with another_connection() as other:
        withdraw_over(other, ben)
        other.rollback()
    assert published(current(NOW)) == {"c1"}


def test_being_level_costs_one_query(django_assert_num_queries):
    listed()
    current(NOW)
    with django_assert_num_queries(1):
        current(NOW)


def test_a_query_beside_it_costs_no_other_and_says_when_there_is_nothing(
    django_assert_num_queries,
):
    listed()
    current(NOW)
    query = "SELECT code, id FROM directory_listing WHERE code = %(code)s"
    with django_assert_num_queries(1):
        loaded, (code, _) = current_and(NOW, query, {"code": "c1"})
    assert (code, set(loaded.index.rows)) == ("c1", {"c1"})
    assert current_and(NOW, query, {"code": "c9"})[1] == (None, None)


def test_a_query_beside_it_sees_what_a_transaction_sees():
    listed()
    with transaction.atomic():
        listed(2)
        loaded, (count,) = current_and(NOW, "SELECT count(*) FROM directory_listing", {})
    assert (count, len(loaded.index.rows)) == (2, 2)


@pytest.mark.parametrize("changed", [1, 3])
def test_catching_up_costs_the_same_for_one_change_and_three(changed, django_assert_num_queries):
    everyone = [listed(number) for number in range(1, 5)]
    current(NOW)
    for one in everyone[:changed]:
        pause(one, until=TODAY + timedelta(days=9), at=NOW)
    with django_assert_num_queries(22):
        current(NOW)


def test_another_epoch_means_another_database():
    listed()
    current(NOW)
    Listing.objects.update(state="withdrawn")
    IndexEpoch.objects.update(value=uuid4())
    assert published(current(NOW)) == set()


def test_rows_of_another_server_are_not_read_again_and_again(django_assert_num_queries):
    ben = listed()
    current(NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO directory_directorychange (listing_id, at, transaction)"
            " VALUES (%s, now(), '999999999999')",
            [ben.pk],
        )
    with django_assert_num_queries(1):
        current(NOW)


def test_new_words_build_the_index_anew():
    listed()
    before = current(NOW)
    record_change(None, at=NOW)
    after = current(NOW + timedelta(minutes=1))
    assert (before.built_at, after.built_at) == (NOW, NOW + timedelta(minutes=1))


def test_a_held_time_disappears_and_comes_back_when_the_hold_runs_out():
    ben = listed()
    start = current(NOW).index.starts_of(current(NOW).index.practices_of(rows_of("c1"))[0])[0][0]
    until = NOW + timedelta(minutes=15)
    with transaction.atomic():
        hold(ben, minutes=int(start), until=until)
        record_change(ben.pk, at=NOW)
    assert start not in starts_of("c1", NOW)
    assert start not in starts_of("c1", until - timedelta(seconds=1))
    assert start in starts_of("c1", until)


def test_an_index_of_yesterday_is_renewed_beside_the_requests():
    listed()
    current(NOW)
    later = NOW + timedelta(days=1)
    assert current(later).built_at == NOW
    deadline = time.monotonic() + 20
    while loading._process.loaded.built_at != later and time.monotonic() < deadline:
        time.sleep(0.02)
    assert current(later).built_at == later


def test_an_index_older_than_the_change_log_is_built_anew():
    ben = listed()
    current(NOW)
    Listing.objects.filter(pk=ben.pk).update(state="withdrawn")
    assert published(current(NOW + timedelta(days=6))) == set()


def test_a_start_maps_what_the_last_build_saved():
    listed()
    listed(2)
    current(NOW)
    restart()
    mapped = current(NOW + timedelta(hours=1))
    assert mapped.built_at == NOW
    assert published(mapped) == {"c1", "c2"}


def test_a_start_reads_what_changed_since_the_index_was_saved():
    ben = listed()
    listed(2)
    current(NOW)
    restart()
    withdraw(ben, at=NOW)
    assert published(current(NOW + timedelta(hours=1))) == {"c2"}


@pytest.mark.parametrize("name", ["about.json", "starts.npy", "code.npy"])
def test_a_damaged_file_is_not_used(name, settings):
    listed()
    current(NOW)
    restart()
    (settings.INDEX_DIR / "current" / name).write_bytes(b"not this")
    again = current(NOW + timedelta(hours=1))
    assert again.built_at == NOW + timedelta(hours=1)
    assert published(again) == {"c1"}


def test_files_of_other_code_are_not_used(settings):
    listed()
    current(NOW)
    restart()
    about = settings.INDEX_DIR / "current" / "about.json"
    about.write_text(about.read_text().replace('"made_by": "', '"made_by": "other '))
    assert current(NOW + timedelta(hours=1)).built_at == NOW + timedelta(hours=1)


def test_only_the_last_build_is_kept(settings):
    listed()
    current(NOW)
    record_change(None, at=NOW)
    current(NOW)
    folders = [one for one in settings.INDEX_DIR.iterdir() if one.is_dir()]
    assert len([one for one in folders if not one.is_symlink()]) == 1


def test_what_a_transaction_sees_stays_its_own():
    listed()
    current(NOW)
    with transaction.atomic():
        listed(2)
        assert published(current(NOW)) == {"c1", "c2"}
        transaction.set_rollback(True)
    assert published(current(NOW)) == {"c1"}


def test_inside_a_transaction_it_is_built_again_only_after_a_change(django_assert_num_queries):
    listed()
    with transaction.atomic():
        first = current(NOW)
        with django_assert_num_queries(1):
            assert current(NOW) is first
        with suppress(RuntimeError), transaction.atomic():
            listed(2)
            assert published(current(NOW)) == {"c1", "c2"}
            raise RuntimeError
        assert published(current(NOW)) == {"c1"}
        listed(3)
        assert published(current(NOW)) == {"c1", "c3"}


ASK = """
import sys
import django
django.setup()
from django.utils import timezone
from attune.finder.loading import current
for _line in sys.stdin:
    print(len(current(timezone.now()).index), flush=True)
"""


def test_two_processes_on_one_database_see_a_change_at_their_next_match(tmp_path):
    listed()
    environment = os.environ | {
        "DATABASE_URL": url_of(connection.settings_dict["NAME"]),
        "ATTUNE_DATA_DIR": str(tmp_path / "data"),
        "ATTUNE_KEY_FILE": str(django_settings.KEY_FILE),
        "DJANGO_SETTINGS_MODULE": "attune.project.settings",
    }
    both = [
        subprocess.Popen(
            [sys.executable, "-c", ASK],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )
        for _ in range(2)
    ]
    try:
        assert [ask(one) for one in both] == ["1", "1"]
        listed(2)
        assert [ask(one) for one in both] == ["2", "2"]
    finally:
        for one in both:
            one.stdin.close()
            one.wait(timeout=20)
            one.stdout.close()


def ask(process):
    process.stdin.write("\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def restart():
    """Forget what is in memory, as a new process has nothing."""
    loading._process.loaded = None


def rows_of(code):
    return [current(NOW).index.rows[code]]


def starts_of(code, now):
    index = current(now).index
    practices, _owners = index.practices_of([index.rows[code]])
    return index.starts_of(practices)[0].tolist()


def hold(listing, *, minutes, until):
    start = NOW.fromtimestamp(minutes * 60, NOW.tzinfo)
    contact = Contact.objects.create(
        email_sealed=b"x", email_hash="x", origin_hash="x", created_at=NOW, expires_at=until
    )
    Appointment.objects.create(
        reference="R1",
        practitioner=listing.practitioner,
        listing=listing,
        practice=listing.practitioner.practices.get(),
        channel="in-person",
        kind="first-session",
        during=(start, start + timedelta(minutes=60)),
        start=start,
        minutes=50,
        zone="Europe/London",
        cancellation_hours=24,
        state="held",
        hold_until=until,
        contact=contact,
        email_hash="x",
        created_at=NOW,
    )
