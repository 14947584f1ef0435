"""The copy of everything: what is in it, who gets it, and how often."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse

from attune.accounts import exports as registry
from attune.accounts.exports import everything_of
from attune.accounts.ledger import record_opening
from attune.accounts.models import LedgerEntry, SignIn
from attune.privacy.actions import COPY_READY_FOR, WAIT, ask_for, wait_from_now_on
from attune.privacy.consents import record_consent
from attune.privacy.models import Delayed
from attune.privacy.wordings import STATISTICS
from privacy.members import ADA, CLEO, member, signed_in

pytestmark = pytest.mark.django_db
PLANTED = "I lost my sister <script>alert(1)</script>"


VALUES = {
    "Moment": "2026-11-18T10:00:00+00:00",
    "Day": "2026-11-18",
    "Number": 3,
    "Yes or no": True,
    "Nothing": None,
    "List": ["one", "two"],
    "Empty list": [],
}


@pytest.fixture(autouse=True)
def _two_sections(monkeypatch):
    """Register two more sections, for this test alone."""
    monkeypatch.setattr(registry, "_sections", {**registry._sections})
    registry.exports("Test notes", is_sealed=True)(lambda user, now: [{"Note": PLANTED}])
    registry.exports("Test values")(lambda user, now: [VALUES])


@pytest.fixture
def ada():
    return member()


def take(browser):
    return browser.post(reverse("export_everything"))


def opened(answer):
    """Return the page and the JSON value of a ZIP that was handed out."""
    with zipfile.ZipFile(BytesIO(answer.content)) as file:
        assert file.namelist() == ["everything.html", "everything.json"]
        return file.read("everything.html").decode(), json.loads(file.read("everything.json"))


def test_the_copy_has_every_section_in_both_files(ada, now):
    page, known = opened(take(signed_in(ada)))
    sections = everything_of(ada, now, opens_sealed=False)
    assert len(sections) > 8
    for section in sections:
        assert f"<h2>{section.title}</h2>" in page
    assert [one["title"] for one in known["sections"].values()] == [one.title for one in sections]
    assert (known["version"], known["account"]) == (1, ada.code)
    assert known["made_at"] == "2026-11-18T10:00:00+00:00"


def test_accounts_give_all_that_they_hold(ada, now):
    SignIn.objects.create(user=ada, at=now, how="code", device="Firefox on Android")
    record_opening(about=ada.email_hash, by=None, what="a note", purpose="to send", at=now)
    record_consent(STATISTICS, given=True, at=now, user=ada)
    _, known = opened(take(signed_in(ada)))
    sections = known["sections"]
    assert sections["your_account"]["rows"][0]["email_address"] == ADA
    assert {
        "when": "2026-11-18T10:00:00+00:00",
        "how": "a code by email",
        "refused": False,
        "browser": "Firefox on Android",
    } in sections["sign_ins"]["rows"]
    assert sections["who_opened_what"]["rows"][0]["why"] == "to send"
    assert sections["what_you_agreed_to"]["rows"][0]["your_answer"] == "agreed"


def test_nobody_elses_is_in_it(ada, now):
    cleo = member(CLEO)
    record_opening(about=cleo.email_hash, by=None, what="cleos note", purpose="to send", at=now)
    SignIn.objects.create(user=cleo, at=now, how="code", device="Cleos browser")
    signed_in(cleo, method="mfa")
    wait_from_now_on(cleo, at=now)
    ask_for(cleo, Delayed.Kind.COPY, at=now)
    page, known = opened(take(signed_in(ada)))
    for section in (
        "passkeys_and_other_second_factors",
        "what_you_asked_us_to_do_later",
        "whether_copies_and_erasures_wait_14_days",
    ):
        assert known["sections"][section]["rows"] == []
    for text in (page, json.dumps(known)):
        assert CLEO not in text
        assert cleo.code not in text
        assert "cleos note" not in text
        assert "Cleos browser" not in text


def test_with_a_second_factor_what_is_sealed_is_open_and_escaped(ada):
    page, known = opened(take(signed_in(ada, method="mfa")))
    assert known["sections"]["test_notes"] == {
        "title": "Test notes",
        "closed": False,
        "rows": [{"note": PLANTED}],
    }
    assert "I lost my sister &lt;script&gt;" in page
    assert "<script" not in page


def test_without_a_second_factor_it_says_that_it_is_closed(ada):
    browser = signed_in(ada)
    assert b"Some parts stay closed" in browser.get(reverse("export_everything")).content
    page, known = opened(take(browser))
    assert known["sections"]["test_notes"]["closed"] is True
    assert "Closed: this part is encrypted" in page
    assert "sister" not in page
    assert "sister" not in json.dumps(known)


def test_values_are_words_in_the_page_and_as_they_are_in_the_json(ada):
    page, known = opened(take(signed_in(ada)))
    (row,) = known["sections"]["test_values"]["rows"]
    assert row["moment"] == "2026-11-18T10:00:00+00:00"
    assert (row["number"], row["yes_or_no"], row["nothing"]) == (3, True, None)
    for said in (
        "<dd>Wednesday 18 November 2026, 10:00am</dd>",
        "<dd>2026-11-18</dd>",
        "<dd>3</dd>",
        "<dd>yes</dd>",
        "<dd>not given</dd>",
        "<dd>one</dd><dd>two</dd>",
        "<dd>none</dd>",
    ):
        assert said in page


def test_the_page_asks_nothing_of_anybody(ada):
    page, _ = opened(take(signed_in(ada)))
    assert "default-src 'none'" in page
    for word in ("src=", "href=", "url(", "@import", "http://", "https://"):
        assert word not in page


def test_the_answer_is_a_file_with_a_neutral_name_that_nothing_keeps(ada):
    answer = take(signed_in(ada))
    assert answer["Content-Disposition"] == 'attachment; filename="my-data.zip"'
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]


def test_taking_ones_own_copy_is_no_line_in_the_ledger(ada):
    take(signed_in(ada, method="mfa"))
    assert not LedgerEntry.objects.exists()


def test_two_tabs_get_the_same(ada):
    browser, other = signed_in(ada), Client()
    other.cookies.update(browser.cookies)
    assert take(browser).content == take(other).content


def test_the_sixth_copy_within_an_hour_waits(ada, clock):
    browser = signed_in(ada)
    assert [take(browser).status_code for _ in range(5)] == [200] * 5
    answer = take(browser)
    assert answer.status_code == 429
    assert b"You took 5 copies within an hour. Try again in 60 minutes." in answer.content
    clock.shift(timedelta(hours=1))
    assert take(signed_in(ada)).status_code == 200


def test_looking_at_the_page_hands_out_nothing(ada):
    answer = signed_in(ada).get(reverse("export_everything"))
    assert b"Download my-data.zip" in answer.content
    assert "Content-Disposition" not in answer


def test_with_the_wait_on_a_copy_is_ready_after_14_days_for_a_week(ada, clock):
    signed_in(ada).post(reverse("wait_first"), {"wait": "yes"})

    def attempt():
        return take(signed_in(ada)).headers.get("Content-Disposition") is not None

    assert not attempt()
    page = signed_in(ada).get(reverse("export_everything")).content
    assert b"Your copy is ready on Wednesday 2 December 2026, 10:00am." in page
    clock.shift(WAIT - timedelta(seconds=1))
    assert not attempt()
    clock.shift(timedelta(seconds=1))
    page = signed_in(ada).get(reverse("export_everything")).content
    assert b"You can take it until Wednesday 9 December 2026, 10:00am." in page
    assert attempt()
    assert attempt()
    clock.shift(COPY_READY_FOR)
    assert not attempt()
    # It was asked for anew.
    assert Delayed.objects.get().due_at == Delayed.objects.get().asked_at + WAIT


def test_a_copy_that_was_asked_for_can_be_taken_back(ada, now):
    ask_for(ada, Delayed.Kind.COPY, at=now)
    signed_in(ada).post(reverse("take_back_request", args=["copy"]))
    assert not Delayed.objects.exists()
