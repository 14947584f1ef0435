"""Every place where somebody names an address, as a browser with that address would come there.

For the test and the bench that hold that nobody learns whether an address is known.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attune.directory.models import Listing
from diaries import monday

# The part whose answer is compared; what it takes to come there has been done before.
Press = Callable[[], HttpResponse]
Prepare = Callable[[Client, str], Press]
WRONG = "000000"


@dataclass(frozen=True)
class Entry:
    name: str
    prepare: Prepare

    def __str__(self) -> str:
        return self.name


def _mail(client: Client, email: str) -> Press:
    return lambda: client.post(reverse("sign_in_mail"), {"email": email})


def _code_page(client: Client, email: str) -> Press:
    client.post(reverse("sign_in_mail"), {"email": email})
    return lambda: client.get(reverse("sign_in_code"))


def _wrong_code(client: Client, email: str) -> Press:
    client.post(reverse("sign_in_mail"), {"email": email})
    return lambda: client.post(reverse("sign_in_code"), {"code": WRONG})


def _password(client: Client, email: str) -> Press:
    fields = {"login": email, "password": "no password of anybody"}
    return lambda: client.post(reverse("account_login"), fields)


def _wanting_a_time(client: Client) -> Listing:
    listing = Listing.objects.get(practitioner__name="Entry Listing")
    day = monday(timezone.now(), weeks=2)
    start = datetime.combine(day, time(10), timezone.now().tzinfo)
    client.post(reverse("book_time", args=[listing.code]), {"start": start.isoformat()})
    return listing


def _booking(client: Client, email: str) -> Press:
    listing = _wanting_a_time(client)
    return lambda: client.post(reverse("book_address", args=[listing.code]), {"email": email})


def _booking_code(client: Client, email: str) -> Press:
    listing = _wanting_a_time(client)
    client.post(reverse("book_address", args=[listing.code]), {"email": email})
    return lambda: client.post(reverse("book_code", args=[listing.code]), {"code": WRONG})


def _come_back(client: Client, email: str) -> Press:
    page = client.get("/match/1/").text
    version = re.findall(r'name="version" value="(-?\d+)"', page)[0]
    client.post("/match/1/", {"version": version, "for_whom": "adults"})
    return lambda: client.post("/match/save/", {"email": email})


def _api(client: Client, email: str) -> Press:
    return lambda: client.post(
        "/api/v1/contacts", {"email": email}, content_type="application/json"
    )


def _api_code(client: Client, email: str) -> Press:
    sent = client.post("/api/v1/contacts", {"email": email}, content_type="application/json")
    address = f"/api/v1/contacts/{sent.json()['contact']}/confirm"
    return lambda: client.post(address, {"code": WRONG}, content_type="application/json")


ENTRIES = (
    Entry("sign in: address", _mail),
    Entry("sign in: page for the code", _code_page),
    Entry("sign in: wrong code", _wrong_code),
    Entry("sign in: wrong password", _password),
    Entry("booking: address", _booking),
    Entry("booking: wrong code", _booking_code),
    Entry("questions: link to come back", _come_back),
    Entry("API: address", _api),
    Entry("API: wrong code", _api_code),
)


def anonymous(answer: HttpResponse, email: str) -> tuple[int, str, str]:
    """Return status, address and body without what differs between any two answers."""
    where = answer.headers.get("Location", "")
    return answer.status_code, _plain(where, email), _plain(answer.content.decode(), email)


def _plain(text: str, email: str) -> str:
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)
    # Random codes, one for each contact.
    text = re.sub(r"\b[2-9b-hj-np-tv-z]{28}\b", "CODE", text)
    return text.replace(email, "ADDRESS")


# Strings, numbers, and what Django calls a savepoint.
_VALUES = re.compile(r"'(?:[^']|'')*'(?:::bytea)?|\bs\d+_x\d+\b|\b\d+\b")


def statements(queries: list[dict[str, str]]) -> list[str]:
    """Return the statements that were run, without their values."""
    return [_VALUES.sub("?", one["sql"]) for one in queries]
