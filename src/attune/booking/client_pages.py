"""What a client does with an appointment: the same pages by a mailed link and signed in."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from attune.accounts.contacts import email_of
from attune.booking import words
from attune.booking.actions import cancel, change_time
from attune.booking.calendar import calendar_file
from attune.booking.errors import TimeTaken
from attune.booking.forms import TimeForm, version_in
from attune.booking.models import Appointment
from attune.booking.queries import slots_for

State = Appointment.State


@dataclass(frozen=True)
class Way:
    """The addresses of the pages about one appointment, for whoever came this way."""

    show: str
    change: str
    cancel: str
    calendar: str
    # What lies before the first of them; "" for nothing.
    back: str = ""

    @classmethod
    def by_link(cls, token: str) -> "Way":
        return cls(
            show=reverse("appointment", args=[token]),
            change=reverse("appointment_change", args=[token]),
            cancel=reverse("appointment_cancel", args=[token]),
            calendar=reverse("appointment_calendar", args=[token]),
        )

    @classmethod
    def signed_in(cls, appointment: Appointment) -> "Way":
        code = appointment.code
        return cls(
            show=reverse("own_appointment", args=[code]),
            change=reverse("own_appointment_change", args=[code]),
            cancel=reverse("own_appointment_cancel", args=[code]),
            calendar=reverse("own_appointment_calendar", args=[code]),
            back=reverse("own_appointments"),
        )


def show_page(request: HttpRequest, appointment: Appointment, way: Way) -> HttpResponse:
    """Show an appointment, with what can be done about it."""
    is_cancelled = appointment.state == State.CANCELLED
    rows = words.cancelled_rows if is_cancelled else words.booked_rows
    context = {
        "way": way,
        "times_href": reverse("book_time", args=[appointment.listing.code]),
        "is_cancelled": is_cancelled,
        "is_over": appointment.start <= timezone.now(),
        "rows": rows(appointment),
        "terms": words.terms_words(appointment),
    }
    return render(request, "booking/appointment.jinja", context)


def change_page(request: HttpRequest, appointment: Appointment, way: Way) -> HttpResponse:
    """Offer other times, and move the appointment to the one that is chosen."""
    if not _can_still_change(appointment):
        return redirect(way.show)
    if request.method != "POST":
        return _times_page(request, appointment, way)
    form = TimeForm(request.POST)
    if not form.is_valid():
        return _times_page(request, appointment, way, error=_("Choose a time"))
    try:
        change_time(appointment, form.wanted, version=version_in(request), at=timezone.now())
    except TimeTaken as taken:
        return _times_page(request, appointment, way, taken=taken)
    return redirect(way.show)


def cancel_page(request: HttpRequest, appointment: Appointment, way: Way) -> HttpResponse:
    """Ask once, then cancel."""
    if request.method == "POST":
        cancel(appointment, version=version_in(request), at=timezone.now())
    elif _can_still_change(appointment):
        context = {
            "way": way,
            "version": appointment.version,
            "name": appointment.practitioner.name,
            "when": words.when_words(appointment),
            "terms": words.terms_words(appointment),
        }
        return render(request, "booking/cancel.jinja", context)
    return redirect(way.show)


def calendar_answer(appointment: Appointment) -> HttpResponse:
    """Hand out the calendar file."""
    attendee = email_of(appointment.contact)
    return HttpResponse(
        calendar_file(appointment, attendee=attendee, now=timezone.now()),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="appointment.ics"'},
    )


def _can_still_change(appointment: Appointment) -> bool:
    return appointment.state == State.BOOKED and appointment.start > timezone.now()


def _times_page(
    request: HttpRequest,
    appointment: Appointment,
    way: Way,
    *,
    taken: TimeTaken | None = None,
    error: str = "",
) -> HttpResponse:
    slots = slots_for(appointment.listing, timezone.now(), moving=appointment)
    others = [one for one in slots if one.start != appointment.start]
    context = {
        "way": way,
        "version": appointment.version,
        "when": words.when_words(appointment),
        "terms": words.terms_words(appointment),
        **words.times_to_choose(appointment.listing, others, taken=taken, error=error),
    }
    return render(request, "booking/change.jinja", context, status=409 if taken else 200)
