"""Kill -9 of web workers, web master, worker and database in the middle of a booking load.

    python bench/survive.py [--kills 30]

A whole service runs with a data folder of its own. People book over the API, each from an address
of their own in 127.0.0.0/8, with a code that they read in the mail that arrives. Every few
seconds one process is killed. The mail server here dies once after a message's DATA, before it
says that it has it. The bars: no acknowledged booking lost; back within 5 s of each kill; no
message missing; at most 0.1% of messages twice, and those with the same Message-ID.
"""

import argparse
import contextlib
import email
import itertools
import json
import random
import re
import socketserver
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from bars import Bar, report

from service import Service

SEED = 20261122
PEOPLE_AT_A_TIME = 6
BOOKINGS_EACH = 3
SECONDS_BETWEEN_KILLS = 4.0
BACK_WITHIN_SECONDS = 5.0
TWICE_AT_MOST = 0.001
# The message after whose DATA the mail server dies.
DIES_AT = 200


class MailSink(socketserver.ThreadingTCPServer):
    """An SMTP server that keeps what it is sent, and once dies without saying so."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), MailSession)
        self.lock = threading.Lock()
        # Message-ID -> when it came, in monotonic seconds, each time that it did.
        self.arrivals: dict[str, list[float]] = {}
        self.codes: dict[str, str] = {}
        self.died_at: float | None = None

    def take(self, content: bytes) -> bool:
        """Keep a message; False: the server dies before it can say so."""
        message = email.message_from_bytes(content)
        code = re.search(r"Your code is (\d{6})", str(_text_of(message)))
        with self.lock:
            if code:
                self.codes[message["To"]] = code[1]
            came = time.monotonic()
            self.arrivals.setdefault(message["Message-ID"], []).append(came)
            dies = self.died_at is None and len(self.arrivals) == DIES_AT
            if dies:
                self.died_at = came
        return not dies


class MailSession(socketserver.StreamRequestHandler):
    server: MailSink

    def handle(self) -> None:
        self._say("220 here")
        for line in self._lines():
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                self._say("354 go on")
                content = self._data()
                if content is None or not self.server.take(content):
                    return
            self._say({b"QUIT": "221 bye"}.get(verb, "250 fine"))
            if verb == b"QUIT":
                return

    def _lines(self) -> Iterator[bytes]:
        """Yield what the sender says; one that was killed says no more."""
        with contextlib.suppress(ConnectionResetError):
            # Not from the file itself: whoever stopped reading would close it.
            yield from iter(self.rfile.readline, b"")

    def _data(self) -> bytes | None:
        """Return a message; None if its sender was killed before the end of it."""
        lines = []
        for line in self._lines():
            if line.rstrip(b"\r\n") == b".":
                return b"".join(lines)
            lines.append(line.removeprefix(b"."))
        return None

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


def _text_of(message: email.message.Message) -> str:
    part = next(one for one in message.walk() if one.get_content_type() == "text/plain")
    return part.get_payload(decode=True).decode()


@dataclass
class Load:
    """People who book, until they are told to stop."""

    port: int
    sink: MailSink
    listings: list[str]
    stop: threading.Event = field(default_factory=threading.Event)
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))
    booked: list[str] = field(default_factory=list)
    answers: Counter = field(default_factory=Counter)

    def person(self) -> None:
        while not self.stop.is_set():
            number = next(self.numbers)
            self._one(number, random.Random(SEED + number))

    def _one(self, number: int, chance: random.Random) -> None:
        origin = f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"
        address = f"person-{number}@example.org"
        asked = self._ask(origin, "POST", "/contacts", {"email": address})
        code = asked and self._code_for(address)
        if not code:
            return
        confirmed = self._ask(
            origin, "POST", f"/contacts/{asked['contact']}/confirm", {"code": code}
        )
        for attempt in range(BOOKINGS_EACH):
            if confirmed and not self.stop.is_set():
                self._book(origin, confirmed["token"], f"{number}-{attempt}", chance)

    def _code_for(self, address: str) -> str | None:
        while address not in self.sink.codes and not self.stop.wait(0.05):
            pass
        return self.sink.codes.get(address)

    def _book(self, origin: str, token: str, key: str, chance: random.Random) -> None:
        listing = chance.choice(self.listings)
        found = self._ask(origin, "GET", f"/listings/{listing}/slots", None)
        if not found or not found["slots"]:
            return
        slot = chance.choice(found["slots"])
        wanted = {"token": token, "listing": listing, "start": slot["start"]}
        wanted |= {"practice": slot["practice"], "idempotency_key": key}
        booked = self._ask(origin, "POST", "/appointments", wanted)
        if booked and "reference" in booked:
            self.booked.append(booked["reference"])

    def _ask(self, origin: str, method: str, path: str, body: dict | None) -> dict | None:
        """Ask, and ask again while there is no answer: the idempotency key makes that safe."""
        while not self.stop.is_set():
            try:
                connection = HTTPConnection(
                    "127.0.0.1", self.port, timeout=10, source_address=(origin, 0)
                )
                try:
                    headers = {"Content-Type": "application/json"}
                    sent = None if body is None else json.dumps(body)
                    connection.request(method, f"/api/v1{path}", sent, headers)
                    response = connection.getresponse()
                    content = response.read()
                finally:
                    connection.close()
            except (OSError, HTTPException):
                self.answers["none"] += 1
            else:
                self.answers[response.status] += 1
                if response.status < 500:
                    return json.loads(content) if response.status < 300 else None
            self.stop.wait(0.1)
        return None


@dataclass(frozen=True)
class Kill:
    """What was killed, when (monotonic seconds), and the seconds until all was back."""

    part: str
    at: float
    back: float


def kill(service: Service, part: str) -> Kill:
    """Kill -9 one process of this kind, and wait until all is back."""
    victims = {
        "web worker": lambda: service.named("project.web_server")[1:],
        "web master": lambda: service.named("project.web_server")[:1],
        "worker": lambda: service.named("cli worker"),
        "database": lambda: service.named("postgres -D"),
    }
    victim = victims[part]()[0]
    started = time.monotonic()
    victim.kill()
    # Somebody else's child: it is a zombie at first, and may be gone between two looks.
    with contextlib.suppress(psutil.NoSuchProcess):
        while victim.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.005)
    while service.status("/readyz") != 200 or not _is_whole(service, part):
        time.sleep(0.02)
        if time.monotonic() - started > 60:
            raise SystemExit(f"The {part} does not come back:\n{service.said()[-2000:]}")
    return Kill(part, started, time.monotonic() - started)


def _is_whole(service: Service, part: str) -> bool:
    return part != "worker" or bool(service.named("cli worker"))


def bookable(service: Service) -> list[str]:
    """Return the codes of listings that the API says take bookings now."""
    codes, after = [], ""
    while after is not None:
        connection = HTTPConnection("127.0.0.1", service.port, timeout=60)
        connection.request("GET", f"/api/v1/listings?limit=100&after={after}")
        page = json.loads(connection.getresponse().read())
        connection.close()
        codes += [
            one["code"]
            for one in page["listings"]
            if one["next_free"] and one["booking_mode"] != "ask-first"
        ]
        after = page["next"]
    return codes


def wait_until_sent(service: Service, seconds: float = 120) -> int:
    """Return how many due messages are still waiting when none moves any more."""
    waiting = (
        "SELECT count(*) FROM outbox_message"
        " WHERE sent_at IS NULL AND dropped_at IS NULL AND due_at <= now() + interval '1 hour'"
        " AND created_at > now() - interval '1 hour' AND due_at < created_at + interval '1 minute'"
    )
    deadline = time.monotonic() + seconds
    while (left := service.ask(waiting)) and time.monotonic() < deadline:
        time.sleep(0.5)
    return left


def main() -> int:
    wanted = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wanted.add_argument("--kills", type=int, default=30)
    asked = wanted.parse_args()
    sink = MailSink()
    threading.Thread(target=sink.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        mail = f"smtp://127.0.0.1:{sink.server_address[1]}?starttls=no"
        service = Service(Path(folder), "run", EMAIL_URL=mail).start()
        try:
            return measure(service.wait_until_greeted(), sink, kills=asked.kills)
        finally:
            service.end()
            sink.shutdown()
            sink.server_close()


def measure(service: Service, sink: MailSink, *, kills: int) -> int:
    load = Load(service.port, sink, bookable(service))
    people = [threading.Thread(target=load.person, daemon=True) for _ in range(PEOPLE_AT_A_TIME)]
    for one in people:
        one.start()
    parts = itertools.cycle(("web worker", "web master", "worker", "database"))
    done: list[Kill] = []
    for part in itertools.islice(parts, kills):
        time.sleep(SECONDS_BETWEEN_KILLS)
        done.append(kill(service, part))
    time.sleep(SECONDS_BETWEEN_KILLS)
    load.stop.set()
    for one in people:
        one.join()
    return outcome(service, sink, load, done)


def what_doubled(sink: MailSink, kills: list[Kill]) -> Counter[str]:
    """Count the messages that came again, by what died closest to their first coming."""
    deaths = [(one.at, one.part) for one in kills]
    if sink.died_at is not None:
        deaths.append((sink.died_at, "mail server"))
    return Counter(
        min(deaths, key=lambda death: abs(death[0] - came))[1]
        for came, *again in sink.arrivals.values()
        for _ in again
    )


def outcome(service: Service, sink: MailSink, load: Load, kills: list[Kill]) -> int:
    left = wait_until_sent(service)
    kept = set(service.rows("SELECT reference FROM booking_appointment WHERE state = 'booked'"))
    sent = set(service.rows("SELECT message_id FROM outbox_message WHERE sent_at IS NOT NULL"))
    arrived = set(sink.arrivals)
    lost = [reference for reference in load.booked if reference not in kept]
    doubled = what_doubled(sink, kills)
    twice = doubled.total()
    unknown = arrived - set(service.rows("SELECT message_id FROM outbox_message"))
    slowest = max(one.back for one in kills)
    missing = len(sent - arrived) + left
    for part, count in Counter(one.part for one in kills).items():
        back = max(one.back for one in kills if one.part == part)
        print(f"back after {part:12} {back:6.2f} s at most, of {count}")
    print(f"answers                {dict(load.answers)}")
    print(f"came twice, after      {dict(doubled)}")
    bar = f"{len(kills)} times kill -9 in a booking load: "
    return report(
        Bar(
            f"{bar}no acknowledged booking lost",
            f"{len(lost)} of {len(load.booked):,} lost",
            bool(load.booked) and not lost,
        ),
        Bar(
            f"{bar}back within {BACK_WITHIN_SECONDS:g} s",
            f"{slowest:.2f} s at most",
            slowest < BACK_WITHIN_SECONDS,
        ),
        Bar(
            f"{bar}no message missing; at most {TWICE_AT_MOST:.1%} twice (or one, that after"
            " which the mail server died), under the same Message-ID",
            f"{missing} missing, {twice} of {len(arrived):,} twice, {len(unknown)} under another",
            sink.died_at is not None
            and not missing
            and not unknown
            and twice <= max(1, TWICE_AT_MOST * len(arrived)),
        ),
    )


if __name__ == "__main__":
    sys.exit(main())
