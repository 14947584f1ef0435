"""Where we write to: nowhere that its owner called unsafe; and that each change is told."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.members import log_in, member, planted_in_database
from attune.accounts.channels import is_unsafe, mark_safe, mark_unsafe
from attune.accounts.contacts import digits_for, send_contact_code
from attune.accounts.erasures import forget_everywhere
from attune.accounts.exports import everything_of
from attune.accounts.models import AccountNotice, Contact, UnsafeChannel, User, WebSession
from attune.accounts.notices import Kind, forget_old_notices, notify
from attune.outbox.models import Message
from attune.outbox.sending import send_due
from reading_on import read_on

pytestmark = pytest.mark.django_db
ADDRESS, NEW = "ada@home.example", "ada@new.example"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ada(now, time_machine):
    time_machine.move_to(now, tick=False)
    return member(ADDRESS)


@pytest.fixture
def with_app(ada):
    """Ada has an authenticator app."""
    TOTP.activate(ada, totp.generate_totp_secret())
    return ada


@pytest.fixture
def browser(ada):
    client = Client()
    log_in(client, ada, factor=True)
    return client


def sent_to(address: str, now) -> list[str]:
    """Send what is due; return the subjects of what arrived at an address."""
    send_due(now + MINUTE)
    return [one.subject for one in mail.outbox if one.to == [address]]


# -- an unsafe address -----------------------------------------------------------------------------
def test_nothing_is_ever_sent_to_an_address_that_its_owner_called_unsafe(with_app, browser, now):
    send_contact_code(ADDRESS, origin="here", at=now)
    assert browser.post(reverse("account_send_nothing")).url == reverse("account_reach")
    send_contact_code(f" {ADDRESS.upper()} ", origin="here", at=now)
    assert sent_to(ADDRESS, now) == []
    assert Message.objects.filter(dropped_at=None).count() == 0


def test_other_addresses_are_written_to_as_before(with_app, browser, now):
    browser.post(reverse("account_send_nothing"))
    send_contact_code("cleo@home.example", origin="here", at=now)
    assert sent_to("cleo@home.example", now) == ["Your code"]


def test_the_page_says_what_no_longer_arrives(with_app, browser):
    page = browser.get(reverse("account_reach")).text
    for words in ("no reminders", "no codes", "Never write to my email address"):
        assert words in page
    browser.post(reverse("account_send_nothing"))
    assert "We send nothing to your email address." in browser.get(reverse("account_reach")).text


def test_whoever_signs_in_by_mail_alone_sets_up_another_way_first(ada, browser):
    page = browser.get(reverse("account_reach")).text
    assert "First set up a passkey or an authenticator app." in page
    assert reverse("account_send_nothing") not in page
    browser.post(reverse("account_send_nothing"))
    assert not UnsafeChannel.objects.exists()


@pytest.mark.parametrize("name", ["account_send_nothing", "account_send_again"])
def test_choosing_asks_who_it_is_again(with_app, now, time_machine, name):
    client = Client()
    log_in(client, with_app, factor=True)
    read_on(client, time_machine)
    assert "reauthenticate" in client.post(reverse(name)).url
    assert not UnsafeChannel.objects.exists()


def test_the_choice_can_be_taken_back(with_app, browser, now):
    browser.post(reverse("account_send_nothing"))
    browser.post(reverse("account_send_again"))
    assert not is_unsafe(ADDRESS)
    send_contact_code(ADDRESS, origin="here", at=now)
    assert sent_to(ADDRESS, now) == ["Your code"]


def test_marking_twice_is_marking_once(with_app, now):
    mark_unsafe(with_app, at=now)
    mark_unsafe(with_app, at=now + timedelta(hours=1))
    assert UnsafeChannel.objects.get().marked_at == now
    assert AccountNotice.objects.count() == 1


def test_an_unsafe_address_gets_the_same_pages_while_booking(with_app, now):
    answers = []
    for address in (ADDRESS, "cleo@home.example"):
        mark_unsafe(with_app, at=now)
        code = send_contact_code(address, origin="here", at=now)
        answers.append((len(code), Contact.objects.filter(code=code).exists()))
    assert answers[0] == answers[1]
    assert sent_to(ADDRESS, now) == []


# -- notices ---------------------------------------------------------------------------------------
def test_marking_an_address_tells_it_nothing_any_more_but_the_account_says_it(
    with_app, browser, now
):
    browser.post(reverse("account_send_nothing"))
    assert sent_to(ADDRESS, now) == []
    page = browser.get("/account/").text
    assert "How we may reach you" in page
    assert "Wednesday 18 November 2026, 10:00am" in page


def test_taking_it_back_writes_nothing_to_what_was_unsafe_before(with_app, now):
    mark_unsafe(with_app, at=now)
    later = now + timedelta(hours=1)
    mark_safe(with_app, at=later)
    assert AccountNotice.objects.count() == 2
    notice = AccountNotice.objects.latest("at")
    assert not Message.objects.filter(about=notice.code).exists()


def test_the_notice_is_neutral_and_says_what_to_do(ada, now):
    notify(ada, Kind.EXPORT, at=now)
    send_due(now)
    (letter,) = mail.outbox
    assert letter.to == [ADDRESS]
    text = f"{letter.subject} {letter.body} {letter.from_email}".lower()
    assert "a copy of everything was asked for" in text
    assert "if it was not you" in text
    assert [word for word in ("attune", "therap", "mental", "health") if word in text] == []


def test_a_new_factor_is_told(with_app, browser, rf, now):
    from allauth.mfa.signals import authenticator_removed  # as allauth sends it

    request = RequestFactory().get("/")
    request.session, request.user = browser.session, with_app
    authenticator_removed.send(User, request=request, user=with_app, authenticator=None)
    assert sent_to(ADDRESS, now) == ["Your account"]
    assert AccountNotice.objects.get().kind == Kind.FACTOR


def test_one_deed_is_told_once(ada, now):
    notify(ada, Kind.FACTOR, at=now)
    notify(ada, Kind.FACTOR, at=now)
    notify(ada, Kind.PASSWORD, at=now)
    notify(ada, Kind.FACTOR, at=now + MINUTE)
    assert AccountNotice.objects.count() == 3


def test_notices_go_after_thirty_days(ada, now):
    notify(ada, Kind.FACTOR, at=now)
    forget_old_notices(now + timedelta(days=30) - MINUTE)
    assert AccountNotice.objects.exists()
    forget_old_notices(now + timedelta(days=30))
    assert not AccountNotice.objects.exists()


def test_no_address_stands_in_the_clear(with_app, now):
    notify(with_app, Kind.FACTOR, at=now)
    mark_unsafe(with_app, at=now)
    assert planted_in_database(ADDRESS) == []
    for notice in AccountNotice.objects.all():
        assert bytes(notice.email_sealed)[1:29] == with_app.key.code.encode()


def test_what_is_kept_of_reaching_somebody_is_exported_and_erased(with_app, now):
    mark_unsafe(with_app, at=now)
    sections = {one.title: one.rows for one in everything_of(with_app, now)}
    when = "Wednesday 18 November 2026, 10:00am"
    assert sections["Addresses that we never write to"] == ({"Address": ADDRESS, "Since": when},)
    assert sections["What changed about your account"] == (
        {"When": when, "What": "How we may reach you"},
    )
    for _ in range(2):
        forget_everywhere(with_app, now)
    assert not UnsafeChannel.objects.exists()
    assert not AccountNotice.objects.exists()


# -- another address -------------------------------------------------------------------------------
def ask_for(browser: Client, address: str):
    return browser.post(reverse("account_email"), {"email": address})


def prove(browser: Client, digits: str = ""):
    digits = digits or digits_for(Contact.objects.latest("pk"))
    return browser.post(reverse("account_email_code"), {"code": digits})


def test_a_code_from_the_new_mailbox_changes_the_address(ada, browser, now):
    assert ask_for(browser, NEW).url == reverse("account_email_code")
    before = browser.session.session_key
    assert prove(browser).url == reverse("account_email_changed")
    ada.refresh_from_db()
    assert ada.email == NEW
    assert User.objects.with_email(NEW).get() == ada
    assert not User.objects.with_email(ADDRESS).exists()
    assert browser.session.session_key != before
    assert browser.get("/account/").status_code == 200


def test_the_old_address_is_told_and_the_new_one_is_not(ada, browser, now):
    ask_for(browser, NEW)
    prove(browser)
    assert sent_to(ADDRESS, now) == ["Your account"]
    assert sent_to(NEW, now) == []


def test_an_old_address_that_was_unsafe_is_told_nothing(with_app, browser, now):
    mark_unsafe(with_app, at=now)
    ask_for(browser, NEW)
    prove(browser)
    assert sent_to(ADDRESS, now) == []
    assert is_unsafe(ADDRESS)


def test_other_browsers_are_signed_out_and_nobody_elses(ada, browser):
    cleo = User.objects.create_user("cleo@home.example")
    other, hers = Client(), Client()
    for client, user in ((other, ada), (hers, cleo)):
        log_in(client, user)
        client.get("/account/")
    ask_for(browser, NEW)
    prove(browser)
    assert other.get("/account/").status_code == 302
    assert WebSession.objects.filter(user=ada).count() == 1
    assert hers.get("/account/").status_code == 200


def test_what_was_made_under_the_new_address_is_handed_over(ada, browser):
    from attune.accounts.signals import address_proven  # listened to, not sent

    proven = []

    def listen(user, email_hash, **_):
        proven.append((user.pk, email_hash))

    address_proven.connect(listen)
    try:
        ask_for(browser, NEW)
        prove(browser)
    finally:
        address_proven.disconnect(listen)
    assert proven == [(ada.pk, User.objects.get().email_hash)]


def test_an_address_of_somebody_else_answers_the_same_and_changes_nothing(ada, browser, now):
    cleo = member("cleo@home.example")
    first, second = ask_for(browser, NEW), ask_for(browser, cleo.email)
    assert (first.status_code, first.url) == (second.status_code, second.url)
    right, wrong = prove(browser), prove(browser, "000000")
    assert right.status_code == wrong.status_code == 200
    assert "This code does not work" in right.text
    assert "This code does not work" in wrong.text
    ada.refresh_from_db()
    assert (ada.email, cleo.email) == (ADDRESS, "cleo@home.example")
    assert not AccountNotice.objects.exists()
    assert not Contact.objects.exclude(used_at=None).exists()


def test_a_code_changes_an_address_once(ada, browser):
    ask_for(browser, NEW)
    contact = Contact.objects.latest("pk")
    digits = digits_for(contact)
    prove(browser)
    session = browser.session
    session["new_address"] = contact.code
    session.save()
    assert "This code does not work" in prove(browser, digits).text


def test_changing_the_address_asks_who_it_is_again(ada):
    client = Client()
    log_in(client, ada, step_up=False)
    for name in ("account_email", "account_email_code"):
        assert client.get(reverse(name)).status_code == 302
        client.post(reverse(name), {"email": NEW})
    assert not Contact.objects.exists()


def test_a_code_that_still_works_asks_who_it_is_again_too(with_app, browser, time_machine):
    time_machine.shift(20 * MINUTE)
    ask_for(browser, NEW)
    time_machine.shift(20 * MINUTE)
    assert "reauthenticate" in prove(browser).url
    assert User.objects.get().email == ADDRESS


@pytest.mark.parametrize("typed", ["", "ada", "ada@", "a@b@c"])
def test_what_is_no_address_is_told_in_one_sentence_and_kept(ada, browser, typed):
    page = ask_for(browser, typed).text
    assert "Enter your new email address" in page or "like name@example.org" in page
    assert f'value="{typed}"' in page


def test_asking_for_too_many_codes_is_told(ada, browser):
    for number in range(20):
        ask_for(browser, f"ada{number}@new.example")
    assert "Too many codes were asked for." in ask_for(browser, NEW).text


def test_the_code_page_without_an_address_leads_to_it(ada, browser):
    assert browser.get(reverse("account_email_code")).url == reverse("account_email")
