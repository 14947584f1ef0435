"""A practitioner's own pages: who comes, how to reach them, and what they wrote."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from attune.accounts.audience import Audience, audience, opens_sealed_data
from attune.booking import words
from attune.booking.access import appointment_for, details_of, upcoming_for
from attune.booking.actions import acknowledge, cancel_by_practitioner
from attune.booking.contacts import email_of
from attune.booking.errors import ChangedMeanwhile
from attune.booking.forms import ReasonForm, posted
from attune.booking.models import Appointment


@audience(Audience.PRACTITIONER)
@never_cache
@opens_sealed_data
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """List the appointments ahead, the next one first, with what each person wrote."""
    ahead = upcoming_for(request.user, now=timezone.now())
    return render(request, "booking/practice.jinja", {"appointments": [_row(one) for one in ahead]})


@audience(Audience.PRACTITIONER)
@require_POST
def seen(request: HttpRequest, code: str) -> HttpResponse:
    """Record that the practitioner has seen an appointment."""
    row = appointment_for(request.user, code)
    try:
        acknowledge(row, version=row.version, at=timezone.now())
    except ChangedMeanwhile:
        return _changed(request)
    return redirect("practice_home")


@audience(Audience.PRACTITIONER)
@never_cache
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a reason, then cancel."""
    row = appointment_for(request.user, code)
    form = ReasonForm(posted(request))
    if form.is_valid():
        try:
            cancel_by_practitioner(
                row, form.cleaned_data["reason"], version=row.version, at=timezone.now()
            )
        except ChangedMeanwhile:
            return _changed(request)
        return redirect("practice_home")
    context = {"rows": words.practitioner_rows(row), "form": form, "errors": form.errors}
    return render(request, "booking/practice_cancel.jinja", context)


def _changed(request: HttpRequest) -> HttpResponse:
    context = {"href": reverse("practice_home")}
    return render(request, "booking/changed_meanwhile.jinja", context, status=409)


def _row(appointment: Appointment) -> dict[str, Any]:
    details = details_of(appointment)
    return {
        "code": appointment.code,
        "when": words.when_words(appointment),
        "is_seen": appointment.seen_at is not None,
        "rows": words.person_rows(appointment, details, email_of(appointment.contact)),
        "note": details.note,
    }
