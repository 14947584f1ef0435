"""A real site and a real browser: one of each per test process."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from journeys.sweep import Variant, Watch, watched
from journeys.visits import Site

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
)
PRACTITIONERS = 150


@pytest.fixture(scope="session")
def site(django_db_blocker, tmp_path_factory) -> Iterator[Site]:
    """Serve a site with a few invented people from a database of its own."""
    import databases  # reads Django's settings

    name = f"journeys_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    folder = tmp_path_factory.mktemp("site")
    port = free_port()
    with django_db_blocker.unblock():
        databases.copy_template(name)
        environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": databases.url_of(name),
            "ATTUNE_DATA_DIR": str(folder / "data"),
            "ATTUNE_KEY_FILE": str(folder / "attune.key"),
            "EMAIL_URL": f"file://{folder / 'mail'}",
            "PORT": str(port),
        }
        try:
            attune(
                environment,
                "demo",
                "--practitioners",
                str(PRACTITIONERS),
                "--seed",
                "1",
                "--in-external-database",
            )
            with serving(environment, port):
                yield Site(f"http://localhost:{port}", folder / "mail")
        finally:
            databases.drop(name)


def attune(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "attune.project.cli", *arguments],
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


@contextmanager
def serving(environment: dict[str, str], port: int) -> Iterator[None]:
    """Run ``attune serve`` until the block ends; fail with its words if it does not get ready."""
    command = [sys.executable, "-m", "attune.project.cli", "serve"]
    server = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        wait_until_ready(server, port)
        yield
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.communicate()


def wait_until_ready(server: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"The site did not start:\n{server.communicate()[0]}")
        with suppress(OSError), closing(HTTPConnection("127.0.0.1", port, timeout=10)) as asked:
            asked.request("GET", "/readyz")
            if asked.getresponse().status == 200:
                return
        time.sleep(0.2)
    pytest.fail("The site was not ready within two minutes.")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


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
        one.page.context.close()
    assert [wrong for one in opened for wrong in one.wrong] == []


@pytest.fixture
def page(open_browser: Callable[[Variant], Watch]) -> Page:
    """A window as most people have it: script on, light, 1280 pixels wide."""
    return open_browser(Variant(script=True, dark=False, width=1280)).page
