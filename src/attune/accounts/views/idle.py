"""Pages of the idle lock: staying, being locked out, and what was kept meanwhile."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attune.accounts.access import member_in, unfinished_work_of
from attune.accounts.audience import Audience, audience, needs_step_up
from attune.accounts.idle import UNFINISHED, is_no_sign_of_life, keep_what_was_sent
from attune.accounts.sessions import web_session
from attune.accounts.unfinished import (
    ADDRESS,
    FINISHES,
    form_of,
    leads_to_a_form,
    never_kept,
    rows_of,
)


@audience(Audience.HOLDER)
@never_kept
@require_http_methods(["GET", "POST"])
def stay(request: HttpRequest) -> HttpResponse:
    """Say how many seconds are left (0: nobody is signed in); a POST starts them anew."""
    is_here = request.user.is_authenticated
    if request.method == "GET":
        is_no_sign_of_life(request)
    else:
        web_session(request).touch(timezone.now())
    # Browsers accept anything of a form, so asking them whether they accept JSON tells nothing.
    is_by_script = "application/json" in request.headers.get("Accept", "")
    if request.method == "POST" and not is_by_script:
        return redirect(_page_before(request) if is_here else reverse("account_locked"))
    left = web_session(request).seconds_left(timezone.now()) if is_here else 0
    return JsonResponse({"seconds": left})


def _page_before(request: HttpRequest) -> str:
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure()):
        return came_from
    return reverse("account_home")


@audience(Audience.HOLDER)
@require_safe
def locked(request: HttpRequest) -> HttpResponse:
    """Say that the time was over, and what happens with what was being written."""
    is_no_sign_of_life(request)
    return render(request, "accounts/locked.jinja", {"kept": request.session.get(UNFINISHED, "")})


@audience(Audience.HOLDER)
@never_kept
@require_POST
def keep_form(request: HttpRequest) -> HttpResponse:
    """Keep what was typed into a page that is about to close; the answer tells nothing."""
    is_no_sign_of_life(request)
    address = request.POST.get(ADDRESS, "")
    if leads_to_a_form(address):
        keep_what_was_sent(request, address)
    return HttpResponse(status=204)


@audience(Audience.MEMBER)
@require_safe
@needs_step_up
def unfinished(request: HttpRequest, code: str) -> HttpResponse:
    """Show what somebody typed, to be sent after all or thrown away."""
    form = form_of(unfinished_work_of(member_in(request), code, at=timezone.now()))
    request.session.pop(UNFINISHED, None)
    context = {"code": code, "form": form, "rows": rows_of(form), "finishes": FINISHES}
    return render(request, "accounts/unfinished.jinja", context)


@audience(Audience.MEMBER)
@never_kept
@require_POST
def throw_away(request: HttpRequest, code: str) -> HttpResponse:
    unfinished_work_of(member_in(request), code, at=timezone.now()).delete()
    return redirect("account_home")
