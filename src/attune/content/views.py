"""Pages that explain: the library, help, how we choose, privacy."""

from http import HTTPStatus
from mimetypes import guess_type

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_cookie

from attune.accounts.audience import Audience, audience
from attune.accounts.limits import Limit, limited
from attune.accounts.origin import comes_from_here
from attune.accounts.sealing import CannotOpen
from attune.content import queries
from attune.content.brand import current_look
from attune.content.kept import library_page
from attune.content.models import StoredFile, TherapyPage
from attune.content.notices import KEPT
from attune.content.searching import LONGEST_SEARCH, sealed_words, words_in
from attune.content.words import weight_changes
from attune.core.matching import weights
from attune.core.phrases import checked_date_words
from attune.core.vocabulary import Vocabulary
from attune.enquiries.access import answers_in, index_and_enquiry_and
from attune.enquiries.queries import terms_in
from attune.finder.loading import current

LIBRARY = "/library/"
# Comparing names by groups of three letters asks much of the database.
SEARCHES = Limit("searches", 60, reads=True)
KEPT_FOR_A_YEAR = "public, max-age=31536000, immutable"
# A picture shows inside our pages; opened by itself it is a file to save, and can do nothing here.
OF_UPLOADS = {
    "Cache-Control": KEPT_FOR_A_YEAR,
    "Content-Disposition": "attachment",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


@audience(Audience.ANYONE)
@require_safe
@vary_on_cookie
def page(request: HttpRequest, path: str) -> HttpResponse:
    """Show a page of the library, or the first page."""
    now = timezone.now()
    loaded, enquiry, version = index_and_enquiry_and(request, now, queries.VERSION)
    place = answers_in(enquiry, loaded.words).enquiry.place
    signed_in = SESSION_KEY in request.session if request.session.session_key else False
    html = library_page(
        path, version or 0, place=place, signed_in=signed_in, loaded=loaded, now=now
    )
    if html is None:
        return not_here(request, path, loaded.words)
    response = HttpResponse(html)
    if place:
        # It says where somebody looks for help: not to be found again with Back.
        response["Cache-Control"] = "private, no-store"
    return response


def not_here(request: HttpRequest, path: str, words: Vocabulary) -> HttpResponse:
    """Say that a page is not written yet, and lead to people; else that there is none."""
    named = queries.named_at(path, words)
    if not named:
        raise Http404("No such page.")
    return render(request, "content/no_page.jinja", {"named": named}, status=HTTPStatus.NOT_FOUND)


@audience(Audience.ANYONE)
@require_safe
def preparation(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the sheet to fill in before a first session; nothing of it is sent or kept."""
    found = get_object_or_404(TherapyPage.objects.live(), slug=slug)
    if not found.preparation:
        raise Http404("No such page.")
    return render(request, "content/preparation.jinja", {"page": found})


# Words that people look for are theirs: they stand sealed in the address, and in no log.
@audience(Audience.ANYONE)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Take words to look for in the library, and go on to what they lead to."""
    # A database stores no NUL.
    words = request.POST.get("words", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    if not words or not comes_from_here(request):
        return redirect(LIBRARY)
    answer = redirect("library_found", sealed_words(words))
    answer.status_code = 303
    return answer


@audience(Audience.HOLDER)
@limited(SEARCHES)
@require_safe
def found(request: HttpRequest, token: str) -> HttpResponse:
    """Show the pages that somebody's words lead to."""
    try:
        words = words_in(token)
    except CannotOpen:
        raise Http404("No such search.") from None
    catalogue, terms = queries.catalogue(), terms_in(words)
    context = {
        "words": words,
        "cards": catalogue.cards(queries.search(words)),
        "named": queries.without_page(
            catalogue,
            current(timezone.now()).words,
            issues=terms.issues,
            therapies=terms.therapy_types,
        ),
    }
    return render(request, "content/found.jinja", context)


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
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "content/accessibility.jinja", who_runs_this())


@audience(Audience.ANYONE)
@require_safe
def brand_colours(request: HttpRequest) -> HttpResponse:
    """Answer the operator's colours as a style sheet; its address changes with them."""
    css = render_to_string("content/brand_colours.jinja", {"colours": current_look().colours})
    return HttpResponse(css, content_type="text/css", headers={"Cache-Control": KEPT_FOR_A_YEAR})


@audience(Audience.ANYONE)
@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """Answer a picture as it was drawn for a page; what was uploaded itself is never answered."""
    found = get_object_or_404(StoredFile, name=f"images/{name}")
    kind, _encoding = guess_type(name)
    return HttpResponse(bytes(found.content), content_type=kind, headers=OF_UPLOADS)


@audience(Audience.ANYONE)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Lead from the editor's sign-in to ours."""
    return redirect_to_login("/editor/", login_url="account_login")


@audience(Audience.ANYONE)
def sign_out(request: HttpRequest) -> HttpResponse:
    return redirect("account_logout")


def who_runs_this() -> dict[str, str]:
    """Return what the pages say of who runs this copy of the service; "" what was not set."""
    return {
        "operator": settings.OPERATOR,
        "contact": settings.CONTACT,
        "public_address": settings.PUBLIC_URL,
    }
