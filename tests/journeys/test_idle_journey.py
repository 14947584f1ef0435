"""A page that nobody looks after: it warns, lets somebody stay, and closes without losing words."""

import pytest
from playwright.sync_api import Page, expect

from journeys.steps import sign_in
from journeys.sweep import OPPOSITES, look_at

pytestmark = pytest.mark.browser
WARNING = "You will be signed out in 2 minutes."


@pytest.fixture
def watch(open_browser):
    """Open a window in which somebody has signed in, and whose clock can be moved."""
    opened = open_browser(OPPOSITES[0])
    opened.page.clock.install()
    sign_in(opened, "Dev")
    opened.go("/account/")
    return opened


def wait(page: Page, site, *, minutes: int) -> None:
    """Let time pass here and on the site alike."""
    site.let_time_pass(minutes=minutes)
    page.clock.fast_forward(60_000 * minutes)


def stay_button(page: Page):
    return page.get_by_role("button", name="Stay signed in")


def test_the_page_warns_and_pressing_the_button_gives_more_time(watch, site):
    page = watch.page
    expect(stay_button(page)).to_be_hidden()
    wait(page, site, minutes=28)
    expect(page.get_by_role("status").filter(has_text=WARNING)).to_be_visible()
    assert look_at(watch) == []
    leave = page.get_by_role("button", name="Leave this page").first
    leave.click(trial=True)
    stay_button(page).click()
    expect(stay_button(page)).to_be_hidden()
    wait(page, site, minutes=27)
    watch.go("/account/")
    expect(page).to_have_title("Your account")


def test_a_page_in_another_tab_keeps_this_one_open(watch, site):
    page = watch.page
    site.let_time_pass(minutes=28)
    other = page.context.new_page()
    other.goto(f"{site.url}/account/")
    page.clock.fast_forward(60_000 * 29)
    expect(page).to_have_title("Your account")
    expect(stay_button(page)).to_be_hidden()


def test_the_page_closes_and_what_was_typed_is_there_after_signing_in(watch, site):
    page = watch.page
    watch.go("/account/email/")
    page.get_by_label("Your new email address").fill("kestrel@weir.example")
    wait(page, site, minutes=31)
    page.wait_for_url("**/account/locked/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    expect(page.get_by_text("What you were writing is kept for a day.")).to_be_visible()
    assert look_at(watch) == []
    page.go_back()
    expect(page.get_by_text("kestrel@weir.example")).to_have_count(0)

    sign_in(watch, "Dev")
    watch.go("/account/")
    page.get_by_role("region", name="What you were writing").get_by_role("link").click()
    expect(page.get_by_text("kestrel@weir.example")).to_be_visible()
    assert look_at(watch) == []
