"""Second factors, passwords, and confirming that it is you."""

import json
from urllib.parse import unquote

import pytest
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.conftest import (
    ADA,
    PASSWORD,
    give_totp,
    is_signed_in,
    last_digits,
    sign_in,
    signed_in_with_factor,
    totp_code,
)
from accounts.passkeys import Passkey
from attune.accounts.actions import confirm_own_address
from attune.accounts.contacts import CodeRefused, send_contact_code
from attune.accounts.models import Contact, SignIn, User
from attune.directory.models import Practitioner
from reading_on import read_on

pytestmark = pytest.mark.django_db
JUNK = (
    "", "null", "[]", "{}", "7", "{", '"x"',
    '{"id": "x", "rawId": "eA", "type": "public-key", "response": {}}',
    json.dumps({
        "id": "eA", "rawId": "eA", "type": "public-key", "clientExtensionResults": {},
        "response": {"clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AA",
                     "userHandle": "MQ"},
    }),
    json.dumps({"id": "eA", "rawId": "eA", "response": {"userHandle": 7, "clientDataJSON": 1}}),
)  # fmt: skip


@pytest.fixture
def inside(client, ada):
    """A browser in which Ada signed in with a code just now."""
    sign_in(client)
    return client


@pytest.fixture
def later(inside, clock):
    """The same browser, when what she showed is too old to act on."""
    read_on(inside, clock)
    return inside


# -- setting one up ------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_a_member_sets_up_an_app_and_sees_the_recovery_codes_once(inside, ada):
    inside.get(reverse("mfa_activate_totp"))
    secret = inside.session["mfa.totp.secret"]
    before = inside.session.session_key
    answer = inside.post(reverse("mfa_activate_totp"), {"code": totp_code(secret)})
    assert answer.url == reverse("mfa_view_recovery_codes")
    assert inside.session.session_key != before
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
    assert codes[0] in inside.get(answer.url).text
    assert codes[0] not in inside.get(answer.url).text


def test_whoever_was_about_to_open_something_sealed_comes_back_to_it(inside, ada):
    page = inside.get(reverse("second_factor_setup") + "?next=/account/notes/").text
    assert "The page that you were going to open is one of these." in page
    assert inside.get(reverse("second_factor_done")).url == "/account/notes/"
    assert inside.get(reverse("second_factor_done")).url == "/account/"


@pytest.mark.parametrize(
    "name",
    ["mfa_add_webauthn", "mfa_activate_totp", "choose_password", "remove_password"],
)
def test_what_changes_how_somebody_gets_in_asks_again_after_half_an_hour(later, name):
    answer = later.get(reverse(name))
    assert unquote(answer.url) == f"{reverse('account_reauthenticate')}?next={reverse(name)}"


def test_changes_by_post_ask_again_too(later, ada):
    later.post(reverse("mfa_activate_totp"), {"code": "000000"})
    later.post(reverse("choose_password"), {"new_password1": PASSWORD, "new_password2": PASSWORD})
    ada.refresh_from_db()
    assert not ada.has_usable_password()
    assert not Authenticator.objects.exists()


# -- confirming ----------------------------------------------------------------------------------
def test_a_code_to_ones_own_address_confirms_and_leads_back(later):
    where = f"{reverse('account_reauthenticate')}?next={reverse('choose_password')}"
    assert "Send a code to my email address" in later.get(where).text
    sent = later.post(where, {"send": "1", "next": reverse("choose_password")})
    assert Contact.objects.latest("id").email_hash == User.objects.get().email_hash
    assert "Your code" in later.get(sent.url).text
    before = later.session.session_key
    answer = later.post(sent.url, {"code": last_digits(), "next": reverse("choose_password")})
    assert answer.url == reverse("choose_password")
    assert later.session.session_key != before
    assert later.get(answer.url).status_code == 200


