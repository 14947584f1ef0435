"""From a profile to an appointment that is booked, moved and cancelled, in two browsers."""

import re
import time

import pytest
from playwright.sync_api import expect

from journeys.sweep import OPPOSITES, look_at

pytestmark = pytest.mark.browser
BY_VARIANT = pytest.mark.parametrize("variant", OPPOSITES, ids=str)


def message_to(site, address, number=1):
    """Wait for the ``number``-th message to an address."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = site.mail_to(address)
        if len(found) >= number:
            return found[number - 1]
        time.sleep(0.2)
    raise AssertionError(f"{address} has {len(site.mail_to(address))} messages, not {number}.")


def body_of(message):
    return message.get_body(("plain",)).get_content()


def bookable_listing(page, site):
    """Return the code of somebody with plenty of free times."""
    listings = page.request.get(f"{site.url}/api/v1/listings?limit=50").json()
    for one in listings["listings"]:
        if one["booking_mode"] == "direct" and one["next_free"]:
            slots = page.request.get(f"{site.url}/api/v1/listings/{one['code']}/slots").json()
            if len(slots["slots"]) > 20:
                return one["code"]
    raise AssertionError("Nobody in the demonstration has free times.")


def choose(page, number, button):
    page.get_by_role("radio").nth(number).check(force=True)
    page.get_by_role("button", name=button).click()


def book(watch, email, glance):
    """Walk from a profile to the confirmation; ``glance`` looks at each page on the way."""
    page, site = watch.page, watch.site
    page.goto(f"{site.url}/therapists/{bookable_listing(page, site)}/")
    choose(page, 2, "Book this time")
    page.wait_for_url("**/address/")
    glance()
    page.get_by_label("Your email address").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    page.wait_for_url("**/code/")
    glance()
    digits = re.search(r"\b\d{6}\b", body_of(message_to(site, email)))
    page.get_by_label("Your code").fill(digits.group())
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/check/")
    glance()
    page.get_by_label("Your name").fill("Ada Lanyon")
    page.get_by_role("button", name=re.compile("^Book ")).click()
    page.wait_for_url("**/booked/")
    glance()


@BY_VARIANT
def test_book_move_and_cancel(open_browser, variant):
    watch = open_browser(variant)
    page, site = watch.page, watch.site
    email = f"ada-{variant}@home.example"
    wrong = []

    def glance():
        # Each page in all variants once; the other walk goes through the same pages.
        if variant == OPPOSITES[0]:
            wrong.extend(f"{page.url.partition('?')[0]}: {one}" for one in look_at(watch))

    book(watch, email, glance)
    booked = message_to(site, email, 2)
    when = re.search(r"When: (.+)", body_of(booked)).group(1)
    expect(page.locator("main")).to_contain_text(when)

    told = next(one for one in reversed(site.mail_to("@")) if "/practice/link/" in body_of(one))
    page.goto(next(one for one in site.links_in(told) if "/practice/link/" in one))
    glance()
    page.get_by_role("button", name="I have seen this").click()
    expect(page.locator("main")).to_contain_text("You have confirmed that you have seen this")

    manage = next(one for one in site.links_in(booked) if "/appointments/" in one)
    page.goto(manage)
    glance()
    page.get_by_role("link", name="Change the time").click()
    glance()
    choose(page, 3, "Change to this time")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your appointment")
    expect(page.locator("main")).not_to_contain_text(when)
    assert "has a new time" in body_of(message_to(site, email, 3))
    page.get_by_role("link", name="Cancel").click()
    glance()
    page.get_by_role("button", name="Cancel the appointment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your appointment is cancelled")
    glance()
    assert "cancelled" in body_of(message_to(site, email, 4))
    assert "\n".join(wrong) == ""
