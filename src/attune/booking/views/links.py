"""Pages behind a signed link: looking acts on nothing, since mail scanners look at every link."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from attune.accounts.audience import Audience, audience
from attune.accounts.forms import posted
from attune.booking import words
from attune.booking.access import LinkGone, appointment_by_link, details_of
from attune.booking.actions import (
    acknowledge,
    answer_did_you_meet,
    cancel_by_practitioner,
)
from attune.booking.client_pages import (
    Way,
    calendar_answer,
    cancel_page,
    change_page,
    show_page,
)
from attune.booking.errors import ChangedMeanwhile
from attune.booking.forms import MetForm, ReasonForm, version_in
from attune.booking.links import ROUTES, Purpose
from attune.booking.models import Appointment
from attune.booking.openings import FIRST_NAME, TO_PREPARE, note_opening

State = Appointment.State
View = Callable[[HttpRequest, Appointment, str], HttpResponse]


def by_link(purpose: Purpose) -> Callable[[View], Callable[[HttpRequest, str], HttpResponse]]:
    """Give the view the appointment that its link is for; else say plainly that there is none."""

    def register(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
        @audience(Audience.HOLDER)
        @never_cache
        @wraps(view)
        def with_appointment(request: HttpRequest, token: str) -> HttpResponse:
            try:
                appointment = appointment_by_link(token, purpose, now=timezone.now())
                return view(request, appointment, token)
            except LinkGone:
                return render(request, "booking/link_gone.jinja", status=404)
            except ChangedMeanwhile:
                context = {"href": reverse(ROUTES[purpose], args=[token])}
                return render(request, "booking/changed_meanwhile.jinja", context, status=409)

        return with_appointment

    return register


# -- the client's ------------------------------------------------------------------------------
@by_link(Purpose.MANAGE)
@require_safe
def show(request: HttpRequest, appointment: Appointment, token: str) -> HttpResponse:
    return show_page(request, appointment, Way.by_link(token))


@by_link(Purpose.MANAGE)
def change(request: HttpRequest, appointment: Appointment, token: str) -> HttpResponse:
    return change_page(request, appointment, Way.by_link(token))


@by_link(Purpose.MANAGE)
def give_up(request: HttpRequest, appointment: Appointment, token: str) -> HttpResponse:
    return cancel_page(request, appointment, Way.by_link(token))


@by_link(Purpose.MANAGE)
@require_safe
def calendar(request: HttpRequest, appointment: Appointment, token: str) -> HttpResponse:
    return calendar_answer(appointment)


@by_link(Purpose.ANSWER)
def did_you_meet(request: HttpRequest, appointment: Appointment, token: str) -> HttpResponse:
    """Ask whether they met, once it is over."""
    form, answer = MetForm(posted(request)), ""
    if form.is_valid():
        answer = form.cleaned_data["met"]
        answer_did_you_meet(appointment, answer, at=timezone.now())
    context = {
        "form": form,
        "answer": answer,
        "times_href": reverse("book_time", args=[appointment.listing.code]),
        "name": appointment.practitioner.name,
    }
    return render(request, "booking/did_you_meet.jinja", context)


# -- the practitioner's ------------------------------------------------------------------------
@by_link(Purpose.PRACTITIONER)
@require_safe
def practitioner(request: HttpRequest, appointment: Appointment, token: str) -> HttpResponse:
    """Show a practitioner when, what and whose first name."""
    return _practitioner_page(request, appointment, token, ReasonForm())


@by_link(Purpose.PRACTITIONER)
@require_POST
def practitioner_seen(request: HttpRequest, appointment: Appointment, token: str) -> HttpResponse:
    """Record that the practitioner has seen it."""
    acknowledge(appointment, version=version_in(request), at=timezone.now())
    return redirect("practitioner_link", token)


@by_link(Purpose.PRACTITIONER)
@require_POST
def practitioner_cancel(request: HttpRequest, appointment: Appointment, token: str) -> HttpResponse:
    """Cancel for the practitioner, with a reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _practitioner_page(request, appointment, token, form)
    reason = form.cleaned_data["reason"]
    cancel_by_practitioner(appointment, reason, version=version_in(request), at=timezone.now())
    return redirect("practitioner_link", token)


# -- parts -------------------------------------------------------------------------------------
def _practitioner_page(
    request: HttpRequest, appointment: Appointment, token: str, form: ReasonForm
) -> HttpResponse:
    """What a link alone opens: never the note, the whole name or the contact."""
    note_opening(
        appointment,
        # Whoever reads the practitioner's mail: a link asks nobody who they are.
        by=appointment.practitioner.user,
        what=FIRST_NAME,
        purpose=TO_PREPARE,
        at=timezone.now(),
    )
    context = {
        "token": token,
        "version": appointment.version,
        "is_cancelled": appointment.state == State.CANCELLED,
        "is_seen": appointment.seen_at is not None,
        "rows": words.practitioner_rows(appointment, details_of(appointment).first_name),
        "form": form,
        "errors": form.errors,
    }
    return render(request, "booking/practitioner_link.jinja", context)
