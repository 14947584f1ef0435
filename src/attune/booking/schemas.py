"""The shapes of what the API takes and answers about times and appointments."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from attune.accounts.schemas import Exact
from attune.booking.forms import NOTE_LENGTH

# What no keyboard types: a database stores no NUL, and a subject has one line.
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def _without_controls(text: str) -> str:
    if CONTROLS.search(text):
        raise PydanticCustomError("controls", "text without control characters")
    return text


def _lines_without_controls(text: str) -> str:
    _without_controls(re.sub(r"[\t\r\n]", "", text))
    return text


ONE_LINE, LINES = AfterValidator(_without_controls), AfterValidator(_lines_without_controls)
Text = Annotated[str, StringConstraints(max_length=200), ONE_LINE]
Key = Annotated[str, StringConstraints(min_length=1, max_length=80), ONE_LINE]
Name = Annotated[str, StringConstraints(max_length=120), ONE_LINE]
Phone = Annotated[str, StringConstraints(max_length=30), ONE_LINE]
Note = Annotated[str, StringConstraints(max_length=NOTE_LENGTH), LINES]


class ContactIn(Exact):
    email: Text


class ContactOut(Exact):
    """What will be confirmed; the answer is the same whoever owns the address."""

    contact: str


class CodeIn(Exact):
    code: Text


class TokenOut(Exact):
    """Proof of a confirmed address, good for thirty minutes."""

    token: str


class AppointmentIn(Exact):
    token: Text
    listing: Text
    start: Text = Field(description="ISO 8601 with a zone, as in 2026-04-14T10:00:00Z")
    idempotency_key: Key
    practice: Text = ""
    channel: Text = ""
    name: Name = ""
    phone: Phone = ""
    note: Note = ""


class SlotOut(Exact):
    """A free time: ``start`` and ``end`` in UTC, ``zone`` the practice's."""

    start: str
    end: str
    minutes: int
    practice: str
    channels: tuple[str, ...]
    zone: str


class SlotsOut(Exact):
    listing: str
    slots: list[SlotOut]


class AppointmentOut(Exact):
    reference: str
    listing: str
    practice: str
    channel: str
    kind: str
    start: str
    end: str
    minutes: int
    zone: str
    manage: str = Field(description="The page to change or cancel it, as in the message")


class TakenOut(Exact):
    detail: str
    nearest: list[SlotOut]
