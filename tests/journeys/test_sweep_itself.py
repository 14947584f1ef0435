"""The sweep sees what it is there to see."""

import pytest

from journeys.keyboard import Keyboard
from journeys.sweep import (
    MOST_BYTES,
    OPPOSITES,
    axe_source,
    axe_violations,
    headings_out_of_order,
    invalid_html,
    missing_help_link,
    sideways_scroll,
    too_heavy,
)

pytestmark = pytest.mark.browser

BAD = """<!doctype html><html lang="en"><title>Bad</title><main>
<h1>One</h1><h1>Two</h1><h4>Four</h4>
<p style="color: #666">Grey</p><button style="width: 9px; height: 9px; padding: 0">a</button>
<button style="width: 9px; height: 9px; padding: 0">b</button>
<div style="width: 3000px">wide</div></main>"""


@pytest.fixture
def bad(page):
    page.set_content(BAD)
    return page


def test_headings_are_counted_and_ordered(bad):
    assert headings_out_of_order(bad) == ["2 main headings", "heading 4 after 1: Four"]


def test_sideways_scroll_is_seen(bad):
    assert len(sideways_scroll(bad)) == 1


def test_heavy_page_is_seen(page, site):
    page.goto(site.url)
    assert too_heavy(page) == []
    body = "<p>" + "word " * MOST_BYTES
    page.route("**/heavy/", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(f"{site.url}/heavy/")
    assert len(too_heavy(page)) == 1


def test_keyboard_must_be_seen(page):
    page.set_content("<style>:focus { outline: none }</style><button>One</button>")
    with pytest.raises(AssertionError, match="cannot be seen"):
        Keyboard(page).press(page.get_by_role("button"))


def test_missing_help_is_seen(bad):
    assert missing_help_link(bad) == ["no link to help in the header"]


def test_weak_contrast_and_small_targets_are_seen(bad):
    bad.evaluate(axe_source())
    found = {one.split(":")[0] for one in axe_violations(bad)}
    assert {"axe color-contrast-enhanced", "axe target-size"} <= found


def test_broken_html_is_seen():
    assert invalid_html("<!doctype html><title>Bad</title><p></div>") != []
    assert invalid_html("<!doctype html><title>Good</title><p>Words</p>") == []


def test_request_to_another_origin_is_seen_and_blocked_by_the_policy(open_browser):
    watch = open_browser(OPPOSITES[0])
    watch.page.goto(watch.site.url)
    watch.page.evaluate("fetch('https://elsewhere.example/').catch(() => null)")
    watch.page.evaluate("document.body.setAttribute('style', 'color: red')")
    watch.page.wait_for_timeout(200)
    seen, watch.wrong[:] = list(watch.wrong), []
    assert any("connect-src" in one for one in seen)
    assert any("style-src" in one for one in seen)
