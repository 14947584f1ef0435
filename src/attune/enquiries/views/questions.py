"""The start, the nine questions, and the pages between them."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attune.accounts.audience import Audience, audience
from attune.accounts.origin import comes_from_here
from attune.core.matching.enquiry import Enquiry as MatchingEnquiry
from attune.enquiries import actions, beginning, queries
from attune.enquiries.access import (
    enquiry_of,
)
from attune.enquiries.answers import Answers
from attune.enquiries.forms import (
    LAST,
    Form,
    Mistakes,
    NothingChosen,
    Typed,
    first_unanswered,
    form_of,
    is_under_18,
)
from attune.enquiries.pages import PARTS_OF_PAGE
from attune.enquiries.questions import QUESTIONS
from attune.enquiries.so_far import people_so_far
from attune.enquiries.visit import RETURNS, Visit, see_other, see_other_at, typed_in, version_in


@audience(Audience.HOLDER)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Say what happens, who reads it, how to leave, and what this cannot do."""
    enquiry = enquiry_of(request, timezone.now())
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
    except NothingChosen:
        return pass_over(visit, form, typed)
    except Mistakes as mistakes:
        return show_question(visit, form, typed, mistakes.sentences)
    except actions.AnswersChanged:
        return show_question(visit, form, typed, {}, has_moved_on=True)
    return after_answer(visit, form.number, answers)


def after_answer(visit: Visit, number: int, answers: Answers) -> HttpResponse:
    """Go on: first to help after a safety topic, to a town when the place is rough."""
    if number == 2 and visit.words.safety_issues.intersection(answers.enquiry.issues):
        return visit.see_other("enquiry_pause")
    if number == 2 and len(answers.enquiry.issues) > 1:
        return visit.see_other("enquiry_first")
    if number == 4 and has_towns_to_choose(answers.enquiry):
        return visit.see_other("enquiry_place")
    return next_page(visit, number)


def next_page(visit: Visit, number: int) -> HttpResponse:
    if visit.to:
        return see_other(RETURNS[visit.to])
    return (
        see_other("enquiry_check") if number == LAST else see_other("enquiry_question", number + 1)
    )


def show_question(
    visit: Visit,
    form: Form,
    typed: Typed,
    mistakes: dict[str, str],
    *,
    has_moved_on: bool = False,
) -> HttpResponse:
    number = form.number
    context: dict[str, Any] = {
        "question": QUESTIONS[number - 1],
        "typed": typed,
        "mistakes": mistakes,
        "errors": list(mistakes.items()),
        "version": visit.version,
        "moved_on": moved_on_words() if has_moved_on else "",
        "back": reverse(RETURNS[visit.to]) if visit.to else page_before(number),
        "skip": visit.address("enquiry_skip", number),
        "here": number,
        **people_so_far(visit.answers, visit.loaded, visit.now),
        **PARTS_OF_PAGE[number - 1](typed, visit.answers, visit.words),
    }
    status = 422 if mistakes else 409 if has_moved_on else 200
    return render(visit.request, "enquiries/question.jinja", context, status=status)


def page_before(number: int) -> str:
    if number == 1:
        return reverse("enquiry_start")
    return reverse("enquiry_question", args=[number - 1])


def moved_on_words() -> str:
    return _(
        "Nothing was overwritten, and what you chose here is not saved yet. "
        "Press Continue to save it."
    )


@audience(Audience.HOLDER)
@require_POST
def skip(request: HttpRequest, number: int) -> HttpResponse:
    """Pass a question over, and put back what it held."""
    return pass_over(Visit(request), known_form(number), typed_in(request))


def pass_over(visit: Visit, form: Form, typed: Typed) -> HttpResponse:
    try:
        visit.keep(form.skipped(visit.answers), version=version_in(typed))
    except actions.AnswersChanged:
        return show_question(visit, form, typed, {}, has_moved_on=True)
    return next_page(visit, form.number)


