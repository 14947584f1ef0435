"""Answers at rest, in two tabs, saved, come back to, and deleted."""

import re
from datetime import timedelta

import pytest
from django.db import connection

from attune.accounts.sealing import CannotOpen
from attune.enquiries.access import answers_in
from attune.enquiries.actions import delete_expired
from attune.enquiries.models import Enquiry, ReturnLink
from attune.outbox.models import Message
from attune.outbox.registry import renderer_of
from attune.vocabulary.queries import core_vocabulary
from directory.listings import NOW
from enquiries.walk import Walk

pytestmark = pytest.mark.django_db

ADA = "ada@example.org"


def tables_as_text() -> str:
    """Everything that these pages store, as somebody with a copy of the database reads it."""
    tables = ("enquiries_enquiry", "enquiries_returnlink", "outbox_message", "accounts_websession")
    rows = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t")
            rows += cursor.fetchall()
        # The sealed bytes themselves, not as hexadecimal digits.
        cursor.execute("SELECT encode(answers_sealed, 'escape') FROM enquiries_enquiry")
        rows += cursor.fetchall()
    return " ".join(str(row) for row in rows)


def return_links(now):
    """The mail that is waiting, and the paths of the links in it."""
    mails = [renderer_of(one.kind)(one.about, now) for one in Message.objects.order_by("pk")]
    return [
        (mail, re.search(r"https?://[^/]+(/match/return/\S+)", mail.text)[1])
        for mail in mails
        if mail
    ]


def test_nothing_that_was_answered_can_be_read_in_the_database(walk):
    walk.answer(2, issues=["depression"])
    walk.answer(4, place="Leeds", channels=["video"])
    walk.client.post("/match/save/", {"email": ADA})
    text = tables_as_text()
    assert len(text) > 500
    for planted in ("depression", "Leeds", "issues", ADA, "ada@"):
        assert planted not in text


def test_answers_moved_to_another_row_do_not_open(walk, client):
    walk.answer(1, for_whom="adults")
    other = Enquiry.objects.get()
    other.pk, other.code = None, "another-code"
    with pytest.raises(CannotOpen):
        answers_in(other, core_vocabulary(NOW.date()))


def test_the_second_of_two_tabs_is_told_and_overwrites_nothing(walk):
    walk.answer(2, issues=["depression"])
    first_tab = walk.open("/match/6/").content.decode()
    (old,) = set(re.findall(r'name="version" value="(\d+)"', first_tab))
    walk.answer(6, pay="up-to", amount="80")
    page = walk.client.post("/match/6/", {"version": old, "pay": "up-to", "amount": "40"})
    walk.page = page
    assert page.status_code == 409
    assert "Your answers changed on another page" in walk.words
    assert walk.stored.budget.money.minor == 8000
    # What was typed is still there; pressing Continue again keeps it.
    assert 'value="40"' in walk.text
    (new,) = set(re.findall(r'name="version" value="(\d+)"', walk.text))
    walk.client.post("/match/6/", {"version": new, "pay": "up-to", "amount": "40"})
    assert walk.stored.budget.money.minor == 4000


def test_answers_deleted_in_another_tab_do_not_come_back_unasked(walk):
    walk.answer(2, issues=["depression"])
    version = walk.enquiry.version
    walk.client.post("/match/delete/")
    walk.page = walk.client.post("/match/1/", {"version": version, "for_whom": "adults"})
    assert walk.page.status_code == 409
    assert not Enquiry.objects.exists()


def test_the_same_answer_sent_twice_is_no_conflict(walk):
    page = walk.open("/match/1/")
    typed = {"version": "0", "for_whom": "adults"}
    first = walk.client.post("/match/1/", typed)
    again = walk.client.post("/match/1/", typed)
    assert (page.status_code, first.url, again.url) == (200, "/match/2/", "/match/2/")
    assert Enquiry.objects.count() == 1


def test_a_stale_skip_and_a_stale_chip_change_nothing(walk):
    walk.answer(2, issues=["depression"])
    assert walk.client.post("/match/2/skip/", {"version": "0"}).status_code == 409
    page = walk.client.post("/match/change/", {"version": "7", "change": '{"issues": []}'})
    assert page.url == "/match/results/?changed=elsewhere"
    assert walk.stored.issues == ("depression",)


@pytest.mark.parametrize(
    "change", ["", "nonsense", "[]", '{"issues": ["no-such"]}', '{"colour": "red"}', '"x"', "3"]
)
def test_a_change_that_no_button_makes_changes_nothing(walk, change):
    walk.answer(2, issues=["depression"])
    version = walk.enquiry.version
    page = walk.client.post("/match/change/", {"version": version, "change": change})
    assert page.status_code == 303
    assert walk.enquiry.version == version


