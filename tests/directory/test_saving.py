"""What a member does with the people whom they save, and what is kept of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import Http404

from attune.accounts.erasures import forget_everywhere
from attune.accounts.exports import everything_of
from attune.accounts.models import User
from attune.accounts.sealing import CannotOpen
from attune.directory import saving
from attune.directory.access import note_of, saved_among, saved_by, saved_for
from attune.directory.models import Listing, SavedListing
from attune.directory.saving import (
    ChangedElsewhere,
    TooManySaved,
    change_note,
    change_status,
    remove_saved,
    save_listing,
)
from directory.listings import NOW, listed
from members import CLEO, a_member, sign_in

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def ada():
    return a_member()


@pytest.fixture
def saved(ada):
    return save_listing(ada, listed(), at=NOW)


def fresh(saved):
    return SavedListing.objects.get(pk=saved.pk)


def test_saving_twice_keeps_one_and_what_was_noted(ada, saved):
    change_status(saved, "waiting", version=1, at=NOW)
    again = save_listing(ada, saved.listing, at=LATER)
    assert (again.pk, again.status, again.saved_at) == (saved.pk, "waiting", NOW)
    assert SavedListing.objects.count() == 1


def test_a_list_has_an_end(ada, saved, monkeypatch):
    monkeypatch.setattr(saving, "MOST_SAVED", 1)
    with pytest.raises(TooManySaved):
        save_listing(ada, listed(2), at=NOW)
    save_listing(ada, saved.listing, at=NOW)
    assert saved_by(ada).count() == 1


def test_the_second_of_two_writers_is_told_and_overwrites_nothing(saved):
    first, second = fresh(saved), fresh(saved)
    change_status(first, "contacted", version=1, at=NOW)
    with pytest.raises(ChangedElsewhere):
        change_status(second, "seeing", version=1, at=NOW)
    with pytest.raises(ChangedElsewhere):
        change_note(fresh(saved), "late", version=1, at=NOW)
    assert (fresh(saved).status, note_of(fresh(saved))) == ("contacted", "")
    assert second.version == 2, "the page of the second shows the version to go on from"


def test_the_same_change_sent_twice_is_harmless(saved):
    for _ in range(2):
        change_status(fresh(saved), "seeing", version=1, at=NOW)
    for _ in range(2):
        change_note(fresh(saved), "Rang on Monday", version=2, at=LATER)
    assert (fresh(saved).status, fresh(saved).version) == ("seeing", 3)
    assert (note_of(fresh(saved)), fresh(saved).changed_at) == ("Rang on Monday", LATER)


def test_a_note_is_sealed_under_its_owners_key_for_its_row_alone(ada, saved):
    change_note(saved, "planted-note", version=1, at=NOW)
    other = save_listing(ada, listed(2), at=NOW)
    box = bytes(fresh(saved).note_sealed)
    assert b"planted-note" not in box
    assert ada.key.code.encode() in box
    other.note_sealed = box
    with pytest.raises(CannotOpen):
        note_of(other)
    ada.saved_listings.update(note_sealed=None)
    change_note(fresh(saved), "again", version=2, at=NOW)
    change_note(fresh(saved), "", version=3, at=NOW)
    assert fresh(saved).note_sealed is None


def test_somebody_elses_and_a_missing_one_answer_alike(ada, saved):
    cleo = a_member(CLEO)
    for code in (saved.code, "nosuchcode"):
        with pytest.raises(Http404, match="No such saved person"):
            saved_for(cleo, code)
    remove_saved(cleo, saved.code)
    assert saved_among(cleo, [saved.listing.code]) == {}
    assert saved_among(ada, [saved.listing.code, "other"]) == {saved.listing.code: saved.code}
    remove_saved(ada, saved.code)
    remove_saved(ada, saved.code)
    assert not saved_by(ada).exists()


def test_deleting_a_practitioner_takes_what_was_saved_and_shows_staff_none_of_it(client, saved):
    practitioner = saved.listing.practitioner
    dev = User.objects.create_user("dev@example.org", is_staff=True, is_superuser=True)
    sign_in(client, dev, second_factor=True)
    page = client.get(f"/staff/directory/practitioner/{practitioner.pk}/delete/")
    assert "saved" not in page.content.decode().casefold()
    practitioner.delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert not Listing.objects.exists()
    assert not SavedListing.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_an_export_has_every_note_for_the_same_queries(ada, count, django_assert_num_queries):
    for number in range(1, count + 1):
        one = save_listing(ada, listed(number), at=NOW)
        change_note(one, f"note {number}", version=1, at=NOW)
    ada.refresh_from_db()
    # The key and the rows.
    with django_assert_num_queries(2):
        notes = saving.notes_on_saved_people(ada, NOW)
    assert [row["Note"] for row in notes] == [f"note {one}" for one in range(count, 0, -1)]
    rows = saving.saved_people(ada, NOW)
    assert rows[0]["Status"] == "Saved"
    assert rows[0]["Saved"] == "18 November 2026"


def test_export_and_erasure_name_what_was_saved_and_leave_others_alone(ada, saved):
    cleo = a_member(CLEO)
    save_listing(cleo, saved.listing, at=NOW)
    titles = {one.title: one.rows for one in everything_of(ada, NOW)}
    assert [row["Name"] for row in titles["Saved people"]] == ["Ben Hathersage-Quaye"]
    for _ in range(2):
        forget_everywhere(ada, LATER)
    assert [one.member for one in SavedListing.objects.all()] == [cleo]
