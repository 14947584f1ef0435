"""A thousand members claim an offer of ten codes at the same moment, over HTTP.

    python bench/offers.py [--members 1000]

A whole service runs with a data folder of its own, as ``attune run`` starts it, and every limit is
on. Each member is signed in, has confirmed just now that it is them, and has a network address of
their own in 127.0.0.0/8. Then all of them connect and claim at once. The bars: ten members have a
code, each a different one; all others read that all codes are taken; no other answer, no deadlock.
"""

import argparse
import asyncio
import os
import resource
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from bars import Bar, report
from contention import SECONDS_TO_ANSWER, Person, busy_seconds, deadlocks

from service import Service

CODES = 10
TAKEN = b"All codes of this offer are taken."


@dataclass(frozen=True)
class Member:
    """Somebody signed in: a network address, and the cookies of their browser."""

    person: Person
    session: str
    token: str

    async def claim(self, port: int, path: str) -> str:
        """Claim over a connection of one's own; return what came of it."""
        try:
            answer = await asyncio.wait_for(self._post(port, path), SECONDS_TO_ANSWER)
        except (OSError, TimeoutError) as error:
            return type(error).__name__
        status = answer.split(b" ", 2)[1].decode() if answer else "no answer"
        if status == "302" and b"/claimed/\r\n" in answer:
            return "claimed"
        return "told" if status == "409" and TAKEN in answer else status

    async def _post(self, port: int, path: str) -> bytes:
        body = urlencode({"wording": 1, "csrfmiddlewaretoken": self.token}).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            f"Cookie: __Host-session={self.session}; __Host-csrf={self.token}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, local_addr=(self.person.origin, 0)
        )
        try:
            writer.write(head.encode() + body)
            return await reader.read()
        finally:
            writer.close()


def prepared(service: Service, count: int) -> tuple[str, list[Member]]:
    """Put an offer of ten codes into the service's database, and so many members; return where
    the offer is claimed, and who they are."""
    os.environ |= service.environment | {"DATABASE_URL": service.database_url()}
    os.environ["DJANGO_SETTINGS_MODULE"] = "attune.project.settings"
    import django  # reads the environment

    django.setup()
    # These need the apps to be loaded.
    from django.utils import timezone

    from attune.offers.actions import issue_codes, save_offer
    from attune.offers.models import Offer, Partner

    partner = Partner.objects.create(
        name="Bench", what="They make apps.", website="https://bench.example/"
    )
    offer = Offer(partner=partner, title="A year", summary="An app.", terms="None.")
    offer.state = Offer.State.PUBLISHED
    save_offer(offer, at=timezone.now())
    issue_codes(offer, CODES)
    path = f"/account/offers/{offer.code}/claim/"
    return path, [signed_in(Person(number)) for number in range(count)]


def signed_in(person: Person) -> Member:
    # These need the apps to be loaded.
    from allauth.account.internal.flows.login import record_authentication
    from django.contrib.auth import login
    from django.test import RequestFactory

    from attune.accounts.audience import CODE
    from attune.accounts.models import User
    from attune.accounts.sessions import SessionStore

    user, request = User.objects.create_user(person.email), RequestFactory().post("/")
    request.session = SessionStore()
    login(request, user)
    record_authentication(request, user, method=CODE)
    request.session.save()
    return Member(person, request.session.session_key, secrets.token_hex(16))


async def at_once(port: int, path: str, members: Sequence[Member]) -> list[str]:
    return await asyncio.gather(*(one.claim(port, path) for one in members))


def measure(service: Service, count: int) -> int:
    path, members = prepared(service, count)
    stuck_before, before = deadlocks(service), busy_seconds(service)
    began = time.perf_counter()
    found = Counter(asyncio.run(at_once(service.port, path, members)))
    seconds = time.perf_counter() - began
    busy = {kind: spent - before[kind] for kind, spent in busy_seconds(service).items()}
    stuck = deadlocks(service) - stuck_before
    kept = service.ask(
        "SELECT count(DISTINCT claim.member_id) FROM offers_offerclaim AS claim"
        " JOIN offers_offercode AS code ON code.claim_id = claim.id"
    )
    claims = service.ask("SELECT count(*) FROM offers_offerclaim")
    others = count - found["claimed"] - found["told"]
    print(f"answers             {dict(found)}")
    print(f"all were answered   {seconds:8.2f} s after the start")
    print(f"processor time      {', '.join(f'{kind} {each:.1f} s' for kind, each in busy.items())}")
    return report(
        Bar(
            f"{count:,} members claim an offer of {CODES} codes at once over HTTP: {CODES} have"
            " one each, all others read that all are taken, no error, no deadlock",
            f"{found['claimed']} claimed, {found['told']} told, {others} others,"
            f" {kept} members with a code of {claims} claims, {stuck} deadlocks; {seconds:.1f} s",
            (found["claimed"], others, kept, claims, stuck) == (CODES, 0, CODES, CODES, 0),
        )
    )


def main() -> int:
    wanted = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wanted.add_argument("--members", type=int, default=1000)
    count = wanted.parse_args().members
    # Each member is an open connection here.
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
