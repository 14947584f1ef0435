"""From the first question to an appointment that is booked, moved and cancelled."""

import re

import pytest
from playwright.sync_api import expect

from journeys.keyboard import Keyboard
from journeys.steps import (
    ask_for_code,
    book,
    bookable_code,
    choose_time,
    confirm,
    follow,
    press,
    tick,
)
from journeys.sweep import OPPOSITES

pytestmark = pytest.mark.browser
BY_VARIANT = pytest.mark.parametrize("variant", OPPOSITES, ids=str)


def when_in(message):
    return re.search(r"When: (.+)", message).group(1)


@pytest.fixture
def booked(open_browser):
    """Book a time from a profile, and open the link in the message about it."""

    def start(variant, purpose):
        watch = open_browser(variant)
        page, site = watch.page, watch.site
        email = f"{purpose}-{variant}@home.example"
        watch.go(f"/therapists/{bookable_code(watch)}/")
        choose_time(page, 2, "Book this time", "/address/")
        confirm(page, ask_for_code(watch, email))
        book(page)
        message = site.message_to(email, "is booked")
        expect(page.locator("main")).to_contain_text(when_in(message))
        page.goto(site.link_in(message, "/appointments/"))
        return watch, email, when_in(message)

    return start


@BY_VARIANT
def test_nine_questions_lead_to_a_booked_appointment(open_browser, variant):
    watch = open_browser(variant)
    page, site = watch.page, watch.site
    watch.go("/")
    follow(page, "Find a therapist", "/match/")
    follow(page, "Start", "/match/1/")
    tick(page, "Me")
    press(page, "Continue", "/match/2/")
    page.get_by_label("Look it up in your own words").fill("low mood")
    page.get_by_role("button", name="Look up").click()
    tick(page, "Depression and low mood")
    press(page, "Continue", "/match/3/")
    tick(page, "I am not sure")
    press(page, "Continue", "/match/4/")
    tick(page, "By video")
    press(page, "Continue", "/match/5/")
    for number in range(5, 9):
        press(page, "Skip this question", f"/match/{number + 1}/")
    tick(page, "That I can meet somebody soon")
    press(page, "Continue", "/match/check/")
    follow(page, "See people who could fit", "/match/results/")

    card = page.locator("article.card").filter(has=page.get_by_role("link", name="Book")).first
    name = card.locator(".card__name").inner_text()
    card.get_by_role("link", name="See profile").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_role("heading", name=f"Why we suggest {name}")).to_be_visible()
    choose_time(page, 0, "Book this time", "/address/")
    email = f"ada-{variant}@home.example"
    confirm(page, ask_for_code(watch, email))
    expect(page.locator("main")).to_contain_text(name)
    reference = book(page)

    expect(page.get_by_role("heading", level=1)).to_contain_text("Your appointment is booked")
    message = site.message_to(email, "is booked", reference)
    assert name in message
    expect(page.locator("main")).to_contain_text(when_in(message))


@BY_VARIANT
def test_an_appointment_moves_to_another_time(booked, variant):
    watch, email, when = booked(variant, "moves")
    page = watch.page
    follow(page, "Change the time", "/change/")
    choose_time(page, 3, "Change to this time", "/appointments/**")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your appointment")
    expect(page.locator("main")).not_to_contain_text(when)
    moved = when_in(watch.site.message_to(email, "has a new time"))
    expect(page.locator("main")).to_contain_text(moved)


@BY_VARIANT
def test_an_appointment_is_cancelled_and_its_time_is_free_again(booked, variant):
    watch, email, when = booked(variant, "cancels")
    page = watch.page
    day, time = re.match(r"(.+ \d{4}), (\S+) to", when).groups()
    free = page.get_by_role("group", name=day).get_by_label(re.compile(rf"^{time} "))
    follow(page, "Change the time", "/change/")
    expect(free).to_have_count(0)
    follow(page, "Back", "/appointments/**")
    follow(page, "Cancel", "/cancel/")
    press(page, "Cancel the appointment", "/appointments/**")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your appointment is cancelled")
    assert when in watch.site.message_to(email, "is cancelled")
    follow(page, "Choose another time", "/book/**")
    expect(free).to_have_count(1)


@BY_VARIANT
def test_the_keyboard_alone_leads_from_the_start_to_a_booked_appointment(open_browser, variant):
    watch = open_browser(variant)
    page, keys = watch.page, Keyboard(watch.page)

    def go_on(button, then):
        keys.press(page.get_by_role("button", name=button).first)
        # A followed link of the error summary leaves its mark in the addresses after it.
        page.wait_for_url(f"**{then}*")

    watch.go("/match/")
    keys.press(page.get_by_role("link", name="Start", exact=True).first)
    page.wait_for_url("**/match/1/")
    keys.press(page.get_by_label("Me", exact=True), "Space")
    go_on("Continue", "/match/2/")
    keys.press(page.locator("summary", has_text="Mood and self"))
    keys.press(page.get_by_label("Depression and low mood"), "Space")
    go_on("Continue", "/match/3/")
    for number in range(3, 9):
        go_on("Skip this question", f"/match/{number + 1}/")
    go_on("Skip this question", "/match/check/")
    keys.press(page.get_by_role("link", name="See people who could fit"))
    page.wait_for_url("**/match/results/")
    keys.press(page.get_by_role("link", name=re.compile("^Book with")).first)
    page.wait_for_url(re.compile("#times|/book/"))
    keys.press(page.get_by_role("radio").first, "Space")
    expect(page.get_by_role("radio").first).to_be_checked()
    go_on(re.compile("Book this time|Continue"), "/address/")

    # A mistake takes the keyboard to what is wrong, and from there to the field.
    go_on("Send me a code", "/address/")
    expect(page.locator(".error-summary")).to_be_focused()
    keys.press(page.get_by_role("link", name="Enter your email address"))
    expect(page.get_by_label("Your email address")).to_be_focused()
    email = f"keys-{variant}@home.example"
    page.keyboard.type(email)
    go_on("Send me a code", "/code/")
    code = re.search(r"\d{6}", watch.site.message_to(email, "Your code is")).group()
    keys.type(page.get_by_label("Your code"), code)
    go_on("Continue", "/check/")
    keys.type(page.get_by_label("Your name"), "Ada Lanyon")
    keys.type(page.get_by_label("Your phone number"), "07700 900123")
    go_on(re.compile("^Book "), "/booked/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your appointment is booked")
