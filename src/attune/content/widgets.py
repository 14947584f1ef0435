"""The text area of the editor, as ``WAGTAILADMIN_RICH_TEXT_EDITORS`` names it."""

import json
from typing import Any

from wagtail.admin.rich_text import DraftailRichTextArea

from attune.content.prose import BROKEN, plain


class RichTextArea(DraftailRichTextArea):
    """Takes what Draftail sends; anything else becomes a text that is refused in a sentence."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        try:
            html = super().value_from_datadict(data, files, name)
            # An area that was only touched sends a paragraph without words. Kept, that would be
            # a change, and undo what a reviewer approves with the same press.
            return html if html is None or plain(html) else ""
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError):
            return BROKEN

    def format_value(self, value: Any) -> Any:
        return super().format_value("" if value == BROKEN else value)
