"""The state of a page's review, in words and in lists for editors."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from attune.content.models import ReviewedPage
from attune.core.phrases import checked_date_words

# Days before a review is due at which editors see the page in their list.
SOON = (60, 30, 0)


@dataclass(frozen=True)
class ReviewWords:
    """Who reviewed these very words and when, or that nobody has; ``next`` is "" then."""

    title: str
    next: str


@dataclass(frozen=True)
class Due:
    """Pages under one heading of the editors' list."""

    heading: str
    pages: tuple[ReviewedPage, ...]


def review_words(page: ReviewedPage) -> ReviewWords:
    """Return the state of a page's review: always one of the two."""
    reviewer = page.reviewed_by
    if reviewer is None or page.reviewed_on is None or not page.is_reviewed:
        return ReviewWords(_("Not yet reviewed by a clinician"), "")
    words = {
        "name": reviewer.name,
        "role": reviewer.role,
        "registration": reviewer.registration,
        "date": checked_date_words(page.reviewed_on),
    }
    due = checked_date_words(page.next_review_on) if page.next_review_on else ""
    return ReviewWords(
        _("Reviewed by %(name)s, %(role)s (%(registration)s) on %(date)s") % words,
        _("Next review due: %(date)s") % {"date": due},
    )


def due_list(pages: Iterable[ReviewedPage], *, today: date) -> list[Due]:
    """
    Return published pages by how soon they need a review, the most urgent first.

    A page stands under one heading: 90 days late, overdue, due within 30 or 60 days, or not yet
    reviewed. Those that hold for longer are left out.
    """
    found = [(_heading(page, today), page) for page in pages]
    headings = [*_headings().values()]
    return [
        Due(heading, tuple(page for at, page in found if at == heading))
        for heading in headings
        if any(at == heading for at, _page in found)
    ]


def _headings() -> dict[str, str]:
    return {
        "late": _("90 days late: the page says that it is being reviewed"),
        "overdue": _("Due now"),
        "month": _("Due within 30 days"),
        "two months": _("Due within 60 days"),
        "never": _("Not yet reviewed by a clinician"),
    }


def _heading(page: ReviewedPage, today: date) -> str | None:
    headings = _headings()
    if page.is_late(today):
        return headings["late"]
    if not page.is_reviewed or page.next_review_on is None:
        return headings["never"]
    left = page.next_review_on - today
    steps = zip(("two months", "month", "overdue"), SOON, strict=True)
    reached = [name for name, days in steps if left <= timedelta(days=days)]
    return headings[reached[-1]] if reached else None
