"""Every page, in every variant: accessible, valid, light, and talking to nobody else."""

from dataclasses import replace

import pytest

from journeys.pages import WALKS
from journeys.sweep import OPPOSITES, look_at

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
def test_each_page_is_sound_light_and_dark_narrow_and_wide(open_browser, walk, script):
    watch = open_browser(replace(OPPOSITES[0], script=script))
    looked_at = {name: look_at(watch) for name in walk(watch)}
    assert {name: wrong for name, wrong in looked_at.items() if wrong} == {}
