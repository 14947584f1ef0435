"""The page of one practitioner."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from attune.accounts.audience import Audience, audience
from attune.accounts.limits import Limit, limited
from attune.directory.access import saved_among
from attune.finder.access import shown_listing
from attune.finder.machines import for_machines
from attune.finder.profile import profile_of
from attune.finder.why import why_suggested

# Somebody who compares people opens a dozen; a program that copies them all opens hundreds.
PROFILES = Limit("profiles", 120, reads=True)


@audience(Audience.ANYONE)
@limited(PROFILES)
@require_safe
def profile(request: HttpRequest, code: str) -> HttpResponse:
    """Show a practitioner, the times that are free, and why they were suggested, if they were.

    ``?time=`` is the value of a free time that was chosen on a card.
    """
    now = timezone.now()
    listing, why = shown_listing(code, now=now), why_suggested(request, code)
    one = profile_of(listing, now)
    context = {
        "one": one,
        "why": why,
        "saved": saved_among(request.user, [code]).get(code),
        "chosen": request.GET.get("time", ""),
        "for_machines": for_machines(listing, one),
    }
    response = render(request, "finder/profile.jinja", context)
    if why or request.user.is_authenticated:
        # The reasons tell what the person asked for, and the button whom they saved.
        add_never_cache_headers(response)
    return response
