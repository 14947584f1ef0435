"""The plain way in which data files write rich text: paragraphs, lists, bold words, links."""

import re
from collections.abc import Mapping
from html import escape

_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s\"]+)\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def rich_text(text: str, page_ids: Mapping[str, int | None]) -> str:
    """
    Return text as the editor stores it.

    Args:
        text: paragraphs between empty lines; lines that start with "- " make a list; ``**bold**``;
            ``[words](issues/depression)`` or ``[words](https://...)``.

        page_ids: "issues/depression" -> number of the page; None: its words stand without a link.

    Raises:
        KeyError: a link leads to a page that never was.
    """
    return "".join(_block(one, page_ids) for one in re.split(r"\n\s*\n", text.strip()) if one)


def _block(text: str, page_ids: Mapping[str, int | None]) -> str:
    if not text.startswith("- "):
        return f"<p>{_inline(text, page_ids)}</p>"
    items = re.split(r"\n- ", text.removeprefix("- "))
    return f"<ul>{''.join(f'<li>{_inline(one, page_ids)}</li>' for one in items)}</ul>"


def _inline(text: str, page_ids: Mapping[str, int | None]) -> str:
    words = escape(" ".join(text.split()), quote=False)
    words = _BOLD.sub(r"<b>\1</b>", words)
    return _LINK.sub(lambda found: _link(found[1], found[2], page_ids), words)


def _link(words: str, target: str, page_ids: Mapping[str, int | None]) -> str:
    if target.startswith("https://"):
        return f'<a href="{target}">{words}</a>'
    number = page_ids[target]
    return f'<a linktype="page" id="{number}">{words}</a>' if number else words
