"""Saving people, and what a member keeps about them. Nobody else ever sees any of it."""

from typing import cast
from urllib.parse import urlsplit

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attune.accounts.audience import (
    Audience,
    audience,
    has_second_factor,
    opens_sealed_data,
    refusal,
)
from attune.accounts.models import User
from attune.accounts.origin import comes_from_here
from attune.booking.forms import version_in
from attune.directory.access import note_of, saved_by, saved_for
from attune.directory.models import SavedListing
from attune.directory.saving import (
    MOST_SAVED,
    ChangedElsewhere,
    TooManySaved,
    change_note,
    change_status,
    remove_saved,
    save_listing,
)
from attune.finder.access import savable_listing
from attune.finder.forms import NoteForm, StatusForm
from attune.finder.saved import WISH, saved_rows

ON_A_PAGE = 10
RESULTS = "/match/results/"


# Prepared cards are the same for everybody, so their forms hold no token.
@audience(Audience.HOLDER)
@csrf_exempt
@require_POST
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Save somebody; whoever is not signed in is led there first, and their wish is kept."""
    if not comes_from_here(request):
        return redirect("profile", code)
    now = timezone.now()
    listing, back = savable_listing(code, now=now), _where_from(request, code)
    if refusal(request, Audience.MEMBER) is not None:
        request.session[WISH] = listing.code
        return redirect_to_login(back, login_url="account_login")
    try:
        save_listing(_member(request), listing, at=now)
    except TooManySaved:
        return render(request, "finder/too_many_saved.jinja", {"limit": MOST_SAVED}, status=409)
    return redirect(back)


@audience(Audience.MEMBER)
@require_safe
def saved_list(request: HttpRequest) -> HttpResponse:
    """List whom a member saved, ten to a page."""
    pages = Paginator(saved_by(request.user), ON_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "rows": saved_rows(list(page.object_list), timezone.now()),
        "pages": [
            {"number": one, "href": f"?page={one}", "is_current": one == page.number}
            for one in pages.page_range
        ],
        "previous": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "finder/saved.jinja", context)


@audience(Audience.MEMBER)
@require_http_methods(["GET", "HEAD", "POST"])
def saved_one(request: HttpRequest, code: str) -> HttpResponse:
    """Show one saved person, and take where the member is with them."""
    saved = saved_for(request.user, code)
    if request.method != "POST":
        return _page_of_one(request, saved, StatusForm({"status": saved.status}))
    form = StatusForm(request.POST)
    if not form.is_valid():
        return _page_of_one(request, saved, form)
    try:
        status = form.cleaned_data["status"]
        change_status(saved, status, version=version_in(request), at=timezone.now())
    except ChangedElsewhere:
        return _page_of_one(request, saved, form, has_moved_on=True)
    return redirect("saved_one", code)


@audience(Audience.MEMBER)
@opens_sealed_data
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, code: str) -> HttpResponse:
    """Show the note about a saved person, and take another."""
    saved = saved_for(request.user, code)
    if request.method != "POST":
        return _page_of_note(request, saved, NoteForm({"note": note_of(saved)}))
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page_of_note(request, saved, form)
    try:
        text = form.cleaned_data["note"]
        change_note(saved, text, version=version_in(request), at=timezone.now())
    except ChangedElsewhere:
        return _page_of_note(request, saved, form, has_moved_on=True)
    return redirect("saved_one", code)


@audience(Audience.MEMBER)
@require_POST
def remove(request: HttpRequest, code: str) -> HttpResponse:
    """Remove somebody. A second click finds them gone, which is as good."""
    remove_saved(_member(request), code)
    return redirect("saved_people")


# -- parts -------------------------------------------------------------------------------------
def _member(request: HttpRequest) -> User:
    return cast("User", request.user)


def _where_from(request: HttpRequest, code: str) -> str:
    """Return the page of ours that the button stood on; of results, at the person's card."""
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc != request.get_host() or not came.path.startswith(RESULTS):
        return reverse("profile", args=[code])
    return f"{came.path}{'?' + came.query if came.query else ''}#{code}"


def _page_of_one(
    request: HttpRequest, saved: SavedListing, form: StatusForm, *, has_moved_on: bool = False
) -> HttpResponse:
    (row,) = saved_rows([saved], timezone.now())
    context = {
        "row": row,
        "form": form,
        "errors": form.errors,
        "version": saved.version,
        "has_moved_on": has_moved_on,
        "has_note": saved.note_sealed is not None,
        "may_have_notes": has_second_factor(request) or is_mfa_enabled(request.user),
    }
    return render(
        request, "finder/saved_one.jinja", context, status=_status(form, has_moved_on=has_moved_on)
    )


def _page_of_note(
    request: HttpRequest, saved: SavedListing, form: NoteForm, *, has_moved_on: bool = False
) -> HttpResponse:
    context = {
        "code": saved.code,
        "name": saved.listing.practitioner.name,
        "form": form,
        "errors": form.errors,
        "version": saved.version,
        "has_moved_on": has_moved_on,
    }
    return render(
        request, "finder/saved_note.jinja", context, status=_status(form, has_moved_on=has_moved_on)
    )


def _status(form: StatusForm | NoteForm, *, has_moved_on: bool) -> int:
    if form.errors:
        return 422
    return 409 if has_moved_on else 200
