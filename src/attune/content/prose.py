"""What words in the library may not hold, each fault in the one sentence that its editor reads."""

import re
from functools import lru_cache
from html import unescape
from unicodedata import normalize

import nh3
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from attune.vocabulary.models import CrisisContact

# A paste that could not be read at all. No editor makes such an element, so it is refused.
BROKEN = "<broken-paste></broken-paste>"
# What the editor's text area makes, and nothing else; it marks every block with a key.
TAGS = {"p", "b", "strong", "i", "em", "ol", "ul", "li", "a", "br"}
ATTRIBUTES = {
    "a": {"href", "linktype", "id", "rel"},
    "p": {"data-block-key"},
    "li": {"data-block-key"},
}
SCHEMES = {"http", "https", "mailto", "tel"}
# Known beside the crisis contacts, so that no gap in those lets one through.
EMERGENCY_NUMBERS = frozenset({"999", "112", "911", "111"})

_LINES = re.compile(r"</?(?:p|li|ol|ul|h\d)\b[^>]*>|<br\s*/?>", re.IGNORECASE)
_HEADING = re.compile(r"<h[1-6]\b", re.IGNORECASE)
_LINK_WITHOUT_END = re.compile(r"<a(?![^>]*\b(?:href|linktype)=)[^>]*>", re.IGNORECASE)
_TELEPHONE_LINK = re.compile(r"""href=["']tel:([^"']*)""", re.IGNORECASE)
_TAG_TYPED = re.compile(r"<[/!]?[a-z]|<!--|\bjavascript:", re.IGNORECASE)
_WORD_PROCESSOR = re.compile(
    r"\bmso-|\bMso[A-Z]|</?o:p|(?:Start|End)Fragment|<!--\[if|Style Definitions|X-NONE"
)
# Characters that no text has (controls, private use, order of reading), text in the wrong
# encoding ("â€™", "Â£"), and entities that were escaped twice.
_DAMAGED = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ue000-\uf8ff\ufeff"
    r"\ufffc\ufffd]|â€.?|Ã[\u0080-\u00bf]|Â[£\u00a0-\u00bf]|&(?:nbsp|amp|lt|gt|quot|#\d+);"
)

# How the figures of a number are set apart. Of the short ones nobody does.
_BETWEEN = r"(?:[ \u2010-\u2015()-]{0,2}|\.)"
_FROM_ABROAD = r"(?:(?:\+|00)44 ?(?:\(0\) ?)?|0)"
# Words before a number that make it one to call, whatever follows.
_CALLED = re.compile(r"\b(?:call|ring|dial|phone|telephone|text|number|NHS) ?$", re.IGNORECASE)
# What makes a number an amount, a count, or a place in a journal instead.
_NOT_CALLED_BEFORE = re.compile(
    r"(?:[£$€#]|\d (?:to|of)|\d[–-]|\d(?:[ ()-]{1,2}|\.)"
    r"|\b(?:out of|pages?|pp?\.?|vol(?:ume|\.)|issue|chapter|section|room|aged?|n ?=)) ?$",
    re.IGNORECASE,
)
_NOT_CALLED_AFTER = re.compile(
    r" ?%| per cent\b| (?:to|out of) \d|[–-]\d|\(\d|[,:] ?\d{2,}[–-]\d{2,}"
    r"|[ -](?:days|weeks|months|years|hours|minutes|times|miles|words|points|pages?|sessions)\b"
    r"|(?: (?:older|younger|young|adult|bereaved|married|depressed|different|such|more|other"
    r"|randomised|controlled|clinical))* (?:people|adults|men|women|children|couples|clients"
    r"|therapists|members|participants|students|parents|partners|carers|families|groups|studies"
    r"|trials|reviews|meetings|cases|deaths)\b",
    re.IGNORECASE,
)


def faults_in_html(html: str, known: frozenset[str] | None = None) -> list[str]:
    """
    Return what is wrong with a rich text, in sentences for its editor.

    Args:
        known: as ``crisis_numbers()`` gave it; None: it is asked for here, if need be.
    """
    return damage_in_html(html) + _number_faults(crisis_numbers_in_html(html, known))


def faults_in_words(words: str, known: frozenset[str] | None = None) -> list[str]:
    """Return what is wrong with plain words, in sentences for their editor."""
    return damage_in_words(words) + _number_faults(crisis_numbers_in(words, known))


