"""For the staff: complaints and their clock, and how the pages are used."""

from collections.abc import Callable
from datetime import date
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from attune.accounts.audience import Audience, audience, opens_sealed_data
from attune.accounts.models import User
from attune.core.phrases import checked_date_words
from attune.privacy import complaints as actions
from attune.privacy.access import complaint_for, note_opening, opened, refuse_unless_handler
from attune.privacy.forms import ClosingForm, IdentityForm
from attune.privacy.models import Complaint
from attune.privacy.statistics import Event, weeks_counted
from attune.privacy.words import day_words, state_words, visitor_words

MOST_LISTED = 200


@audience(Audience.STAFF)
@require_safe
def complaints(request: HttpRequest) -> HttpResponse:
    """List complaints, the most urgent first; none is opened."""
    refuse_unless_handler(request.user)
    today = actions.day_of(timezone.now())
    rows = [_row(one, today) for one in actions.waiting_first()[:MOST_LISTED]]
    return render(request, "privacy/complaints.jinja", {"rows": rows})


def _row(one: Complaint, today: date) -> dict[str, Any]:
    received = _("received %(day)s") % {"day": day_words(one.received_at)}
    said = (one.get_kind_display(), one.get_about_display(), received, state_words(one, today))
    return {
        "label": one.reference,
        "value": [line[:1].upper() + line[1:] for line in said],
        "href": reverse("complaint_case", args=[one.code]),
        "change_words": _("Open"),
    }


@audience(Audience.STAFF)
@opens_sealed_data
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_case(request: HttpRequest, code: str) -> HttpResponse:
    """Show one complaint, which its ledger notes, and take what staff do with it."""
    user = cast("User", request.user)
    found = complaint_for(user, code)
    if request.method == "POST":
        return _DEEDS.get(request.POST.get("deed", ""), _unknown)(request, found)
    return _case_page(request, found)


def _acknowledge(request: HttpRequest, found: Complaint) -> HttpResponse:
    try:
        actions.acknowledge(found, at=timezone.now())
    except actions.AlreadyDone:
        return _case_page(request, found, _("Somebody acknowledged it before."), status=409)
    return _back_to(found)


def _note_identity(request: HttpRequest, found: Complaint) -> HttpResponse:
    form = IdentityForm(request.POST)
    if not form.is_valid():
        return _case_page(request, found, identity=form, status=422)
    user = cast("User", request.user)
    try:
        actions.note_identity(found, form.cleaned_data["how"], by=user, at=timezone.now())
    except actions.AlreadyDone:
        problem = _("Somebody wrote down before how it was checked, or closed it.")
        return _case_page(request, found, problem, status=409)
    return _back_to(found)


def _close(request: HttpRequest, found: Complaint) -> HttpResponse:
    form = ClosingForm(request.POST)
    if not form.is_valid():
        return _case_page(request, found, closing=form, status=422)
    values = form.cleaned_data
    try:
        actions.close(found, values["outcome"], values["answer"], at=timezone.now())
    except actions.IdentityNotChecked:
        form.add_error("outcome", _("Write down first how you checked who asks"))
        return _case_page(request, found, closing=form, status=422)
    except actions.AlreadyDone:
        problem = _("Somebody closed it before. What you wrote is still below.")
        return _case_page(request, found, problem, closing=form, status=409)
    return _back_to(found)


def _send_again(request: HttpRequest, found: Complaint) -> HttpResponse:
    if found.acknowledged_at:
        actions.tell_of_answer(found, at=timezone.now())
    return _back_to(found)


def _unknown(request: HttpRequest, found: Complaint) -> HttpResponse:
    return _case_page(request, found, _("Choose one of the buttons."), status=422)


_DEEDS: dict[str, Callable[[HttpRequest, Complaint], HttpResponse]] = {
    "acknowledge": _acknowledge,
    "identity": _note_identity,
    "close": _close,
    "again": _send_again,
}


def _back_to(found: Complaint) -> HttpResponse:
    answer = redirect("complaint_case", found.code)
    answer.status_code = 303
    return answer


def _case_page(
    request: HttpRequest,
    found: Complaint,
    problem: str = "",
    *,
    identity: IdentityForm | None = None,
    closing: ClosingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    found.refresh_from_db()
    note_opening(found, by=cast("User", request.user), at=now)
    context = {
        "one": found,
        "text": opened(found, "text"),
        "email": opened(found, "email"),
        "identity": opened(found, "identity"),
        "answer": opened(found, "answer"),
        "received": day_words(found.received_at),
        "checked": day_words(found.identity_checked_at) if found.identity_checked_at else "",
        "state": state_words(found, actions.day_of(now)),
        "problem": problem,
        "identity_form": identity or IdentityForm(),
        "closing_form": closing or ClosingForm(),
        "outcomes": Complaint.Outcome.choices,
    }
    return render(request, "privacy/complaint_case.jinja", context, status=status)


@audience(Audience.STAFF)
@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """Show how many people used which kinds of pages, week by week."""
    weeks = [
        {
            "monday": checked_date_words(week.monday),
            "cells": [visitor_words(number) for number in week.visitors],
        }
        for week in weeks_counted()
    ]
    context = {"events": [event.label for event in Event], "weeks": weeks}
    return render(request, "privacy/statistics.jinja", context)
