"""The questionnaire and what it leads to. No address says why somebody came."""

import json
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attune.accounts.audience import Audience, audience
from attune.accounts.limits import count_attempt, origin_of
from attune.core.errors import InvalidInput
from attune.core.vocabulary import Vocabulary
from attune.enquiries import actions, beginning, queries
from attune.enquiries.access import (
    SESSION_KEY,
    answers_in,
    enquiry_by_reference,
    enquiry_of,
    usable_link,
)
from attune.enquiries.answers import Answers, with_change
from attune.enquiries.forms import (
    LAST,
    Form,
    Mistakes,
    Typed,
    first_unanswered,
    form_of,
    is_under_18,
    read_email,
)
from attune.enquiries.models import Enquiry
from attune.enquiries.pages import PARTS_OF_PAGE
from attune.enquiries.questions import QUESTIONS
from attune.enquiries.reference import spaced
from attune.enquiries.results import results_page
from attune.enquiries.so_far import people_so_far
from attune.enquiries.summary import answer_words
from attune.finder.loading import current

# Where "Change" leads back to.
RETURNS = {"check": "enquiry_check", "results": "enquiry_results"}


class Visit:
    """One request's moment, words, and what this browser holds."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.now = timezone.now()
        self.words: Vocabulary = current(self.now).words
        self.enquiry: Enquiry | None = enquiry_of(request.session, self.now)
        self.answers: Answers = answers_in(self.enquiry, self.words)

    @property
    def version(self) -> int:
        return self.enquiry.version if self.enquiry else 0

    def keep(self, answers: Answers, *, version: int | None = None) -> None:
        """Keep changed answers. Raises ``AnswersChanged`` if the page was made from others.

        The same answers sent twice change nothing.
        """
        if self.enquiry and answers == self.answers:
            return
        seen = self.version if version is None else version
        if seen != self.version:
            raise actions.AnswersChanged
        if self.enquiry is None:
            self.hold(actions.start_enquiry(answers, at=self.now))
        else:
            actions.change_answers(self.enquiry, answers, version=seen, at=self.now)

    def hold(self, enquiry: Enquiry) -> None:
        """Make this browser the holder of an enquiry."""
        self.request.session[SESSION_KEY] = enquiry.code
        self.request.session.cycle_key()


def see_other(name: str, *args: object, **query: str) -> HttpResponse:
    """Send the browser on after a POST, so that reloading sends nothing twice."""
    address = reverse(name, args=args or None)
    answer = redirect(f"{address}?{urlencode(query)}" if query else address)
    answer.status_code = 303
    return answer


def typed_in(request: HttpRequest) -> Typed:
    return Typed(dict(request.POST.lists()))


def version_in(typed: Typed) -> int:
    sent = typed.one("version")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1


# -- the questions -----------------------------------------------------------------------------


@audience(Audience.HOLDER)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Say what happens, who reads it, how to leave, and what this cannot do."""
    enquiry = enquiry_of(request.session, timezone.now())
    context = {"has_answers": enquiry is not None, "contacts": queries.urgent_help()}
    return render(request, "enquiries/start.jinja", context)


@audience(Audience.HOLDER)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, number: int) -> HttpResponse:
    """Ask one of the nine questions, and take its answer."""
    form, visit = known_form(number), Visit(request)
    if request.method == "POST":
        return take_answer(visit, form, typed_in(request))
    typed, mistakes = beginning.as_first_shown(form, visit.answers, visit.words)
    return show_question(visit, form, typed, mistakes)


def known_form(number: int) -> Form:
    if not 1 <= number <= LAST:
        raise Http404("No such question.")
    return form_of(number)


def take_answer(visit: Visit, form: Form, typed: Typed) -> HttpResponse:
    if form.number == 1 and is_under_18(typed):
        return see_other("enquiry_under_18")
    if beginning.is_search(form, typed):
        return show_question(visit, form, typed, {})
    try:
        answers = form.read(typed, visit.answers, visit.words)
        visit.keep(answers, version=version_in(typed))
    except Mistakes as mistakes:
        return show_question(visit, form, typed, mistakes.sentences)
    except actions.AnswersChanged:
        return show_question(visit, form, typed, {}, has_moved_on=True)
    return after_answer(visit.request, form.number, answers, visit.words)


def after_answer(
    request: HttpRequest, number: int, answers: Answers, words: Vocabulary
) -> HttpResponse:
    """Go on: first to help when a safety topic was chosen, to a town when the place is rough."""
    back = {"to": request.GET["to"]} if request.GET.get("to") in RETURNS else {}
    if number == 2 and words.safety_issues.intersection(answers.enquiry.issues):
        return see_other("enquiry_pause", **back)
    if number == 4 and answers.is_place_rough:
        return see_other("enquiry_place", **back)
    return next_page(number, **back)


