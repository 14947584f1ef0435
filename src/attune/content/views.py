"""Pages that explain: the first page, help, how we choose, privacy, a therapy."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from attune.accounts.audience import Audience, audience
from attune.content import queries
from attune.core.phrases import checked_date_words


@audience(Audience.ANYONE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "content/home.jinja", {"starting_points": queries.starting_points()})


# Both help pages are also published as files: they read no session and carry no token.
@audience(Audience.ANYONE)
@require_safe
def help_now(request: HttpRequest) -> HttpResponse:
    contacts = queries.crisis_contacts()
    return render(
        request,
        "content/help_now.jinja",
        {
            "emergency": [one for one in contacts if one.urgency == "emergency"],
            "urgent": queries.by_nation(one for one in contacts if one.urgency == "urgent"),
            "talk": queries.by_nation(one for one in contacts if one.urgency == "talk"),
            "checked_on": checked_date_words(min(one.checked_on for one in contacts))
            if contacts
            else "",
        },
    )


@audience(Audience.ANYONE)
@require_safe
def free_help(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "content/free_help.jinja",
        {
            "nations": queries.free_help_for_adults(),
            "for_children": queries.free_help_for_children(),
        },
    )


@audience(Audience.ANYONE)
@require_safe
def how_we_choose(request: HttpRequest) -> HttpResponse:
    return render(request, "content/how_we_choose.jinja")


@audience(Audience.ANYONE)
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "content/privacy.jinja")


@audience(Audience.ANYONE)
@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    return render(request, "content/cookies.jinja")


@audience(Audience.ANYONE)
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "content/accessibility.jinja")


@audience(Audience.ANYONE)
@require_safe
def interpersonal_therapy(request: HttpRequest) -> HttpResponse:
    return render(
        request, "content/interpersonal_therapy.jinja", {"evidence": queries.current_evidence("ipt")}
    )