# Pages that are the same for everybody lead here, so their forms hold no token.
@audience(Audience.HOLDER)
@csrf_exempt
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Start from words, a place or a preset on another page; what was typed stays out of URLs."""
    if not comes_from_here(request):
        return see_other("enquiry_start")
    visit = Visit(request)
    answers = beginning.begun(typed_in(request), visit.answers, visit.words)
    try:
        visit.keep(answers)
    except actions.AnswersChanged:
        # Another page was a moment faster: show what is kept now.
        return see_other("enquiry_check")
    if visit.words.safety_issues.intersection(answers.enquiry.issues):
        return visit.see_other("enquiry_pause")
    if visit.to and answers.looked_near:
        # A place that nobody could find is asked for again, with what was typed.
        return visit.see_other("enquiry_question", 4)
    return see_other_at(onward(visit, answers))


def onward(visit: Visit, answers: Answers) -> str:
    """Return the address of what comes after a page between two questions."""
    if visit.to:
        return reverse(RETURNS[visit.to])
    number = first_unanswered(answers)
    return reverse("enquiry_question", args=[number]) if number else reverse("enquiry_check")


@audience(Audience.HOLDER)
@require_safe
def pause(request: HttpRequest) -> HttpResponse:
    """Show help before anything else, after a topic that can mean danger."""
    visit = Visit(request)
    several = len(visit.answers.enquiry.issues) > 1
    context = {
        "groups": queries.all_urgent_help(visit.answers.enquiry.place),
        "onward": visit.address("enquiry_first") if several else onward(visit, visit.answers),
    }
    return render(request, "enquiries/pause.jinja", context)


@audience(Audience.HOLDER)
@require_safe
def under_18(request: HttpRequest) -> HttpResponse:
    """Show services for people under 18; this one is for adults."""
    context = {"routes": queries.help_for_children(), "contacts": queries.urgent_help()}
    return render(request, "enquiries/under_18.jinja", context)


@audience(Audience.HOLDER)
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest) -> HttpResponse:
    """Ask which of several issues comes first, since the first counts most."""
    visit = Visit(request)
    if request.method == "POST":
        return take_choice(visit, 2, beginning.put_first)
    labels = visit.words.labels["issues"]
    context = {
        "choices": [(slug, labels[slug]) for slug in visit.answers.enquiry.issues],
        "version": visit.version,
        "onward": onward(visit, visit.answers),
    }
    return render(request, "enquiries/first.jinja", context)


@audience(Audience.HOLDER)
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest) -> HttpResponse:
    """Say how roughly a place is known, and offer towns instead."""
    visit = Visit(request)
    if request.method == "POST":
        return take_choice(visit, 4, beginning.placed)
    enquiry = visit.answers.enquiry
    found = queries.resolved(enquiry.place)
    if found is None:
        return visit.see_other("enquiry_question", 4)
    farthest, accuracy = enquiry.max_distance_km, found.whereabouts.accuracy_km
    context = {
        "place": found.whereabouts.label,
        "is_too_rough": farthest is not None and accuracy > farthest,
        "choices": [(town, town) for town in found.towns],
        "version": visit.version,
        "onward": onward(visit, visit.answers),
    }
    return render(request, "enquiries/place.jinja", context)


def has_towns_to_choose(enquiry: MatchingEnquiry) -> bool:
    """Whether naming a town would make distances better for somebody who may meet in person."""
    found = queries.resolved(enquiry.place)
    may_travel = not enquiry.channels or "in-person" in enquiry.channels
    return may_travel and found is not None and bool(found.towns)


def take_choice(
    visit: Visit, number: int, chosen: Callable[[Answers, str], Answers]
) -> HttpResponse:
    """Take what was chosen between two questions; back to the question if it cannot be used."""
    typed = typed_in(visit.request)
    try:
        answers = chosen(visit.answers, typed.one("choice"))
        visit.keep(answers, version=version_in(typed))
    except (Mistakes, actions.AnswersChanged):
        return visit.see_other("enquiry_question", number)
    return see_other_at(onward(visit, answers))
