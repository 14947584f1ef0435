"""How a message of ours reads: one opening, rows, links, a closing, and where help is."""

from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string

from attune.outbox.registry import Attachment, Email


@dataclass(frozen=True)
class Letter:
    """What a message says, before it becomes text and HTML."""

    subject: str
    opening: str
    # What is what: ("When", "Tuesday 14 April 2026, 10:00am").
    rows: tuple[tuple[str, str], ...] = ()
    # Words of a link, and its address.
    links: tuple[tuple[str, str], ...] = ()
    closing: str = ""

    def to(self, address: str, *attachments: Attachment) -> Email:
        context = {"letter": self, "help_url": settings.PUBLIC_URL + "/help-now/"}
        return Email(
            to=address,
            subject=self.subject,
            text=render_to_string("outbox/letter_text.jinja", context),
            html=render_to_string("outbox/letter.jinja", context),
            attachments=attachments,
        )