def test_what_was_being_sent_goes_on_after_the_code(later, ada):
    typed = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    asked = later.post(reverse("choose_password"), typed)
    later.post(asked.url, {"send": "1"})
    answer = later.post(asked.url, {"code": last_digits(), "next": reverse("choose_password")})
    assert answer.url == reverse("mfa_activate_totp")
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)
    assert STATE_SESSION_KEY not in later.session


def test_what_waits_in_the_session_holds_nothing_of_the_servers_environment(later):
    typed = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    later.post(reverse("choose_password"), typed, DATABASE_URL="postgresql://planted")
    waiting = later.session[STATE_SESSION_KEY]["request"]
    assert PASSWORD.replace(" ", "+") in waiting
    assert "planted" not in waiting
    assert "HTTP_COOKIE" not in waiting


def test_a_wrong_or_used_code_confirms_nothing(later, ada, now):
    where = reverse("account_reauthenticate")
    sentence = "This code does not work, or no longer does."
    assert sentence in later.post(where, {"code": "000000"}).text
    later.post(where, {"send": "1"})
    Contact.objects.filter(pk=Contact.objects.latest("id").pk).update(used_at=now)
    assert sentence in later.post(where, {"code": last_digits()}).text
    assert later.get(reverse("choose_password")).status_code == 302


def test_a_code_sent_to_another_address_is_not_ones_own(ada, now):
    sent = send_contact_code("cleo@home.example", origin="here", at=now)
    with pytest.raises(CodeRefused):
        confirm_own_address(ada, sent, last_digits(), at=now)
    assert Contact.objects.get().used_at is None


def test_a_password_confirms_nothing(later, ada):
    ada.set_password(PASSWORD)
    ada.save()
    client = Client()
    client.force_login(ada)
    page = client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).text
    assert "Enter the code from the message" in page
    assert client.get(reverse("choose_password")).status_code == 302


def test_with_a_second_factor_a_code_by_mail_confirms_nothing(inside, ada):
    give_totp(ada)
    answer = inside.get(reverse("account_reauthenticate"))
    assert answer.url == reverse("mfa_reauthenticate")
    assert inside.get(reverse("choose_password")).url.startswith(reverse("mfa_reauthenticate"))


def test_the_second_factor_confirms_and_the_session_gets_another_id(inside, ada):
    secret = give_totp(ada)
    before = inside.session.session_key
    fields = {"code": totp_code(secret), "next": reverse("choose_password")}
    assert inside.post(reverse("mfa_reauthenticate"), fields).url == reverse("choose_password")
    assert inside.session.session_key != before
    assert inside.get(reverse("choose_password")).status_code == 200


# -- passwords -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "at least 12 characters"),
        ("password12345", "too common"),
    ],
)
def test_a_password_that_will_not_do_is_told_why(inside, ada, password, sentence):
    page = inside.post(
        reverse("choose_password"), {"new_password1": password, "new_password2": password}
    )
    assert sentence in page.text
    ada.refresh_from_db()
    assert not ada.has_usable_password()


@pytest.mark.parametrize("password", ["päßwörter sind länger", "            ", "a" * 4000])
def test_any_characters_will_do(inside, ada, password):
    fields = {"new_password1": password, "new_password2": password}
    answer = inside.post(reverse("choose_password"), fields)
    assert answer.url == reverse("mfa_activate_totp")
    ada.refresh_from_db()
    assert ada.check_password(password)


