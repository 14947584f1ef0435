"""What we hold of a member, how they correct it, and what they asked for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from attune.accounts.audience import Audience, audience
from attune.privacy.asked import requests_told
from attune.privacy.held import kinds_held
from attune.privacy.people import member_of


@audience(Audience.MEMBER)
@require_safe
def our_data(request: HttpRequest) -> HttpResponse:
    """Show each kind of thing we hold, and where it is corrected."""
    requests = requests_told(member_of(request), timezone.now())
    return render(request, "privacy/data.jinja", {"kinds": kinds_held(), "requests": requests})
