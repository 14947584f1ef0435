"""Somebody's own page, and the page after signing out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from attune.accounts.access import member_in
from attune.accounts.audience import Audience, audience
from attune.accounts.panels import STANDING, Panel, panels_for


@audience(Audience.MEMBER)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the panels of all apps, what is somebody's own first."""
    member, now = member_in(request), timezone.now()
    own = [_rendered(one, request) for one in panels_for(member, now, below=STANDING)]
    # A panel may find, once it knows the browser, that it has nothing to show there.
    own = [one for one in own if one.strip()]
    standing = [_rendered(one, request) for one in panels_for(member, now, start=STANDING)]
    return render(request, "accounts/home.jinja", {"own": own, "standing": standing})


def _rendered(panel: Panel, request: HttpRequest) -> SafeString:
    return SafeString(render_to_string(panel.template, panel.context, request=request))


@audience(Audience.ANYONE)
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/signed_out.jinja")
