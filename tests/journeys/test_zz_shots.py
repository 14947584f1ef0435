import re, os, pathlib, pytest, time
from journeys.pages import WALKS
from journeys.sweep import OPPOSITES
pytestmark = pytest.mark.browser
OUT = pathlib.Path("/tmp/w/shots2")
@pytest.mark.parametrize("variant", OPPOSITES, ids=str)
@pytest.mark.parametrize("walk", WALKS, ids=lambda w: w.__name__)
def test_shots(open_browser, walk, variant):
    OUT.mkdir(exist_ok=True)
    watch = open_browser(variant)
    n = 0
    t = time.time()
    for name in walk(watch):
        n += 1
        watch.page.wait_for_load_state("load")
        slug = re.sub(r"[^a-z0-9]+", "-", name)
        watch.page.screenshot(path=OUT / f"{walk.__name__}-{n:02d}-{slug}-{variant.width}.png", full_page=True)
        print(name, round(time.time()-t,1))
