"""A real site and a real browser: one of each per test process."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from journeys.sweep import Variant, Watch, watched
from journeys.visits import Site
from service import Service

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def site(tmp_path_factory, finished) -> Iterator[Site]:
    """Run a demonstration with a few invented people, with its own PostgreSQL and worker."""
    folder = tmp_path_factory.mktemp("site")
    mail = folder / "mail"
    service = Service(folder, "serve", EMAIL_URL=f"file://{mail}").begin_with(finished)
    made = Site(service, mail)
    made.attune("demo", "--practitioners", "150", "--seed", "1")
    try:
        service.start().wait_until_greeted()
        yield made
    finally:
        service.end()


# Not for longer than a module: its event loop would keep Django's database from the tests after it.
@pytest.fixture(scope="module")
def browser(site: Site) -> Iterator[Browser]:
    """Start the installed Chromium or Chrome, without a window."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail(f"No browser found. Install one of: {', '.join(BROWSERS)}.")
    # A browser run by root refuses to start with its sandbox on.
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=flags)
        yield started
        started.close()


@pytest.fixture
def open_browser(browser: Browser, site: Site) -> Iterator[Callable[[Variant], Watch]]:
    """Open a fresh browser window in a variant; at the end nothing may have gone wrong in it.

    Gives a ``Watch``: ``.page`` is Playwright's page, ``.site`` the site. A request to another
    origin, an error in the console or a broken rule of the policy fails the test.
    """
    opened: list[Watch] = []

    def start(variant: Variant) -> Watch:
        opened.append(watched(browser, site, variant))
        return opened[-1]

    yield start
    for one in opened:
        one.close()
    assert [wrong for one in opened for wrong in one.wrong] == []


@pytest.fixture
def page(open_browser: Callable[[Variant], Watch]) -> Page:
    """A window as most people have it: script on, light, 1280 pixels wide."""
    return open_browser(Variant(script=True, dark=False, width=1280)).page
