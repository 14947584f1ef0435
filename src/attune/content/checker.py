"""What an editor hears about a page before its readers do: each point in one sentence.

Some points refuse: with them a page is neither handed in nor published. The others are for the
editor to weigh. The page is read as it stands in memory, so that a draft is checked like a
published page.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.rich_text import RichText

from attune.content import prose
from attune.content.fields import LinesField
from attune.content.models import (
    FAQ,
    MOST_MONTHS_BETWEEN_REVIEWS,
    ReviewedPage,
    Testimonial,
    months_after,
)
from attune.core.reading import long_sentences, reading_age, sentences, words

FEWEST_SOURCES = 2
LONGEST_SUMMARY = 160
MOST_WORDS = 30
OLDEST_READING_AGE = 14
# The whole text of a link, when it says nothing about where the link leads.
BARE = frozenset(
    {"click here", "click", "here", "read more", "more", "learn more", "find out more"}
    | {"this link", "link", "this page", "this"}
)
# Fields of one line or several that are sentences or parts of one, not names.
_RUNNING = frozenset({"summary", "standfirst", "signs", "suits", "may_not_suit"})
# Blocks that print a heading of their own, of the third level.
_WITH_HEADING = frozenset({"do_list", "dont_list", "care_card", "evidence_box"})
_LINK = re.compile(r"<a\b[^>]*>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_IN_BRACKETS = re.compile(r"\s*\[(\d[\d ,;–-]*)\]")
_CITED = re.compile(r"\d+(?:, ?\d+)*")


@dataclass(frozen=True)
class Finding:
    """One thing about a page that its editor can mend.

    Args:
        rule: which rule, always by the same name: "heading-order".
        sentence: what to do.
        where: the field, and the place in it: "Body, block 3 (Rich text)".
        refuses: whether the page may not be handed in or published with it.
    """

    rule: str
    sentence: str
    where: str
    refuses: bool


@dataclass(frozen=True)
class Report:
    """One page in a list for editors; ``reading_age`` in years."""

    page: ReviewedPage
    findings: tuple[Finding, ...]
    reading_age: float

    @property
    def refuses(self) -> bool:
        return any(one.refuses for one in self.findings)


def findings(page: ReviewedPage) -> list[Finding]:
    """Return what an editor can mend on a page, those that refuse first.

    The numbers to call in a crisis are asked for once, whatever the page holds.
    """
    return _findings(_Opened(page.specific, prose.crisis_numbers()))


def check_report(pages: Iterable[ReviewedPage]) -> list[Report]:
    """Return each page with its findings and its reading age, in the order given."""
    known = prose.crisis_numbers()
    opened = [_Opened(page.specific, known) for page in pages]
    return [Report(one.page, tuple(_findings(one)), one.reading_age) for one in opened]


def reading_age_of(page: ReviewedPage) -> float:
    """Return the reading age of a page's running text, in years; names and headings are out."""
    return _Opened(page.specific, frozenset()).reading_age


@dataclass(frozen=True)
class _Text:
    """A piece of text and where it stands; ``html``: as the editor stores a rich text."""

    where: str
    words: str
    html: str = ""
    is_running: bool = True

    @property
    def said(self) -> str:
        """The words without the numbers of their sources."""
        return _IN_BRACKETS.sub("", self.words)


@dataclass(frozen=True)
class _Piece:
    """A block that stands in a field of the page, not inside another."""

    field: str
    kind: str
    value: Any
    where: str


