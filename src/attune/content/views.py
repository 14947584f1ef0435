"""Pages that explain: the first page, help, how we choose, privacy, a therapy."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from attune.accounts.audience import Audience, audience
from attune.content import queries
from attune.content.notices import COOKIES, KEPT
from attune.content.words import evidence_words, weight_changes
from attune.core.matching import weights
from attune.core.phrases import checked_date_words, list_words


@audience(Audience.ANYONE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "content/home.jinja", {"starting_points": queries.starting_points()})


# Both help pages are also published as files: they read no session and carry no token.
@audience(Audience.ANYONE)
@require_safe
def help_now(request: HttpRequest) -> HttpResponse:
    contacts = queries.crisis_contacts()
    oldest = min((one.checked_on for one in contacts), default=None)
    return render(
        request,
        "content/help_now.jinja",
        {
            "emergency": [one for one in contacts if one.urgency == "emergency"],
            "urgent": queries.by_nation(one for one in contacts if one.urgency == "urgent"),
            "talk": queries.by_nation(one for one in contacts if one.urgency == "talk"),
            "checked_on": checked_date_words(oldest) if oldest else "",
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
    return render(
        request,
        "content/how_we_choose.jinja",
        {
            "criteria": [
                {"label": one.label, "words": one.words, "points": f"{one.weight:g}"}
                for one in weights.CRITERIA
            ],
            "changes": weight_changes(),
            "does_not_count": [sentence for _slug, sentence in weights.DOES_NOT_COUNT],
            "confirmed_for_days": weights.CONFIRMED_FOR_DAYS,
            "stale_after_days": weights.STALE_AFTER_DAYS,
        },
    )


@audience(Audience.ANYONE)
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "content/privacy.jinja", {"kept": KEPT, **who_runs_this()})


@audience(Audience.ANYONE)
@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    rows = [{"label": one.name, "value": [one.purpose, one.lifetime]} for one in COOKIES]
    return render(request, "content/cookies.jinja", {"rows": rows})


@audience(Audience.ANYONE)
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "content/accessibility.jinja", who_runs_this())


def who_runs_this() -> dict[str, str]:
    """Return what the pages say of who runs this copy of the service; "" what was not set."""
    return {
        "operator": settings.OPERATOR,
        "contact": settings.CONTACT,
        "public_address": settings.PUBLIC_URL,
    }


@audience(Audience.ANYONE)
@require_safe
def interpersonal_therapy(request: HttpRequest) -> HttpResponse:
    statements = queries.current_evidence("ipt")
    checkers = sorted({one.checked_by for one in statements if one.checked_by})
    return render(
        request,
        "content/interpersonal_therapy.jinja",
        {
            "evidence": [
                {
                    "issue": one.issue.label,
                    "population": one.population,
                    "words": evidence_words(one),
                    "sentence": one.sentence,
                    "source": one.source,
                    "source_url": one.source_url,
                }
                for one in statements
            ],
            "checked_by": list_words(checkers),
            "people": [
                {
                    "name": one.name,
                    "href": one.href,
                    "seed": one.code,
                    "facts": [" ".join(filter(None, pair)) for pair in one.facts[:3]],
                }
                for one in queries.who_practise("ipt", now=timezone.now())
            ],
            "contacts": [one for one in queries.crisis_contacts() if one.nation == "UK"][:3],
        },
    )
