"""How many results pages a second, beside an empty view, in one run of one server.

    DATABASE_URL=... python bench/results_page.py [--enquiries 200] [--seconds 4] [--rounds 3]

The database needs people (``attune demo``). One granian worker answers, behind the middleware of
production; four clients keep their connections; 200 different stored enquiries are asked for in
turn, each by its own browser session, and no answer is kept. Both kinds of page are asked for in
turns, so that what else the machine does weighs on both. The bar: at least 12%.
"""

import argparse
import multiprocessing
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "results_page_site"

from bars import Bar, report

CLIENTS = 4
BAR = 0.12
SEED = 20261122


def main() -> int:
    wanted = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wanted.add_argument("--enquiries", type=int, default=200)
    wanted.add_argument("--seconds", type=float, default=4.0)
    wanted.add_argument("--rounds", type=int, default=3)
    asked = wanted.parse_args()
    port = free_port()
    cookies = stored_sessions(asked.enquiries)
    server = start_server(port)
    try:
        wait_for(server, port, cookies[0])
        for cookie in cookies:
            once(port, "/match/results/", cookie)
        empty, results = Tally(), Tally()
        for _ in range(asked.rounds):
            empty += measured(server.pid, port, "/bench/empty/", cookies, asked.seconds)
            results += measured(server.pid, port, "/match/results/", cookies, asked.seconds)
    finally:
        server.terminate()
        server.wait(10)
    share = results.per_second / empty.per_second
    by_processor = empty.milliseconds / results.milliseconds
    print(f"empty view         {empty}")
    print(f"results, ten cards {results}")
    return report(
        Bar(
            f"Results page, ten explained cards: at least {BAR:.0%} of an empty view's requests/s",
            f"{share:.1%}: {results.per_second:.0f} and {empty.per_second:.0f} requests/s"
            f" (by processor time {by_processor:.1%})",
            share >= BAR,
        )
    )


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


def stored_sessions(count: int) -> list[str]:
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

    random, words, now, cookies = Random(SEED), core_vocabulary(timezone.localdate()), timezone.now(), []
    for _ in range(count):
        answers = Answers(drawn_enquiry(random, words), answered=frozenset(range(1, 10)))
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


def drawn_enquiry(random: Random, words):
    """Return an ordinary enquiry: a place for most, times for half, a wish or two."""
    from attune.core.matching.enquiry import Budget, Enquiry, TimeWindow, Wish
    from attune.core.money import Money

    place = random.choice(("Leeds", "Bristol", "Coventry", "London", "Glasgow", "Cardiff", None))
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


def start_server(port: int) -> subprocess.Popen[bytes]:
    granian = "--interface wsgi --workers 1 --blocking-threads 4 --no-access-log --log-level error"
    address = ["--host", "127.0.0.1", "--port", str(port)]
    path = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
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


def wait_for(server: subprocess.Popen[bytes], port: int, cookie: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            page = once(port, "/match/results/", cookie)
        except OSError:
            time.sleep(0.2)
            continue
        if page.count(b'<article class="card"') != 10:
            sys.exit("The results page does not show ten people: the database has too few.")
        return
    sys.exit("The server did not start.")


def once(port: int, path: str, cookie: str) -> bytes:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Cookie": cookie, "Host": "localhost"})
    answer = connection.getresponse()
    page = answer.read()
    if answer.status != 200:
        sys.exit(f"{path} answered {answer.status}.")
    return page


def measured(server: int, port: int, path: str, cookies: Sequence[str], seconds: float) -> Tally:
    """Let four clients ask, each with its part of the cookies."""
    parts = [(port, path, cookies[one::CLIENTS], seconds) for one in range(CLIENTS)]
    with multiprocessing.get_context("fork").Pool(CLIENTS) as clients:
        before = busy_seconds(server)
        answered = sum(clients.starmap(ask, parts))
        return Tally(answered, seconds, busy_seconds(server) - before)


def busy_seconds(server: int) -> float:
    """Return the processor time that the server's worker has had."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    fields = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in children]
    ticks = sum(int(one[11]) + int(one[12]) for one in fields)
    return ticks / os.sysconf("SC_CLK_TCK")


def ask(port: int, path: str, cookies: Sequence[str], seconds: float) -> int:
    """Ask again and again over one connection; return how many whole answers came.

    A bare socket: a client library would cost more than the empty view.
    """
    requests = [
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode()
        for cookie in cookies
    ]
    answered, deadline = 0, time.perf_counter() + seconds
    with socket.create_connection(("127.0.0.1", port)) as connection:
        while time.perf_counter() < deadline:
            connection.sendall(requests[answered % len(requests)])
            read_answer(connection)
            answered += 1
    return answered


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


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
