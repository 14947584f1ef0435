"""Saving answers, coming back to them, and deleting them."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from attune.accounts.audience import Audience, audience
from attune.accounts.limits import MAIL_ASKED_FOR, Limit, limited, origin_of
from attune.accounts.sessions import ENQUIRY
from attune.core.phrases import date_words
from attune.enquiries import actions
from attune.enquiries.access import (
    enquiry_by_reference,
    enquiry_of,
    is_open_to,
    usable_link,
)
from attune.enquiries.forms import (
    Mistakes,
    read_email,
)
from attune.enquiries.models import Enquiry
from attune.enquiries.reference import spaced
from attune.enquiries.visit import Visit, see_other, see_other_at, typed_in

VISITOR_ZONE = ZoneInfo(settings.VISITOR_ZONE)
# A reference is short enough to write down, so it is not to be guessed.
REFERENCES = Limit("references", 20, timedelta(hours=1))


@audience(Audience.HOLDER)
@limited(MAIL_ASKED_FOR)
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest) -> HttpResponse:
    """Offer a link by mail or a reference to write down."""
    now = timezone.now()
    enquiry = enquiry_of(request, now)
    if enquiry is None:
        return see_other("enquiry_start")
    if request.method == "POST":
        return take_save(request, enquiry, now)
    return render(request, "enquiries/save.jinja", save_context(enquiry))


def save_context(
    enquiry: Enquiry, typed: str = "", mistakes: dict[str, str] | None = None
) -> dict[str, Any]:
    found = mistakes or {}
    return {
        "email": typed,
        "mistakes": found,
        "errors": list(found.items()),
        "is_in_account": enquiry.member_id is not None,
        "until": date_words(timezone.localdate(enquiry.expires_at, VISITOR_ZONE)),
        "reference": "" if enquiry.member_id else spaced(actions.give_reference(enquiry)),
    }


def take_save(request: HttpRequest, enquiry: Enquiry, now: datetime) -> HttpResponse:
    typed = typed_in(request)
    try:
        email = read_email(typed)
    except Mistakes as mistakes:
        context = save_context(enquiry, typed.one("email"), mistakes.sentences)
        return render(request, "enquiries/save.jinja", context, status=422)
    # The answer is the same when there were too many: nothing tells one address from another.
    actions.send_return_link(enquiry, email, origin=origin_of(request), at=now)
    return see_other("enquiry_saved")


@audience(Audience.HOLDER)
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    return render(request, "enquiries/saved.jinja")


@audience(Audience.HOLDER)
@limited(REFERENCES)
@require_http_methods(["GET", "HEAD", "POST"])
def return_by_reference(request: HttpRequest) -> HttpResponse:
    """Open answers by the reference that somebody wrote down."""
    typed, mistakes = typed_in(request), {}
    if request.method == "POST":
        visit = Visit(request)
        found = enquiry_by_reference(typed.one("reference"), visit.now)
        if found:
            return opened(visit, found)
        mistakes = {"reference": not_found_words()}
    context = {
        "reference": typed.one("reference"),
        "mistakes": mistakes,
        "errors": list(mistakes.items()),
    }
    return render(request, "enquiries/return.jinja", context, status=422 if mistakes else 200)


def not_found_words() -> str:
    return _(
        "We could not find answers with this reference. "
        "Check the letters and numbers, or start again"
    )


@audience(Audience.HOLDER)
@require_http_methods(["GET", "HEAD", "POST"])
def return_by_link(request: HttpRequest, code: str) -> HttpResponse:
    """Open answers by a mailed link: by a button, since mail scanners follow links."""
    visit = Visit(request)
    link = usable_link(code, visit.now)
    if link is None:
        return render(request, "enquiries/link_over.jinja", status=410)
    if request.method != "POST":
        return render(request, "enquiries/link.jinja")
    if not is_open_to(link.enquiry, request.user):
        # They are in the account with this address: its owner finds them after signing in.
        return redirect_to_login(request.path, login_url="account_login")
    if not actions.use_link(link, at=visit.now):
        return render(request, "enquiries/link_over.jinja", status=410)
    return opened(visit, link.enquiry)


def opened(visit: Visit, enquiry: Enquiry) -> HttpResponse:
    visit.hold(enquiry)
    return see_other_at(visit.where_left_off(enquiry))


@audience(Audience.HOLDER)
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Delete the answers at once."""
    if request.method != "POST":
        context = {"action": reverse("enquiry_delete"), "back": reverse("enquiry_check")}
        return render(request, "enquiries/delete.jinja", context)
    enquiry = enquiry_of(request, timezone.now())
    if enquiry:
        actions.delete_answers(enquiry)
    request.session.pop(ENQUIRY, None)
    return see_other("enquiry_deleted")


@audience(Audience.HOLDER)
@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    return render(request, "enquiries/deleted.jinja")
