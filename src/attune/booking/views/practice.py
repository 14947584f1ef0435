"""A practitioner's own pages: who comes, how to reach them, and what they wrote."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from attune.accounts.audience import Audience, audience, opens_sealed_data
from attune.accounts.forms import posted
from attune.accounts.models import User
from attune.booking import words
from attune.booking.access import address_of, appointment_for, details_of, upcoming_for
from attune.booking.actions import acknowledge, cancel_by_practitioner
from attune.booking.errors import ChangedMeanwhile
from attune.booking.forms import ReasonForm, version_in
from attune.booking.models import Appointment
from attune.booking.openings import DETAILS, TO_PREPARE, note_opening

View = Callable[[HttpRequest, Appointment], HttpResponse]


@audience(Audience.PRACTITIONER)
@never_cache
@opens_sealed_data
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """List the appointments ahead, the next one first, with what each person wrote."""
    ahead = list(upcoming_for(request.user, now=timezone.now()))
    # Somebody with several appointments is opened once.
    _note({one.email_hash: one for one in ahead}.values(), request)
    return render(request, "booking/practice.jinja", {"appointments": [_row(one) for one in ahead]})


def about_own(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """Give the view an appointment of whoever asks; say so when it changed meanwhile."""

    @audience(Audience.PRACTITIONER)
    @never_cache
    @wraps(view)
    def with_appointment(request: HttpRequest, code: str) -> HttpResponse:
        try:
            return view(request, appointment_for(request.user, code))
        except ChangedMeanwhile:
            context = {"href": reverse("practice_home")}
            return render(request, "booking/changed_meanwhile.jinja", context, status=409)

    return with_appointment


@about_own
@require_POST
def seen(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """Record that the practitioner has seen an appointment."""
    acknowledge(appointment, version=version_in(request), at=timezone.now())
    return redirect("practice_home")


@about_own
def cancel(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """Ask for a reason, then cancel, and say so."""
    form = ReasonForm(posted(request))
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        cancel_by_practitioner(appointment, reason, version=version_in(request), at=timezone.now())
        return redirect("practice_cancel", appointment.code)
    _note([appointment], request)
    context = {
        "is_cancelled": appointment.state == Appointment.State.CANCELLED,
        "rows": words.practitioner_rows(appointment, details_of(appointment).first_name),
        "version": appointment.version,
        "form": form,
        "errors": form.errors,
    }
    return render(request, "booking/practice_cancel.jinja", context)


def _note(opened: Iterable[Appointment], request: HttpRequest) -> None:
    for one in opened:
        note_opening(
            one, by=cast("User", request.user), what=DETAILS, purpose=TO_PREPARE, at=timezone.now()
        )


def _row(appointment: Appointment) -> dict[str, Any]:
    details = details_of(appointment)
    return {
        "code": appointment.code,
        "version": appointment.version,
        "when": words.when_words(appointment),
        "is_seen": appointment.seen_at is not None,
        "rows": words.person_rows(appointment, details, address_of(appointment)),
        "note": details.note,
    }
