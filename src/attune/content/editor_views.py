"""Lists for editors: what needs a review, what the checker says, what the project offers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.models import Page

from attune.accounts.audience import Audience, audience
from attune.content.checker import check_report
from attune.content.loading import draft_from_file, keep_own_page
from attune.content.models import LoadedPage, Organisation, ReviewedPage
from attune.content.review import due_list
from attune.directory.dates import day_of
from attune.vocabulary.differences import accept, as_json, keep_own
from attune.vocabulary.models import CrisisContact, EvidenceStatement, HelpRoute
from attune.vocabulary.signals import vocabulary_changed

ROWS: dict[str, Any] = {
    "evidence": EvidenceStatement,
    "crisis-contact": CrisisContact,
    "help-route": HelpRoute,
    "organisation": Organisation,
}
PAGE = "page"
TAKE, KEEP = "take", "keep"


@dataclass(frozen=True)
class Difference:
    """What a data file says otherwise; ``fields``: name, what stands here, what the file says."""

    kind: str
    number: int
    title: str
    fields: tuple[tuple[str, Any, Any], ...] = ()


@audience(Audience.EDITOR)
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """List pages by how soon they need a review."""
    today = day_of(timezone.now())
    return render(
        request, "content/editor/reviews.html", {"due": due_list(live_pages(), today=today)}
    )


@audience(Audience.EDITOR)
@require_safe
def content_checks(request: HttpRequest) -> HttpResponse:
    """List what the checker says of each published page, with its reading age."""
    reports = check_report(live_pages())
    return render(request, "content/editor/checks.html", {"reports": reports})


@audience(Audience.EDITOR)
@require_safe
def differences(request: HttpRequest) -> HttpResponse:
    """List what the project's data files say otherwise than this site."""
    found = [*row_differences(), *page_differences()]
    return render(request, "content/editor/differences.html", {"differences": found})


@audience(Audience.EDITOR)
@require_POST
def decide(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Take what a file says, or keep what stands here."""
    decision = request.POST.get("decision")
    if decision not in (TAKE, KEEP):
        raise Http404("Nothing decided.")
    if kind == PAGE:
        return decide_page(request, number, take=decision == TAKE)
    model = ROWS.get(kind)
    row = model.objects.exclude(offered=None).filter(pk=number).first() if model else None
    if row is None:
        raise Http404("Nothing to decide.")
    if not request.user.has_perm(f"{row._meta.app_label}.change_{row._meta.model_name}"):  # noqa: SLF001  # public name
        raise PermissionDenied
    with transaction.atomic():
        (accept if decision == TAKE else keep_own)(row)
        vocabulary_changed.send(sender=type(row), at=timezone.now())
    return decided(request, take=decision == TAKE)


def decide_page(request: HttpRequest, number: int, *, take: bool) -> HttpResponse:
    record = LoadedPage.objects.exclude(offered_digest="").filter(pk=number).first()
    if record is None or record.page is None:
        raise Http404("Nothing to decide.")
    if not record.page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    if not take:
        keep_own_page(record)
        return decided(request, take=False)
    draft_from_file(record)
    messages.success(request, _("The project's version is a draft now. Read it, and hand it in."))
    return redirect("wagtailadmin_pages:edit", record.page.pk)


def decided(request: HttpRequest, *, take: bool) -> HttpResponse:
    words = _("The project's version stands here now.") if take else _("Your version stays.")
    messages.success(request, words)
    return redirect("editor_differences")


def live_pages() -> list[ReviewedPage]:
    pages = Page.objects.live().type(ReviewedPage).order_by("title")
    return list(pages.specific())


def row_differences() -> Iterator[Difference]:
    for kind, model in ROWS.items():
        for row in model.objects.exclude(offered=None):
            own = as_json({name: getattr(row, name) for name in row.offered})
            fields = tuple(
                (name.replace("_", " "), _shown(own[name]), _shown(said))
                for name, said in row.offered.items()
                if own[name] != said
            )
            yield Difference(kind, row.pk, str(row), fields)


def _shown(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) else value


def page_differences() -> Iterator[Difference]:
    waiting = LoadedPage.objects.exclude(offered_digest="").exclude(page=None)
    for record in waiting.select_related("page"):
        yield Difference(PAGE, record.pk, str(record.page))
