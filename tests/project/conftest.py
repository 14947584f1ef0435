"""Whole services, ended with the test however it goes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service import Service


@pytest.fixture
def service_in(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Return a maker of services that share one data folder, with nothing in it yet."""
    made: list[Service] = []

    def make(command: str = "serve", **environment: str) -> Service:
        made.append(Service(tmp_path, command, **environment))
        return made[-1]

    yield make
    for service in made:
        service.end()