def next_page(number: int, to: str = "") -> HttpResponse:
    if to:
        return see_other(RETURNS[to])
    return (
        see_other("enquiry_question", number + 1) if number < LAST else see_other("enquiry_check")
    )


def show_question(
    visit: Visit,
    form: Form,
    typed: Typed,
    mistakes: dict[str, str],
    *,
    has_moved_on: bool = False,
) -> HttpResponse:
    number, to = form.number, visit.request.GET.get("to", "")
    query = f"?to={to}" if to in RETURNS else ""
    back = (
        reverse("enquiry_question", args=[number - 1]) if number > 1 else reverse("enquiry_start")
    )
    context: dict[str, Any] = {
        "question": QUESTIONS[number - 1],
        "typed": typed,
        "mistakes": mistakes,
        "errors": list(mistakes.items()),
        "version": visit.version,
        "moved_on": moved_on_words() if has_moved_on else "",
        "back": reverse(RETURNS[to]) if query else back,
        "skip": reverse("enquiry_skip", args=[number]) + query,
        **people_so_far(visit.answers, visit.now),
        **PARTS_OF_PAGE[number - 1](typed, visit.answers, visit.words),
    }
    status = 422 if mistakes else 409 if has_moved_on else 200
    return render(visit.request, "enquiries/question.jinja", context, status=status)


def moved_on_words() -> str:
    return _(
        "Nothing was overwritten, and what you chose here is not saved yet. "
        "Press Continue to save it."
    )


@audience(Audience.HOLDER)
@require_POST
def skip(request: HttpRequest, number: int) -> HttpResponse:
    """Pass a question over, and put back what it held."""
    form, visit, typed = known_form(number), Visit(request), typed_in(request)
    try:
        visit.keep(form.skipped(visit.answers), version=version_in(typed))
    except actions.AnswersChanged:
        return show_question(visit, form, typed, {}, has_moved_on=True)
    to = request.GET.get("to", "")
    return next_page(number, to if to in RETURNS else "")


@audience(Audience.HOLDER)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Start from words, a place or a preset on another page; what was typed stays out of URLs."""
    visit, typed = Visit(request), typed_in(request)
    answers = beginning.begun(typed, visit.answers, visit.words)
    visit.keep(answers)
    if visit.words.safety_issues.intersection(answers.enquiry.issues):
        return see_other("enquiry_pause")
    return see_other("enquiry_question", first_unanswered(answers) or LAST)


@audience(Audience.HOLDER)
@require_safe
def pause(request: HttpRequest) -> HttpResponse:
    """Show help before anything else, after a topic that can mean danger."""
    visit, to = Visit(request), request.GET.get("to", "")
    number = first_unanswered(visit.answers)
    onward = (
        reverse(RETURNS[to])
        if to in RETURNS
        else reverse("enquiry_question", args=[number])
        if number
        else reverse("enquiry_check")
    )
    context = {"contacts": queries.urgent_help(), "onward": onward}
    return render(request, "enquiries/pause.jinja", context)


@audience(Audience.HOLDER)
@require_safe
def under_18(request: HttpRequest) -> HttpResponse:
    """Show services for people under 18; this one is for adults."""
    context = {"routes": queries.help_for_children(), "contacts": queries.urgent_help()}
    return render(request, "enquiries/under_18.jinja", context)


@audience(Audience.HOLDER)
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest) -> HttpResponse:
    """Say how roughly a place is known, and offer towns instead."""
    visit, to = Visit(request), request.GET.get("to", "")
    if request.method == "POST":
        return take_town(visit, typed_in(request), to if to in RETURNS else "")
    where = visit.answers.where
    if where is None:
        return see_other("enquiry_question", 4)
    onward = reverse(RETURNS[to]) if to in RETURNS else reverse("enquiry_question", args=[5])
    context = {
        "where": where,
        "towns": queries.towns_near(visit.answers.enquiry.place or ""),
        "version": visit.version,
        "onward": onward,
    }
    return render(request, "enquiries/place.jinja", context)


def take_town(visit: Visit, typed: Typed, to: str) -> HttpResponse:
    """Put a town in the place of a rough postcode."""
    try:
        answers = beginning.placed(visit.answers, typed.one("town"))
        visit.keep(answers, version=version_in(typed))
    except (Mistakes, actions.AnswersChanged):
        return see_other("enquiry_question", 4, **({"to": to} if to else {}))
    return next_page(4, to)


# -- the answers together ----------------------------------------------------------------------


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
    context = {"rows": rows, **people_so_far(visit.answers, visit.now)}
    return render(request, "enquiries/check.jinja", context)


@audience(Audience.HOLDER)
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Show who could fit, and why."""
    visit = Visit(request)
    if visit.enquiry is None:
        return redirect("enquiry_start")
    context = results_page(visit.enquiry, visit.answers, request.GET, now=visit.now)
    return render(request, "enquiries/results.jinja", context)


