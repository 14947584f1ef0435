"""Pages that belong to no subject: the way out, errors, and what crawlers and browsers ask for."""

import sys
from calendar import Calendar
from datetime import date
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, requires_csrf_token
from django.views.decorators.http import require_GET, require_POST, require_safe

from attune.accounts.audience import Audience, audience
from attune.accounts.keys import KeyFileUnusable
from attune.accounts.limits import Limit, limited
from attune.accounts.origin import comes_from_here
from attune.accounts.sealing import CannotOpen
from attune.content.brand import current_look
from attune.core.phrases import DAYS, MONTHS
from attune.web.leaving import destination, way_back
from attune.web.middleware import ALL_OF_OURS

# Never indexed: what somebody answers, sees, books or keeps.
PRIVATE_PATHS = (
    "/match/",
    "/book/",
    "/appointments/",
    "/account/",
    "/accounts/",
    "/practice/",
    "/desk/",
    "/staff/",
    "/editor/",
    "/library/search/",
    "/demo/",
    "/api/",
    "/month/",
    "/privacy/complaint/",
    "/privacy/answer/",
    "/leaving-to/",
)


# Leaving never fails for want of a token: the worst another site could do with it is end a session,
# and a request that says it comes from another site ends none.
@audience(Audience.ANYONE)
@limited(Limit("leaving", None, why="leaving always works"))
@csrf_exempt
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End what this browser holds of ours, and show a page that says nothing about it."""
    answer = redirect("month")
    answer.status_code = 303
    if comes_from_here(request):
        request.session.flush()
        answer["Clear-Site-Data"] = ALL_OF_OURS
    answer["Cache-Control"] = "no-store"
    return answer


@audience(Audience.HOLDER)
@require_safe
def leaving_to(request: HttpRequest, sealed: str) -> HttpResponse:
    """Say that a link leads to another site, with a way there and a way back."""
    address, back = destination(sealed, today=timezone.now().date()), way_back(request)
    if address is None:
        return render(request, "web/leaving_gone.jinja", {"back": back}, status=404)
    context = {"address": address, "host": urlsplit(address).hostname, "back": back}
    answer = render(request, "web/leaving.jinja", context)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@audience(Audience.ANYONE)
@require_safe
@never_cache
def month(request: HttpRequest) -> HttpResponse:
    """Show this month's calendar: where "Leave this page" ends."""
    today = timezone.localdate(timezone=ZoneInfo(settings.VISITOR_ZONE))
    return render(
        request,
        "web/month.jinja",
        {
            "title": f"{MONTHS[today.month - 1]} {today.year}",
            "day_names": [(day, day[:3]) for day in DAYS],
            "weeks": weeks_of(today),
            "today": today.day,
        },
    )


def weeks_of(day: date) -> list[list[int]]:
    """Return the weeks of the month of ``day``, Monday first; 0 for another month's day."""
    return Calendar().monthdayscalendar(day.year, day.month)


@audience(Audience.ANYONE)
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = (
        "User-agent: *",
        *(f"Disallow: {path}" for path in PRIVATE_PATHS),
        f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml",
    )
    return HttpResponse("\n".join((*lines, "")), content_type="text/plain; charset=utf-8")


@audience(Audience.ANYONE)
@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    """Answer the web app manifest: name and icon, opened in an ordinary tab."""
    return JsonResponse(
        {
            "name": current_look().name,
            "description": _("Find a therapist who fits, and who has time for you."),
            "lang": "en-GB",
            "start_url": "/",
            "display": "browser",
            "background_color": "#FFFFFF",
            "theme_color": "#0B5254",
            "icons": [{"src": static("web/icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
        },
        content_type="application/manifest+json",
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that was too old or came from elsewhere."""
    return render(request, "web/form_too_old.jinja", status=403)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what failed; where a sealed value stays closed, nothing is broken, and it says so."""
    error = sys.exc_info()[1]
    if not isinstance(error, KeyFileUnusable | CannotOpen):
        return defaults.server_error(request)
    told = {"is_one_value": isinstance(error, CannotOpen)}
    answer = HttpResponse(render_to_string("web/closed.jinja", told), status=503)
    answer["Cache-Control"] = "no-store"
    return answer
