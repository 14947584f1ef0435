"""The results page: every string that it shows, ready before the template is rendered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from math import ceil
from typing import Any, NamedTuple

from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attune.core.matching import FEW
from attune.core.matching.ranking import Sort
from attune.enquiries import queries
from attune.enquiries.access import order_in
from attune.enquiries.actions import FIRST_PAGE, freeze_order
from attune.enquiries.answers import Answers
from attune.enquiries.chips import chips
from attune.enquiries.models import Enquiry
from attune.enquiries.questions import QUESTION_OF_ANSWER
from attune.enquiries.softening import softening
from attune.enquiries.summary import near_words
from attune.finder.cards import cards_of
from attune.finder.loading import Loaded
from attune.finder.queries import SORTS, Found, match, seed_of

PAGE_SIZE = FIRST_PAGE
# More pages than anyone turns; the order is kept for these people.
MOST_PAGES = 20
PAGES_BESIDE = 2


@dataclass(frozen=True)
class Asked:
    """What the address asks for: neutral words and numbers only."""

    sort: Sort = "fit"
    page: int = 1
    changed_elsewhere: bool = False

    @classmethod
    def from_query(cls, query: QueryDict) -> "Asked":
        """Read ``?sort=``, ``?page=`` and ``?changed=``; anything unknown is the first page."""
        page = query.get("page", "")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 4 else 1
        sort: Sort = next((one for one in SORTS if one == query.get("sort")), "fit")
        return cls(sort, min(max(number, 1), MOST_PAGES), query.get("changed") == "elsewhere")

    def address(self, *, page: int = 1, sort: str = "") -> str:
        """Return the query of another page, or of the first one in another order."""
        return f"?sort={sort or self.sort}&page={page}"


def results_page(
    enquiry: Enquiry, answers: Answers, asked: Asked, *, loaded: Loaded, now: datetime
) -> dict[str, Any]:
    """Return the context of ``results.jinja``. Raises ``UnknownPlace``."""
    found = _matched(enquiry, answers, asked, loaded=loaded, now=now)
    words, result = loaded.index.words, found.result
    place = answers.enquiry.place
    resolved = loaded.places.get(place) if place else None
    softer = result.relaxations if result.total <= PAGE_SIZE else ()
    nation = (resolved.nation or "") if resolved else ""
    is_in_danger = bool(words.safety_issues.intersection(answers.enquiry.issues))
    return {
        "heading": heading(result.total),
        "near": near_line(answers, found),
        "sorts": _sorts(asked),
        "sort": asked.sort,
        "chips": chips(answers.enquiry, words),
        "cards": cards_of(found, addresses_of_answers()),
        **_pages(asked, result.total),
        "softer": [softening(one, words) for one in softer],
        "is_empty": result.total == 0,
        "are_few": result.total < FEW,
        "help_first": _help_first(nation, loaded.built_at, now.date()) if is_in_danger else "",
        "free_help": _free_help(nation, loaded.built_at, now.date()),
        "cannot_pay": answers.cannot_pay,
        "has_style": "style" in result.not_used,
        "version": enquiry.version,
        "changed_elsewhere": asked.changed_elsewhere,
    }


def _matched(
    enquiry: Enquiry, answers: Answers, asked: Asked, *, loaded: Loaded, now: datetime
) -> Found:
    """Match in the order that was seen before; keep the order by fit if it is new."""
    frozen = order_in(enquiry)
    codes, seed = frozen or (None, seed_of(now))
    found = match(
        answers.enquiry,
        loaded=loaded,
        now=now,
        seed=seed,
        limit=PAGE_SIZE,
        offset=(asked.page - 1) * PAGE_SIZE,
        sort=asked.sort,
        order=codes,
        # Whoever has a page of people to choose from needs no more of them.
        with_relax=codes is None or len(codes) <= PAGE_SIZE,
    )
    if frozen is None and asked.sort == "fit":
        freeze_order(enquiry, found.result.order, seed, at=now)
    return found


@cache
def addresses_of_answers() -> Mapping[str, str]:
    """Return where the answer that caused a reason can be changed, by answer."""
    return {
        answer: f"{reverse('enquiry_question', args=[number])}?to=results"
        for answer, number in QUESTION_OF_ANSWER.items()
    }


def heading(total: int) -> str:
    if total == 0:
        return _("No one fits all of this yet")
    return ngettext("%(count)s person who could fit", "%(count)s people who could fit", total) % {
        "count": f"{total:,}"
    }


def near_line(answers: Answers, found: Found) -> str:
    """Say where, and how roughly that is known."""
    if found.where is None:
        return _("Online, by video or phone. Tell us a place to see people near you.")
    distance = answers.enquiry.max_distance_km
    if "max_distance_km" in found.result.not_used:
        return _("%(place)s. We know it only roughly, so distance leaves nobody out.") % {
            "place": found.where.label
        }
    return near_words(found.where.label, distance)


_SORT_WORDS = {
    "fit": _("Fit"),
    "soonest": _("Soonest"),
    "nearest": _("Nearest"),
    "cost": _("Cost"),
}


class SortLink(NamedTuple):
    label: str
    href: str
    is_current: bool


def _sorts(asked: Asked) -> list[SortLink]:
    return [
        SortLink(label, asked.address(sort=sort), sort == asked.sort)
        for sort, label in _SORT_WORDS.items()
    ]


class PageLink(NamedTuple):
    number: int
    href: str
    is_current: bool


def _pages(asked: Asked, total: int) -> dict[str, Any]:
    """Return the page numbers around this one, and the addresses of the ones beside it."""
    last = max(1, min(ceil(total / PAGE_SIZE), MOST_PAGES))
    first_shown = max(1, min(asked.page, last) - PAGES_BESIDE)
    numbers = range(first_shown, min(last, first_shown + 2 * PAGES_BESIDE) + 1)
    return {
        "pages": [PageLink(page, asked.address(page=page), page == asked.page) for page in numbers],
        "previous": asked.address(page=asked.page - 1) if asked.page > 1 else "",
        "next": asked.address(page=asked.page + 1) if asked.page < last else "",
    }


# Made again with the index, as the vocabulary is read again with it, and each day: links to other
# sites last two.
@lru_cache(maxsize=16)
def _free_help(nation: str, _as_of: datetime, _day: date) -> SafeString:
    """Return the free routes of a nation as HTML."""
    return _rendered("enquiries/_free_help.jinja", {"routes": queries.free_help(nation)})


@lru_cache(maxsize=16)
def _help_first(nation: str, _as_of: datetime, _day: date) -> SafeString:
    """Return whom to call or text now, in a nation, as HTML."""
    return _rendered("enquiries/_help_first.jinja", {"contacts": queries.urgent_help(nation)})


def _rendered(template: str, context: dict[str, Any]) -> SafeString:
    return mark_safe(render_to_string(template, context))  # noqa: S308 - the template escapes
