"""An index of our own: nothing loaded yet, and files that no other test has."""

import pytest
import time_machine

from attune.finder import loading


@pytest.fixture(autouse=True)
def _nothing_loaded(monkeypatch, settings, tmp_path):
    settings.INDEX_DIR = tmp_path / "index"
    monkeypatch.setattr(loading, "_process", loading._Process())


@pytest.fixture
def stopped_clock(now):
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller
