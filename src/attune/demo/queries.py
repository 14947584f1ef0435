"""The messages of a demonstration, as its outbox page shows them."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from attune.core.phrases import moment_words
from attune.outbox.files import read_folder

_ADDRESS = re.compile(r"(https?://[^\s<>]+)")


@dataclass(frozen=True)
class Piece:
    """A part of a line; ``href`` is set when it is an address."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class ShownAttachment:
    filename: str
    size: int


@dataclass(frozen=True)
class ShownMessage:
    """One message as a reader would see it: paragraphs of lines of pieces."""

    to: str
    subject: str
    sent: str
    paragraphs: tuple[tuple[tuple[Piece, ...], ...], ...]
    attachments: tuple[ShownAttachment, ...]


def latest_messages(folder: Path, *, limit: int, zone: str) -> list[ShownMessage]:
    """Return the messages in a mail folder, newest first, their times in ``zone``."""
    return [_shown(message, zone) for message in read_folder(folder, limit)]


def _shown(message: EmailMessage, zone: str) -> ShownMessage:
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    return ShownMessage(
        to=str(message["To"]),
        subject=str(message["Subject"]),
        sent=moment_words(_sent_at(message), zone),
        paragraphs=tuple(
            tuple(_pieces(line) for line in paragraph.splitlines())
            for paragraph in re.split(r"\n\s*\n", text.strip())
        ),
        attachments=tuple(
            ShownAttachment(one.get_filename() or "", len(one.get_payload(decode=True) or b""))
            for one in message.iter_attachments()
        ),
    )


def _sent_at(message: EmailMessage) -> datetime:
    return parsedate_to_datetime(str(message["Date"]))


def _pieces(line: str) -> tuple[Piece, ...]:
    """Split a line at the addresses in it; every second piece is one."""
    parts = _ADDRESS.split(line)
    return tuple(Piece(part, part if place % 2 else "") for place, part in enumerate(parts) if part)
