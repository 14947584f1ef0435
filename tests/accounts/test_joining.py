"""Signing in with a code from the mailbox, which is also how an account begins."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.conftest import (
    ADA,
    PASSWORD,
    ask,
    give_totp,
    is_signed_in,
    last_digits,
    sign_in,
    totp_code,
    type_code,
)
from attune.accounts.contacts import email_of
from attune.accounts.models import Contact, SealingKey, SignIn, User
from attune.accounts.sealing import email_hash
from attune.accounts.signals import address_proven
from attune.outbox.models import Message

pytestmark = pytest.mark.django_db
REFUSED = "This code does not work, or no longer does. Check it, or send a new one"


@pytest.fixture
def proven():
    """Collect which addresses somebody is said to have proven."""
    heard = []

    def hear(user, email_hash, **_):
        heard.append((user.email, email_hash))

    address_proven.connect(hear)
    yield heard
    address_proven.disconnect(hear)


def test_a_first_visit_makes_an_account_at_the_proof_and_not_before(client, clock):
    ask(client)
    assert not User.objects.exists()
    answer = type_code(client)
    assert User.objects.get().email == ADA
    assert answer.url == f"{reverse('welcome')}?next=%2Faccount%2F"
    assert is_signed_in(client)


def test_the_second_visit_goes_straight_on(client, clock):
    sign_in(client)
    again = Client()
    assert sign_in(again, next="/account/saved/").url == "/account/saved/"
    assert User.objects.count() == 1


def test_however_an_address_is_written_it_is_the_same_account(client, clock):
    sign_in(client)
    sign_in(Client(), email=" ADA@home.example")
    assert User.objects.count() == 1


def test_the_welcome_page_offers_a_passkey_and_a_way_on(client, clock):
    sign_in(client, next="/offers/")
    page = client.get(f"{reverse('welcome')}?next=/offers/").text
    assert "Set up a passkey" in page
    assert '<a class="button button--quiet" href="/offers/">Not now</a>' in page


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:1"])
def test_nobody_is_led_to_another_site(client, ada, elsewhere):
    sign_in(client)
    again = Client()
    assert sign_in(again, next=elsewhere).url == "/account/"
    page = client.get(f"{reverse('welcome')}?next={elsewhere}").text
    assert elsewhere not in page.partition("<main")[2]


def test_a_code_signs_in_once(client, ada):
    sign_in(client)
    other = Client()
    ask(other)
    digits = last_digits()
    Contact.objects.update(used_at=Contact.objects.first().created_at)
    page = type_code(other, digits)
    assert (page.status_code, REFUSED in page.text) == (200, True)
    assert not is_signed_in(other)
    assert "Send a new code" in page.text


def test_a_code_that_ran_out_gets_one_sentence(client, ada, clock, now):
    ask(client)
    digits = last_digits()
    clock.move_to(now + timedelta(minutes=30), tick=False)
    assert REFUSED in type_code(client, digits).text
    assert not is_signed_in(client)


def test_a_code_can_be_pasted_with_its_spaces(client, ada):
    ask(client)
    digits = last_digits()
    type_code(client, f" {digits[:3]} {digits[3:]} ")
    assert is_signed_in(client)


def test_what_was_typed_stays_on_the_page(client, ada):
    ask(client)
    assert 'value="12345"' in type_code(client, "12345").text
    assert "Enter the 6 numbers from the message" in type_code(client, "12345").text


def test_a_wrong_address_is_told_and_kept(client):
    page = ask(client, email="ada at home")
    assert "Enter an email address like name@example.org" in page.text
    assert 'value="ada at home"' in page.text


def test_a_new_code_goes_where_the_first_one_went(client, ada):
    ask(client, next="/account/saved/")
    page = client.get(reverse("sign_in_code")).text
    assert f'name="email" value="{ADA}"' in page
    assert 'name="next" value="/account/saved/"' in page


def test_without_a_code_on_its_way_there_is_no_page_to_type_it(client):
    assert client.get(reverse("sign_in_code")).url == reverse("account_login")


def test_the_session_id_changes_at_signing_in(client, ada):
    ask(client)
    before = client.session.session_key
    type_code(client)
    assert client.session.session_key != before


def test_other_apps_are_told_of_the_address_once_somebody_is_in(client, ada, proven):
    ask(client)
    assert proven == []
    type_code(client)
    assert proven == [(ADA, email_hash(ADA))]


def test_with_a_second_factor_they_are_told_after_it_and_not_before(client, ada, proven):
    secret = give_totp(ada)
    answer = sign_in(client)
    assert (answer.url, proven, is_signed_in(client)) == (reverse("mfa_authenticate"), [], False)
    client.post(reverse("mfa_authenticate"), {"code": totp_code(secret)})
    assert (proven, is_signed_in(client)) == ([(ADA, email_hash(ADA))], True)


def test_the_address_of_a_code_is_sealed_under_the_members_own_key(client, clock):
    sign_in(client)
    contact = Contact.objects.get()
    assert email_of(contact) == ADA
    assert SealingKey.objects.get().code.encode() in bytes(contact.email_sealed)


def test_where_somebody_was_going_survives_the_second_factor(client, ada):
    secret = give_totp(ada)
    sign_in(client, next="/account/saved/")
    answer = client.post(reverse("mfa_authenticate"), {"code": totp_code(secret)})
    assert answer.url.endswith("/account/saved/")


def test_a_closed_account_is_told_after_the_proof_only(client, ada):
    User.objects.update(is_active=False)
    assert ask(client).url == reverse("sign_in_code")
    answer = type_code(client)
    assert answer.url == reverse("account_inactive")
    assert not is_signed_in(client)


def test_an_erased_account_begins_anew_and_empty(client, ada):
    sign_in(client)
    ada.delete()
    again = Client()
    sign_in(again)
    assert User.objects.get().code != ada.code
    assert SignIn.objects.filter(was_refused=False).count() == 1


def test_staff_with_a_mailbox_and_no_second_factor_do_not_get_in(client, clock):
    User.objects.create_user(ADA, is_staff=True)
    assert sign_in(client).url == reverse("invitation")
    assert not is_signed_in(client)


def test_a_right_password_without_an_app_is_answered_with_a_code(client, clock):
    User.objects.create_user(ADA, PASSWORD)
    fields = {"login": ADA, "password": PASSWORD, "next": "/account/saved/"}
    answer = client.post(reverse("account_login"), fields)
    assert (answer.url, is_signed_in(client)) == (reverse("sign_in_code"), False)
    assert Message.objects.count() == 1
    assert "/account/saved/" in type_code(client).url.replace("%2F", "/")
    assert is_signed_in(client)


def test_a_disabled_account_is_signed_out_at_its_next_page(client, ada):
    sign_in(client)
    assert client.get(reverse("mfa_index")).status_code == 200
    User.objects.update(is_active=False)
    assert reverse("account_login") in client.get(reverse("mfa_index")).url


def test_whoever_is_signed_in_is_not_asked_again(client, ada):
    sign_in(client)
    for name in ("account_login", "sign_in_code"):
        assert client.get(reverse(name)).url == "/account/"
    assert ask(client).url == "/account/"


def test_too_many_codes_for_one_network_are_told(client, clock):
    for number in range(20):
        ask(client, email=f"somebody{number}@home.example")
    page = ask(client)
    assert "Too many codes were asked for. Try again in an hour" in page.text
    assert f'value="{ADA}"' in page.text
