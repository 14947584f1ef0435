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
import contextlib
import email
import json
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from http.client import HTTPConnection
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
TIMES_TO_NAME = 5


@dataclass(frozen=True)
class Answer:
    """What came back, and when, in seconds of this process's clock."""

    status: int | str
    content: Any
    sent: float
    came: float


@dataclass(frozen=True)
class Person:
    """Somebody with a network address and a mail address of their own."""

    number: int

    @property
    def origin(self) -> str:
        return f"127.1.{self.number // 250}.{1 + self.number % 250}"

    @property
    def email(self) -> str:
        return f"person-{self.number}@bench.example"

    async def post(self, port: int, path: str, body: object) -> Answer:
        """Ask over a connection of its own; what goes wrong is an answer too."""
        began = time.perf_counter()
        try:
            said, content, sent = await asyncio.wait_for(
                self._exchange(port, path, json.dumps(body).encode()), SECONDS_TO_ANSWER
            )
        except (OSError, TimeoutError) as error:
            return Answer(type(error).__name__, None, began, time.perf_counter())
        status = int(said.split()[1]) if said else "no answer"
        is_json = b"application/json" in said
        return Answer(status, json.loads(content) if is_json else None, sent, time.perf_counter())

    async def _exchange(self, port: int, path: str, body: bytes) -> tuple[bytes, bytes, float]:
        head = (
            f"POST /api/v1{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, local_addr=(self.origin, 0)
        )
        try:
            writer.write(head.encode() + body)
            sent = time.perf_counter()
            said, _, content = (await reader.read()).partition(b"\r\n\r\n")
        finally:
            writer.close()
        return said, content, sent


def confirmed(service: Service, people: Sequence[Person]) -> list[str]:
    """Return a token for each: a code asked for, read in the mail that arrives, and confirmed."""
    asked = asyncio.run(
        posted(service.port, people, [("/contacts", {"email": one.email}) for one in people])
    )
    codes = codes_in(Path(service.environment["ATTUNE_DATA_DIR"]) / "mail", len(people))
    typed = [
        (f"/contacts/{answer.content['contact']}/confirm", {"code": codes[one.email]})
        for one, answer in zip(people, asked, strict=True)
    ]
    return [one.content["token"] for one in asyncio.run(posted(service.port, people, typed))]


async def posted(
    port: int, people: Sequence[Person], wanted: Sequence[tuple[str, object]]
) -> list[Answer]:
    """Let a few people at a time ask, and stop if one of them is not served."""
    places = asyncio.Semaphore(CONFIRMING)

    async def one(person: Person, path: str, body: object) -> Answer:
        async with places:
            answer = await person.post(port, path, body)
        if answer.status not in (200, 202):
            sys.exit(f"{path} answered {answer.status}: {answer.content}")
        return answer

    return await asyncio.gather(
        *(one(person, *each) for person, each in zip(people, wanted, strict=True))
    )


def codes_in(folder: Path, count: int) -> dict[str, str]:
    """Wait until so many people have mail, and return the code that each was sent."""
    deadline = time.monotonic() + SECONDS_FOR_MAIL
    while len(found := list(folder.glob("*.eml"))) < count:
        if time.monotonic() > deadline:
            sys.exit(f"Only {len(found)} of {count} messages came.")
        time.sleep(0.2)
    messages = [email.message_from_bytes(one.read_bytes(), policy=policy.default) for one in found]
    return {
        message["To"]: re.search(r"Your code is (\d{6})", text.get_content())[1]
        for message in messages
        if (text := message.get_body(("plain",))) is not None
    }


