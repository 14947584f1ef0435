"""What every page must be, in every variant: see ``look_at``."""

import itertools
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

import html5lib
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from journeys.visits import Site

# Over the wire, first view, nothing in the browser's store.
MOST_BYTES = 120 * 1024

# How long a step may wait: far more than a page takes, on the busiest machine.
MOST_MS = 10_000

# Both are off unless asked for.
AXE_RULES = {"target-size": {"enabled": True}, "color-contrast-enhanced": {"enabled": True}}

HEADINGS = """() => [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")]
    .filter((one) => !one.closest(".error-summary"))
    .map((one) => [Number(one.tagName[1]), one.innerText])"""


@dataclass(frozen=True)
class Variant:
    """One way to look at a page. 320 pixels is also 1280 at 400% zoom."""

    script: bool
    dark: bool
    width: int

    def __str__(self) -> str:
        script, theme = "script" if self.script else "plain", "dark" if self.dark else "light"
        return f"{script}-{theme}-{self.width}"

    def as_options(self) -> dict[str, object]:
        """Return what Playwright opens such a window with."""
        return {
            "viewport": {"width": self.width, "height": 800},
            "color_scheme": "dark" if self.dark else "light",
            "java_script_enabled": self.script,
            # A colour that is still fading would be measured half-way.
            "reduced_motion": "reduce",
            "locale": "en-GB",
            "timezone_id": "Europe/London",
        }


# Script on, light, wide; and its opposite in all three.
OPPOSITES = [Variant(True, False, 1280), Variant(False, True, 320)]


@dataclass
class Watch:
    """A browser window, and what went wrong in it."""

    page: Page
    site: Site
    variant: Variant
    wrong: list[str] = field(default_factory=list)

    def note_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.site.url}/", "data:", "blob:")):
            self.wrong.append(f"request to {request.url} on {self.page.url}")

    def note_console(self, message: ConsoleMessage) -> None:
        # Chromium reports a page that answers 404 or 422 as an error, which it is meant to be.
        is_status = message.text.startswith("Failed to load resource: the server responded")
        if message.type == "error" and not (is_status and self.is_document(message)):
            self.wrong.append(f"console on {self.page.url}: {message.text}")

    def is_document(self, message: ConsoleMessage) -> bool:
        return not message.location["url"].startswith(f"{self.site.url}/static/")


def watched(browser: Browser, site: Site, variant: Variant) -> Watch:
    """Open a window in a variant, and note every request, console error and broken policy rule."""
    context = browser.new_context(**variant.as_options())
    context.set_default_timeout(MOST_MS)
    watch = Watch(context.new_page(), site, variant)
    context.on("request", watch.note_request)
    context.on("console", watch.note_console)
    context.on("weberror", lambda error: watch.wrong.append(f"script: {error.error}"))
    return watch


def look_at(watch: Watch) -> list[str]:
    """Return what is wrong with the page that is open: empty when it is as it must be.

    The page is looked at light and dark, narrow and wide; with or without script is a matter of
    the window it was opened in.
    """
    page = watch.page
    found = [
        *headings_out_of_order(page),
        *invalid_html(page),
        *missing_help_link(page),
    ]
    with scripted(watch) as checked:
        # Given to the page by the debugger: a script element would break the page's own policy.
        checked.evaluate(axe_source())
        for dark, width in itertools.product((False, True), (320, 1280)):
            for window in (page, checked):
                window.emulate_media(color_scheme="dark" if dark else "light")
                window.set_viewport_size({"width": width, "height": 800})
            wrong = [*sideways_scroll(page), *axe_violations(checked)]
            found += [f"{replace(watch.variant, dark=dark, width=width)}: {one}" for one in wrong]
    return found


def headings_out_of_order(page: Page) -> list[str]:
    headings = page.evaluate(HEADINGS)
    levels = [level for level, _words in headings]
    found = [] if levels.count(1) == 1 else [f"{levels.count(1)} main headings"]
    for (before, _), (level, words) in itertools.pairwise(headings):
        if level > before + 1:
            found.append(f"heading {level} after {before}: {words}")
    return found


def sideways_scroll(page: Page) -> list[str]:
    width, inner = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{width} pixels of page in {inner}"] if width > inner else []


def invalid_html(page: Page) -> list[str]:
    """Parse what the server sent, not what the browser made of it."""
    answer = page.request.get(page.url, headers={"Accept": "text/html"})
    parser = html5lib.HTMLParser()
    parser.parse(answer.text())
    return [f"HTML {where}: {what} {more}" for where, what, more in parser.errors]


def axe_violations(page: Page) -> list[str]:
    answer = page.evaluate(f"axe.run(document, {json.dumps({'rules': AXE_RULES})})")
    return [
        f"axe {violation['id']}: {node['html'][:160]} ({node['failureSummary']})"
        for violation in answer["violations"]
        for node in violation["nodes"]
    ]


@contextmanager
def scripted(watch: Watch) -> Iterator[Page]:
    """Give a window that runs script: the same one, or a second with the same page.

    The checks need timers, which a window without script does not have.
    """
    page = watch.page
    if watch.variant.script:
        yield page
        return
    body = re.sub(r"<script\b.*?</script>", "", page.content(), flags=re.DOTALL)
    twin = page.context.browser.new_context(**replace(watch.variant, script=True).as_options())
    other = twin.new_page()
    other.route(page.url, lambda route: route.fulfill(body=body, content_type="text/html"))
    other.goto(page.url)
    yield other
    twin.close()


@cache
def axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def missing_help_link(page: Page) -> list[str]:
    # The calendar that "Leave this page" ends on says nothing of what this site is.
    if page.url.endswith("/month/") or page.locator("header a[href='/help-now/']").count() == 1:
        return []
    return ["no link to help in the header"]


def bytes_of_first_view(page: Page) -> int:
    """Return what loading the open page anew costs over the wire, with nothing stored before."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda one: sizes.append(int(one["encodedDataLength"])))
    page.goto(page.url, wait_until="networkidle")
    session.detach()
    return sum(sizes)
