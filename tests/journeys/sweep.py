"""What every page must be, in every variant: see ``look_at``."""

import itertools
import json
import re
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

import html5lib
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from journeys.visits import Site

# Over the wire, first view, nothing in the browser's store.
MOST_BYTES = 120 * 1024

# How long a step may wait: far more than a page takes, on the busiest machine.
MOST_MS = 10_000

# What depends on colours and on the width of the window. Both are off unless asked for.
OF_LOOKS = ("color-contrast-enhanced", "target-size")
# What the stronger rule allows, the weaker does too.
CONTAINED = "color-contrast"
AXE_FULL = json.dumps(
    {
        "rules": {one: {"enabled": one in OF_LOOKS} for one in (*OF_LOOKS, CONTAINED)},
        "resultTypes": ["violations"],
    }
)
AXE_OF_LOOKS = json.dumps({"runOnly": OF_LOOKS, "resultTypes": ["violations"]})

HEADINGS = """() => [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")]
    .filter((one) => !one.closest(".error-summary"))
    .map((one) => [Number(one.tagName[1]), one.innerText])"""

# What came, compressed, also what the browser had stored already; a kilobyte for each answer's
# headers is more than they take.
WEIGHT = """() => ["navigation", "resource"]
    .flatMap((kind) => performance.getEntriesByType(kind))
    .reduce((sum, one) => sum + one.encodedBodySize + 1024, 0)"""


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

    def has_same_looks_as(self, others: "list[Variant]") -> bool:
        return (self.dark, self.width) in {(one.dark, one.width) for one in others}

    def put_on(self, page: Page) -> None:
        """Show an open window as this variant does; script stays as it is."""
        page.emulate_media(color_scheme="dark" if self.dark else "light")
        page.set_viewport_size({"width": self.width, "height": 800})


# Script on, light, wide; and its opposite in all three.
OPPOSITES = [Variant(True, False, 1280), Variant(False, True, 320)]


@dataclass
class Watch:
    """A browser window, and what went wrong in it."""

    page: Page
    site: Site
    variant: Variant
    wrong: list[str] = field(default_factory=list)
    documents: dict[Page, Response] = field(default_factory=dict)
    twin: Page | None = None

    def go(self, path: str) -> None:
        self.page.goto(self.site.url + path)

    def open_in_another_tab(self, path: str) -> Page:
        """Open a page beside this one; whoever turns to it makes it the watch's ``page``."""
        other = self.page.context.new_page()
        other.goto(self.site.url + path)
        return other

    def note_document(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.documents[response.frame.page] = response

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

    def close(self) -> None:
        for page in filter(None, (self.page, self.twin)):
            page.context.close()


def watched(browser: Browser, site: Site, variant: Variant) -> Watch:
    """Open a window in a variant, and note every request, console error and broken policy rule."""
    context = browser.new_context(**variant.as_options())
    context.set_default_timeout(MOST_MS)
    watch = Watch(context.new_page(), site, variant)
    context.on("response", watch.note_document)
    context.on("request", watch.note_request)
    context.on("console", watch.note_console)
    context.on("weberror", lambda error: watch.wrong.append(f"script: {error.error}"))
    return watch


class Alike(str):
    """The name of a page that is made as another is, which stands for it in six variants of eight.

    It is looked at in the two that have nothing in common.
    """

    __slots__ = ()


def ways_to_look(watch: Watch, name: str) -> list[Variant]:
    """Return the variants in which a page is looked at, in a window with or without script."""
    if isinstance(name, Alike):
        return [one for one in OPPOSITES if one.script == watch.variant.script]
    return [
        replace(watch.variant, dark=dark, width=width)
        for dark, width in itertools.product((False, True), (320, 1280))
    ]


def look_at(watch: Watch, name: str = "") -> list[str]:
    """Return what is wrong with the page that is open: empty when it is as it must be.

    The page is looked at light and dark, narrow and wide; with or without script is a matter of
    the window it was opened in. What does not depend on looks is asked once at each width: a
    narrow page may show other parts than a wide one. No script of ours sets a colour or a size
    (the policy forbids it), so a window without script asks for looks once in each theme and width.
    """
    page = watch.page
    page.wait_for_load_state("load")
    found = [
        *too_heavy(page),
        *headings_out_of_order(page),
        *invalid_html(watch.documents[page].text()),
        *missing_help_link(page),
    ]
    checked = scripted(watch)
    # Given to the page by the debugger: a script element would break the page's own policy.
    checked.evaluate(axe_source())
    asked_at = set[int]()
    for variant in ways_to_look(watch, name):
        variant.put_on(page)
        wrong = sideways_scroll(page)
        if watch.variant.script or variant.has_same_looks_as(OPPOSITES):
            variant.put_on(checked)
            options = AXE_OF_LOOKS if variant.width in asked_at else AXE_FULL
            asked_at.add(variant.width)
            wrong += axe_violations(checked, options)
        found += [f"{variant}: {one}" for one in wrong]
    watch.variant.put_on(page)
    return found


def too_heavy(page: Page) -> list[str]:
    weight = page.evaluate(WEIGHT)
    return [f"{weight} bytes at first view"] if weight > MOST_BYTES else []


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


def invalid_html(markup: str) -> list[str]:
    """Parse what the server sent, not what the browser made of it."""
    parser = html5lib.HTMLParser()
    parser.parse(markup)
    return [f"HTML {where}: {what} {more}" for where, what, more in parser.errors]


def axe_violations(page: Page, options: str = AXE_FULL) -> list[str]:
    found = page.evaluate(f"axe.run(document, {options}).then((answer) => answer.violations)")
    return [
        f"axe {violation['id']}: {node['html'][:160]} ({node['failureSummary']})"
        for violation in found
        for node in violation["nodes"]
    ]


def scripted(watch: Watch) -> Page:
    """Return a window that runs script: the same one, or its twin with the same page.

    The checks need timers, which a window without script does not have.
    """
    page = watch.page
    if watch.variant.script:
        return page
    if watch.twin is None:
        options = replace(watch.variant, script=True).as_options()
        watch.twin = page.context.browser.new_context(**options).new_page()
    twin = watch.twin
    body = re.sub(r"<script\b.*?</script>", "", page.content(), flags=re.DOTALL)
    twin.unroute_all()
    twin.route(page.url, lambda route: route.fulfill(body=body, content_type="text/html"))
    twin.goto(page.url)
    return twin


@cache
def axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def missing_help_link(page: Page) -> list[str]:
    # The calendar that "Leave this page" ends on says nothing of what this site is.
    if page.url.endswith("/month/") or page.locator("header a[href='/help-now/']").count() == 1:
        return []
    return ["no link to help in the header"]