class _Opened:
    """A page laid open: its blocks in order, and every text on it."""

    def __init__(self, page: ReviewedPage, known: frozenset[str]) -> None:
        self.page, self.known = page, known

    @cached_property
    def pieces(self) -> list[_Piece]:
        return [
            _Piece(field.name, block.block_type, block.value, _place(field, number, block))
            for field in _fields(self.page)
            if isinstance(field, StreamField)
            for number, block in enumerate(getattr(self.page, field.name), start=1)
        ]

    @cached_property
    def texts(self) -> list[_Text]:
        return [text for field in _fields(self.page) for text in _in_field(self.page, field)]

    @cached_property
    def running(self) -> list[_Text]:
        return [text for text in self.texts if text.is_running]

    @cached_property
    def reading_age(self) -> float:
        return reading_age("\n".join(text.said for text in self.running))

    def of_kind(self, *kinds: str) -> list[_Piece]:
        return [piece for piece in self.pieces if piece.kind in kinds]


def _findings(page: _Opened) -> list[Finding]:
    found = [one for rule in _RULES for one in rule(page)]
    return sorted(found, key=lambda one: not one.refuses)


# -- what a page holds -------------------------------------------------------------------------


def _fields(page: ReviewedPage) -> "list[models.Field[Any, Any]]":
    """Return the fields that an editor writes and readers see."""
    meta = type(page)._meta  # noqa: SLF001  # Django's public name
    own = [
        one for one in meta.concrete_fields if one.editable and issubclass(one.model, ReviewedPage)
    ]
    return [meta.get_field("title"), *own]


def _in_field(page: ReviewedPage, field: "models.Field[Any, Any]") -> Iterator[_Text]:
    value, label, running = getattr(page, field.attname), _label(field), field.name in _RUNNING
    if isinstance(field, StreamField):
        for number, block in enumerate(value, start=1):
            yield from _in_block(block.block, block.value, _place(field, number, block))
    elif isinstance(field, RichTextField):
        yield _rich(label, value)
    elif isinstance(field, LinesField):
        for number, line in enumerate(value or (), start=1):
            where = _("%(field)s, line %(number)s") % {"field": label, "number": number}
            yield _Text(where, line, is_running=running)
    elif type(field) is models.CharField and not field.choices:
        yield _Text(label, value or "", is_running=running)


def _in_block(block: Any, value: Any, where: str, *, is_item: bool = False) -> Iterator[_Text]:
    if isinstance(value, RichText):
        yield _rich(where, value.source)
    elif isinstance(value, FAQ):
        yield _Text(where, value.question, is_running=False)
        yield _Text(where, value.short_answer)
        yield _rich(where, value.long_answer)
    elif isinstance(value, Testimonial):
        yield _Text(where, value.words, is_running=False)
    elif isinstance(block, ImageBlock):
        yield _Text(where, getattr(value, "contextual_alt_text", None) or "", is_running=False)
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from _in_block(child, value.get(name), where)
    elif isinstance(block, blocks.ListBlock):
        for item in value:
            yield from _in_block(block.child_block, item, where, is_item=True)
    elif isinstance(block, blocks.CharBlock):
        yield _Text(where, value or "", is_running=is_item)


def _rich(where: str, html: str) -> _Text:
    return _Text(where, prose.plain(html or ""), html or "")


def _label(field: "models.Field[Any, Any]") -> str:
    return capfirst(str(field.verbose_name))


def _place(field: "models.Field[Any, Any]", number: int, block: Any) -> str:
    return _("%(field)s, block %(number)s (%(kind)s)") % {
        "field": _label(field),
        "number": number,
        "kind": block.block.label,
    }


def _start(text: str) -> str:
    return str(Truncator(text).words(6))


# -- the rules ---------------------------------------------------------------------------------


def _review_state(page: _Opened) -> Iterator[Finding]:
    """A page says who reviewed it and when, or that nobody has; never half of it."""
    one = page.page
    on, until = one.reviewed_on, one.next_review_on
    said = [one.reviewed_by_id, on, until, one.reviewed_digest]
    sentence = ""
    if any(said) and not all(said):
        sentence = _(
            "Restore an earlier version and have it reviewed again: this one names a review "
            "without saying by whom, on which day and until when."
        )
    elif on and until and until > months_after(on, MOST_MONTHS_BETWEEN_REVIEWS):
        sentence = _("Have the page reviewed again: a review holds for %(months)s months.") % {
            "months": MOST_MONTHS_BETWEEN_REVIEWS
        }
    if sentence:
        yield Finding("review-state", sentence, _("Review"), refuses=True)


