"""Erasing everything: what goes, what stays, and what a crash or a restore cannot bring back."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from attune.accounts import erased, erasures
from attune.accounts.actions import invite
from attune.accounts.contacts import send_contact_code
from attune.accounts.erased import erased_keys, is_erased, note_erased
from attune.accounts.keys import KeyFileUnusable
from attune.accounts.ledger import record_opening
from attune.accounts.models import (
    AccountNotice,
    Contact,
    ErasedKey,
    Invitation,
    LedgerEntry,
    SealingKey,
    SignIn,
    UnfinishedWork,
    UnsafeChannel,
    User,
    WebSession,
)
from attune.accounts.sealing import CannotOpen, email_hash, seal, unseal
from attune.outbox import registry
from attune.outbox.duties import known_duties
from attune.outbox.models import Message
from attune.outbox.sending import send_due
from attune.privacy.actions import (
    HasRole,
    ask_for,
    erase,
    erase_again,
    forget_what_is_over,
    keep_tombstones,
    take_back,
    wait_from_now_on,
)
from attune.privacy.consents import record_consent
from attune.privacy.models import Delayed, Farewell
from attune.privacy.queries import delayed_of, waits_first
from attune.privacy.wordings import STATISTICS
from privacy.members import ADA, BEN, CLEO, member, signed_in
from reading_on import read_on

pytestmark = pytest.mark.django_db
Kind = Delayed.Kind
PLACE = {"model": "test", "row": "1", "field": "note"}


@pytest.fixture(autouse=True)
def _own_list(settings, tmp_path):
    """Write what is erased beside a copy of the key file, for this test alone."""
    copy = tmp_path / "attune.key"
    copy.write_bytes(settings.KEY_FILE.read_bytes())
    settings.KEY_FILE = copy


@pytest.fixture
def ada():
    return member()


@pytest.fixture
def cannot_forget(monkeypatch):
    """Let an app fail when it is to forget somebody, after all others have forgotten them."""

    def fail_for(user):
        def broken(one, at):
            if one == user:
                raise RuntimeError("my note")

        monkeypatch.setitem(erasures._forgetting, "zzz", broken)

    return fail_for


def fill(user, now):
    """Leave a trace of somebody in every table that holds one without other apps."""
    sealed = {"member": user, "email_sealed": b"1", "form_sealed": b"1"}
    Authenticator.objects.create(user=user, type="totp", data={})
    SignIn.objects.create(user=user, at=now, how="code")
    AccountNotice.objects.create(
        member=user, kind="email", email_sealed=sealed["email_sealed"], at=now
    )
    UnfinishedWork.objects.create(
        member=user, form_sealed=b"1", created_at=now, expires_at=now + timedelta(days=1)
    )
    UnsafeChannel.objects.create(member=user, value_hash=user.code, marked_at=now)
    record_opening(about=user.email_hash, by=None, what="a note", purpose="to send", at=now)
    record_consent(STATISTICS, given=True, at=now, user=user)
    invite(email=user.email, name="", is_staff=False, at=now)
    send_contact_code(user.email, origin=user.code, at=now)
    ask_for(user, Kind.COPY, at=now)
    wait_from_now_on(user, at=now)
    signed_in(user)


def traces(user, key):
    """Return in how many rows of each table the account, its key or its address stands."""
    found = {}
    for model in apps.get_models():
        names = {field.name for field in model._meta.get_fields() if field.concrete}
        for name, value in (
            *((one, user.pk) for one in ("user", "member") if one in names),
            *((one, user.email_hash) for one in ("email_hash", "about_hash") if one in names),
            *((one, key.code) for one in ("key_code",) if one in names),
        ):
            if number := model.objects.filter(**{name: value}).count():
                found[f"{model.__name__}.{name}"] = number
    return found


def test_nothing_of_somebody_is_left_but_the_tombstone(ada, now):
    cleo = member(CLEO)
    fill(ada, now)
    fill(cleo, now)
    before = traces(cleo, cleo.key)
    assert len(traces(ada, ada.key)) > 10
    key = ada.key
    pk = ada.pk
    erase(ada, at=now)
    ada.pk = pk
    assert traces(ada, key) == {"ErasedKey.key_code": 1}
    assert not SealingKey.objects.filter(code=key.code).exists()
    assert not User.objects.filter(pk=pk).exists()
    assert traces(cleo, cleo.key) == before
    assert [(one.key_code, one.user_code, one.at) for one in erased_keys()] == [
        (key.code, ada.code, now)
    ]


def test_what_was_sealed_under_the_key_does_not_open_any_more(ada, now):
    box = seal("my note", key=ada.key, **PLACE)
    assert unseal(box, **PLACE) == "my note"
    erase(ada, at=now)
    with pytest.raises(CannotOpen):
        unseal(box, **PLACE)


def test_an_address_on_its_way_to_be_proven_is_forgotten(ada, now):
    send_contact_code(ADA, origin="here", at=now)
    erase(ada, at=now)
    assert not Contact.objects.exclude(email_sealed=b"", email_hash="").exists()


def test_what_the_ledger_says_from_before_the_account_goes_too(now):
    record_opening(about=email_hash(CLEO), by=None, what="a note", purpose="to send", at=now)
    erase(member(CLEO), at=now)
    assert not LedgerEntry.objects.exists()


def test_twice_is_harmless(ada, now):
    again = User.objects.get(pk=ada.pk)
    erase(ada, at=now)
    erase(again, at=now)
    assert len(erased_keys()) == ErasedKey.objects.count() == 1


@pytest.mark.parametrize("role", ["is_staff", "is_superuser"])
def test_somebody_with_a_role_ends_it_first(ada, now, role):
    setattr(ada, role, True)
    ada.save()
    with pytest.raises(HasRole):
        erase(ada, at=now)
    assert User.objects.filter(pk=ada.pk).exists()
    assert erased_keys() == []


def test_an_app_that_cannot_forget_keeps_everything_as_it_was(ada, now, cannot_forget):
    cannot_forget(ada)
    with pytest.raises(RuntimeError):
        erase(ada, at=now)
    assert User.objects.get().email == ADA
    assert erased_keys() == []
    assert not Farewell.objects.exists()


def test_what_the_commit_would_refuse_is_refused_before_the_list_is_written(ada, now, monkeypatch):
    def leaves_a_row_of_nobody(one, at):
        SignIn.objects.create(user_id=10**9, at=at, how="code")

    monkeypatch.setitem(erasures._forgetting, "zzz", leaves_a_row_of_nobody)
    with pytest.raises(IntegrityError):
        erase(ada, at=now)
    assert erased_keys() == []


# -- the last message --------------------------------------------------------------------------


def test_the_last_message_says_so_and_nothing_else_and_its_address_goes(ada, now, mailoutbox):
    erase(ada, at=now)
    send_due(now)
    (mail,) = mailoutbox
    assert mail.to == [ADA]
    assert mail.subject == "Your account is closed"
    assert "18 November 2026" in mail.body
    forget_what_is_over(now + timedelta(days=1))
    assert Farewell.objects.exists()
    forget_what_is_over(now + timedelta(days=1, seconds=1))
    assert not Farewell.objects.exists()


def test_the_last_message_is_dropped_once_its_address_is_gone(ada, now, mailoutbox):
    erase(ada, at=now)
    later = now + timedelta(days=2)
    forget_what_is_over(later)
    send_due(later)
    assert mailoutbox == []
    assert Message.objects.get().dropped_at == later


def test_nothing_is_sent_to_an_address_that_must_not_be_written_to(ada, now, monkeypatch):
    monkeypatch.setattr(registry, "_refusals", [lambda address: address == ADA])
    erase(ada, at=now)
    assert not Farewell.objects.exists()
    assert not Message.objects.exists()


# -- asked for, and waiting --------------------------------------------------------------------


def test_an_erasure_that_was_asked_for_is_done_after_14_days_and_not_before(ada, now):
    duty = next(one for one in known_duties() if one.name == "privacy-erasures")
    ask_for(ada, Kind.ERASURE, at=now)
    ask_for(ada, Kind.ERASURE, at=now + timedelta(days=3))
    duty.work(now + timedelta(days=14) - timedelta(seconds=1))
    assert User.objects.filter(pk=ada.pk).exists()
    duty.work(now + timedelta(days=14))
    assert not User.objects.filter(pk=ada.pk).exists()


def test_an_erasure_that_was_taken_back_is_not_done(ada, now):
    ask_for(ada, Kind.ERASURE, at=now)
    take_back(ada, Kind.ERASURE)
    call_command("worker", once=True)
    assert User.objects.filter(pk=ada.pk).exists()


def test_one_who_got_a_role_meanwhile_keeps_nobody_else_waiting(ada, now):
    ben = member(BEN)
    for one in (ben, ada):
        ask_for(one, Kind.ERASURE, at=now)
    User.objects.filter(pk=ben.pk).update(is_staff=True)
    duty = next(one for one in known_duties() if one.name == "privacy-erasures")
    duty.work(now + timedelta(days=14))
    assert list(User.objects.all()) == [ben]


# -- the list beside the key file --------------------------------------------------------------


def test_a_key_in_the_list_opens_nothing_even_while_its_row_is_there(ada, now):
    box = seal("my note", key=ada.key, **PLACE)
    note_erased(ada.key.code, ada.code, at=now)
    with pytest.raises(CannotOpen):
        unseal(box, **PLACE)
    with pytest.raises(CannotOpen):
        _ = ada.email


def test_what_a_crash_left_between_the_list_and_the_database_is_ended(ada, now):
    fill(ada, now)
    note_erased(ada.key.code, ada.code, at=now)
    key = ada.key
    assert erase_again() == 1
    assert traces(ada, key) == {"ErasedKey.key_code": 1}
    assert ErasedKey.objects.get().erased_at == now
    assert len(erased_keys()) == 1
    # Nobody can open the address any more, so that nothing is sent there.
    assert not Farewell.objects.exists()
    assert erase_again() == 0


def test_one_who_cannot_be_erased_again_keeps_no_one_else(ada, now, caplog, cannot_forget):
    cleo = member(CLEO)
    cannot_forget(cleo)
    for one in (cleo, ada):
        note_erased(one.key.code, one.code, at=now)
    assert erase_again() == 1
    assert list(User.objects.all()) == [cleo]
    assert "RuntimeError" in caplog.text
    assert "my note" not in caplog.text


def test_list_and_database_name_the_same_keys_afterwards(now):
    note_erased("k" * 28, "a" * 12, at=now)
    ErasedKey.objects.create(key_code="m" * 28, user_code="b" * 12, erased_at=now)
    keep_tombstones()
    keep_tombstones()
    codes = ["k" * 28, "m" * 28]
    assert sorted(one.key_code for one in erased_keys()) == codes
    assert sorted(ErasedKey.objects.values_list("key_code", flat=True)) == codes


@pytest.mark.parametrize("torn", ["k", "k a", "k a 2026-1", "k a 2026-11-18", "\0\0", "ü"])
def test_a_line_torn_by_a_power_cut_closes_nothing_and_spoils_no_other(now, torn):
    note_erased("first" * 5, "a", at=now)
    with erased._file().open("ab") as file:
        file.write(torn.encode())
    assert not is_erased("k")
    note_erased("second" * 5, "b", at=now)
    assert [one.user_code for one in erased_keys()] == ["a", "b"]


def test_the_list_is_for_its_owner_only(now):
    note_erased("k", "a", at=now)
    assert erased._file().stat().st_mode & 0o777 == 0o600


def test_a_list_that_cannot_be_written_erases_nothing(ada, now, settings, tmp_path):
    erased._file().mkdir()
    with pytest.raises((OSError, KeyFileUnusable), match="directory"), transaction.atomic():
        erase(ada, at=now)
    assert User.objects.filter(pk=ada.pk).exists()


# -- the pages ---------------------------------------------------------------------------------


def test_the_page_says_before_what_goes_and_what_stays(ada):
    page = signed_in(ada).get(reverse("erase_everything"))
    assert b"What goes" in page.content
    assert b"What stays" in page.content
    assert b"A therapist you have seen keeps their own records" in page.content
    assert b"A complaint that is not answered yet stays" in page.content


def test_erasing_asks_once_more_and_then_signs_out(ada):
    browser = signed_in(ada)
    asked = browser.get(reverse("erase_now"))
    assert b"This cannot be undone" in asked.content
    assert User.objects.exists()
    answer = browser.post(reverse("erase_now"))
    assert (answer.status_code, answer["Location"]) == (303, reverse("erased"))
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert answer.cookies["__Host-session"].value == ""
    assert not User.objects.exists()
    assert not WebSession.objects.exists()
    after = browser.get(answer["Location"])
    assert b"Everything is erased" in after.content
    assert b"What stays" in after.content


def test_another_browser_of_theirs_is_signed_out_too(ada):
    one, other = signed_in(ada), signed_in(ada)
    one.post(reverse("erase_now"))
    for name in ("our_data", "erase_now"):
        assert other.get(reverse(name))["Location"].startswith(reverse("account_login"))


def test_who_comes_back_gets_a_fresh_account_and_the_same_answers(ada, now):
    key = ada.key.code
    erase(ada, at=now)
    again = member()
    assert again.key.code != key
    assert again.email == ADA
    assert not LedgerEntry.objects.exists()
    assert not Invitation.objects.exists()


def test_in_14_days_can_be_asked_for_and_taken_back(ada, now):
    browser = signed_in(ada)
    assert browser.post(reverse("erase_everything")).status_code == 302
    page = browser.get(reverse("erase_everything"))
    assert b"Everything is erased on Wednesday 2 December 2026, 10:00am." in page.content
    browser.post(reverse("take_back_request", args=["erasure"]))
    assert not Delayed.objects.exists()


def test_what_waits_can_be_taken_back_without_showing_again_who_it_is(ada, now, clock):
    browser = signed_in(ada)
    browser.post(reverse("erase_everything"))
    read_on(browser, clock)
    assert browser.get(reverse("erase_everything")).status_code == 302
    data = browser.get(reverse("our_data"))
    assert b"Everything is erased on" in data.content
    browser.post(reverse("take_back_request", args=["erasure"]))
    assert not Delayed.objects.exists()


def test_a_made_up_request_is_not_found(ada):
    answer = signed_in(ada).post(reverse("take_back_request", args=["nonsense"]))
    assert answer.status_code == 404


def test_taking_back_reaches_nobody_elses(ada, now):
    ask_for(member(CLEO), Kind.ERASURE, at=now)
    signed_in(ada).post(reverse("take_back_request", args=["erasure"]))
    assert Delayed.objects.count() == 1


@pytest.mark.parametrize(
    "name", ["erase_everything", "erase_now", "export_everything", "wait_first"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_it_is_asked_again_who_it_is_after_half_an_hour(ada, clock, name, method):
    browser = signed_in(ada)
    read_on(browser, clock)
    answer = getattr(browser, method)(reverse(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/confirm/")
    assert User.objects.filter(pk=ada.pk).exists()
    assert not Delayed.objects.exists()


def test_who_has_a_second_factor_shows_it(ada):
    browser = signed_in(ada)
    Authenticator.objects.create(user=ada, type="totp", data={})
    assert browser.post(reverse("erase_now")).status_code == 302
    assert User.objects.filter(pk=ada.pk).exists()


def test_staff_are_told_the_next_step_and_nothing_is_erased(now):
    staff = member("dev@example.org", is_staff=True)
    browser = signed_in(staff, method="mfa")
    page = browser.get(reverse("erase_everything"))
    assert b"has a listing or a role" in page.content
    assert b"Erase now" not in page.content
    for name in ("erase_everything", "erase_now"):
        browser.post(reverse(name))
    assert User.objects.filter(pk=staff.pk).exists()
    assert not Delayed.objects.exists()


def test_asked_twice_at_once_the_second_answer_is_a_sign_in(ada):
    browser, other = signed_in(ada), Client()
    other.cookies.update(browser.cookies)
    assert browser.post(reverse("erase_now")).status_code == 303
    assert other.post(reverse("erase_now"))["Location"].startswith(reverse("account_login"))


# -- waiting first -----------------------------------------------------------------------------


def test_with_the_wait_on_erasing_at_once_is_refused(ada, now):
    browser = signed_in(ada)
    browser.post(reverse("wait_first"), {"wait": "yes"})
    assert b"Erase now" not in browser.get(reverse("erase_everything")).content
    assert browser.post(reverse("erase_now"))["Location"] == reverse("erase_everything")
    assert User.objects.filter(pk=ada.pk).exists()


def test_the_wait_ends_14_days_after_somebody_turned_it_off(ada, clock):
    browser = signed_in(ada)
    browser.post(reverse("wait_first"), {"wait": "yes"})
    browser.post(reverse("wait_first"), {"wait": "no"})
    page = browser.get(reverse("wait_first"))
    assert b"It is on until Wednesday 2 December 2026, 10:00am." in page.content
    clock.shift(timedelta(days=14) - timedelta(seconds=1))
    assert signed_in(ada).post(reverse("erase_now"))["Location"] == reverse("erase_everything")
    clock.shift(timedelta(seconds=1))
    assert b"It is off." in signed_in(ada).get(reverse("wait_first")).content
    assert signed_in(ada).post(reverse("erase_now")).status_code == 303


def test_turned_on_again_it_stays_on(ada, clock):
    browser = signed_in(ada)
    for word in ("yes", "no", "yes"):
        browser.post(reverse("wait_first"), {"wait": word})
    clock.shift(timedelta(days=15))
    forget_what_is_over(timezone.now())
    assert b"It is on." in signed_in(ada).get(reverse("wait_first")).content


@pytest.mark.parametrize("typed", ["", "nonsense"])
def test_nonsense_changes_nothing(ada, typed):
    browser = signed_in(ada)
    browser.post(reverse("wait_first"), {"wait": typed})
    assert b"It is off." in browser.get(reverse("wait_first")).content


def test_the_page_costs_the_same_for_one_request_and_three(ada, now):
    browser = signed_in(ada)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            browser.get(reverse("our_data"))
        return len(asked)

    ask_for(ada, Kind.COPY, at=now)
    first = queries()
    wait_from_now_on(ada, at=now)
    ask_for(ada, Kind.ERASURE, at=now)
    ask_for(ada, Kind.NO_WAIT, at=now)
    assert queries() == first


def test_what_another_member_asked_for_is_only_theirs(ada, now):
    cleo = member(CLEO)
    wait_from_now_on(cleo, at=now)
    ask_for(cleo, Kind.ERASURE, at=now)
    assert delayed_of(ada) == {}
    assert not waits_first(ada, now)
    wait_from_now_on(ada, at=now)
    ask_for(cleo, Kind.NO_WAIT, at=now)
    assert waits_first(ada, now + timedelta(days=15))
