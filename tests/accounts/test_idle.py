"""The idle lock: who asks for no page is signed out, and loses nothing that they were writing."""

from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.members import log_in, member, planted_in_database
from attune.accounts.account_panels import forget_unfinished_work
from attune.accounts.erasures import forget_everywhere
from attune.accounts.exports import everything_of
from attune.accounts.models import UnfinishedWork, User, WebSession
from attune.accounts.sessions import SEEN_AT
from attune.accounts.unfinished import MOST_KEPT, Form, form_of, keep, label_of
from attune.directory.models import Practitioner
from enquiries.walk import Walk

pytestmark = pytest.mark.django_db
HALF_AN_HOUR = timedelta(minutes=30)
SECOND = timedelta(seconds=1)
PLANTED = "Kestrel over the weir"
HOME = "/account/"
# Any page that takes a form from a member; what it makes of these fields is not the point.
FORM_PAGE = "/account/email/changed/"


@pytest.fixture
def clock(now, time_machine):
    """Return how to let time pass."""

    def after(wait: timedelta) -> None:
        clock.now += wait
        time_machine.move_to(clock.now, tick=False)

    clock = type("Clock", (), {"now": now, "after": staticmethod(after)})
    time_machine.move_to(now, tick=False)
    return clock


@pytest.fixture
def ada(clock):
    return member("ada@home.example")


@pytest.fixture
def browser(ada):
    """Ada's browser, which has just opened a page."""
    client = Client()
    log_in(client, ada)
    client.get(HOME)
    return client


def editor() -> Client:
    """Return the browser of somebody who may open the staff pages and the editor."""
    erin = member("erin@home.example", is_staff=True)
    User.objects.update(is_superuser=True)
    erin.refresh_from_db()
    client = Client()
    log_in(client, erin, factor=True)
    return client


def is_signed_in(browser: Client) -> bool:
    return browser.get(HOME).status_code == 200


def sent_too_late(browser: Client, clock, fields: dict, address: str = FORM_PAGE):
    clock.after(HALF_AN_HOUR)
    return browser.post(address, fields)


def in_again(browser: Client, who, address: str):
    log_in(browser, who)
    return browser.get(address)


# -- the lock ------------------------------------------------------------------------------------
def test_half_an_hour_without_a_page_signs_out(browser, clock):
    clock.after(HALF_AN_HOUR - SECOND)
    assert is_signed_in(browser)
    clock.after(HALF_AN_HOUR)
    assert not is_signed_in(browser)
    assert SESSION_KEY not in browser.session


@pytest.mark.parametrize(("kind", "address"), [("staff", "/staff/"), ("ben", "/practice/")])
def test_staff_and_practitioners_are_signed_out_like_anybody(clock, kind, address):
    who = member(f"{kind}@home.example", is_staff=kind == "staff")
    if kind == "ben":
        Practitioner.objects.create(user=who, name="Ben", sort_name="Ben")
    client = Client()
    log_in(client, who, factor=True)
    assert client.get(address).status_code == 200
    clock.after(HALF_AN_HOUR)
    answer = client.post(address, {"note": PLANTED})
    assert answer.url == reverse("account_locked")
    work = UnfinishedWork.objects.get(member=who)
    log_in(client, who, factor=True)
    assert PLANTED in client.get(reverse("account_unfinished", args=[work.code])).text


def test_the_row_of_a_session_that_ran_out_is_gone(browser, clock):
    before = browser.session.session_key
    clock.after(HALF_AN_HOUR)
    browser.get(HOME)
    assert not WebSession.objects.filter(session_key=before).exists()


def test_each_page_starts_the_half_hour_anew(browser, clock):
    for _ in range(4):
        clock.after(timedelta(minutes=20))
        assert is_signed_in(browser)


def test_reading_on_within_a_minute_costs_no_write(browser, clock):
    clock.after(timedelta(seconds=30))
    with RecordedWrites() as writes:
        browser.get(HOME)
    assert writes.seen == []
    clock.after(timedelta(seconds=30))
    with RecordedWrites() as writes:
        browser.get(HOME)
    assert [one.split()[0] for one in writes.seen] == ["UPDATE"]


class RecordedWrites:
    """What is written to the database inside this block."""

    def __enter__(self):
        self.seen = []
        self._recording = connection.execute_wrapper(self._note)
        self._recording.__enter__()
        return self

    def _note(self, execute, sql, params, many, context):
        if sql.split()[0] in ("INSERT", "UPDATE", "DELETE"):
            self.seen.append(sql)
        return execute(sql, params, many, context)

    def __exit__(self, *exception):
        self._recording.__exit__(*exception)


