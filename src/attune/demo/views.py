"""Pages that only a demonstration has."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from attune.accounts.audience import Audience, audience
from attune.demo.queries import latest_messages

MOST_MESSAGES = 50


@audience(Audience.DEMO)
@require_safe
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    """Show what would have been sent by mail. With a real mail server nothing is kept here."""
    folder = settings.MAIL.folder
    messages = (
        latest_messages(folder, limit=MOST_MESSAGES, zone=settings.VISITOR_ZONE) if folder else []
    )
    return render(request, "demo/outbox.jinja", {"mail": messages, "is_kept": folder is not None})
