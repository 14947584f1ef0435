"""The cookie that holds what somebody answered when asked whether we may count.

A refusal holds "no" and nothing else. An agreement holds the version of the words that were
agreed to and a random code: "en-1.kfm2...".
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from attune.accounts.sealing import keyed_hash
from attune.privacy.wordings import STATISTICS, current_wording
from attune.vocabulary.codes import ALPHABET, new_secret_code

NAME = "__Host-choice"
KEPT_FOR = timedelta(days=180)
_REFUSED: Final = "no"
_AGREED = re.compile(
    rf"{re.escape(current_wording(STATISTICS).version)}\.([{ALPHABET}]{{{len(new_secret_code())}}})"
)


@dataclass(frozen=True)
class Choice:
    """What was chosen; ``code`` is the browser's random code, "" after a refusal."""

    code: str = ""

    @property
    def agreed(self) -> bool:
        return bool(self.code)

    @property
    def browser(self) -> str:
        """The hash by which consents know this browser; "" after a refusal."""
        return keyed_hash(self.code, purpose="consent") if self.code else ""


def choice_in(request: HttpRequest) -> Choice | None:
    """Return what this browser's cookie says; None: not asked yet, or about other words."""
    value = request.COOKIES.get(NAME)
    if value is None:
        return None
    if value == _REFUSED:
        return Choice()
    found = _AGREED.fullmatch(value)
    return Choice(found[1]) if found else None


def new_choice() -> Choice:
    """Return an agreement of a browser that holds no code yet."""
    return Choice(new_secret_code())


def keep_choice(response: HttpResponse, choice: Choice) -> None:
    """Have the browser keep what was chosen, for half a year."""
    version = current_wording(STATISTICS).version
    options: dict[str, Any] = {"secure": True, "httponly": True, "samesite": "Lax"}
    response.set_cookie(
        NAME,
        f"{version}.{choice.code}" if choice.agreed else _REFUSED,
        max_age=KEPT_FOR,
        **options,
    )
