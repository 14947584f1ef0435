"""Who opened what."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from attune.accounts.audience import Audience, audience
from attune.accounts.ledger import lines_about
from attune.accounts.models import LedgerEntry
from attune.core.phrases import date_words, moment_words
from attune.privacy.people import member_of

LINES_A_PAGE = 20


@audience(Audience.MEMBER)
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Show who opened what a member told us, the latest first."""
    found = Paginator(lines_about(member_of(request)), LINES_A_PAGE)
    page = found.get_page(request.GET.get("page"))
    context = {
        "lines": [_told(one) for one in page],
        "pages": [
            {"number": number, "href": f"?page={number}", "is_current": number == page.number}
            for number in found.page_range
        ],
        "previous": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "privacy/ledger.jinja", context)


def _told(entry: LedgerEntry) -> dict[str, str | list[dict[str, str]]]:
    rows = {_("Who"): entry.by_words or _("This service by itself"), _("Why"): entry.purpose}
    if entry.by_words:
        rows = {_("When"): moment_words(entry.at, settings.VISITOR_ZONE), **rows}
    else:
        rows = {_("When"): _("%s, once or more") % date_words(entry.day), **rows}
    return {
        "what": capfirst(entry.what),
        "rows": [{"label": label, "value": value} for label, value in rows.items()],
    }
