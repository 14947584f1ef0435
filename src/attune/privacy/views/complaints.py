"""Complaining, asking for one's own data without an account, and reading the answer."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from attune.accounts.audience import Audience, audience
from attune.accounts.limits import origin_of, wait_after
from attune.core.phrases import date_words
from attune.privacy.access import complaint_by_link, opened
from attune.privacy.complaints import complain, use_link
from attune.privacy.forms import ComplaintForm
from attune.privacy.models import Complaint
from attune.privacy.words import outcome_words
from attune.vocabulary.codes import new_secret_code

COMPLAINTS_AN_HOUR = 5
# What the session calls the code of what was sent last.
SENT = "complaint"


@audience(Audience.HOLDER)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint(request: HttpRequest) -> HttpResponse:
    """Take a complaint or a request."""
    if request.method != "POST":
        return _form_page(request, ComplaintForm())
    form = ComplaintForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    now = timezone.now()
    origin = origin_of(request)
    if wait_after("complaint", origin, most=COMPLAINTS_AN_HOUR, within=timedelta(hours=1), at=now):
        form.add_error(None, _("Too many messages came from your network. Try again in an hour."))
        return _form_page(request, form, status=429)
    request.session[SENT] = complain(form.said(new_secret_code()), at=now).code
    answer = redirect("complaint_sent")
    answer.status_code = 303
    return answer


def _form_page(request: HttpRequest, form: ComplaintForm, status: int = 200) -> HttpResponse:
    key = form["key"].value() if form.is_bound and "key" not in form.errors else ""
    context = {"form": form, "key": key or new_secret_code()}
    return render(request, "privacy/complaint.jinja", context, status=status)


@audience(Audience.HOLDER)
@require_safe
def complaint_sent(request: HttpRequest) -> HttpResponse:
    """Show the reference of what this browser sent last."""
    found = Complaint.objects.filter(code=request.session.get(SENT, "")).first()
    if found is None:
        return redirect("complaint")
    context = {
        "reference": found.reference,
        "until": date_words(found.acknowledge_by),
        "is_mailed": bool(found.email_hash),
    }
    return render(request, "privacy/complaint_sent.jinja", context)


@audience(Audience.HOLDER)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_answer(request: HttpRequest, code: str) -> HttpResponse:
    """Show an answer, once: by a button, since programs that check mail follow links."""
    now = timezone.now()
    found = complaint_by_link(code, now)
    if found is None:
        return render(request, "privacy/answer_gone.jinja", status=410)
    if request.method != "POST":
        return render(request, "privacy/answer_link.jinja")
    if not use_link(found, at=now):
        return render(request, "privacy/answer_gone.jinja", status=410)
    context = {
        "reference": found.reference,
        "outcome": outcome_words(found),
        "answer": opened(found, "answer"),
    }
    return render(request, "privacy/answer.jinja", context)
