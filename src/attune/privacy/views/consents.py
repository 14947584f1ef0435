"""What a member agreed to."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from attune.accounts.audience import Audience, audience
from attune.accounts.models import User
from attune.privacy.access import consent_of
from attune.privacy.choice import Choice, choice_in, keep_choice
from attune.privacy.consents import consents_of, withdraw_consent
from attune.privacy.statistics import forget_visits
from attune.privacy.words import answer_words


@audience(Audience.MEMBER)
@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """Show every answer somebody gave, in the words that were asked."""
    known = consents_of(cast("User", request.user))
    rows = [{"known": one, "said": answer_words(one.consent)} for one in known]
    return render(request, "privacy/agreements.jinja", {"rows": rows})


@audience(Audience.MEMBER)
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take one agreement back."""
    consent, now = consent_of(cast("User", request.user), code), timezone.now()
    withdraw_consent(consent, at=now)
    answer = redirect("agreements")
    answer.status_code = 303
    choice = choice_in(request)
    if choice and choice.agreed and choice.browser == consent.browser:
        forget_visits(choice, at=now)
        keep_choice(answer, Choice())
    return answer
