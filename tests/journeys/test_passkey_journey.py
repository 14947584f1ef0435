"""An administrator's first day: a one-time code, a passkey, and signing in with it."""

import pytest
from playwright.sync_api import expect

from journeys.steps import follow, press, press_in_vain
from journeys.sweep import OPPOSITES, look_at

pytestmark = pytest.mark.browser

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def watch(open_browser):
    """Open a window on a device that has a passkey of its own, and a finger on it."""
    opened = open_browser(OPPOSITES[0])
    device = opened.page.context.new_cdp_session(opened.page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return opened


def test_one_time_code_then_passkey_then_signing_in_with_it(watch):
    page = watch.page
    code = watch.site.invite("passkey@staff.example")
    watch.go("/staff/")
    page.wait_for_url("**/accounts/login/**")
    follow(page, "Use a one-time code", "/invitation/")
    page.get_by_label("One-time code").fill(code)
    press(page, "Continue", "/second-factor/")
    follow(page, "Set up a passkey", "/webauthn/add/")
    press(page, "Set up a passkey", "/recovery-codes/**")
    watch.go("/accounts/2fa/webauthn/")
    assert look_at(watch) == []
    expect(page.get_by_role("heading", level=2)).to_contain_text("Passkey, ")
    follow(page, "Rename", "/edit/")
    assert look_at(watch) == []
    page.get_by_label("Name").fill("")
    press_in_vain(page, "Save")
    assert look_at(watch) == []
    page.get_by_label("Name").fill("Work phone")
    press(page, "Save", "/webauthn/")
    expect(page.get_by_role("heading", level=2)).to_have_text("Work phone")
    follow(page, "Remove", "/remove/")
    assert look_at(watch) == []
    watch.go("/accounts/2fa/webauthn/reauthenticate/")
    assert look_at(watch) == []

    follow(page, "Sign out", "/logout/")
    press(page, "Sign out", "/account/signed-out/")
    watch.go("/staff/")
    page.wait_for_url("**/accounts/login/**")
    press(page, "Sign in with a passkey", "/staff/")
    expect(page.get_by_role("heading", level=1)).to_have_text("What we look after")