def _one_h1(page: _Opened) -> Iterator[Finding]:
    for piece in page.of_kind("heading"):
        if piece.value["level"] not in ("2", "3", "4"):
            sentence = _(
                'Give the heading "%(text)s" a level from 2 to 4: the title of the page is its '
                "only heading of level 1."
            ) % {"text": piece.value["text"]}
            yield Finding("one-h1", sentence, piece.where, refuses=True)


def _heading_order(page: _Opened) -> Iterator[Finding]:
    before = 1
    for piece in page.pieces:
        if piece.field != "body":
            continue
        if piece.kind in _WITH_HEADING:
            before = 3
        elif piece.kind == "heading" and piece.value["level"] in ("2", "3", "4"):
            level = int(piece.value["level"])
            if level > before + 1:
                sentence = _(
                    'Give the heading "%(text)s" level %(level)s: no level may be skipped.'
                ) % {"text": piece.value["text"], "level": before + 1}
                yield Finding("heading-order", sentence, piece.where, refuses=True)
            before = level


def _link_words(page: _Opened) -> Iterator[Finding]:
    for text in page.texts:
        for link in _LINK.findall(text.html):
            said = " ".join(prose.plain(link).split())
            if said.casefold().strip(" .:!>»→") in BARE:
                sentence = _('Say where the link "%(words)s" leads, in the words of the link.')
                yield Finding("link-words", sentence % {"words": said}, text.where, refuses=True)


def _alt_choice(page: _Opened) -> Iterator[Finding]:
    for piece in page.of_kind("image"):
        image = piece.value
        if image is not None and not (image.decorative or image.contextual_alt_text):
            sentence = _("Say in words what the picture shows, or mark it as decorative.")
            yield Finding("alt-choice", sentence, piece.where, refuses=True)


def _long_sentence(page: _Opened) -> Iterator[Finding]:
    for text in page.running:
        for one in long_sentences(text.said, MOST_WORDS):
            sentence = _('Make two sentences of the one that begins "%(start)s": %(count)s words.')
            counted = sentence % {"start": _start(one), "count": len(words(one))}
            yield Finding("long-sentence", counted, text.where, refuses=False)


def _dont_list(page: _Opened) -> Iterator[Finding]:
    for piece in page.of_kind("dont_list"):
        for item in piece.value["items"]:
            if not (item or "").casefold().startswith("do not"):
                sentence = _('Begin "%(item)s" with "do not".') % {"item": item or ""}
                yield Finding("dont-list", sentence, piece.where, refuses=True)


def _crisis_number(page: _Opened) -> Iterator[Finding]:
    for text in page.texts:
        numbers = (
            prose.crisis_numbers_in_html(text.html, page.known)
            if text.html
            else prose.crisis_numbers_in(text.words, page.known)
        )
        for number in numbers:
            yield Finding("crisis-number", prose.number_fault(number), text.where, refuses=True)


def _damage(page: _Opened) -> Iterator[Finding]:
    for text in page.texts:
        faults = prose.damage_in_html(text.html) or prose.damage_in_words(text.words)
        for sentence in faults:
            yield Finding("damage", sentence, text.where, refuses=True)


def _few_sources(page: _Opened) -> Iterator[Finding]:
    if len(page.page.sources) < FEWEST_SOURCES:
        sentence = _("Add sources, so that the page has at least two.")
        yield Finding("few-sources", sentence, _("Sources"), refuses=True)


