"""What words in the library may not hold, each fault in the one sentence that its editor reads."""

import re
from collections.abc import Iterator
from html import unescape

import nh3
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from attune.vocabulary.models import CrisisContact

# A paste that could not be read at all. No editor makes such an element, so it is refused.
BROKEN = "<broken-paste></broken-paste>"
# What the editor's text area makes, and nothing else.
TAGS = {"p", "b", "strong", "i", "em", "ol", "ul", "li", "a", "br"}
LINK = {"href", "linktype", "id", "rel"}

_ELEMENT = re.compile(r"<(/?[a-z][a-z0-9-]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-z-]+)\s*=", re.IGNORECASE)
_TAG_TYPED = re.compile(r"<\s*/?\s*[a-z!]", re.IGNORECASE)
# Left behind by a paste that went wrong: characters that no text has, and word processors' own.
_PASTE_LEFT = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]|mso-|StartFragment|&(nbsp|amp|lt);"
)
_NUMBER = re.compile(r"\+?\d[\d \-()]*\d")
# Too short to be told from a year or an amount, unless it is one of these.
EMERGENCY_NUMBERS = frozenset({"999", "112", "911", "111"})


def faults_in_html(html: str) -> list[str]:
    """Return what is wrong with a rich text, in sentences for its editor."""
    cleaned = nh3.clean(html, tags=TAGS, attributes={"a": LINK}, link_rel=None)
    if _shape(cleaned) != _shape(html):
        return [
            _(
                "This text holds code that pages may not have. "
                "Paste it again as plain text (Ctrl+Shift+V)."
            )
        ]
    return faults_in_words(plain(html))


def faults_in_words(words: str) -> list[str]:
    """Return what is wrong with plain words, in sentences for their editor."""
    faults = []
    if _TAG_TYPED.search(words):
        faults.append(_("Take out the code (< and what follows it), or write it in words."))
    if _PASTE_LEFT.search(words):
        faults.append(
            _("Some characters were damaged in pasting. Paste the text again as plain text.")
        )
    faults += [
        _(
            "Take out the number %(number)s. Numbers to call in a crisis are kept in one place, "
            "and care cards show them by themselves."
        )
        % {"number": number}
        for number in crisis_numbers_in(words)
    ]
    return faults


def crisis_numbers_in(words: str) -> list[str]:
    """Return the crisis numbers that stand in ``words``, as they were typed."""
    known = _digits_of_contacts()
    return [found for found in _numbers(words) if re.sub(r"\D", "", found) in known]


def plain(html: str) -> str:
    """Return the words of a rich text, a line for each paragraph and item."""
    broken = re.sub(r"</(p|li|h\d)>|<br\s*/?>", "\n", html)
    return unescape(strip_tags(broken)).strip()


def _numbers(words: str) -> Iterator[str]:
    yield from (found[0].strip() for found in _NUMBER.finditer(words))


def _digits_of_contacts() -> frozenset[str]:
    rows = CrisisContact.objects.values_list("phone", "text_number")
    return EMERGENCY_NUMBERS | {re.sub(r"\D", "", one) for row in rows for one in row if one}


def _shape(html: str) -> list[tuple[str, list[str]]]:
    """Return the elements in order with the names of what they carry: cleaning keeps all of it."""
    return [
        (element, sorted(_ATTRIBUTE.findall(inside))) for element, inside in _ELEMENT.findall(html)
    ]
