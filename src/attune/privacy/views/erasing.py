"""Erasing everything we hold: asked twice, now or in 14 days."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from attune.accounts.audience import Audience, audience, needs_second_factor, needs_step_up
from attune.accounts.erasures import what_is_kept
from attune.accounts.models import AccountNotice, User
from attune.accounts.notices import notify
from attune.core.phrases import moment_words
from attune.privacy.actions import WAIT, HasRole, ask_for, erase
from attune.privacy.models import Delayed
from attune.privacy.people import member_of
from attune.privacy.queries import delayed_of, waits_first


@audience(Audience.MEMBER)
@require_http_methods(["GET", "HEAD", "POST"])
@needs_step_up
def erase_everything(request: HttpRequest) -> HttpResponse:
    """Say what goes and what stays; note that it is asked for in 14 days."""
    user, now = member_of(request), timezone.now()
    if request.method == "POST" and not needs_second_factor(user):
        notify(user, AccountNotice.Kind.ERASURE, at=now)
        ask_for(user, Delayed.Kind.ERASURE, at=now)
        return redirect("erase_everything")
    return render(request, "privacy/erase.jinja", _context(user, now))


@audience(Audience.MEMBER)
@require_http_methods(["GET", "HEAD", "POST"])
@needs_step_up
def erase_now(request: HttpRequest) -> HttpResponse:
    """Ask once more, then erase and sign out."""
    user, now = member_of(request), timezone.now()
    if waits_first(user, now) or needs_second_factor(user):
        return redirect("erase_everything")
    if request.method != "POST":
        return render(request, "privacy/erase_now.jinja", _context(user, now))
    try:
        erase(user, at=now)
    except HasRole:
        return redirect("erase_everything")
    return _signed_out(request)


def _signed_out(request: HttpRequest) -> HttpResponse:
    """Forget what this browser holds; its web session went with the account."""
    request.session.flush()
    # Who it was no longer exists, and nothing after this may ask for them.
    request.user = AnonymousUser()
    answer = redirect("erased")
    answer.status_code = 303
    answer["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer


@audience(Audience.ANYONE)
@require_safe
@never_cache
def erased(request: HttpRequest) -> HttpResponse:
    """Say what was done, and what stays."""
    return render(request, "privacy/erased.jinja", {"kept": what_is_kept()})


def _context(user: User, now: datetime) -> dict[str, object]:
    asked = delayed_of(user).get(Delayed.Kind.ERASURE)
    return {
        "kept": what_is_kept(),
        "has_role": needs_second_factor(user),
        "waits": waits_first(user, now),
        "days": WAIT.days,
        "due": moment_words(asked.due_at, settings.VISITOR_ZONE) if asked else "",
    }