def test_when_somebody_was_last_seen_stands_beside_their_session(browser, clock):
    assert WebSession.objects.get().seen_at == clock.now


def test_visitors_without_an_account_are_never_locked(client, clock):
    session = client.session
    session["planted"] = PLANTED
    session.save()
    clock.after(timedelta(days=2))
    assert client.session["planted"] == PLANTED


def test_an_answered_enquiry_is_not_shown_once_its_member_is_locked_out(browser, clock):
    walk = Walk(browser)
    walk.answer(1, for_whom="adults")
    kept_answer = 'value="adults" checked'
    assert kept_answer in walk.open("/match/1/").text
    clock.after(HALF_AN_HOUR)
    assert kept_answer not in walk.open("/match/1/").text
    assert "enquiry" not in browser.session


# -- staying -------------------------------------------------------------------------------------
def seconds_left(browser: Client) -> int:
    return browser.get(reverse("account_stay")).json()["seconds"]


def test_asking_how_long_is_left_does_not_start_the_time_anew(browser, clock):
    clock.after(timedelta(minutes=20))
    assert seconds_left(browser) == 600
    clock.after(timedelta(minutes=5))
    assert seconds_left(browser) == 300


def test_a_page_in_one_tab_gives_all_tabs_more_time(browser, clock):
    clock.after(timedelta(minutes=28))
    assert seconds_left(browser) == 120
    other_tab = Client()
    other_tab.cookies = browser.cookies
    other_tab.get(HOME)
    assert seconds_left(browser) == 1800


def test_staying_starts_the_time_anew(browser, clock):
    clock.after(timedelta(minutes=29))
    answer = browser.post(reverse("account_stay"), headers={"Accept": "application/json"})
    assert answer.json() == {"seconds": 1800}


def test_staying_works_as_a_plain_form(browser, clock):
    clock.after(timedelta(minutes=29))
    page_before = {"Referer": "http://testserver/account/reach/"}
    answer = browser.post(reverse("account_stay"), headers=page_before)
    assert answer.url == "http://testserver/account/reach/"
    assert seconds_left(browser) == 1800


def test_staying_leads_to_no_other_site(browser):
    answer = browser.post(reverse("account_stay"), headers={"Referer": "https://else.example/"})
    assert answer.url == HOME


def test_staying_too_late_says_so(browser, clock):
    clock.after(HALF_AN_HOUR)
    assert seconds_left(browser) == 0
    assert browser.post(reverse("account_stay")).url == reverse("account_locked")


def test_pages_of_somebody_signed_in_warn_and_close_and_others_do_not(browser, client):
    page = browser.get(HOME).text
    assert 'data-idle="1800"' in page
    assert '<meta http-equiv="refresh" content="1805;url=/account/locked/">' in page
    for text in (client.get("/accounts/login/").text, browser.get("/cookies/").text):
        assert "data-idle" not in text
        assert "http-equiv" not in text


@pytest.mark.parametrize("address", ["/staff/", "/editor/", "/editor/pages/"])
def test_staff_pages_and_the_editor_warn_too(clock, address):
    page = editor().get(address, follow=True).text
    assert 'data-idle="1800"' in page
    assert "accounts/idle.js" in page


def test_page_counts_what_is_left_and_not_what_there_was(browser, clock):
    clock.after(timedelta(seconds=40))
    assert 'data-idle="1760"' in browser.get(HOME).text
    clock.after(timedelta(seconds=40))
    assert 'data-idle="1800"' in browser.get(HOME).text


def test_locked_page_says_what_is_true(browser, clock):
    assert "You are still signed in." in browser.get(reverse("account_locked")).text
    clock.after(HALF_AN_HOUR)
    page = browser.get(reverse("account_locked")).text
    assert "You are signed out" in page
    assert "kept for a day" not in page


def test_a_page_that_closes_by_itself_is_no_sign_of_life(browser, clock):
    clock.after(timedelta(minutes=20))
    browser.get(reverse("account_locked"))
    assert seconds_left(browser) == 600


def test_what_the_editor_asks_by_itself_is_no_sign_of_life(clock):
    client = editor()
    client.get("/editor/")
    clock.after(timedelta(minutes=20))
    client.post("/editor/editing-sessions/ping/wagtailcore/page/1/1/")
    assert seconds_left(client) == 600
    client.get("/editor/")
    assert seconds_left(client) == 1800


# -- what was being written ----------------------------------------------------------------------
FIELDS = {"first_name": "Ada", "what_to_say": PLANTED, "days": ["Monday", "Tuesday"]}


