"""The database knows its key file, and nothing is written or opened with another."""

import pytest
import time_machine
from django.test import Client

from attune.accounts.key_marks import mark_key_file, trusted_key_file
from attune.accounts.keys import KeyFileUnusable, add_master_key, ensure_key_file
from attune.accounts.models import KeyMark, User
from attune.accounts.sealing import email_hash, seal, unseal
from attune.enquiries.actions import start_enquiry
from attune.enquiries.answers import Answers
from attune.enquiries.models import Enquiry
from attune.outbox.actions import enqueue
from attune.outbox.models import Message
from attune.outbox.registry import renders
from attune.outbox.sending import send_due

pytestmark = pytest.mark.django_db

PLACE = {"model": "Enquiry", "row": "abc", "field": "answers"}


@pytest.fixture
def key_file(settings, tmp_path):
    settings.KEY_FILE = tmp_path / "site.key"
    ensure_key_file(settings.KEY_FILE)
    return settings.KEY_FILE


@pytest.fixture
def marked(key_file):
    mark_key_file()
    return key_file


def another_in_the_place_of(path):
    """Put another site's key file there."""
    other = path.with_name("other.key")
    ensure_key_file(other)
    other.replace(path)


def test_a_database_without_marks_takes_the_file_that_is_there(key_file):
    assert trusted_key_file() == key_file
    assert not KeyMark.objects.exists()
    mark_key_file()
    mark_key_file()
    assert KeyMark.objects.count() == 1


def test_the_right_file_is_trusted_and_a_new_version_of_it_too(marked):
    assert add_master_key(marked) == 2
    assert trusted_key_file() == marked
    mark_key_file()
    assert sorted(KeyMark.objects.values_list("master_version", flat=True)) == [1, 2]


def test_another_file_opens_seals_and_finds_nothing(marked):
    sealed = seal("I lost my sister", **PLACE)
    right = marked.read_bytes()
    another_in_the_place_of(marked)
    for deed in (
        lambda: unseal(sealed, **PLACE),
        lambda: seal("x", **PLACE),
        lambda: email_hash("ada@example.org"),
        lambda: User.objects.create_user("ada@example.org"),
        mark_key_file,
    ):
        with pytest.raises(KeyFileUnusable, match="is not the one that this database was sealed"):
            deed()
    assert not User.objects.exists()
    marked.write_bytes(right)
    assert unseal(sealed, **PLACE) == "I lost my sister"


def test_a_file_made_for_want_of_another_is_taken_back_and_told_of(marked):
    marked.unlink()
    ensure_key_file(marked)
    with pytest.raises(KeyFileUnusable, match=f"There is no key file {marked}, and this database"):
        trusted_key_file()
    assert not marked.exists()


def test_an_older_copy_of_the_file_is_named_as_such(marked):
    copy = marked.read_bytes()
    add_master_key(marked)
    mark_key_file()
    marked.write_bytes(copy)
    with pytest.raises(KeyFileUnusable, match="lacks version 2 of the key"):
        trusted_key_file()


def test_the_database_is_asked_once_for_each_state_of_the_file(marked, django_assert_num_queries):
    trusted_key_file()
    with django_assert_num_queries(0):
        seal("x", **PLACE)
        email_hash("ada@example.org")
    add_master_key(marked)
    with django_assert_num_queries(2):
        seal("x", **PLACE)
        seal("x", **PLACE)


@pytest.fixture
def browser(marked):
    """A browser that holds a session, made before the key file goes."""
    made = Client(raise_request_exception=False)
    session = made.session
    session["typed"] = "something"
    session.save()
    return made


@pytest.mark.parametrize("address", ["/match/2/", "/match/results/", "/account/2fa/", "/practice/"])
def test_pages_that_need_what_is_sealed_say_that_it_is_closed(browser, marked, address):
    marked.unlink()
    page = browser.get(address)
    assert page.status_code == 503
    assert "What you told us is closed for the moment" in page.text
    assert "Nothing is lost" in page.text
    assert "Leave this page" in page.text
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("address", ["/", "/library/", "/month/", "/healthz", "/robots.txt"])
def test_public_reading_goes_on_for_a_browser_without_a_session(marked, address):
    marked.unlink()
    assert Client().get(address).status_code == 200


def test_a_wrong_file_while_the_service_runs_spoils_no_session(browser, marked):
    right = marked.read_bytes()
    another_in_the_place_of(marked)
    answers = {"version": "0", "issues": ["anxiety"]}
    assert browser.post("/match/2/", answers).status_code == 503
    marked.write_bytes(right)
    assert browser.session["typed"] == "something"


def test_programs_are_told_in_their_own_form(marked):
    marked.unlink()
    answer = Client().post(
        "/api/v1/contacts", {"email": "ada@example.org"}, content_type="application/json"
    )
    assert answer.status_code == 503
    assert answer.json() == {"detail": "This is closed for the moment. Try again later."}


@renders("test-needs-the-key")
def needs_the_key(_about, _now):
    email_hash("ada@example.org")
    raise AssertionError("Without its key, nothing is found.")


def test_a_message_that_cannot_be_written_for_want_of_the_key_counts_as_untried(marked, now):
    enqueue("test-needs-the-key", "x", key="x", at=now)
    marked.unlink()
    with pytest.raises(KeyFileUnusable):
        send_due(now)
    message = Message.objects.get()
    assert (message.attempts, message.sent_at, message.dropped_at) == (0, None, None)


def test_one_value_that_does_not_open_closes_its_page_and_says_so(now, marked):
    enquiry = start_enquiry(Answers(), at=now)
    other = start_enquiry(Answers(), at=now)
    Enquiry.objects.filter(pk=enquiry.pk).update(answers_sealed=other.answers_sealed)
    browser = Client(raise_request_exception=False)
    session = browser.session
    session["enquiry"] = enquiry.code
    session.save()
    with time_machine.travel(now, tick=False):
        page = browser.get("/match/check/")
    assert page.status_code == 503
    assert "one part of it does not open" in page.text
    assert "Nothing is lost" not in page.text
