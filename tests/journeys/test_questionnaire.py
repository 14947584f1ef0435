"""From the start page to the results, in two opposite browsers, by keyboard only."""

import re

import pytest
from playwright.sync_api import expect

from journeys.keyboard import Keyboard
from journeys.sweep import OPPOSITES

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("variant", OPPOSITES, ids=str)
def test_nine_questions_lead_to_people_who_fit_by_keyboard_alone(open_browser, variant):
    watch = open_browser(variant)
    page, keys = watch.page, Keyboard(watch.page)

    def button(name):
        return page.get_by_role("button", name=name, exact=True)

    def proceed(leads_to, by="Continue"):
        keys.press(button(by))
        page.wait_for_url(f"**/match/{leads_to}/")

    page.goto(f"{watch.site.url}/match/")
    keys.press(page.get_by_role("link", name="Start", exact=True).first)
    page.wait_for_url("**/match/1/")

    keys.press(page.get_by_label("Me", exact=True), "Space")
    proceed("2")

    keys.press(page.locator("summary", has_text="Mood and self"))
    keys.press(page.get_by_label("Depression and low mood"), "Space")
    keys.press(page.get_by_label("Self-esteem and confidence"), "Space")
    proceed("first")
    proceed("3", by="Self-esteem and confidence")

    keys.press(page.get_by_label("I am not sure"), "Space")
    proceed("4")

    keys.press(page.get_by_label("In person"), "Space")
    # What cannot be used is said first, and read out: the summary has the focus.
    keys.press(button("Continue"))
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    keys.press(page.get_by_label("By video"), "Space")
    keys.type(page.get_by_label("Postcode or town"), "CV34 4AA")
    proceed("place")
    expect(page.get_by_text("CV34: somewhere around Coventry, within about 20 km")).to_be_visible()
    proceed("5", by="Royal Leamington Spa")

    keys.press(page.get_by_label("Tuesday, Evening"), "Space")
    proceed("6")
    proceed("7", by="Skip this question")

    keys.press(page.get_by_label("A woman", exact=True), "ArrowDown")
    proceed("8")
    proceed("9", by="Skip this question")
    proceed("check", by="Skip this question")

    rows = page.locator(".summary__row")
    expect(rows.nth(1)).to_contain_text("Self-esteem and confidence")
    expect(rows.nth(3)).to_contain_text("Near Royal Leamington Spa")
    expect(rows.nth(5)).to_contain_text("Not provided")
    expect(rows.nth(6)).to_contain_text("A woman: nice")

    keys.press(page.get_by_role("link", name="See people who could fit"))
    page.wait_for_url("**/match/results/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("people who could fit")
    expect(page.locator("article.card")).to_have_count(10)
    expect(page.locator("article.card").first).to_contain_text("Fits")

    keys.press(button("Take away: A woman: nice"))
    page.wait_for_url("**/match/results/?sort=fit")
    expect(button("Take away: A woman: nice")).to_have_count(0)

    keys.press(page.get_by_role("link", name="Soonest", exact=True))
    page.wait_for_url("**sort=soonest**")
    name = page.locator(".card__name a").first.text_content()
    keys.press(page.get_by_role("link", name=f"See profile of {name}"))
    page.wait_for_url("**/therapists/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    expect(page.get_by_role("heading", name=re.compile("^Why "))).to_be_visible()


@pytest.mark.parametrize("variant", OPPOSITES, ids=str)
def test_somebody_in_danger_meets_help_before_a_list(open_browser, variant):
    page = (watch := open_browser(variant)).page
    page.goto(f"{watch.site.url}/match/2/")
    page.get_by_label("Look it up in your own words").fill("hurting myself, self-harm")
    page.get_by_role("button", name="Look up").click()
    page.get_by_label("Self-harm").check()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/match/pause/")
    expect(page.get_by_role("link", name="Call 999")).to_be_visible()
    page.get_by_role("link", name="Carry on when you are ready").click()
    page.wait_for_url("**/match/1/")