def test_a_form_of_three_fields_sent_too_late_waits_behind_a_new_sign_in(browser, ada, clock):
    answer = sent_too_late(browser, clock, FIELDS)
    assert (answer.status_code, answer.url) == (303, reverse("account_locked"))
    work = UnfinishedWork.objects.get(member=ada)
    locked = browser.get(answer.url).text
    waiting = reverse("account_unfinished", args=[work.code])
    assert f"/accounts/login/?next={waiting}" in locked
    assert PLANTED not in locked

    assert browser.get(waiting).status_code == 302
    page = in_again(browser, ada, waiting).text
    assert f'<form method="post" action="{FORM_PAGE}">' in page
    for label, name, value in (
        ("First name", "first_name", "Ada"),
        ("What to say", "what_to_say", PLANTED),
        ("Days", "days", "Monday"),
        ("Days", "days", "Tuesday"),
    ):
        assert f"<dt>{label}</dt>" in page
        assert f'<input type="hidden" name="{name}" value="{value}">' in page
    assert "csrfmiddlewaretoken" in page


def test_what_was_kept_stands_on_the_account_until_it_is_sent(browser, ada, clock):
    sent_too_late(browser, clock, FIELDS)
    code = UnfinishedWork.objects.get().code
    waiting = reverse("account_unfinished", args=[code])
    assert waiting in in_again(browser, ada, HOME).text
    browser.post(reverse("account_reach"), FIELDS)
    assert UnfinishedWork.objects.exists()
    browser.post(reverse("account_reach"), FIELDS | {"unfinished_work": code})
    assert not UnfinishedWork.objects.exists()
    assert waiting not in browser.get(HOME).text


def test_what_was_kept_can_be_thrown_away(browser, ada, clock):
    sent_too_late(browser, clock, FIELDS)
    work = UnfinishedWork.objects.get()
    log_in(browser, ada)
    browser.post(reverse("account_throw_away", args=[work.code]))
    assert not UnfinishedWork.objects.exists()


def test_nobody_else_opens_sends_or_throws_away_what_was_kept(browser, ada, clock):
    sent_too_late(browser, clock, FIELDS)
    work = UnfinishedWork.objects.get()
    cleo = Client()
    log_in(cleo, member("cleo@home.example"))
    missing = cleo.get(reverse("account_unfinished", args=["example"]))
    others = cleo.get(reverse("account_unfinished", args=[work.code]))
    assert (missing.status_code, others.status_code) == (404, 404)
    assert cleo.post(reverse("account_throw_away", args=[work.code])).status_code == 404
    cleo.post(reverse("account_reach"), {"unfinished_work": work.code})
    assert UnfinishedWork.objects.filter(pk=work.pk).exists()


def test_what_was_kept_asks_for_the_best_that_its_owner_has_to_show(browser, ada, clock):
    sent_too_late(browser, clock, FIELDS)
    address = reverse("account_unfinished", args=[UnfinishedWork.objects.get().code])
    log_in(browser, ada, step_up=False)
    assert browser.get(address).status_code == 302


def test_passwords_codes_tokens_and_files_are_not_kept(browser, ada, clock):
    secrets = {
        "password": PLANTED,
        "new_password1": PLANTED,
        "code": PLANTED,
        "mfa_code": PLANTED,
        "csrfmiddlewaretoken": PLANTED,
        "credential": PLANTED,
    }
    sent_too_late(browser, clock, secrets | {"postcode": "CV34 4AA", "decode_me": "yes"})
    kept = form_of(UnfinishedWork.objects.get()).fields
    assert dict(kept) == {"postcode": "CV34 4AA", "decode_me": "yes"}


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        (FORM_PAGE, {}),
        (FORM_PAGE, {"password": "x"}),
        ("/account/reach/never/", {"a": "b"}),
        ("/accounts/login/", {"login": "ada@home.example"}),
    ],
    ids=["empty", "secret only", "marked", "for anyone"],
)
def test_what_holds_nothing_to_keep_is_answered_as_usual(browser, clock, address, fields):
    sent_too_late(browser, clock, fields, address)
    assert not UnfinishedWork.objects.exists()


def test_what_a_script_sends_by_itself_is_not_kept(browser, clock):
    clock.after(HALF_AN_HOUR)
    browser.post(FORM_PAGE, FIELDS, headers={"Sec-Fetch-Dest": "empty"})
    assert not UnfinishedWork.objects.exists()
    browser.post(FORM_PAGE, FIELDS, headers={"Sec-Fetch-Dest": "empty", "HX-Request": "true"})
    assert UnfinishedWork.objects.exists()


