"""How many of our pages a second, beside an empty view, in one run of one server.

One granian worker answers, behind the middleware of production; four clients keep their
connections. Both kinds of page are asked for in turns, so that what else the machine does weighs
on both. What the parts need that measure a page.
"""

import argparse
import multiprocessing
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from random import Random

from bars import Bar

os.environ["DJANGO_SETTINGS_MODULE"] = "results_page_site"

CLIENTS = 4
SEED = 20261122
EMPTY = "/bench/empty/"
PLACES = ("Leeds", "Bristol", "Coventry", "London", "Glasgow", "Cardiff")


@dataclass(frozen=True)
class Tally:
    """Requests answered, seconds that passed, and seconds that the worker's processor worked."""

    requests: int = 0
    seconds: float = 0.0
    busy: float = 0.0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.requests + other.requests, self.seconds + other.seconds, self.busy + other.busy
        )

    def __str__(self) -> str:
        return f"{self.per_second:8.0f} requests/s {self.milliseconds:8.2f} ms of the worker each"

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds

    @property
    def milliseconds(self) -> float:
        return 1000 * self.busy / self.requests


def share_bar(what: str, least: float, empty: Tally, page: Tally) -> Bar:
    """Return the bar of a page's share in the requests per second of an empty view."""
    share = page.per_second / empty.per_second
    return Bar(
        f"{what}: at least {least:.0%} of an empty view's requests/s",
        f"{share:.1%}: {page.per_second:.0f} and {empty.per_second:.0f} requests/s"
        f" ({page.milliseconds:.2f} and {empty.milliseconds:.2f} ms of processor time each,"
        f" {empty.milliseconds / page.milliseconds:.1%})",
        share >= least,
    )


def asked_for(description: str) -> argparse.Namespace:
    """Return ``enquiries``, ``seconds`` and ``rounds`` from the command line."""
    wanted = argparse.ArgumentParser(description=description)
    wanted.add_argument("--enquiries", type=int, default=200)
    wanted.add_argument("--seconds", type=float, default=4.0)
    wanted.add_argument("--rounds", type=int, default=3)
    return wanted.parse_args()


# -- readers -----------------------------------------------------------------------------------


def stored_sessions(count: int, places: Sequence[str | None]) -> list[str]:
    """Keep so many different enquiries, and return the session cookie of a browser for each."""
    import django  # after the settings were named

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.utils import timezone
    from django.utils.crypto import get_random_string

    from attune.accounts.sessions import ENQUIRY, SessionStore
    from attune.enquiries.actions import start_enquiry
    from attune.enquiries.answers import Answers
    from attune.vocabulary.queries import core_vocabulary

    random, words, now, cookies = (
        Random(SEED),
        core_vocabulary(timezone.localdate()),
        timezone.now(),
        [],
    )
    for _ in range(count):
        answers = Answers(drawn_enquiry(random, words, places), answered=frozenset(range(1, 10)))
        session = SessionStore()
        session[ENQUIRY] = start_enquiry(answers, at=now).code
        session.create()
        # Both cookies that a browser holds from its first page on.
        token = get_random_string(32)
        cookies.append(
            f"{settings.SESSION_COOKIE_NAME}={session.session_key};"
            f" {settings.CSRF_COOKIE_NAME}={token}"
        )
    connection.close()
    return cookies


def drawn_enquiry(random: Random, words, places: Sequence[str | None]):
    """Return an ordinary enquiry: one of these places, times for half, a wish or two."""
    from attune.core.matching.enquiry import Budget, Enquiry, TimeWindow, Wish
    from attune.core.money import Money

    place = random.choice(places)
    wishes = [Wish("gender", random.choice(words.genders), "nice")]
    if random.random() < 0.5:
        wishes.append(Wish("language", random.choice(("pl", "fr", "ur", "cy")), "nice"))
    days = tuple(sorted(random.sample(range(7), 3)))
    return Enquiry(
        issues=tuple(random.sample(words.issues, random.randint(1, 3))),
        therapy_types=tuple(random.sample(words.therapy_types, random.randint(0, 1))),
        channels=("in-person", "video") if place else ("video",),
        place=place,
        max_distance_km=random.choice((10, 20, 40)) if place else None,
        times=(TimeWindow(days, 17 * 60, 21 * 60),) if random.random() < 0.5 else (),
        within_days=14,
        budget=Budget(Money(random.choice((6000, 8000, 10000)), "GBP"), reduced_fee=True),
        wishes=tuple(wishes),
        matters_most=random.choice(("fit", "soon", "near", "cost")),
    )


