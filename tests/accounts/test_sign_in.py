from datetime import timedelta

import pytest
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.http import HttpRequest
from django.urls import reverse

from attune.accounts.actions import (
    INVITATION_LASTS,
    InvitationUnusable,
    invite,
    note_second_factor,
    open_invitation,
)
from attune.accounts.models import Invitation, User

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


@pytest.fixture
def code(now):
    return invite(email="dev@example.org", name="Dev", is_staff=True, at=now)


@pytest.fixture
def clock(now, time_machine):
    time_machine.move_to(now, tick=False)


def enrol(client, code):
    """Make an account with a password and an authenticator app; return its secret."""
    client.post(reverse("invitation"), {"code": code})
    client.post(reverse("choose_password"), {"new_password1": PASSWORD, "new_password2": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    client.post(reverse("mfa_activate_totp"), {"code": totp_code(secret)})
    return secret


@pytest.fixture
def signed_in(client, clock):
    """Sign Dev in as if an authenticator app had been used just now."""
    dev = User.objects.create_user("dev@example.org", PASSWORD, name="Dev", is_staff=True)
    TOTP.activate(dev, totp.generate_totp_secret())
    client.force_login(dev)
    session = client.session
    request = HttpRequest()
    request.session = session
    note_second_factor(request, dev, kind="totp")
    session.save()
    return client


def totp_code(secret):
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


@pytest.mark.django_db(transaction=True)
def test_a_one_time_code_leads_to_an_account_with_a_second_factor(
    client, code, clock, time_machine, now
):
    before = client.post(reverse("invitation"), {"code": code}).client.session.session_key
    secret = enrol(client, code)
    assert client.get("/staff/").status_code == 200
    assert client.session.session_key != before
    with pytest.raises(InvitationUnusable):
        open_invitation(code, at=now)

    client.post(reverse("account_logout"))
    time_machine.move_to(now + timedelta(minutes=5), tick=False)
    client.post(reverse("account_login"), {"login": "dev@example.org", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    client.post(reverse("mfa_authenticate"), {"code": totp_code(secret)})
    assert client.get("/staff/").status_code == 200


def test_a_code_opens_nothing_until_a_second_factor_is_set_up(client, code, clock):
    client.post(reverse("invitation"), {"code": code})
    assert client.get("/staff/").url == reverse("second_factor_setup")


def test_a_code_ends_after_a_day(code, now):
    with pytest.raises(InvitationUnusable):
        open_invitation(code, at=now + INVITATION_LASTS)
    assert open_invitation(code, at=now + INVITATION_LASTS - timedelta(seconds=1)).is_staff


def test_a_new_code_ends_the_older_one(code, now):
    invite(email="dev@example.org", name="Dev", is_staff=True, at=now)
    with pytest.raises(InvitationUnusable):
        open_invitation(code, at=now)


def test_a_wrong_code_is_told_in_one_sentence_and_kept_on_the_page(client, code, clock):
    page = client.post(reverse("invitation"), {"code": "bcdfg-bcdfg"})
    assert "This code does not work. Check it, or ask for a new one." in page.text
    assert 'value="bcdfg-bcdfg"' in page.text


def test_guessing_codes_stops_after_ten_tries(client, code, clock):
    for _ in range(10):
        client.post(reverse("invitation"), {"code": "wrong"})
    page = client.post(reverse("invitation"), {"code": code})
    assert (page.status_code, page["Retry-After"]) == (429, "600")
    assert "Wait 10 minutes and try again." in page.text


def test_a_password_alone_signs_nobody_in(client, clock):
    User.objects.create_user("dev@example.org", PASSWORD, name="Dev", is_staff=True)
    answer = client.post(
        reverse("account_login"), {"login": "dev@example.org", "password": PASSWORD}
    )
    assert answer.url == reverse("invitation")
    assert "_auth_user_id" not in client.session


def test_losing_the_staff_right_ends_the_sign_in_on_the_next_page(signed_in):
    assert signed_in.get("/staff/").status_code == 200
    User.objects.update(is_staff=False)
    assert "/accounts/login/" in signed_in.get("/staff/").url
    assert "_auth_user_id" not in signed_in.session


def test_unknown_and_known_addresses_answer_alike(client, clock):
    User.objects.create_user("dev@example.org", PASSWORD, name="Dev")
    pages = [
        client.post(reverse("account_login"), {"login": who, "password": "wrong"})
        for who in ("dev@example.org", "cleo@example.org")
    ]
    first, second = (strip_token(page.text.replace("dev@", "cleo@")) for page in pages)
    assert [page.status_code for page in pages] == [200, 200]
    assert first == second


def strip_token(text):
    return "\n".join(line for line in text.splitlines() if "csrfmiddlewaretoken" not in line)


def test_the_last_second_factor_cannot_be_removed(signed_in):
    signed_in.post(reverse("mfa_deactivate_totp"))
    assert signed_in.get(reverse("mfa_deactivate_totp")).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "mfa_index",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_generate_recovery_codes",
        "account_logout",
    ],
)
def test_every_page_about_ones_sign_in_renders(signed_in, name):
    page = signed_in.get(reverse(name))
    assert page.status_code == 200
    assert "<h1>" in page.text


@pytest.mark.parametrize("name", ["account_login", "invitation"])
def test_every_page_before_signing_in_renders(client, name):
    assert "<h1>" in client.get(reverse(name)).text


def test_create_admin_prints_a_code_that_works(capsys, now):
    call_command("create_admin", "dev@example.org", "--name", "Dev")
    printed = capsys.readouterr().out
    code = printed.split("dev@example.org: ")[1].split()[0]
    assert Invitation.objects.get().is_superuser
    assert open_invitation(code, at=now - timedelta(days=400)).is_superuser


def test_create_admin_refuses_what_is_no_address():
    with pytest.raises(CommandError, match=r"email: .dev. cannot be used\. Accepted") as refusal:
        call_command("create_admin", "dev")
    assert refusal.value.returncode == 2


def test_a_new_passkey_is_named_by_its_day(signed_in):
    page = signed_in.get(reverse("mfa_add_webauthn")).content.decode()
    assert 'value="Passkey, 18 November 2026"' in page
