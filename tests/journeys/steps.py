"""What people do on the way: each leaves the next page open, with and without script."""

import hmac
import re
import time
from base64 import b32decode

from playwright.sync_api import Page

from journeys.sweep import Watch


def press(page: Page, button: str | re.Pattern[str], then: str) -> None:
    """Press a button that leads to another address."""
    page.get_by_role("button", name=button).first.click()
    page.wait_for_url(f"**{then}")


def press_in_vain(page: Page, button: str | re.Pattern[str]) -> None:
    """Press a button of a form that is not right yet."""
    page.get_by_role("button", name=button).first.click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def follow(page: Page, link: str, then: str) -> None:
    page.get_by_role("link", name=link).first.click()
    page.wait_for_url(f"**{then}")


def tick(page: Page, label: str) -> None:
    """Choose a radio button or a checkbox, as its label is pressed."""
    page.get_by_label(label, exact=True).check(force=True)


# -- booking -------------------------------------------------------------------------------------
def listing_code(watch: Watch, **wanted: object) -> str:
    """Return the code of the API's first listing with these values; ``state`` is accepting's."""
    answer = watch.page.request.get(f"{watch.site.url}/api/v1/listings?limit=100").json()
    return next(
        one["code"]
        for one in answer["listings"]
        if wanted.items() <= {**one, "state": one["accepting"]["state"]}.items()
    )


def bookable_code(watch: Watch) -> str:
    """Return the code of somebody with plenty of free times."""
    api = f"{watch.site.url}/api/v1/listings"
    for one in watch.page.request.get(f"{api}?limit=100").json()["listings"]:
        if one["booking_mode"] == "direct" and one["next_free"]:
            slots = watch.page.request.get(f"{api}/{one['code']}/slots").json()["slots"]
            if len(slots) > 30:
                return one["code"]
    raise AssertionError("Nobody in the demonstration has free times.")


def choose_time(page: Page, number: int, button: str, then: str) -> None:
    """Choose the ``number``-th time that the page shows, from 0."""
    page.get_by_role("radio").nth(number).check(force=True)
    press(page, button, then)


def ask_for_code(watch: Watch, email: str) -> str:
    """Give a mail address, and return the code that comes there."""
    watch.page.get_by_label("Your email address").fill(email)
    press(watch.page, "Send me a code", "/code/")
    return re.search(r"\b\d{6}\b", watch.site.message_to(email, "Your code is")).group()


def confirm(page: Page, code: str) -> None:
    page.get_by_label("Your code").fill(code)
    press(page, "Continue", "/check/")


def book(page: Page, name: str = "Ada Lanyon") -> str:
    """Book what is held; return the reference."""
    page.get_by_label("Your name").fill(name)
    # The time that was chosen may be one for a call.
    page.get_by_label("Your phone number").fill("07700 900123")
    press(page, re.compile("^Book "), "/booked/")
    return page.locator("h1 .caption").inner_text().split()[-1]


def book_at_once(watch: Watch, code: str, number: int = 0) -> str:
    """Book another time in a window whose address is confirmed; return the reference."""
    watch.go(f"/book/{code}/")
    choose_time(watch.page, number, "Continue", "/check/")
    return book(watch.page)


# -- signing in ----------------------------------------------------------------------------------
def code_now(secret: str) -> str:
    """Return what an authenticator app shows now (RFC 6238, half a minute, six figures)."""
    moment = int(time.time()) // 30
    digest = hmac.digest(b32decode(secret), moment.to_bytes(8, "big"), "sha1")
    place = digest[-1] & 15
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
