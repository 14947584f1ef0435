"""What people do on the way: each leaves the next page open, with and without script."""

import hmac
import re
import time
from base64 import b32decode

from playwright.sync_api import Locator, Page, expect

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


# -- in the editor of the library ----------------------------------------------------------------
def sign_in(watch: Watch, who: str) -> None:
    """Sign in as one of the demonstration's people."""
    watch.page.goto(watch.site.new_sign_in_link(who))
    watch.page.get_by_role("button", name="Sign in").click()
    watch.page.wait_for_url(lambda address: "/demo/" not in address)


def part(page: Page, name: str) -> Locator:
    """Return what stands under one heading of an editor's form."""
    return page.get_by_role("region", name=named(name))


def named(name: str) -> re.Pattern[str]:
    """Match a name, with the star of what has to be filled in or without."""
    return re.compile(rf"^{name}\W*$")


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def write(page: Page, name: str, words: str) -> None:
    part(page, name).get_by_role("textbox").fill(words)


def write_text(page: Page, words: str) -> None:
    """Type at the end of the page's first text."""
    text = part(page, "Body").get_by_role("textbox").first
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)
    # The text area hands what was typed to the form a moment later.
    expect(page.locator("input[name=body-0-value]")).to_have_value(re.compile(re.escape(words)))


def add_text(page: Page, words: str) -> None:
    part(page, "Body").get_by_role("button", name="Insert a block").first.click()
    page.get_by_role("option", name="Rich text", exact=True).click()
    write_text(page, words)


def add_source(page: Page, label: str, publisher: str, address: str) -> None:
    sources = part(page, "Sources")
    sources.get_by_role("button", name="Insert a block").last.click()
    words = {"Label": label, "Publisher": publisher, "Url": address, "Read on": "2026-11-02"}
    for field, typed in words.items():
        sources.get_by_label(named(field)).last.fill(typed)
    # Its calendar opens a moment later, and closes when somebody goes on from it.
    calendar = page.locator(".xdsoft_datetimepicker").filter(visible=True)
    calendar.wait_for()
    page.keyboard.press("Tab")
    expect(calendar).to_have_count(0)


def choose(page: Page, name: str, row: str) -> None:
    """Choose a row of the vocabulary."""
    part(page, name).get_by_role("button", name="Choose").click()
    page.get_by_role("dialog").get_by_role("link", name=row, exact=True).click()
    part(page, name).get_by_text(row).wait_for()


def save_draft(page: Page) -> None:
    page.get_by_role("button", name="Save draft").click()
    # The form may have kept it by itself already, as a page that is then no longer new.
    page.locator(".messages").get_by_text(re.compile("created|has been updated")).wait_for()


def act(page: Page, action: str, then: str, comment: str = "") -> None:
    """Choose what is done with a page, from the menu at its foot; ``then``: what is said of it."""
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name=action, exact=True).click()
    if comment:
        window = page.locator(".modal-dialog")
        window.get_by_role("textbox").fill(comment)
        window.get_by_role("button", name=action).click()
    page.locator(".messages").get_by_text(then).wait_for()


def open_waiting(watch: Watch, title: str) -> None:
    """Open a page from the list of those that wait for this person."""
    watch.go("/editor/")
    waiting = watch.page.get_by_role("region", name="Awaiting your review")
    waiting.get_by_role("link", name=title).click()
    watch.page.get_by_role("button", name="More actions").wait_for()


def take_up_again(page: Page, *, published: int) -> None:
    """Make the version that was published first (1), second or later the draft again."""
    rows = page.get_by_role("row")
    said = [text.strip() for text in rows.all_inner_texts()]
    latest_first = [number for number, text in enumerate(said) if text.startswith("Published")]
    start = latest_first[-published]
    number = next(i for i, text in enumerate(said) if i > start and text.startswith("Draft saved"))
    rows.nth(number).get_by_role("button", name="Actions").click()
    page.get_by_role("link", name="Review this version").click()
    page.get_by_role("button", name="Replace current draft").click()
    page.get_by_role("button", name="More actions").wait_for()
