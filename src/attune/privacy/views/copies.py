"""Downloading everything we hold."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from attune.accounts.audience import (
    STEP_UP_LASTS,
    Audience,
    audience,
    has_second_factor,
    needs_step_up,
)
from attune.accounts.limits import wait_after
from attune.accounts.models import AccountNotice, User
from attune.accounts.notices import notify
from attune.core.phrases import moment_words
from attune.privacy.actions import COPY_READY_FOR, ask_for
from attune.privacy.copies import FILE_NAME, zip_of
from attune.privacy.models import Delayed
from attune.privacy.people import member_of
from attune.privacy.queries import delayed_of, waits_first

MOST_COPIES = 5
ONE_HOUR = timedelta(hours=1)


@audience(Audience.MEMBER)
@require_http_methods(["GET", "HEAD", "POST"])
@needs_step_up
def export_everything(request: HttpRequest) -> HttpResponse:
    """Say what the copy holds; hand it out, or note that it is asked for."""
    user, now = member_of(request), timezone.now()
    if request.method != "POST":
        return _page(request, user, now)
    notify(user, AccountNotice.Kind.EXPORT, at=now)
    if not _may_have_it(user, now):
        ask_for(user, Delayed.Kind.COPY, at=now)
        return redirect("export_everything")
    wait = wait_after("copies", user.code, most=MOST_COPIES, within=ONE_HOUR, at=now)
    if wait is not None:
        sentence = _("You took %(most)d copies within an hour. Try again in %(minutes)d minutes.")
        values = {"most": MOST_COPIES, "minutes": -(-wait.total_seconds() // 60)}
        return _page(request, user, now, problem=sentence % values)
    opens_sealed = has_second_factor(request, within=STEP_UP_LASTS)
    answer = HttpResponse(
        zip_of(user, opens_sealed=opens_sealed, at=now), content_type="application/zip"
    )
    answer["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return answer


def _may_have_it(user: User, now: datetime) -> bool:
    if not waits_first(user, now):
        return True
    asked = delayed_of(user).get(Delayed.Kind.COPY)
    return asked is not None and asked.due_at <= now < asked.due_at + COPY_READY_FOR


def _page(request: HttpRequest, user: User, now: datetime, *, problem: str = "") -> HttpResponse:
    asked = delayed_of(user).get(Delayed.Kind.COPY)
    zone = settings.VISITOR_ZONE
    context = {
        "problem": problem,
        "waits": waits_first(user, now),
        "is_ready": _may_have_it(user, now),
        "opens_sealed": has_second_factor(request, within=STEP_UP_LASTS),
        "due": moment_words(asked.due_at, zone) if asked else "",
        "until": moment_words(asked.due_at + COPY_READY_FOR, zone) if asked else "",
    }
    return render(request, "privacy/copy.jinja", context, status=429 if problem else 200)
