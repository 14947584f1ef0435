"""A member's own appointments: what a mailed link opens, without the link."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from attune.accounts.audience import Audience, audience
from attune.booking import words
from attune.booking.access import member_appointment, past_of_member, upcoming_of_member
from attune.booking.client_pages import (
    Way,
    calendar_answer,
    cancel_page,
    change_page,
    show_page,
)
from attune.booking.errors import ChangedMeanwhile
from attune.booking.models import Appointment

View = Callable[[HttpRequest, Appointment], HttpResponse]
MOST_PAST = 50


@audience(Audience.MEMBER)
@require_safe
def appointments(request: HttpRequest) -> HttpResponse:
    """List what is ahead, the next one first, and what is over or cancelled, the last first."""
    now = timezone.now()
    context = {
        "upcoming": [words.line_of(one) for one in upcoming_of_member(request.user, now=now)],
        "past": [words.line_of(one) for one in past_of_member(request.user, now=now)[:MOST_PAST]],
    }
    return render(request, "booking/own_appointments.jinja", context)


def about_mine(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """Give the view an appointment of whoever asks; say so when it changed meanwhile."""

    @audience(Audience.MEMBER)
    @wraps(view)
    def with_appointment(request: HttpRequest, code: str) -> HttpResponse:
        appointment = member_appointment(request.user, code)
        try:
            return view(request, appointment)
        except ChangedMeanwhile:
            context = {"href": Way.signed_in(appointment).show}
            return render(request, "booking/changed_meanwhile.jinja", context, status=409)

    return with_appointment


@about_mine
@require_safe
def show(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    return show_page(request, appointment, Way.signed_in(appointment))


@about_mine
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    return change_page(request, appointment, Way.signed_in(appointment))


@about_mine
@require_http_methods(["GET", "HEAD", "POST"])
def give_up(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    return cancel_page(request, appointment, Way.signed_in(appointment))


@about_mine
@require_safe
def calendar(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    return calendar_answer(appointment)