def test_a_form_from_another_site_is_not_kept(browser, clock):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    assert sent_too_late(strict, clock, FIELDS).status_code == 403
    assert not UnfinishedWork.objects.exists()


def test_forms_of_several_tabs_are_all_kept(browser, clock):
    for number in range(2):
        sent_too_late(browser, clock, {"note": f"tab {number}"})
    kept = [form_of(one).fields for one in UnfinishedWork.objects.order_by("pk")]
    assert kept == [(("note", "tab 0"),), (("note", "tab 1"),)]


def test_a_browser_forgets_after_a_day_who_was_locked_out(browser, clock):
    clock.after(HALF_AN_HOUR)
    browser.get(HOME)
    clock.after(timedelta(days=1))
    browser.post(FORM_PAGE, FIELDS)
    assert not UnfinishedWork.objects.exists()


def test_an_answer_that_needs_no_sign_in_is_kept_only_when_the_time_was_over_right_then(
    browser, clock
):
    answer = sent_too_late(browser, clock, {"for_whom": "adults"}, "/match/1/")
    assert answer.url == reverse("account_locked")
    assert Walk(browser).answer(1, for_whom="adults").url == "/match/2/"
    assert UnfinishedWork.objects.count() == 1


def test_a_page_about_to_close_hands_over_what_was_typed(browser, ada, clock):
    clock.after(HALF_AN_HOUR)
    assert seconds_left(browser) == 0
    body = FIELDS | {"unfinished_address": FORM_PAGE}
    assert browser.post(reverse("account_keep_form"), body).status_code == 204
    assert form_of(UnfinishedWork.objects.get(member=ada)).address == FORM_PAGE
    assert "kept for a day" in browser.get(reverse("account_locked")).text


@pytest.mark.parametrize(
    "address", ["https://else.example/", "//else.example/", "/nothing/here/", "/leave/", "", "x"]
)
def test_only_forms_of_ours_are_handed_over(browser, address):
    answer = browser.post(reverse("account_keep_form"), FIELDS | {"unfinished_address": address})
    assert answer.status_code == 204
    assert not UnfinishedWork.objects.exists()


def test_nobody_who_was_not_signed_in_can_hand_anything_over(client):
    client.post(reverse("account_keep_form"), FIELDS | {"unfinished_address": FORM_PAGE})
    assert not UnfinishedWork.objects.exists()


def test_what_was_kept_stands_nowhere_in_plain_words(browser, clock):
    sent_too_late(browser, clock, FIELDS)
    assert planted_in_database(PLANTED) == []
    assert PLANTED not in str(dict(browser.session))


def test_what_was_kept_is_sealed_under_the_key_of_its_owner(ada, now):
    work = keep(ada, Form("/", (("note", PLANTED),)), at=now)
    assert bytes(work.form_sealed)[1:29] == ada.key.code.encode()


def test_what_was_kept_does_not_open_for_another_row(ada, now):
    first, second = (keep(ada, Form("/", (("a", text),)), at=now) for text in ("one", "two"))
    first.form_sealed = second.form_sealed
    with pytest.raises(Exception, match=r"UnfinishedWork\.form does not open"):
        form_of(first)


def test_what_was_kept_goes_after_a_day(ada, now):
    keep(ada, Form("/", (("note", PLANTED),)), at=now)
    forget_unfinished_work(now + timedelta(days=1) - SECOND)
    assert UnfinishedWork.objects.exists()
    forget_unfinished_work(now + timedelta(days=1))
    assert not UnfinishedWork.objects.exists()


def test_only_the_newest_forms_of_one_person_are_kept(ada, now):
    for number in range(MOST_KEPT + 3):
        keep(ada, Form("/", (("number", str(number)),)), at=now + timedelta(minutes=number))
    oldest = UnfinishedWork.objects.order_by("created_at").first()
    assert UnfinishedWork.objects.count() == MOST_KEPT
    assert form_of(oldest).fields == (("number", "3"),)


def test_what_was_kept_is_exported_and_erased(ada, now):
    keep(ada, Form("/", (("what_to_say", PLANTED),)), at=now)
    section = next(
        one for one in everything_of(ada, now, opens_sealed=True) if "writing" in one.title
    )
    assert section.rows[0]["What to say"] == [PLANTED]
    for _ in range(2):
        forget_everywhere(ada, now)
    assert not UnfinishedWork.objects.exists()


def test_names_of_fields_become_words():
    assert label_of("first_name") == "First name"
    assert label_of("form-0-what.to[say]") == "Form 0 what to say"


def test_last_seen_is_no_part_of_a_visitors_session(client, clock):
    client.get("/match/1/")
    assert SEEN_AT not in client.session
