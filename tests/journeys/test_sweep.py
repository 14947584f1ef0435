"""Every page, in every variant: accessible, valid, light, and talking to nobody else."""

from dataclasses import replace

import pytest

from journeys.pages import PAGES
from journeys.sweep import MOST_BYTES, OPPOSITES, bytes_of_first_view, look_at

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
@pytest.mark.parametrize("name", PAGES)
def test_page_is_sound_light_and_dark_narrow_and_wide(open_browser, name, script):
    watch = open_browser(replace(OPPOSITES[0], script=script))
    PAGES[name](watch)
    assert look_at(watch) == []


@pytest.mark.parametrize("name", PAGES)
def test_first_view_is_light(open_browser, name):
    watch = open_browser(OPPOSITES[0])
    PAGES[name](watch)
    assert bytes_of_first_view(watch.page) <= MOST_BYTES