def damage_in_html(html: str) -> list[str]:
    """
    Return the one thing to do first about a rich text that holds code or came broken.

    A text is whole if cleaning it changes nothing but how its characters are written.
    """
    if _WORD_PROCESSOR.search(html):
        return [_word_processor()]
    if _HEADING.search(html):
        return [_("Take the heading out of this text, and put a heading block in its place.")]
    cleaned = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
    if unescape(cleaned) != unescape(re.sub(r"<br\s*/>", "<br>", html)):
        return [
            _(
                "This text holds code that pages may not have. "
                "Paste it again as plain text (Ctrl+Shift+V)."
            )
        ]
    if link := _LINK_WITHOUT_END.search(html):
        words = plain(html[link.start() :].partition("</a>")[0])
        return [_('Choose where the link "%(words)s" leads, or take it out.') % {"words": words}]
    return damage_in_words(plain(html))


def damage_in_words(words: str) -> list[str]:
    """Return the one thing to do first about words that hold code or came broken."""
    if _WORD_PROCESSOR.search(words):
        return [_word_processor()]
    if _TAG_TYPED.search(words):
        return [_("Take out the code (< and what follows it), or write it in words.")]
    if found := _DAMAGED.search(words):
        near = _DAMAGED.sub(" ", words[max(0, found.start() - 20) : found.end() + 20])
        return [
            _('Some characters were damaged in pasting, near "%(near)s". Type that part again.')
            % {"near": " ".join(near.split())}
        ]
    return []


def crisis_numbers() -> frozenset[str]:
    """Return every number to call or text in a crisis, figures only; one query."""
    rows = CrisisContact.objects.values_list("phone", "text_number")
    return EMERGENCY_NUMBERS | {re.sub(r"\D", "", one) for row in rows for one in row if one}


def crisis_numbers_in(words: str, known: frozenset[str] | None = None) -> list[str]:
    """Return the crisis numbers that stand in ``words``, as they were typed.

    The same figures as a price, a count, a page or a part of a longer number are none.
    """
    text = normalize("NFKC", words)
    if not re.search(r"\d", text):
        return []
    numbers = _pattern(crisis_numbers() if known is None else known)
    return [found[0] for found in numbers.finditer(text) if _is_to_call(found)]


def crisis_numbers_in_html(html: str, known: frozenset[str] | None = None) -> list[str]:
    """Return the crisis numbers in the words of a rich text, and those that its links call."""
    called = _TELEPHONE_LINK.findall(html)
    return list(dict.fromkeys(crisis_numbers_in("\n".join([plain(html), *called]), known)))


def number_fault(number: str) -> str:
    return _(
        "Take out the number %(number)s. Numbers to call in a crisis are kept in one place, "
        "and care cards show them by themselves."
    ) % {"number": number}


def plain(html: str) -> str:
    """Return the words of a rich text, a line for each paragraph and item."""
    lines = unescape(strip_tags(_LINES.sub("\n", html))).split("\n")
    return "\n".join(filter(None, map(str.strip, lines)))


def _number_faults(numbers: list[str]) -> list[str]:
    return [number_fault(one) for one in numbers]


def _word_processor() -> str:
    return _(
        "This text holds leftovers of a word processor. "
        "Paste it again as plain text (Ctrl+Shift+V)."
    )


@lru_cache(maxsize=8)
def _pattern(known: frozenset[str]) -> re.Pattern[str]:
    """Return what finds any of the numbers, as they may be typed; the longest first."""
    ways = "|".join(map(_ways_to_type, sorted(known - {""}, key=len, reverse=True)))
    return re.compile(rf"(?:(?<!\w)(?<!\d[.,])|(?<=NHS))(?:{ways})(?!\w)(?![.,]\d)")


def _ways_to_type(number: str) -> str:
    if len(number) <= 3:
        return number
    first = _FROM_ABROAD if number[0] == "0" else number[0]
    return _BETWEEN.join((first, *number[1:]))


def _is_to_call(found: re.Match[str]) -> bool:
    before = found.string[max(0, found.start() - 20) : found.start()]
    if _CALLED.search(before):
        return True
    is_amount = _NOT_CALLED_BEFORE.search(before) or _NOT_CALLED_AFTER.match(
        found.string, found.end()
    )
    return not is_amount
