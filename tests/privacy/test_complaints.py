"""Complaints and requests: anybody may, a clock runs, staff say who asks before they act."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client

from attune.accounts.erasures import forget_everywhere
from attune.accounts.exports import everything_of
from attune.accounts.ledger import lines_about
from attune.accounts.models import LedgerEntry, User
from attune.accounts.sealed_fields import sealed_fields
from attune.outbox.models import Message
from attune.outbox.sending import send_due
from attune.privacy import complaints
from attune.privacy.access import LINK_WORKS_FOR, opened
from attune.privacy.complaints import KEPT_AFTER_CLOSING, Said, complain, forget_old_complaints
from attune.privacy.models import Complaint
from attune.privacy.views.complaints import COMPLAINTS_AN_HOUR
from attune.privacy.words import state_words

pytestmark = pytest.mark.django_db

FORM = "/privacy/complaint/"
TEXT = "PLANTED: somebody read my notes"
SENT = {"kind": "complaint", "about": "data", "text": TEXT, "email": "ada@example.org"}
HEALTH_WORDS = ("therap", "health", "mental", "counsel", "depress", "attune", "complain")


@pytest.fixture
def made(now):
    """Make a complaint or a request, from somebody who gave an address or not."""

    def make(kind: str = "complaint", email: str = "ada@example.org", at: datetime = now):
        key = f"{Complaint.objects.count():028d}"
        return complain(Said(kind, "data", TEXT, email, key), at=at)

    return make


def deed(desk: Client, one: Complaint, what: str, **values: str):
    return desk.post(f"/staff/complaints/{one.code}/", {"deed": what} | values)


def mails(at: datetime) -> list:
    """Send what is due; return what was sent by that."""
    before = len(mail.outbox)
    send_due(at)
    return mail.outbox[before:]


def link_in(message) -> str:
    return re.search(r"http://localhost:\d+(/privacy/answer/\S+)", message.body)[1]


# -- sending -------------------------------------------------------------------------------------
def test_anybody_may_complain_and_gets_a_reference(client, now):
    said = client.post(FORM, SENT)
    assert (said.status_code, said["Location"]) == (303, "/privacy/complaint/sent/")
    one = Complaint.objects.get()
    page = client.get("/privacy/complaint/sent/").content.decode()
    assert one.reference in page
    assert "By Thursday 17 December 2026 we tell you" in page
    assert opened(one, "text") == TEXT
    assert opened(one, "email") == "ada@example.org"


def test_nothing_that_was_written_stands_in_the_row(made):
    made()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM privacy_complaint")
        row = cursor.fetchone()
    raw = b" ".join(bytes(one) if isinstance(one, bytes) else str(one).encode() for one in row)
    assert b"PLANTED" not in raw
    assert b"ada@" not in raw


def test_every_sealed_column_is_registered():
    columns = {f.name for f in Complaint._meta.concrete_fields if f.name.endswith("_sealed")}
    known = {one.column for one in sealed_fields() if one.model == "privacy.Complaint"}
    assert columns == known


def test_thirty_days_count_the_day_it_came(made):
    late = datetime(2026, 11, 18, 23, 59, tzinfo=UTC)
    assert made(at=late).acknowledge_by == date(2026, 12, 17)


def test_form_says_what_is_missing_and_keeps_what_was_typed(client):
    said = client.post(FORM, {"text": "words of mine", "email": "no address"})
    page = said.content.decode()
    assert said.status_code == 422
    for sentence in (
        "Choose what you want",
        "Choose what it is about",
        "Enter an email address like name@example.org",
    ):
        assert page.count(sentence) == 2
    assert "words of mine" in page
    assert 'value="no address"' in page
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "nonsense"},
        {"about": "\0"},
        {"text": ""},
        {"text": "a" * 5001},
        {"text": "a\0b"},
        {"email": "a@b@c"},
        {"email": "x" * 400 + "@example.org"},
        {"key": "no key"},
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_nothing(client, values):
    said = client.post(FORM, SENT | values)
    assert said.status_code == 422
    assert "There is a problem" in said.content.decode()
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("kind", ["access", "correction", "erasure"])
def test_request_needs_an_address_and_a_complaint_does_not(client, kind):
    said = client.post(FORM, SENT | {"kind": kind, "email": ""})
    assert "Enter an email address, so that we can answer you" in said.content.decode()
    assert client.post(FORM, SENT | {"email": ""}).status_code == 303
    assert "You gave no address" in client.get("/privacy/complaint/sent/").content.decode()


def test_same_form_twice_is_one_complaint(client, key_in):
    key = key_in(client)
    for _ in range(2):
        assert client.post(FORM, SENT | {"key": key}).status_code == 303
    assert Complaint.objects.count() == 1
    assert Message.objects.count() == 4


def test_another_site_cannot_complain_for_somebody():
    assert Client(enforce_csrf_checks=True).post(FORM, SENT).status_code == 403


def test_flood_from_one_network_ends_and_keeps_what_was_typed(client):
    for _ in range(COMPLAINTS_AN_HOUR):
        client.post(FORM, SENT)
    said = client.post(FORM, SENT)
    assert said.status_code == 429
    assert TEXT in said.content.decode()
    assert Complaint.objects.count() == COMPLAINTS_AN_HOUR


def test_stranger_gets_three_mails_a_day_at_most(made, now):
    for _ in range(5):
        made()
    assert len([one for one in mails(now) if one.to == ["ada@example.org"]]) == 3


def test_page_of_what_was_sent_shows_nothing_to_others(client, made):
    made()
    assert client.get("/privacy/complaint/sent/")["Location"] == FORM


def test_pages_of_complaints_are_private_and_neutral(client):
    said = client.get(FORM)
    page = said.content.decode()
    title = re.search(r"<title>(.*?)</title>", page, re.S)[1].casefold()
    assert "no-store" in said["Cache-Control"]
    assert "Leave this page" in page
    assert not [word for word in HEALTH_WORDS[:-1] if word in title]


# -- mail ----------------------------------------------------------------------------------------
def test_mails_say_that_something_is_there_and_never_what(made, desk, now, settings):
    settings.CONTACT = "office@fenland.example"
    one = made()
    deed(desk, one, "acknowledge")
    deed(desk, one, "close", outcome="done", answer="ANSWER")
    made(email="ben@example.org")
    sent = mails(now)
    assert {tuple(message.to) for message in sent} == {
        ("ada@example.org",),
        ("ben@example.org",),
        ("office@fenland.example",),
    }
    for message in sent:
        whole = f"{message.subject} {message.from_email}".casefold()
        assert not [word for word in HEALTH_WORDS if word in whole]
        assert "PLANTED" not in message.body
        assert "ANSWER" not in message.body


@pytest.mark.parametrize(("day", "number"), [(0, 1), (19, 1), (20, 2), (27, 2), (28, 3), (40, 3)])
def test_operator_is_told_at_once_and_after_20_and_28_days(made, now, settings, day, number):
    settings.CONTACT = "office@fenland.example"
    made(email="")
    mails(now + timedelta(days=day))
    assert len(mail.outbox) == number
    assert {message.to[0] for message in mail.outbox} == {"office@fenland.example"}


def test_operator_hears_no_more_once_it_is_acknowledged(made, desk, now, settings):
    settings.CONTACT = "office@fenland.example"
    deed(desk, made(email=""), "acknowledge")
    assert mails(now + timedelta(days=40)) == []


def test_without_an_operators_address_nothing_is_sent_and_nothing_fails(made, now, settings):
    settings.CONTACT = ""
    made(email="")
    assert mails(now + timedelta(days=40)) == []
    assert not Message.objects.filter(dropped_at=None).exists()


# -- the answer ----------------------------------------------------------------------------------
def test_answer_is_read_once_by_a_button(made, desk, client, now):
    one = made()
    deed(desk, one, "acknowledge")
    deed(desk, one, "close", outcome="partly", answer="First line\n\n<b>Second</b>")
    (message,) = [each for each in mails(now) if each.subject == "There is an answer"]
    link = link_in(message)
    assert "First line" not in client.get(link).content.decode()
    page = client.post(link).content.decode()
    assert "We have done a part of what you asked." in page
    assert "<p>First line</p>" in page
    assert "&lt;b&gt;Second" in page
    for again in (client.post(link), client.get(link), client.get("/privacy/answer/nothing/")):
        assert again.status_code == 410
        assert "This link no longer works" in again.content.decode()


def test_acknowledgement_is_an_answer_too(made, desk, client, now):
    deed(desk, made(), "acknowledge")
    (message,) = [each for each in mails(now) if each.subject == "There is an answer"]
    assert "are dealing with it" in client.post(link_in(message)).content.decode()


def test_link_runs_out_and_a_new_one_ends_the_one_before(made, desk, client, now, clock):
    one = made()
    deed(desk, one, "acknowledge")
    first = f"/privacy/answer/{Complaint.objects.get().link_code}/"
    deed(desk, one, "again")
    second = f"/privacy/answer/{Complaint.objects.get().link_code}/"
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    clock.move_to(now + LINK_WORKS_FOR)
    assert client.get(second).status_code == 410


# -- staff ---------------------------------------------------------------------------------------
def test_list_opens_nothing_and_says_the_days_left_in_words(made, desk, now, clock):
    made(at=now - timedelta(days=10))
    page = desk.get("/staff/complaints/").content.decode()
    assert "19 days left to acknowledge" in page
    assert "PLANTED" not in page
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "29 days left to acknowledge"),
        (28, "1 day left to acknowledge"),
        (29, "to be acknowledged today"),
        (30, "1 day late: acknowledge it now"),
        (35, "6 days late: acknowledge it now"),
    ],
)
def test_days_left_are_words(made, now, days, words):
    assert state_words(made(), complaints.day_of(now) + timedelta(days=days)) == words


def test_most_urgent_stands_first_and_what_is_closed_last(made, desk, now):
    new = made(at=now)
    old = made(at=now - timedelta(days=20))
    closed = made(at=now - timedelta(days=25))
    read = made(at=now - timedelta(days=26))
    deed(desk, read, "acknowledge")
    deed(desk, closed, "close", outcome="done", answer="Done")
    page = desk.get("/staff/complaints/").content.decode()
    places = [page.index(one.reference) for one in (old, new, read, closed)]
    assert places == sorted(places)


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_queries(made, desk, django_assert_max_num_queries, count):
    for _ in range(count):
        made()
    with django_assert_max_num_queries(6):
        desk.get("/staff/complaints/")


def test_each_opening_is_in_the_ledger_of_whoever_complained(made, desk, dev, ada):
    one = made(email="Ada@example.org")
    for _ in range(2):
        page = desk.get(f"/staff/complaints/{one.code}/").content.decode()
        assert TEXT in page
    lines = list(lines_about(ada).values_list("by_code", "what", "purpose"))
    assert lines == [(dev.code, "a message to this service", "to answer it")] * 2


def test_opening_one_without_an_address_is_in_the_ledger_too(made, desk, dev):
    desk.get(f"/staff/complaints/{made(email='').code}/")
    assert LedgerEntry.objects.get().by_code == dev.code


def test_staff_without_the_right_members_and_strangers_find_nothing(made, signed_in, client, ada):
    one = made()
    other = User.objects.create_user("erin@staff.example", name="Erin", is_staff=True)
    for address in ("/staff/complaints/", f"/staff/complaints/{one.code}/"):
        assert signed_in(other).get(address).status_code == 404
        assert signed_in(ada).get(address).status_code == 404
        assert client.get(address).status_code == 302
    assert not LedgerEntry.objects.exists()


def test_text_asks_for_the_second_factor_again_after_half_an_hour(made, desk, now, clock):
    one = made()
    clock.move_to(now + timedelta(minutes=31))
    said = desk.get(f"/staff/complaints/{one.code}/")
    assert said.status_code == 302
    assert "PLANTED" not in said.content.decode()
    assert desk.get("/staff/complaints/nosuchcode/").status_code in (302, 404)


def test_missing_complaint_is_missing(desk):
    assert desk.get("/staff/complaints/nosuchcode/").status_code == 404


def test_request_is_not_done_before_it_is_written_how_who_asks_was_checked(made, desk, dev):
    one = made("erasure")
    said = deed(desk, one, "close", outcome="done", answer="It is gone")
    assert said.status_code == 422
    page = said.content.decode()
    assert "Write down first how you checked who asks" in page
    assert "It is gone" in page
    assert Complaint.objects.get().closed_at is None
    assert deed(desk, one, "identity", how="").status_code == 422
    deed(desk, one, "identity", how="Answered from the address of the booking")
    assert deed(desk, one, "close", outcome="done", answer="It is gone").status_code == 303
    row = Complaint.objects.get()
    assert (row.outcome, row.identity_checked_by) == ("done", dev)
    assert opened(row, "identity") == "Answered from the address of the booking"


def test_request_of_nobody_known_can_be_turned_down(made, desk):
    assert deed(desk, made("access"), "close", outcome="not-done", answer="No").status_code == 303


def test_complaint_needs_no_identity(made, desk):
    one = made()
    assert "Who asks" not in desk.get(f"/staff/complaints/{one.code}/").content.decode()
    assert deed(desk, one, "close", outcome="done", answer="Done").status_code == 303


def test_database_too_refuses_a_request_done_for_nobody_known(made, now):
    made("access")
    for values in ({"outcome": "done"}, {"closed_at": now}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Complaint.objects.update(**values)


def test_second_of_two_is_told_and_overwrites_nothing(made, desk):
    one = made("access")
    deed(desk, one, "identity", how="First")
    assert deed(desk, one, "identity", how="Second").status_code == 409
    deed(desk, one, "acknowledge")
    assert deed(desk, one, "acknowledge").status_code == 409
    deed(desk, one, "close", outcome="done", answer="First answer")
    said = deed(desk, one, "close", outcome="not-done", answer="Second answer")
    assert said.status_code == 409
    assert "Somebody closed it before." in said.content.decode()
    assert "Second answer" in said.content.decode()
    row = Complaint.objects.get()
    assert (opened(row, "identity"), opened(row, "answer")) == ("First", "First answer")
    assert row.outcome == "done"


@pytest.mark.parametrize("what", ["", "nonsense", "close\0"])
def test_unknown_deed_gets_a_sentence(made, desk, what):
    said = deed(desk, made(), what)
    assert said.status_code == 422
    assert "Choose one of the buttons." in said.content.decode()


def test_staff_pages_lead_to_the_lists(dev, signed_in):
    dev.is_superuser = True
    dev.save()
    browser = signed_in(dev)
    for address, page in {"complaint": "complaints", "weektotal": "statistics"}.items():
        assert browser.get(f"/staff/privacy/{address}/")["Location"] == f"/staff/{page}/"
        assert browser.get(f"/staff/privacy/{address}/add/").status_code == 403


def test_staff_with_no_say_in_complaints_do_not_see_them_in_the_list(signed_in):
    erin = User.objects.create_user("erin@staff.example", name="Erin", is_staff=True)
    erin.user_permissions.add(Permission.objects.get(codename="view_weektotal"))
    page = signed_in(erin).get("/staff/").content.decode()
    assert "/staff/privacy/complaint/" not in page


# -- its end -------------------------------------------------------------------------------------
def test_closed_ones_go_after_two_years_and_open_ones_stay(made, desk, now):
    open_one, closed = made(), made()
    deed(desk, closed, "close", outcome="done", answer="Done")
    forget_old_complaints(now + KEPT_AFTER_CLOSING)
    assert Complaint.objects.count() == 2
    forget_old_complaints(now + KEPT_AFTER_CLOSING + timedelta(seconds=1))
    assert Complaint.objects.get() == open_one


def test_member_exports_what_they_sent_and_what_was_answered(made, desk, ada, now):
    one = made()
    made(email="ben@example.org")
    deed(desk, one, "close", outcome="done", answer="Our answer")
    sections = everything_of(ada, now, opens_sealed=True)
    (section,) = [each for each in sections if each.title.startswith("Complaints")]
    (row,) = section.rows
    assert row["What you wrote"] == TEXT
    assert row["Our answer"] == "Our answer"


def test_erasing_leaves_what_is_still_owed_an_answer(made, desk, ada, now):
    open_one, closed = made(), made()
    others = made(email="ben@example.org")
    deed(desk, closed, "close", outcome="done", answer="Done")
    for _ in range(2):
        forget_everywhere(ada, now)
    assert set(Complaint.objects.all()) == {open_one, others}
