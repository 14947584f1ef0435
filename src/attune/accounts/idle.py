"""The idle lock: whoever asks for no page for half an hour is signed out.

The session itself ends when it is opened too late (``sessions``). This middleware notes who is
still there, and keeps what was being sent when the time was over.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from attune.accounts.audience import Audience, audience_of
from attune.accounts.models import UnfinishedWork
from attune.accounts.sessions import IDLE_AFTER, SEEN_EVERY, web_session
from attune.accounts.unfinished import FINISHES, form_in, keep, may_be_kept, whose_form

WARN_BEFORE = timedelta(minutes=2)
# What the session of somebody who was locked out calls what was kept for them last.
UNFINISHED = "unfinished"
# The editor asks by itself, every few seconds, who else has a page open.
_BY_ITSELF = "wagtail.admin.views.editing_sessions"


class IdleLockMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = web_session(request)
        if session.accessed and not getattr(request, "is_no_sign_of_life", False):
            session.touch(timezone.now())
        if code := getattr(request, "finishes", ""):
            _forget_finished(request, response, code)
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],
        args: Any,
        kwargs: Any,
    ) -> HttpResponse | None:
        if view.__module__ == _BY_ITSELF:
            is_no_sign_of_life(request)
        if request.method != "POST" or not may_be_kept(view) or _is_by_script(request):
            return None
        request.finishes = request.POST.get(FINISHES, "")  # type: ignore[attr-defined]
        return _kept_instead(request, audience_of(view))


def is_no_sign_of_life(request: HttpRequest) -> None:
    """Say that nobody asked for this: a script or the browser did so by itself."""
    request.is_no_sign_of_life = True  # type: ignore[attr-defined]


def idle_seconds(request: HttpRequest) -> int:
    """Return how long the page that is being made may be left alone."""
    whole = round(IDLE_AFTER.total_seconds())
    left = web_session(request).seconds_left(timezone.now())
    return left if whole - left < SEEN_EVERY.total_seconds() else whole


def keep_what_was_sent(request: HttpRequest, address: str) -> UnfinishedWork | None:
    """Keep a form for whoever was signed in here, and let this browser find it again."""
    now = timezone.now()
    member = whose_form(request, at=now)
    work = keep(member, form_in(request, address), at=now) if member else None
    if work is not None:
        request.session[UNFINISHED] = work.code
    return work


def _kept_instead(request: HttpRequest, who: Audience | None) -> HttpResponse | None:
    """Keep a form that came too late, and say so; None: it did not, and its view goes on.

    What needs no sign-in is kept only if the time was over right now: whoever goes on without
    one means to.
    """
    session = web_session(request)
    is_too_late = auth.SESSION_KEY not in session and (session.was_locked or who != Audience.HOLDER)
    if not is_too_late or keep_what_was_sent(request, request.get_full_path()) is None:
        return None
    answer = redirect("account_locked")
    answer.status_code = 303
    return answer


def _is_by_script(request: HttpRequest) -> bool:
    """Whether a script sent this by itself, such as a preview while somebody types."""
    is_fetched = request.headers.get("Sec-Fetch-Dest") == "empty"
    return is_fetched and "HX-Request" not in request.headers


def _forget_finished(request: HttpRequest, response: HttpResponse, code: str) -> None:
    """Forget a kept form once it was sent, unless that failed."""
    if response.status_code < 500 and request.user.is_authenticated:
        UnfinishedWork.objects.filter(code=code, member=request.user).delete()
