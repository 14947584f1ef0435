"""The answers together, and who could fit."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from attune.accounts.audience import Audience, audience
from attune.core.errors import InvalidInput
from attune.directory.access import saved_among
from attune.enquiries import actions
from attune.enquiries.answers import with_change
from attune.enquiries.forms import (
    FORMS,
    Typed,
)
from attune.enquiries.questions import QUESTIONS
from attune.enquiries.results import Asked, results_page
from attune.enquiries.so_far import people_so_far
from attune.enquiries.summary import answer_words
from attune.enquiries.visit import Visit, see_other_at, typed_in, version_in
from attune.finder.queries import SORTS, UnknownPlace


@audience(Audience.HOLDER)
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Show every answer with a way to change it, and say who will see what."""
    visit = Visit(request)
    rows = [
        {
            "label": one.short,
            "value": answer_words(one.number, visit.answers, visit.words) or _("Not provided"),
            "href": reverse("enquiry_question", args=[one.number]) + "?to=check",
        }
        for one in QUESTIONS
    ]
    context = {
        "rows": rows,
        "version": visit.version,
        "here": "check",
        **people_so_far(visit.answers, visit.loaded, visit.now),
    }
    return render(request, "enquiries/check.jinja", context)


@audience(Audience.HOLDER)
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Show who could fit, and why."""
    visit = Visit(request)
    if visit.enquiry is None:
        return redirect("enquiry_start")
    asked = Asked.from_query(request.GET)
    try:
        page = results_page(visit.enquiry, visit.answers, asked, loaded=visit.loaded, now=visit.now)
    except UnknownPlace:
        return redirect("enquiry_question", 4)
    page["saved"] = saved_among(request.user, [one.code for one in page["cards"]])
    return render(request, "enquiries/results.jinja", page)


@audience(Audience.HOLDER)
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Take a wish away, or soften one, and go back to where that was offered."""
    visit, typed = Visit(request), typed_in(request)
    back = came_from(typed)
    try:
        answers = with_change(visit.answers, json.loads(typed.one("change")), visit.words)
        visit.keep(answers, version=version_in(typed))
    except (ValueError, TypeError, InvalidInput):
        # Not one of our buttons: nothing changes.
        return see_other_at(back)
    except actions.AnswersChanged:
        return see_other_at(f"{reverse('enquiry_results')}?changed=elsewhere")
    return see_other_at(back)


def came_from(typed: Typed) -> str:
    here = typed.one("here")
    if here == "check":
        return reverse("enquiry_check")
    if here in {str(form.number) for form in FORMS}:
        return reverse("enquiry_question", args=[here])
    sort = typed.one("sort")
    return reverse("enquiry_results") + (f"?sort={sort}" if sort in SORTS else "")