@audience(Audience.HOLDER)
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Take a wish away, or soften one, beside the results."""
    visit, typed = Visit(request), typed_in(request)
    try:
        changes = json.loads(typed.one("change"))
        answers = with_change(visit.answers, changes, visit.words)
        visit.keep(answers, version=version_in(typed))
    except (ValueError, TypeError, InvalidInput):
        return see_other("enquiry_results")
    except actions.AnswersChanged:
        return see_other("enquiry_results", changed="elsewhere")
    return see_other("enquiry_results")


# -- leaving and coming back ---------------------------------------------------------------------


@audience(Audience.HOLDER)
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest) -> HttpResponse:
    """Offer a link by mail or a reference to write down."""
    now = timezone.now()
    enquiry = enquiry_of(request.session, now)
    if enquiry is None:
        return see_other("enquiry_start")
    if request.method == "POST":
        return take_save(request, enquiry, now)
    return render(request, "enquiries/save.jinja", save_context(enquiry))


def save_context(
    enquiry: Enquiry, typed: str = "", mistakes: dict[str, str] | None = None
) -> dict[str, Any]:
    found = mistakes or {}
    return {
        "email": typed,
        "mistakes": found,
        "errors": list(found.items()),
        "until": enquiry.expires_at,
        "reference": spaced(actions.give_reference(enquiry)),
    }


def take_save(request: HttpRequest, enquiry: Enquiry, now: datetime) -> HttpResponse:
    typed = typed_in(request)
    try:
        email = read_email(typed)
    except Mistakes as mistakes:
        context = save_context(enquiry, typed.one("email"), mistakes.sentences)
        return render(request, "enquiries/save.jinja", context, status=422)
    # The answer is the same when there were too many: nothing tells one address from another.
    if count_attempt(request, "come-back"):
        actions.send_return_link(enquiry, email, origin=origin_of(request), at=now)
    return see_other("enquiry_saved")


@audience(Audience.HOLDER)
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    return render(request, "enquiries/saved.jinja")


@audience(Audience.HOLDER)
@require_http_methods(["GET", "HEAD", "POST"])
def return_by_reference(request: HttpRequest) -> HttpResponse:
    """Open answers by the reference that somebody wrote down."""
    typed, mistakes = typed_in(request), {}
    if request.method == "POST":
        visit = Visit(request)
        found = (
            enquiry_by_reference(typed.one("reference"), visit.now)
            if count_attempt(request, "reference")
            else None
        )
        if found:
            return opened(visit, found)
        mistakes = {"reference": not_found_words()}
    context = {
        "reference": typed.one("reference"),
        "mistakes": mistakes,
        "errors": list(mistakes.items()),
    }
    return render(request, "enquiries/return.jinja", context, status=422 if mistakes else 200)


def not_found_words() -> str:
    return _(
        "We could not find answers with this reference. "
        "Check the letters and numbers, or start again"
    )


@audience(Audience.HOLDER)
@require_http_methods(["GET", "HEAD", "POST"])
def return_by_link(request: HttpRequest, code: str) -> HttpResponse:
    """Open answers by a mailed link: by a button, since mail scanners follow links."""
    visit = Visit(request)
    link = usable_link(code, visit.now)
    if link is None:
        return render(request, "enquiries/link_over.jinja", status=410)
    if request.method != "POST":
        return render(request, "enquiries/link.jinja")
    if not actions.use_link(link, at=visit.now):
        return render(request, "enquiries/link_over.jinja", status=410)
    return opened(visit, link.enquiry)


def opened(visit: Visit, enquiry: Enquiry) -> HttpResponse:
    visit.hold(enquiry)
    number = first_unanswered(answers_in(enquiry, visit.words))
    return see_other("enquiry_question", number) if number else see_other("enquiry_check")


@audience(Audience.HOLDER)
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Delete the answers at once."""
    if request.method != "POST":
        return render(request, "enquiries/delete.jinja")
    enquiry = enquiry_of(request.session, timezone.now())
    if enquiry:
        actions.delete_answers(enquiry)
    request.session.pop(SESSION_KEY, None)
    return see_other("enquiry_deleted")


@audience(Audience.HOLDER)
@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    return render(request, "enquiries/deleted.jinja")
