"""A member's own answers: to go on with, to keep, to delete. No address says what they are."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from attune.accounts.audience import Audience, audience
from attune.accounts.models import User
from attune.accounts.sessions import ENQUIRY
from attune.enquiries import actions
from attune.enquiries.access import enquiries_of, enquiry_for, enquiry_of
from attune.enquiries.visit import HOME, LEFT, Visit, see_other_at


@audience(Audience.MEMBER)
@require_POST
def go_on(request: HttpRequest, code: str) -> HttpResponse:
    """Put answers into this browser, and go on where they left off."""
    visit = Visit(request)
    enquiry = enquiry_for(request.user, code, visit.now)
    visit.hold(enquiry)
    return see_other_at(visit.where_left_off(enquiry))


@audience(Audience.MEMBER)
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, code: str) -> HttpResponse:
    """Ask once, then delete. A second click finds them deleted, which is as good."""
    now = timezone.now()
    if request.method != "POST":
        enquiry_for(request.user, code, now)
        context = {"action": reverse("own_answers_delete", args=[code]), "back": HOME}
        return render(request, "enquiries/delete.jinja", context)
    for enquiry in enquiries_of(request.user, now).filter(code=code):
        actions.delete_answers(enquiry)
        if request.session.get(ENQUIRY) == code:
            del request.session[ENQUIRY]
    return see_other_at(HOME)


@audience(Audience.MEMBER)
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Make the answers in this browser the member's, who was asked."""
    enquiry = enquiry_of(request, timezone.now())
    if enquiry is not None:
        actions.adopt(enquiry, cast("User", request.user))
    return see_other_at(HOME)


@audience(Audience.MEMBER)
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Leave the answers in this browser as they are, and ask no more."""
    request.session[LEFT] = request.session.get(ENQUIRY, "")
    return see_other_at(HOME)
