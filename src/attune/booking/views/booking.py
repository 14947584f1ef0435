"""Pages from a free time to a booked one: time, address, code, summary, booked."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from attune.accounts.audience import Audience, audience
from attune.accounts.contacts import (
    CodeRefused,
    TooManyCodes,
    confirm_contact,
    send_contact_code,
)
from attune.accounts.forms import CodeForm, EmailForm, posted
from attune.accounts.limits import CODES_TYPED, MAIL_ASKED_FOR, limited, origin_of
from attune.booking import words
from attune.booking.actions import (
    Person,
    book,
    extend_hold,
    hold_time,
    refuse_if_taken,
    release_hold,
)
from attune.booking.browser import (
    browser_of,
    confirmed_in,
    contact_code_of,
    contact_of_member,
    last_with,
    own_address,
    remember_contact,
    remember_wanted,
    wanted_with,
)
from attune.booking.errors import (
    ChangedMeanwhile,
    NotBookable,
    TimeTaken,
    TooManyAppointments,
)
from attune.booking.forms import DetailsForm, TimeForm
from attune.booking.links import Purpose, token_for
from attune.booking.models import Appointment
from attune.booking.queries import channels_for, has_run_out, meeting_for, slots_for
from attune.directory.models import Listing

State = Appointment.State
View = Callable[[HttpRequest, Listing], HttpResponse]


def listing_or_404(code: str) -> Listing:
    """Return a published listing, else 404."""
    listing = (
        Listing.objects.filter(code=code, state=Listing.State.PUBLISHED)
        .select_related("practitioner")
        .first()
    )
    if listing is None:
        raise Http404("No such listing.")
    return listing


def step(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """Make a step of a booking: for one listing, never stored by the browser."""

    @audience(Audience.HOLDER)
    @never_cache
    @wraps(view)
    def with_listing(request: HttpRequest, code: str) -> HttpResponse:
        listing = listing_or_404(code)
        try:
            return view(request, listing)
        except TimeTaken as taken:
            return _time_page(request, listing, taken=taken)
        except NotBookable:
            return _time_page(request, listing)
        except TooManyAppointments as error:
            context = {"listing": listing, "limit": error.limit}
            return render(request, "booking/too_many.jinja", context, status=409)

    return with_listing


# -- the steps ---------------------------------------------------------------------------------
@step
def choose_time(request: HttpRequest, listing: Listing) -> HttpResponse:
    """Show the free times, or take the one that was chosen here or on a profile."""
    if request.method != "POST":
        return _time_page(request, listing)
    form = TimeForm(request.POST)
    if not form.is_valid():
        return _time_page(request, listing, error=_("Choose a time"))
    remember_wanted(request, listing.code, form.wanted)
    return _hold_or_ask(request, listing)


@step
@limited(MAIL_ASKED_FOR)
def give_address(request: HttpRequest, listing: Listing) -> HttpResponse:
    """Ask for a mail address, and send a code there."""
    if wanted_with(request, listing.code) is None:
        return redirect("book_time", listing.code)
    form = EmailForm(posted(request))
    if form.is_valid():
        try:
            sent = send_contact_code(
                form.cleaned_data["email"], origin=origin_of(request), at=timezone.now()
            )
        except TooManyCodes:
            form.add_error("email", _("Too many codes were asked for. Try again in an hour."))
        else:
            remember_contact(request, sent)
            return redirect("book_code", listing.code)
    return render(request, "booking/address.jinja", {"listing": listing, "form": form})


@step
@limited(CODES_TYPED)
def give_code(request: HttpRequest, listing: Listing) -> HttpResponse:
    """Take the code; whoever has it reads that mailbox, and the time is held for them."""
    if wanted_with(request, listing.code) is None:
        return redirect("book_time", listing.code)
    form = CodeForm(posted(request))
    if form.is_valid():
        try:
            confirm_contact(contact_code_of(request), form.cleaned_data["code"], at=timezone.now())
        except CodeRefused:
            form.add_error("code", _("This code does not work. Check it, or ask for a new one."))
        else:
            return _hold_or_ask(request, listing)
    return render(request, "booking/code.jinja", {"listing": listing, "form": form})


@step
def summary(request: HttpRequest, listing: Listing) -> HttpResponse:
    """Show everything on one page; its button books."""
    held = last_with(request, listing.code)
    if held is None:
        return redirect("book_time", listing.code)
    if held.state == State.BOOKED:
        return redirect("book_done", listing.code)
    channels = channels_for(held.kind, held.practice.channels)
    form = DetailsForm(posted(request), appointment=held, channels=channels)
    if not form.is_valid():
        return _summary_page(request, held, form)
    try:
        held = _hold_instead(request, held)
        book(held, form.details, channel=form.cleaned_data["channel"], at=timezone.now())
    except TimeTaken as taken:
        return _summary_page(request, held, form, taken=taken)
    except ChangedMeanwhile:
        return redirect("book_time", listing.code)
    return redirect("book_done", listing.code)


@step
@require_POST
def keep(request: HttpRequest, listing: Listing) -> HttpResponse:
    """Keep the held time for fifteen minutes more."""
    held = last_with(request, listing.code)
    if held is not None:
        extend_hold(held, at=timezone.now())
    return redirect("book_summary", listing.code)


@step
@require_POST
def give_up(request: HttpRequest, listing: Listing) -> HttpResponse:
    """Give up the held time."""
    held = last_with(request, listing.code)
    if held is not None:
        release_hold(held, at=timezone.now())
    return redirect("book_time", listing.code)


@step
@require_safe
def done(request: HttpRequest, listing: Listing) -> HttpResponse:
    """Say what is booked, and what happens next."""
    booked = last_with(request, listing.code)
    if booked is None or booked.state != State.BOOKED:
        return redirect("book_time", listing.code)
    context = {
        "listing": listing,
        "rows": words.booked_rows(booked),
        "reference": booked.reference,
        "terms": words.terms_words(booked),
        "token": token_for(booked, Purpose.MANAGE),
        "reminders": words.reminders_words(booked.start, at=timezone.now()),
    }
    return render(request, "booking/done.jinja", context)


# -- parts -------------------------------------------------------------------------------------
def _hold_or_ask(request: HttpRequest, listing: Listing) -> HttpResponse:
    """Hold the wanted time, if we know who asks: by a confirmed address, or by their account."""
    now = timezone.now()
    wanted = wanted_with(request, listing.code)
    contact = confirmed_in(request, at=now) or contact_of_member(request, at=now)
    if wanted is None:
        return redirect("book_time", listing.code)
    if contact is None:
        refuse_if_taken(listing, wanted, at=now)
        return redirect("book_address", listing.code)
    hold_time(listing, wanted, Person(contact, browser_of(request)), at=now)
    return redirect("book_summary", listing.code)


def _hold_instead(request: HttpRequest, held: Appointment) -> Appointment:
    """Hold the other time that was chosen because the first was gone, if one was."""
    form = TimeForm(request.POST)
    if not form.is_valid():
        return held
    person = Person(held.contact, browser_of(request))
    return hold_time(held.listing, form.wanted, person, at=timezone.now())


def _time_page(
    request: HttpRequest, listing: Listing, *, taken: TimeTaken | None = None, error: str = ""
) -> HttpResponse:
    now = timezone.now()
    held = last_with(request, listing.code)
    is_held = held is not None and held.state == State.HELD and not has_run_out(held, now)
    slots = slots_for(listing, now, moving=held if is_held else None)
    context = {
        "listing": listing,
        "asks_first": meeting_for(listing) is None,
        **words.times_to_choose(listing, slots, taken=taken, error=error),
    }
    return render(request, "booking/time.jinja", context, status=409 if taken else 200)


def _summary_page(
    request: HttpRequest, held: Appointment, form: DetailsForm, *, taken: TimeTaken | None = None
) -> HttpResponse:
    context = {
        "listing": held.listing,
        "held": held,
        "form": form,
        "rows": words.summary_rows(held),
        "kept_until": "" if has_run_out(held, timezone.now()) else words.kept_until_words(held),
        "own_address": own_address(request, held),
        "is_taken": taken is not None,
        "nearest": words.days_of(taken.nearest, held.listing) if taken else [],
        "button_words": _("Book %(start)s") % {"start": words.start_words(held)},
        "errors": form.errors or taken is not None,
    }
    return render(request, "booking/summary.jinja", context, status=409 if taken else 200)