# -- the server --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    """A server with one worker. A cookie of "" is a reader without any."""

    process: subprocess.Popen[bytes]
    port: int

    def first_page(self, path: str, cookie: str) -> str:
        """Wait until it answers; return the page."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                return self.page(path, cookie)
            except OSError:
                time.sleep(0.2)
        sys.exit("The server did not start.")

    def page(self, path: str, cookie: str) -> str:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": cookie} if cookie else {}
        connection.request("GET", path, headers=headers | {"Host": "localhost"})
        answer = connection.getresponse()
        page = answer.read()
        if answer.status != 200:
            sys.exit(f"{path} answered {answer.status}.")
        return page.decode()

    def empty_and(
        self, path: str, cookies: Sequence[str], *, seconds: float, rounds: int
    ) -> tuple[Tally, Tally]:
        """Measure the empty view and a page in turns, each for so many seconds a round."""
        empty, page = Tally(), Tally()
        for _ in range(rounds):
            empty += self._measured(EMPTY, cookies, seconds)
            page += self._measured(path, cookies, seconds)
        return empty, page

    def _measured(self, path: str, cookies: Sequence[str], seconds: float) -> Tally:
        """Let four clients ask, each with its part of the cookies."""
        parts = [(self.port, path, cookies[one::CLIENTS], seconds) for one in range(CLIENTS)]
        with multiprocessing.get_context("fork").Pool(CLIENTS) as clients:
            before = self._busy_seconds()
            answered = sum(clients.starmap(ask, parts))
            return Tally(answered, seconds, self._busy_seconds() - before)

    def _busy_seconds(self) -> float:
        """Return the processor time that the worker has had."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        stats = [Path(f"/proc/{one}/stat").read_text() for one in children]
        fields = [one.rpartition(")")[2].split() for one in stats]
        ticks = sum(int(one[11]) + int(one[12]) for one in fields)
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving() -> Iterator[Server]:
    granian = "--interface wsgi --workers 1 --blocking-threads 4 --no-access-log --log-level error"
    port = free_port()
    address = ["--host", "127.0.0.1", "--port", str(port)]
    path = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "granian",
            *granian.split(),
            *address,
            "attune.project.wsgi:application",
        ],
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(10)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


# -- a client ----------------------------------------------------------------------------------


def ask(port: int, path: str, cookies: Sequence[str], seconds: float) -> int:
    """Ask again and again over one connection; return how many whole answers came.

    A bare socket: a client library would cost more than the empty view.
    """
    requests = [request_for(path, cookie) for cookie in cookies]
    answered, deadline = 0, time.perf_counter() + seconds
    with socket.create_connection(("127.0.0.1", port)) as connection:
        while time.perf_counter() < deadline:
            connection.sendall(requests[answered % len(requests)])
            read_answer(connection)
            answered += 1
    return answered


def request_for(path: str, cookie: str) -> bytes:
    held = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{held}\r\n".encode()


def read_answer(connection: socket.socket) -> None:
    data = connection.recv(1 << 17)
    head, mark, body = data.partition(b"\r\n\r\n")
    if not mark or not head.startswith(b"HTTP/1.1 200"):
        sys.exit(f"An answer began with {data[:60]!r}.")
    (length,) = (
        int(line.split(b":")[1])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    )
    missing = length - len(body)
    while missing > 0:
        missing -= len(connection.recv(1 << 17))
