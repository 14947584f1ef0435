"""The stock of an offer at /editor/: what it holds in tens, and adding to it."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from attune.accounts.audience import Audience, audience
from attune.accounts.models import User
from attune.offers.actions import Added, add_codes, issue_codes
from attune.offers.errors import CodesUnusable
from attune.offers.forms import CodesFileForm, IssueForm
from attune.offers.models import Offer
from attune.offers.queries import stock_count

MOST_LINES_NAMED = 50


@audience(Audience.EDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def stock(request: HttpRequest, code: str) -> HttpResponse:
    """Say what is left, and add the codes of a partner's file."""
    offer = stocked_offer(request.user, code)
    if request.method != "POST":
        return stock_page(request, offer)
    form = CodesFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return stock_page(request, offer, file_form=form)
    upload = form.cleaned_data["file"]
    try:
        added = add_codes(offer, upload.file, size=upload.size)
    except CodesUnusable as unusable:
        form.add_error("file", str(unusable))
        return stock_page(request, offer, file_form=form)
    return stock_page(request, offer, outcome=outcome_words(added))


@audience(Audience.EDITOR)
@require_POST
def issue(request: HttpRequest, code: str) -> HttpResponse:
    """Make codes of our own, and hand them out as a file this once, for the partner."""
    offer = stocked_offer(request.user, code)
    form = IssueForm(request.POST)
    if not form.is_valid():
        return stock_page(request, offer, issue_form=form)
    lines = ("code", *issue_codes(offer, form.cleaned_data["count"]), "")
    return HttpResponse(
        "\n".join(lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="codes.csv"'},
    )


def stocked_offer(user: User | AnonymousUser, code: str) -> Offer:
    """Return an offer that has a stock and that this editor may change."""
    if not user.has_perm("offers.change_offer"):
        raise PermissionDenied
    offer = Offer.objects.select_related("partner").filter(code=code, kind=Offer.Kind.STOCK).first()
    if offer is None:
        raise Http404("No such stock.")
    return offer


def stock_page(
    request: HttpRequest,
    offer: Offer,
    *,
    file_form: CodesFileForm | None = None,
    issue_form: IssueForm | None = None,
    outcome: list[str] | None = None,
) -> HttpResponse:
    context = {
        "offer": offer,
        "offer_address": reverse(Offer.snippet_viewset.get_url_name("edit"), args=[offer.pk]),  # type: ignore[attr-defined]  # of Wagtail
        "stock": stock_count(offer),
        "file_form": file_form or CodesFileForm(),
        "issue_form": issue_form or IssueForm(),
        "outcome": outcome or [],
    }
    return render(request, "offers/editor/stock.html", context)


def outcome_words(added: Added) -> list[str]:
    """Return what became of a file, a sentence each."""
    lines = [_("Codes added: %(count)s.") % {"count": f"{added.count:,}"}]
    for numbers, words in (
        (added.known, _("Left out, since the stock has them: %(count)s, on %(lines)s.")),
        (added.repeated, _("Left out, since an earlier line has them: %(count)s, on %(lines)s.")),
        (
            added.bad,
            _("Left out, since a code has 4 to 200 characters: %(count)s, on %(lines)s."),
        ),
    ):
        if numbers:
            lines.append(words % {"count": f"{len(numbers):,}", "lines": line_words(numbers)})
    return lines


def line_words(numbers: tuple[int, ...]) -> str:
    """Return "line 3", "lines 3, 5", or the first fifty and how many more there are."""
    named = ", ".join(map(str, numbers[:MOST_LINES_NAMED]))
    if len(numbers) == 1:
        return _("line %(lines)s") % {"lines": named}
    more = len(numbers) - MOST_LINES_NAMED
    if more <= 0:
        return _("lines %(lines)s") % {"lines": named}
    return _("lines %(lines)s and %(more)s more") % {"lines": named, "more": f"{more:,}"}