def test_a_mailed_link_opens_the_answers_once_and_by_a_button_only(walk, client, now):
    walk.answer(2, issues=["depression"])
    assert walk.client.post("/match/save/", {"email": ADA}).url == "/match/saved/"
    ((mail, path),) = return_links(now)
    assert mail.to == ADA
    elsewhere = Walk(type(client)())
    # A mail scanner looks as often as it likes.
    for _ in range(2):
        assert elsewhere.open(path).status_code == 200
    assert elsewhere.client.post(path).url == "/match/1/"
    assert "Depression and low mood" in elsewhere.open("/match/check/").content.decode()
    third = Walk(type(client)())
    assert third.client.post(path).status_code == 410
    assert third.open(path).status_code == 410
    assert "Not provided" in third.open("/match/check/").content.decode()


def test_used_old_and_unknown_links_look_alike(walk, client, now):
    walk.answer(1, for_whom="adults")
    walk.client.post("/match/save/", {"email": ADA})
    ((_mail, path),) = return_links(now)
    ReturnLink.objects.update(expires_at=now)
    pages = [walk.open(one) for one in (path, "/match/return/nosuchcode/")]
    assert [page.status_code for page in pages] == [410, 410]
    assert _without_secrets(pages[0]) == _without_secrets(pages[1])


def _without_secrets(page) -> str:
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", page.content.decode())


def test_the_mail_says_nothing_about_why_and_goes_to_one_person(walk, now):
    walk.answer(2, issues=["depression"])
    walk.client.post("/match/save/", {"email": ADA})
    ((mail, _path),) = return_links(now)
    for word in ("depress", "therap", "mental", "mood", "issue", "match people"):
        assert word not in (mail.subject + mail.text).lower()


def test_an_address_gets_five_links_an_hour_and_the_page_never_tells(walk, now):
    walk.answer(1, for_whom="adults")
    answers = {walk.client.post("/match/save/", {"email": ADA}).url for _ in range(7)}
    assert answers == {"/match/saved/"}
    assert len(return_links(now)) == 5


def test_an_address_that_cannot_be_one_is_asked_again_and_kept(walk):
    walk.answer(1, for_whom="adults")
    walk.page = walk.client.post("/match/save/", {"email": "ada at home"})
    assert walk.page.status_code == 422
    assert 'value="ada at home"' in walk.text
    assert walk.words.count("Enter an email address like name@example.org") == 2
    walk.page = walk.client.post("/match/save/", {"email": " "})
    assert walk.words.count("Enter your email address") == 2


def test_the_page_says_in_words_until_when_the_answers_are_kept(walk):
    walk.answer(1, for_whom="adults")
    walk.open("/match/save/")
    assert "Your answers are saved until Friday 18 December 2026." in walk.words


def test_the_reference_opens_the_answers_elsewhere_however_it_is_spaced(walk, client):
    walk.answer(2, issues=["depression"])
    walk.open("/match/save/")
    reference = re.search(r'class="reference">([^<]+)<', walk.text)[1]
    elsewhere = Walk(type(client)())
    typed = f"  {reference.upper().replace(' ', '-')} "
    assert elsewhere.client.post("/match/return/", {"reference": typed}).status_code == 303
    assert elsewhere.stored.issues == ("depression",)
    assert reference.replace(" ", "") not in tables_as_text()


def test_a_wrong_reference_says_so_and_trying_has_an_end(walk):
    walk.answer(1, for_whom="adults")
    walk.open("/match/save/")
    right = re.search(r'class="reference">([^<]+)<', walk.text)[1]
    for _ in range(20):
        walk.page = walk.client.post("/match/return/", {"reference": "bbbb bbbb bbbb"})
        assert walk.page.status_code == 422
    walk.page = walk.client.post("/match/return/", {"reference": right})
    assert walk.page.status_code == 429
    assert "Too many tries" in walk.words


def test_deleting_is_at_once_and_takes_the_links_along(walk, now):
    walk.answer(2, issues=["depression"])
    walk.client.post("/match/save/", {"email": ADA})
    assert walk.open("/match/delete/").status_code == 200
    assert Enquiry.objects.exists()
    assert walk.client.post("/match/delete/").url == "/match/deleted/"
    assert not Enquiry.objects.exists()
    assert not ReturnLink.objects.exists()
    assert return_links(now) == []
    assert walk.open("/match/results/").url == "/match/"


def test_answers_go_thirty_days_after_the_last_change(walk, now):
    walk.answer(1, for_whom="adults")
    delete_expired(now + timedelta(days=30, seconds=-1))
    assert Enquiry.objects.count() == 1
    delete_expired(now + timedelta(days=30))
    assert Enquiry.objects.count() == 0


def test_answers_that_ran_out_are_not_shown_even_before_they_are_deleted(walk, now):
    walk.answer(2, issues=["depression"])
    Enquiry.objects.update(expires_at=now)
    assert "Depression" not in walk.open("/match/check/").content.decode()
