"""The question whether we may count, by keyboard and in numbers: what a browser holds, and when."""

import pytest
from playwright.sync_api import expect

from journeys.keyboard import Keyboard
from journeys.sweep import OPPOSITES

pytestmark = pytest.mark.browser
BY_VARIANT = pytest.mark.parametrize("variant", OPPOSITES, ids=str)

LOOK = """one => {
    const s = getComputedStyle(one);
    return [s.color, s.backgroundColor, s.borderColor, s.fontWeight, s.fontSize, s.opacity];
}"""
READ = ("/", "/library/", "/library/therapies/ipt/", "/how-we-choose/", "/privacy/", "/cookies/")


def cookies_of(page) -> dict[str, str]:
    return {one["name"]: one["value"] for one in page.context.cookies()}


@BY_VARIANT
def test_reading_leaves_no_cookie_and_a_no_leaves_the_word_no(open_browser, variant):
    watch = open_browser(variant)
    for path in READ:
        watch.go(path)
    assert cookies_of(watch.page) == {}
    watch.go("/privacy/")
    Keyboard(watch.page).press(watch.page.get_by_role("button", name="Do not count"))
    watch.page.wait_for_url("**/privacy/#your-choice")
    expect(watch.page.get_by_text("We count nothing.")).to_be_in_viewport()
    assert cookies_of(watch.page) == {"__Host-choice": "no"}
    watch.go("/")
    expect(watch.page.get_by_role("button", name="You may count")).to_have_count(0)
    expect(watch.page.get_by_text("We count nothing.")).to_be_hidden()


@BY_VARIANT
def test_both_answers_are_of_one_size_and_look(open_browser, variant):
    page = (watch := open_browser(variant)).page
    watch.go("/match/1/")
    no = page.get_by_role("button", name="Do not count")
    yes = page.get_by_role("button", name="You may count")
    first, second = no.bounding_box(), yes.bounding_box()
    assert (first["width"], first["height"]) == pytest.approx((second["width"], second["height"]))
    assert no.evaluate(LOOK) == yes.evaluate(LOOK)


@BY_VARIANT
def test_question_covers_nothing(open_browser, variant):
    """Neither the way out nor the page's own heading lies under it."""
    page = (watch := open_browser(variant)).page
    watch.go("/match/1/")
    banner = page.locator(".choice").bounding_box()
    leave = page.get_by_role("button", name="Leave this page").first.bounding_box()
    heading = page.get_by_role("heading", level=1).bounding_box()
    assert leave["y"] + leave["height"] <= banner["y"]
    assert banner["y"] + banner["height"] <= heading["y"]
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Leave this page").first).to_be_focused()
