"""Having copies and erasures wait, and taking back what waits."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from attune.accounts.audience import Audience, audience, needs_step_up
from attune.accounts.models import AccountNotice
from attune.accounts.notices import notify
from attune.core.phrases import moment_words
from attune.privacy.actions import WAIT, ask_for, take_back, wait_from_now_on
from attune.privacy.models import Delayed
from attune.privacy.people import member_of
from attune.privacy.queries import delayed_of, waits_first


@audience(Audience.MEMBER)
@require_http_methods(["GET", "HEAD", "POST"])
@needs_step_up
def wait_first(request: HttpRequest) -> HttpResponse:
    """Explain the wait, and turn it on, or off in 14 days."""
    user, now = member_of(request), timezone.now()
    if request.method == "POST":
        notify(user, AccountNotice.Kind.WAIT, at=now)
        if request.POST.get("wait") == "yes":
            wait_from_now_on(user, at=now)
        elif waits_first(user, now):
            ask_for(user, Delayed.Kind.NO_WAIT, at=now)
        return redirect("wait_first")
    ends = delayed_of(user).get(Delayed.Kind.NO_WAIT)
    context = {
        "waits": waits_first(user, now),
        "days": WAIT.days,
        "ends": moment_words(ends.due_at, settings.VISITOR_ZONE) if ends else "",
    }
    return render(request, "privacy/wait_first.jinja", context)


# Without another look at who it is: taking back harms nobody, and may be urgent.
@audience(Audience.MEMBER)
@require_POST
def take_back_request(request: HttpRequest, kind: str) -> HttpResponse:
    """Take back what waits for its time."""
    if kind not in Delayed.Kind.values:
        raise Http404("No such request.")
    take_back(member_of(request), kind)
    return redirect("our_data")
