"""What each kind of message says. Apps register a renderer for each kind they send."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Attachment:
    filename: str
    content: bytes
    content_type: str


@dataclass(frozen=True)
class Email:
    """One message to exactly one person, in neutral words (S23, S27)."""

    # Empty: nobody (any more), the message is dropped.
    to: str
    subject: str
    text: str
    html: str = ""
    attachments: tuple[Attachment, ...] = ()


# Says whether an address must never be written to again.
Refusal = Callable[[str], bool]
# Reads the record that the message is about, at the time of sending; None: no longer apt, drop it.
Renderer = Callable[[str, datetime], Email | None]

_refusals: list[Refusal] = []
_renderers: dict[str, Renderer] = {}


def renders(kind: str) -> Callable[[Renderer], Renderer]:
    """Register the decorated function as what writes messages of this kind."""

    def register(renderer: Renderer) -> Renderer:
        if kind in _renderers and _renderers[kind] is not renderer:
            raise ValueError(f"{kind} has a renderer already.")
        _renderers[kind] = renderer
        return renderer

    return register


def renderer_of(kind: str) -> Renderer:
    """Return what writes messages of this kind. Raises ``KeyError``."""
    return _renderers[kind]


def known_kinds() -> tuple[str, ...]:
    return tuple(sorted(_renderers))


def refuses_addresses(refusal: Refusal) -> Refusal:
    """Register the decorated function, which is asked before every message, whatever its kind."""
    _refusals.append(refusal)
    return refusal


def may_be_sent_to(address: str) -> bool:
    return not any(refusal(address) for refusal in _refusals)
