"""Who may fetch what of an account: another's and a missing one give the same 404."""

from datetime import datetime
from typing import cast

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from attune.accounts.models import UnfinishedWork, User, WebSession
from attune.accounts.unfinished import kept_of


def member_in(request: HttpRequest) -> User:
    """Return who is signed in, for views that nobody else may use."""
    return cast("User", request.user)


def web_sessions_of(user: User, now: datetime) -> QuerySet[WebSession]:
    """Return the browsers in which somebody is signed in, the one used last first."""
    return WebSession.objects.filter(user=user, expire_date__gt=now).order_by("-seen_at")


def web_session_of(user: User, code: str, now: datetime) -> WebSession:
    """Return one of them, else 404."""
    found = web_sessions_of(user, now).filter(code=code).first()
    if found is None:
        raise Http404("No such browser.")
    return found


def unfinished_work_of(member: User, code: str, *, at: datetime) -> UnfinishedWork:
    """Return what is kept for this member under this code, else 404."""
    work = kept_of(member, at=at).filter(code=code).first()
    if work is None:
        raise Http404("Nothing is kept here.")
    return work
