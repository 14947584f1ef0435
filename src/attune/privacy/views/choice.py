"""The cookie page, and the answer to the question whether we may count."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from attune.accounts.audience import Audience, audience
from attune.accounts.limits import origin_of, wait_after
from attune.accounts.origin import comes_from_here
from attune.core.phrases import moment_words
from attune.privacy.choice import Choice, choice_in, keep_choice, new_choice
from attune.privacy.consents import consent_of_browser, record_consent
from attune.privacy.cookies import COOKIES
from attune.privacy.forms import ChoiceForm, path_of_ours
from attune.privacy.models import Consent
from attune.privacy.statistics import ONE_WEEK, forget_visits
from attune.privacy.wordings import STATISTICS, current_wording

# A yes writes a row; a no is never refused.
MOST_AGREEMENTS = 60


@audience(Audience.ANYONE)
@require_safe
@never_cache
def cookies(request: HttpRequest) -> HttpResponse:
    """Name every cookie, and show what this browser answered."""
    rows = [{"label": one.name, "value": [one.purpose, one.lifetime]} for one in COOKIES]
    context = {"rows": rows, "back": request.path, **_answered(choice_in(request))}
    return render(request, "privacy/cookies.jinja", context)


def _answered(choice: Choice | None) -> dict[str, Any]:
    """Say what stands: an agreement only where it is on record and was not taken back."""
    consent = consent_of_browser(STATISTICS, choice.browser) if choice and choice.agreed else None
    agreed = consent is not None and consent.answer == Consent.Answer.GIVEN
    return {
        "wording": current_wording(STATISTICS),
        "has_answered": choice is not None,
        "agreed": agreed,
        "when": moment_words(consent.at, settings.VISITOR_ZONE) if consent and agreed else "",
        "version": consent.wording if consent and agreed else "",
    }


# The pages that ask are the same for everybody and hold no token.
@audience(Audience.ANYONE)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Take the answer, and go back to the page that asked."""
    if request.method != "POST":
        return redirect("cookies")
    if not comes_from_here(request):
        return _asked_again(request, _("This answer came from another site."), status=403)
    form = ChoiceForm(request.POST)
    if not form.is_valid():
        return _asked_again(request, _("We could not read this answer."), status=422)
    now = timezone.now()
    agrees = form.cleaned_data["answer"] == "yes"
    if agrees and _too_many(request, now):
        sentence = _("Too many answers came from your network. Try again in a week.")
        return _asked_again(request, sentence, status=429)
    choice = _take(request, agrees=agrees, at=now)
    answer = redirect(f"{form.back}#your-choice")
    answer.status_code = 303
    keep_choice(answer, choice)
    return answer


def _too_many(request: HttpRequest, now: datetime) -> bool:
    return bool(
        wait_after("choice", origin_of(request), most=MOST_AGREEMENTS, within=ONE_WEEK, at=now)
    )


def _take(request: HttpRequest, *, agrees: bool, at: datetime) -> Choice:
    """Record the answer; return what the browser keeps from now on."""
    held = choice_in(request) or Choice()
    user = request.user if request.user.is_authenticated else None
    choice = held if held.agreed or not agrees else new_choice()
    with transaction.atomic():
        record_consent(STATISTICS, given=agrees, at=at, user=user, browser=choice.browser)
        if held.agreed and not agrees:
            forget_visits(held, at=at)
    return choice if agrees else Choice()


def _asked_again(request: HttpRequest, problem: str, *, status: int) -> HttpResponse:
    context = {
        "problem": problem,
        "wording": current_wording(STATISTICS),
        "back": path_of_ours(request.POST.get("back", "")),
    }
    return render(request, "privacy/asked_again.jinja", context, status=status)