def one_free_time(port: int) -> dict[str, str]:
    """Return a listing's code, and one of its free times that has others around it."""
    for listing in got(port, "/listings?limit=100")["listings"]:
        if listing["next_free"] and listing["booking_mode"] != "ask-first":
            slots = got(port, f"/listings/{listing['code']}/slots")["slots"]
            if len(slots) > TIMES_TO_NAME:
                slot = slots[len(slots) // 2]
                return {
                    "listing": listing["code"],
                    "practice": slot["practice"],
                    "start": slot["start"],
                }
    sys.exit("No listing here has times enough.")


def got(port: int, path: str) -> Any:
    connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_ANSWER)
    try:
        connection.request("GET", f"/api/v1{path}")
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


async def at_once(
    port: int, people: Sequence[Person], tokens: Sequence[str], wanted: dict[str, str]
) -> list[Answer]:
    """Let everybody connect and ask at the same moment."""
    return await asyncio.gather(
        *(
            one.post(port, "/appointments", wanted | {"token": token, "idempotency_key": "once"})
            for one, token in zip(people, tokens, strict=True)
        )
    )


def names_others(answer: Answer, start: str) -> bool:
    """Whether a 409 names five free times, and the one that is gone is not among them."""
    starts = {one["start"] for one in answer.content["nearest"]}
    return len(starts) == TIMES_TO_NAME and start not in starts


def deadlocks(service: Service) -> int:
    time.sleep(SECONDS_TO_COUNT)
    return service.ask("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")


def busy_seconds(service: Service) -> dict[str, float]:
    """Return the processor time that each kind of process of the service has had."""
    found = {"web": 0.0, "database": 0.0, "worker": 0.0}
    for one in psutil.Process(service.process.pid).children(recursive=True):
        # The database's own helpers come and go; what they used is then their parent's.
        with contextlib.suppress(psutil.NoSuchProcess):
            command, times = " ".join(one.cmdline()), one.cpu_times()
            kind = "worker" if "cli worker" in command else "database"
            found["web" if "web_server" in command else kind] += sum(times[:4])
    return found


def measure(service: Service, count: int) -> int:
    people = [Person(number) for number in range(count)]
    tokens, wanted = confirmed(service, people), one_free_time(service.port)
    stuck_before, before = deadlocks(service), busy_seconds(service)
    began = time.perf_counter()
    answers = asyncio.run(at_once(service.port, people, tokens, wanted))
    seconds = time.perf_counter() - began
    busy = {kind: spent - before[kind] for kind, spent in busy_seconds(service).items()}
    stuck = deadlocks(service) - stuck_before
    made = service.ask(
        "SELECT count(*) FROM booking_appointment WHERE idempotency_key = 'once'"
        " AND state = 'booked'"
    )
    by_status = Counter(one.status for one in answers)
    told = sum(one.status == 409 and names_others(one, wanted["start"]) for one in answers)
    print(f"answers             {dict(by_status)}, {told} with {TIMES_TO_NAME} other times")
    print(f"the last was sent   {max(one.sent for one in answers) - began:8.2f} s after the start")
    print(f"first answer came   {min(one.came for one in answers) - began:8.2f} s after the start")
    print(f"all were answered   {seconds:8.2f} s after the start")
    spent = ", ".join(f"{kind} {each:.1f} s" for kind, each in busy.items())
    print(f"processor time      {spent}")
    return report(
        Bar(
            f"{count:,} attempts at one free time over HTTP: one appointment, all others 409"
            " with the nearest times, no error, no deadlock",
            f"{by_status[201]} × 201, {told} × 409 with times,"
            f" {count - by_status[201] - told} others, {made} kept, {stuck} deadlocks;"
            f" {seconds:.1f} s",
            (by_status[201], told, made, stuck) == (1, count - 1, 1, 0),
        )
    )


def main() -> int:
    wanted = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wanted.add_argument("--people", type=int, default=1000)
    count = wanted.parse_args().people
    # Each person is an open connection here.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, count + 1000), most))
    with tempfile.TemporaryDirectory() as folder:
        service = Service(Path(folder), "run").start()
        try:
            return measure(service.wait_until_greeted(), count)
        finally:
            service.end()


if __name__ == "__main__":
    sys.exit(main())
