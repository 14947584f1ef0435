"""Leaving in a hurry, as somebody at a keyboard or with a finger does it."""

import re

import pytest
from playwright.sync_api import expect

from journeys.sweep import OPPOSITES

pytestmark = pytest.mark.browser
BY_VARIANT = pytest.mark.parametrize("variant", OPPOSITES, ids=str)


@pytest.fixture
def on_a_question(open_browser):
    """Open the first question, with an answer given, so that the browser holds a session."""

    def start(variant):
        watch = open_browser(variant)
        page = watch.page
        page.goto(f"{watch.site.url}/match/1/")
        page.get_by_role("radio").nth(1).check(force=True)
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url("**/match/2/")
        assert session_cookies(page)
        return page

    return start


def session_cookies(page) -> list[str]:
    return [one["name"] for one in page.context.cookies() if "session" in one["name"]]


def is_gone(page) -> None:
    page.wait_for_url("**/month/")
    expect(page).to_have_title("Calendar")
    assert session_cookies(page) == []


@BY_VARIANT
def test_button_leads_to_the_calendar_and_leaves_nothing(on_a_question, variant):
    page = on_a_question(variant)
    page.get_by_role("button", name="Leave this page").first.click()
    is_gone(page)


@BY_VARIANT
def test_button_is_the_first_stop_of_the_keyboard(on_a_question, variant):
    page = on_a_question(variant)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    is_gone(page)


@BY_VARIANT
def test_button_comes_again_after_skipping_to_the_main_part(on_a_question, variant):
    page = on_a_question(variant)
    page.get_by_role("link", name="Skip to the main part").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    is_gone(page)


@BY_VARIANT
def test_going_back_shows_no_answer(on_a_question, variant):
    page = on_a_question(variant)
    page.go_back()
    given = page.locator("input[type=radio]:checked")
    answer = f"input[value='{given.get_attribute('value')}']:checked"
    page.reload()
    expect(page.locator(answer)).to_have_count(1)
    page.get_by_role("button", name="Leave this page").first.click()
    is_gone(page)
    page.go_back()
    expect(page.locator(answer)).to_have_count(0)
    assert session_cookies(page) == []


def test_script_takes_the_page_out_of_the_history(on_a_question):
    page = on_a_question(OPPOSITES[0])
    before = page.evaluate("history.length")
    page.get_by_role("button", name="Leave this page").first.click()
    is_gone(page)
    assert page.evaluate("history.length") == before


def test_shift_three_times_leaves(on_a_question):
    page = on_a_question(OPPOSITES[0])
    for _ in range(3):
        page.keyboard.press("Shift")
    is_gone(page)


def test_capital_letters_do_not_leave(on_a_question):
    page = on_a_question(OPPOSITES[0])
    page.get_by_role("textbox").first.focus()
    for _ in range(4):
        page.keyboard.press("Shift+A")
    expect(page).to_have_url(re.compile("/match/2/"))
    expect(page.get_by_role("textbox").first).to_have_value("AAAA")


def test_page_is_covered_before_the_answer_is_there(on_a_question):
    page = on_a_question(OPPOSITES[0])
    # The answer is kept waiting for as long as the test looks.
    page.route("**/leave/", lambda route: None)
    page.get_by_role("button", name="Leave this page").first.click()
    expect(page.locator("body")).to_be_hidden()
    expect(page).to_have_title("")
    page.wait_for_url("**/month/")