def test_a_new_password_signs_every_other_browser_out(inside, ada):
    other = Client()
    sign_in(other)
    inside.post(reverse("choose_password"), {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert inside.get(reverse("mfa_index")).status_code == 200
    assert reverse("account_login") in other.get(reverse("mfa_index")).url


def test_a_password_can_be_done_without_again(inside, ada):
    inside.post(reverse("choose_password"), {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert "Remove the password?" in inside.get(reverse("remove_password")).text
    assert inside.post(reverse("remove_password")).url == reverse("mfa_index")
    ada.refresh_from_db()
    assert not ada.has_usable_password()


def test_after_a_right_password_the_second_factor_is_asked_for(client, ada):
    ada.set_password(PASSWORD)
    ada.save()
    secret = give_totp(ada)
    answer = client.post(reverse("account_login"), {"login": ADA, "password": PASSWORD})
    assert (answer.url, is_signed_in(client)) == (reverse("mfa_authenticate"), False)
    client.post(reverse("mfa_authenticate"), {"code": totp_code(secret)})
    assert is_signed_in(client)


# -- taking one away -----------------------------------------------------------------------------
def test_a_member_may_remove_the_last_factor_and_is_told_what_closes(ada):
    give_totp(ada)
    client = signed_in_with_factor(ada)
    assert "stay closed until you set up" in client.get(reverse("mfa_deactivate_totp")).text
    assert client.post(reverse("mfa_deactivate_totp")).url == reverse("mfa_index")
    assert not Authenticator.objects.exists()
    assert "A code by email lets you in" in client.get(reverse("mfa_index")).text


@pytest.mark.parametrize("kind", ["staff", "practitioner", "editor"])
def test_those_who_need_a_factor_keep_their_last_one(ada, kind):
    give_totp(ada)
    if kind == "staff":
        User.objects.update(is_staff=True)
    elif kind == "practitioner":
        Practitioner.objects.create(user=ada, name="Ben", sort_name="Ben")
    else:
        ada.groups.add(Group.objects.get(name="Editors"))
    client = signed_in_with_factor(User.objects.get())
    page = client.post(reverse("mfa_deactivate_totp"))
    assert "Without this you could not sign in." in page.text
    assert Authenticator.objects.exists()


def test_the_last_passkey_of_staff_stays_too(ada):
    User.objects.update(is_staff=True)
    key = Authenticator.objects.create(user=ada, type="webauthn", data={"name": "Work phone"})
    client = signed_in_with_factor(User.objects.get())
    page = client.post(reverse("mfa_remove_webauthn", args=[key.pk]))
    assert "Without this you could not sign in." in page.text
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_another_persons_passkey_is_not_there(ada):
    other = User.objects.create_user("cleo@home.example")
    key = Authenticator.objects.create(user=other, type="webauthn", data={"name": "Hers"})
    client = signed_in_with_factor(ada)
    for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        assert client.get(reverse(name, args=[key.pk])).status_code == 404
        assert client.get(reverse(name, args=[key.pk + 1000])).status_code == 404


# -- passkeys ------------------------------------------------------------------------------------
@pytest.fixture
def passkey(inside):
    """A passkey that Ada has set up in a browser of hers."""
    made = Passkey()
    assert made.add_to(inside).url == reverse("mfa_view_recovery_codes")
    return made


def enter_with(passkey, user, **how):
    """Sign in with a passkey in a browser of its own; return the browser and the answer."""
    browser = Client()
    browser.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    credential = passkey.answer(browser, user_pk_to_url_str(user), **how)
    fields = {"credential": credential, "next": "/account/notes/"}
    return browser, browser.post(reverse("mfa_login_webauthn"), fields)


def test_a_passkey_alone_signs_in_and_leads_on(passkey, ada):
    browser, answer = enter_with(passkey, ada)
    assert (answer.url, is_signed_in(browser)) == ("/account/notes/", True)
    assert SignIn.objects.latest("pk").how == "passkey"
    assert browser.get(reverse("choose_password")).status_code == 200


@pytest.mark.parametrize(
    "how",
    [
        {"site": "evil.example", "origin": "https://evil.example"},
        {"site": "evil.example"},
        {"origin": "https://evil.example"},
    ],
)
def test_a_passkey_from_another_site_gets_one_sentence(passkey, ada, settings, how):
    # Off where the site has a host of its own.
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = "site" in how
    browser, page = enter_with(passkey, ada, **how)
    assert "This passkey does not work here. Use one that you made on this site" in page.text
    assert not is_signed_in(browser)


def test_an_answer_of_a_passkey_works_once(passkey, ada):
    browser = Client()
    browser.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    fields = {"credential": passkey.answer(browser, user_pk_to_url_str(ada))}
    browser.post(reverse("mfa_login_webauthn"), fields)
    other = Client()
    other.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    assert "does not work here" in other.post(reverse("mfa_login_webauthn"), fields).text
    assert not is_signed_in(other)


def test_a_passkey_confirms_who_it_is_and_one_from_elsewhere_does_not(passkey, inside, ada, clock):
    read_on(inside, clock)
    where = reverse("mfa_reauthenticate_webauthn")
    assert inside.get(reverse("choose_password")).url.startswith(where)
    inside.get(where)
    wrong = passkey.answer(inside, user_pk_to_url_str(ada), site="evil.example")
    page = inside.post(where, {"credential": wrong, "next": reverse("choose_password")})
    assert "This passkey does not work here." in page.text
    right = passkey.answer(inside, user_pk_to_url_str(ada))
    answer = inside.post(where, {"credential": right, "next": reverse("choose_password")})
    assert answer.url == reverse("choose_password")
    assert inside.get(answer.url).status_code == 200


# -- passkeys that are none ----------------------------------------------------------------------
@pytest.mark.parametrize("junk", JUNK)
def test_whatever_a_browser_says_of_a_passkey_gets_one_sentence(client, ada, junk):
    client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    page = client.post(reverse("mfa_login_webauthn"), {"credential": junk, "next": "/account/"})
    assert page.status_code == 200
    assert "This passkey does not work here." in page.text
    assert 'name="next" value="/account/"' in page.text
    assert not is_signed_in(client)


@pytest.mark.parametrize("junk", JUNK)
def test_a_passkey_that_cannot_be_set_up_changes_nothing(inside, junk):
    inside.get(reverse("mfa_add_webauthn"))
    page = inside.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": junk})
    assert page.status_code == 200
    assert "The passkey could not be set up. Nothing was changed." in page.text
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("junk", JUNK)
def test_nor_does_it_confirm_who_somebody_is(ada, junk):
    give_totp(ada)
    client = Client()
    sign_in(client)
    page = client.post(reverse("mfa_authenticate"), {"credential": junk})
    assert page.status_code == 200
    assert "This passkey does not work here." in page.text
    assert not is_signed_in(client)


# -- guessing ------------------------------------------------------------------------------------
def test_guessing_an_apps_code_stops_after_five(client, ada):
    secret = give_totp(ada)
    sign_in(client)
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    page = client.post(reverse("mfa_authenticate"), {"code": totp_code(secret)})
    assert "This was tried too often." in page.text
    assert not is_signed_in(client)


def test_guessing_a_password_stops_after_five_also_from_everywhere(client, ada):
    ada.set_password(PASSWORD)
    ada.save()
    for number in range(5):
        fields = {"login": ADA, "password": f"guess number {number}"}
        client.post(reverse("account_login"), fields, REMOTE_ADDR=f"192.0.2.{number}")
    fields = {"login": ADA, "password": PASSWORD}
    page = client.post(reverse("account_login"), fields, REMOTE_ADDR="192.0.2.200")
    assert "This was tried too often." in page.text


def test_ten_thousand_guesses_at_a_code_come_to_twenty_five_an_hour(client, ada):
    """However many browsers and networks guess: five codes go out, and each takes five tries."""
    for number in range(40):
        browser = Client()
        network = {"REMOTE_ADDR": f"198.51.100.{number}"}
        browser.post(reverse("sign_in_mail"), {"email": ADA}, **network)
        wrong = f"{(int(last_digits()) + 1) % 1_000_000:06d}"
        for _ in range(7):
            page = browser.post(reverse("sign_in_code"), {"code": wrong}, **network)
            assert "This code does not work" in page.text
    assert [one.attempts for one in Contact.objects.all()] == [5] * 5
    browser.post(reverse("sign_in_code"), {"code": last_digits()})
    assert not is_signed_in(browser)