def _citation(page: _Opened) -> Iterator[Finding]:
    """Every number in brackets leads to a source."""
    there = range(1, len(page.page.sources) + 1)
    for text in page.texts:
        for typed in _IN_BRACKETS.findall(text.words):
            if not _CITED.fullmatch(typed):
                sentence = _('Write "[%(typed)s]" as [1], or [1, 3] for two sources.')
                yield Finding("citation", sentence % {"typed": typed}, text.where, refuses=True)
            for number in _numbers(typed):
                if number not in there:
                    sentence = _("Add source %(number)s, or take out [%(number)s].")
                    asked = sentence % {"number": number}
                    yield Finding("citation", asked, text.where, refuses=True)


def _uncited_source(page: _Opened) -> Iterator[Finding]:
    typed = [one for text in page.texts for one in _IN_BRACKETS.findall(text.words)]
    cited = {number for one in typed for number in _numbers(one)}
    for number in range(1, len(page.page.sources) + 1):
        if number not in cited:
            sentence = _("Cite source %(number)s where the text rests on it, or remove it.")
            asked = sentence % {"number": number}
            yield Finding("uncited-source", asked, _("Sources"), refuses=False)


def _numbers(typed: str) -> list[int]:
    return [int(one) for one in re.findall(r"\d+", typed)]


def _one_care_card(page: _Opened) -> Iterator[Finding]:
    seen = set()
    for piece in page.of_kind("care_card"):
        level = piece.value["level"]
        if level in seen:
            sentence = _('Put "%(title)s" into the other card of the same urgency.')
            titled = sentence % {"title": piece.value["title"]}
            yield Finding("one-care-card", titled, piece.where, refuses=True)
        seen.add(level)


def _care_title(page: _Opened) -> Iterator[Finding]:
    for piece in page.of_kind("care_card"):
        title = piece.value["title"] or ""
        if not title.rstrip().endswith(" if:"):
            sentence = _('End the title "%(title)s" with "if:", as in "Talk to a GP if:".')
            titled = sentence % {"title": title}
            yield Finding("care-title", titled, piece.where, refuses=False)


def _summary(page: _Opened) -> Iterator[Finding]:
    summary = page.page.summary or ""
    if len(summary) > LONGEST_SUMMARY:
        sentence = _("Shorten the summary to %(most)s characters; it has %(count)s.") % {
            "most": LONGEST_SUMMARY,
            "count": len(summary),
        }
        yield Finding("summary", sentence, _("Summary"), refuses=False)
    if len(sentences(summary)) != 1:
        yield Finding(
            "summary", _("Say in one sentence what the page is about."), _("Summary"), refuses=False
        )


def _call_to_action(page: _Opened) -> Iterator[Finding]:
    if not (page.page.call_to_action or "").strip():
        sentence = _('Write what the button says, such as "Find someone who practises CBT".')
        yield Finding("call-to-action", sentence, _("Call to action"), refuses=True)


def _consent(page: _Opened) -> Iterator[Finding]:
    for piece in page.of_kind("quote"):
        if piece.value is not None and not piece.value.consent_reference.strip():
            sentence = _("Write down where the consent of %(who)s is kept, or take the quote out.")
            named = sentence % {"who": piece.value.who}
            yield Finding("consent", named, piece.where, refuses=True)


def _reading_age(page: _Opened) -> Iterator[Finding]:
    if page.reading_age > OLDEST_READING_AGE:
        sentence = _("Use shorter words and sentences: the reading age is %(age)s, above %(most)s.")
        counted = sentence % {"age": f"{page.reading_age:.1f}", "most": OLDEST_READING_AGE}
        yield Finding("reading-age", counted, "", refuses=False)


_RULES: tuple[Callable[[_Opened], Iterator[Finding]], ...] = (
    *(_review_state, _one_h1, _heading_order, _link_words, _alt_choice, _dont_list),
    *(_crisis_number, _damage, _few_sources, _citation, _uncited_source, _one_care_card),
    *(_care_title, _consent, _summary, _call_to_action, _long_sentence, _reading_age),
)
