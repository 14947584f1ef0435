"""A thousand people try for one free time at the same moment, over HTTP.

    python bench/contention.py [--people 1000]

A whole service runs with a data folder of its own, as ``attune run`` starts it, and every limit is
on. Each person has an address of their own in 127.0.0.0/8 and a mail address of their own, which
they confirm with the code from the mail that arrives. Then all of them connect and ask at once.
The bars: one appointment; everybody else hears 409 with the nearest free times; no other answer,
no deadlock.
"""

import argparse
import asyncio
import json
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from bars import Bar, report
from service import Service

# How many confirm their address at a time: that is no part of what is measured.
CONFIRMING = 8
SECONDS_TO_ANSWER = 60.0
SECONDS_FOR_MAIL = 120.0
# An idle connection of the database hands in what it counted after ten seconds.
SECONDS_TO_COUNT = 11.0


@dataclass(frozen=True)
class Answer:
    """What came back, and when: seconds since the process's clock began."""

    status: int | str
    content: Any
    sent: float
    came: float


@dataclass(frozen=True)
class Client:
    """One person: where they ask from, and the mail address they prove."""

    port: int
    number: int

    @property
    def origin(self) -> str:
        return f"127.1.{self.number // 250}.{1 + self.number % 250}"

    @property
    def email(self) -> str:
        return f"person-{self.number}@bench.example"

    async def ask(self, method: str, path: str, body: object = None) -> Answer:
        """Ask over a connection of its own; what fails is an answer too."""
        try:
            return await asyncio.wait_for(self._ask(method, path, body), SECONDS_TO_ANSWER)
        except (OSError, EOFError, TimeoutError) as error:
            return Answer(type(error).__name__, None, 0.0, time.perf_counter())

    async def _ask(self, method: str, path: str, body: object) -> Answer:
        content = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{method} /api/v1{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=(self.origin, 0)
        )
        try:
            writer.write(head.encode() + content)
            sent = time.perf_counter()
            said, _, found = (await reader.read()).partition(b"\r\n\r\n")
        finally:
            writer.close()
        came = time.perf_counter()
        if not said:
            raise EOFError
        status = int(said.split()[1])
        return Answer(status, json.loads(found) if status < 500 else None, sent, came)


async def all_of[T](deeds: Iterable[Callable[[], Awaitable[T]]], at_a_time: int) -> list[T]:
    places = asyncio.Semaphore(at_a_time)

    async def one(deed: Callable[[], Awaitable[T]]) -> T:
        async with places:
            return await deed()

    return await asyncio.gather(*map(one, deeds))
