"""A clock that stands still, and an index of our own with nothing loaded yet."""

import pytest
import time_machine

from attune.finder import loading


@pytest.fixture(autouse=True)
def clock(monkeypatch, settings, tmp_path, now):
    """Stop the clock on Wednesday 18 November 2026, 10:00; a test may move it."""
    settings.INDEX_DIR = tmp_path / "index"
    monkeypatch.setattr(loading, "_process", loading._Process())
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller
