"""The question whether we may count, put into finished pages; and the counting.

Pages of the library are made once for everybody and kept, so that no page can hold the question
itself. The frame (``web/base.jinja``) has a marker where it goes.
"""

import logging
from collections.abc import Callable
from functools import lru_cache

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.html import escape

from attune.accounts.keys import KeyFileUnusable
from attune.privacy.choice import Choice, choice_in
from attune.privacy.statistics import EVENTS, count_visit
from attune.privacy.wordings import STATISTICS, current_wording

MARKER = b"<!--choice-->"
# Stands in the question for the address of the page, until it is put into one.
BACK = "{back}"
# Pages of people at work: the editor's previews are those of a page among them.
_AT_WORK = ("/editor/", "/staff/")

logger = logging.getLogger(__name__)


class ChoiceMiddleware:
    """Ask on every page until there is an answer; then count for those who agreed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or not _is_page(response):
            return response
        choice = choice_in(request)
        _put_in(request, response, choice)
        if choice and choice.agreed:
            _count(request, response, choice)
        return response


def _is_page(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")


def _put_in(request: HttpRequest, response: HttpResponse, choice: Choice | None) -> None:
    """Put the question, or what was answered, where the frame has its marker."""
    page = response.content
    start = page.find(MARKER)
    if start < 0 or request.path_info.startswith(_AT_WORK) or hasattr(request, "is_preview"):
        return
    said = _said(request, choice)
    response.content = b"".join((page[:start], said, page[start + len(MARKER) :]))
    patch_vary_headers(response, ("Cookie",))


def _said(request: HttpRequest, choice: Choice | None) -> bytes:
    language = translation.get_language()
    if choice:
        return _answer(language, agreed=choice.agreed)
    before, after = _question(language)
    return before + escape(request.get_full_path()).encode() + after


@lru_cache(maxsize=16)
def _question(language: str | None) -> tuple[bytes, bytes]:
    context = {"wording": current_wording(STATISTICS), "back": BACK}
    before, _back, after = render_to_string("privacy/_banner.jinja", context).partition(BACK)
    return before.encode(), after.encode()


@lru_cache(maxsize=16)
def _answer(language: str | None, *, agreed: bool) -> bytes:
    return render_to_string("privacy/_answer.jinja", {"agreed": agreed}).encode()


def _count(request: HttpRequest, response: HttpResponse, choice: Choice) -> None:
    """Count a page that was shown; a page is never lost for it."""
    match = request.resolver_match
    event = EVENTS.get(match.url_name or "") if match else None
    if event is None or request.method != "GET" or response.status_code != 200:
        return
    try:
        count_visit(choice, event, at=timezone.now())
    except (DatabaseError, KeyFileUnusable) as error:
        logger.warning("not_counted error=%s", type(error).__name__)
