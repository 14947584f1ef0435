"""Matches as text for a terminal: one line of facts a person, then the reasons."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from attune.booking.words import amount_words
from attune.core.matching.matches import Match
from attune.core.phrases import count_words, distance_words, short_moment_words
from attune.finder.cards import Line, cards_of
from attune.finder.queries import Found


def table(found: Found) -> str:
    """Return the matches as lines: name, distance, fee, next free time; then why, and why not."""
    if not found.result.matches:
        return _heading(found)
    rows = [(_("Name"), _("Distance"), _("Fee"), _("Next free"))]
    reasons: list[list[str]] = [[]]
    matches = {one.code: one for one in found.result.matches}
    for card in cards_of(found):
        rows.append((card.name, *_facts(matches[card.code])))
        reasons.append(
            [
                *_labelled(_("fits"), card.why.fits),
                *_labelled(_("does not fit"), card.why.does_not_fit),
                *_labelled(_("not known"), card.why.unknown),
                "",
            ]
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [_heading(found), ""]
    for row, told in zip(rows, reasons, strict=True):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        lines += ["  ".join(cells).rstrip(), *told]
    return "\n".join(lines).rstrip()


def _heading(found: Found) -> str:
    people = count_words(found.result.total, _("person fits"), _("people fit"))
    return f"{people} ({found.where.label})" if found.where else people


def _facts(match: Match) -> tuple[str, str, str]:
    km, start, zone = match.distance_km, match.first_free, settings.VISITOR_ZONE
    return (
        _("online") if km is None else distance_words(km),
        amount_words(match.fee) if match.fee else _("not said"),
        short_moment_words(start, zone) if start else _("none"),
    )


def _labelled(label: str, lines: Sequence[Line]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"  {'' if number else label:<13} {line.text}"
