"""Every page, in every variant: accessible, valid, light, and talking to nobody else."""

import pytest

from journeys.pages import PAGES
from journeys.sweep import MOST_BYTES, OPPOSITES, VARIANTS, bytes_of_first_view, look_at

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
@pytest.mark.parametrize("name", PAGES)
def test_page_is_sound_in_every_variant(open_browser, name, variant):
    watch = open_browser(variant)
    PAGES[name](watch)
    assert look_at(watch) == []


@pytest.mark.parametrize("name", PAGES)
def test_first_view_is_light(open_browser, name):
    watch = open_browser(OPPOSITES[0])
    PAGES[name](watch)
    assert bytes_of_first_view(watch.page) <= MOST_BYTES
