"""What of an account may be fetched, and by whom."""

from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404

from attune.accounts.models import User, WebSession


def web_sessions_of(user: User, now: datetime) -> QuerySet[WebSession]:
    """Return the browsers in which somebody is signed in, the one used last first."""
    return WebSession.objects.filter(user=user, expire_date__gt=now).order_by("-seen_at")


def web_session_of(user: User, code: str, now: datetime) -> WebSession:
    """Return one of them, else 404."""
    found = web_sessions_of(user, now).filter(code=code).first()
    if found is None:
        raise Http404("No such browser.")
    return found
