"""Every page that links lead to, for every role, with a yes and with a no to being counted.

One page of each route: whatever a link leads to is read once, however many people or pages it is
about. Nothing may go to another origin, break the policy, fail, or leave a cookie nobody named.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from attune.privacy.choice import NAME as CHOICE
from journeys.steps import sign_in
from journeys.sweep import Variant, Watch

pytestmark = pytest.mark.browser

ROLES = {
    "a reader": "/",
    "Ada": "/account/",
    "Ben": "/practice/",
    "Dev": "/staff/",
    "Erin": "/editor/",
}
ESSENTIAL = {"__Host-session", "__Host-csrf"}
ANSWERS = {"no": "Do not count", "yes": "You may count"}
# They end the visit, belong to the demonstration, or hand out a file in place of a page.
NOT_FOLLOWED = ("/accounts/logout/", "/editor/logout/", "/staff/logout/", "/demo/")
FILES = ("/calendar/", ".xml")
LINKS = "() => [...document.querySelectorAll('a[href]')].map((one) => one.href)"
TELL_OF_POLICY = """document.addEventListener("securitypolicyviolation",
    (broken) => console.error(`policy: ${broken.violatedDirective} ${broken.blockedURI}`))"""


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("who", ROLES)
def test_nothing_leaves_breaks_or_stays_that_should_not(open_browser, who, answer):
    watch = open_browser(Variant(script=True, dark=False, width=1280))
    watch.page.context.add_init_script(TELL_OF_POLICY)
    watch.go("/match/")
    assert cookies_of(watch.page).keys() <= ESSENTIAL
    if who != "a reader":
        sign_in(watch, who)
        assert cookies_of(watch.page).keys() <= ESSENTIAL
    watch.go("/how-we-choose/")
    watch.page.get_by_role("button", name=ANSWERS[answer]).click()
    read = list(pages_from(watch, ("/", ROLES[who], "/library/", "/cookies/")))
    assert [one for one, status in read if status >= 500] == []
    assert len(read) >= 15
    kept = cookies_of(watch.page)
    assert kept.keys() <= {*ESSENTIAL, CHOICE}
    assert (kept[CHOICE] == "no") is (answer == "no")


def pages_from(watch: Watch, starts: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Read one page of each route that links lead to; yield its address and status."""
    waiting, seen = list(starts), set[str]()
    while waiting:
        path = waiting.pop(0)
        route = route_of(path)
        if route in seen or path.startswith(NOT_FOLLOWED) or path.endswith(FILES):
            continue
        seen.add(route)
        answer = watch.page.goto(watch.site.url + path)
        watch.page.wait_for_load_state("load")
        yield path, answer.status
        waiting += links_on(watch)


def links_on(watch: Watch) -> list[str]:
    ours = [one for one in watch.page.evaluate(LINKS) if one.startswith(f"{watch.site.url}/")]
    return [urlsplit(one).path for one in ours]


def route_of(path: str) -> str:
    """Return what stands for all pages that are made alike."""
    try:
        return str(resolve(path).route)
    except Resolver404:
        return path


def cookies_of(page: Page) -> dict[str, str]:
    return {one["name"]: one["value"] for one in page.context.cookies()}
