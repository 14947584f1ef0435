"""A page of the library as HTML, in the parts that are the same for everybody.

What depends on who asks, the three people, goes between the parts (``kept.py``). Everything that
readers see of evidence comes from the statements that matching counts.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from markupsafe import Markup
from wagtail.models import Page

from attune.content import queries
from attune.content.machines import structured_data
from attune.content.models import (
    HomePage,
    IndexPage,
    IssuePage,
    LibraryIndexPage,
    ReviewedPage,
    TherapyPage,
    renders_previews,
)
from attune.content.review import review_words
from attune.content.words import evidence_words, facts_of
from attune.core.phrases import checked_date_words
from attune.core.vocabulary import LISTED, Direction
from attune.directory.dates import day_of
from attune.vocabulary.models import CrisisContact, EvidenceStatement

# Where the people go; no text of a page can hold it, since all of them are escaped.
SLOT = "<!--people-->"
_LINK = re.compile(r'<a linktype="page" id="(\d+)">')
_CITED = re.compile(r"\[(\d+(?:, ?\d+)*)\]")
_MOST_RELATED = 6
# What the page itself calls its parts; a heading of the same name gets another.
_IDS = frozenset(
    {
        *("main", "on-this-page", "place", "place-again", "about-the-service"),
        *("organisations", "related", "sources", "evidence", "what-happens", "is-it-for-me"),
        *("choosing", "before-your-first-session", "signs", "what-you-can-do"),
        "when-to-get-help",
    }
)


@dataclass(frozen=True)
class Section:
    """A part of a page under one heading; the first has none. ``kind`` names its macro."""

    kind: str
    id: str = ""
    title: str = ""
    content: Any = ()


@dataclass(frozen=True)
class ShownStatement:
    """One evidence statement as a page shows it; ``href``: the other page that shows it, or ""."""

    title: str
    href: str
    population: str
    words: str
    sentence: str
    source: str
    source_url: str
    as_of: str
    checked_by: str


@dataclass(frozen=True)
class Rendered:
    """A page without its people.

    Args:
        parts: HTML; people stand between them, if there are two.
        preset: what the call to action asks for; whom to look for.
        strip: which people stand in the slot: "therapy", "issue", "soonest", or "".
    """

    parts: tuple[str, ...]
    preset: Mapping[str, str]
    strip: str


def rendered(page: Page, cards: queries.Catalogue, *, today: date, signed_in: bool) -> Rendered:
    """Return a published page, or a draft, as it reads on a day."""
    shown = _Shown(page, cards, today)
    html = render_to_string(shown.template, shown.context() | {"signed_in": signed_in})
    parts = tuple(html.split(SLOT, 1))
    return Rendered(parts, shown.preset, shown.strip if len(parts) > 1 else "")


@renders_previews
def show_draft(page: Page, request: HttpRequest) -> HttpResponse:
    """Show a page as its readers would see it, without the people."""
    today, cards = day_of(timezone.now()), queries.catalogue()
    found = rendered(page.specific, cards, today=today, signed_in=False)
    return HttpResponse("".join(found.parts))


class _Shown:
    """One page, and what its template needs."""

    def __init__(self, page: Page, cards: queries.Catalogue, today: date) -> None:
        self.page, self.catalogue, self.today = page, cards, today

    @property
    def template(self) -> str:
        for kind, name in (
            (HomePage, "home"),
            (LibraryIndexPage, "library"),
            (IndexPage, "index"),
        ):
            if isinstance(self.page, kind):
                return f"content/{name}.jinja"
        return "content/page.jinja"

    @property
    def preset(self) -> Mapping[str, str]:
        return self.page.preset() if isinstance(self.page, ReviewedPage) else {}

    @property
    def strip(self) -> str:
        return next(iter(self.preset), "soonest")

    @property
    def slot(self) -> Markup:
        return Markup(SLOT)  # noqa: S704 - ours

    @property
    def slot_of_call(self) -> Markup:
        """Return the slot above a call to action; nothing where the text has a place for it."""
        has_place = any(block.block_type == "practitioner_strip" for block in self.page.body)
        return Markup() if has_place else self.slot

    def context(self) -> dict[str, Any]:
        common = {
            "page": self.page,
            "slot": self.slot,
            "rich": self.rich,
            "crumbs_to": self.catalogue.above(self.page),
            "address": settings.PUBLIC_URL + self.catalogue.href_of(self.page),
            "cards": self.catalogue.cards,
            "json_ld": structured_data(self.page, self.catalogue, self._treatments()),
            "shown": self,
        }
        if isinstance(self.page, HomePage):
            return common
        if isinstance(self.page, IndexPage):
            return common | self._index_context()
        return common | self._page_context()

    def _index_context(self) -> dict[str, Any]:
        under = self.catalogue.under(self.page)
        if isinstance(self.page, LibraryIndexPage):
            return {"under": under, "letters": queries.letters(self.catalogue)}
        return {"under": sorted(under, key=lambda card: card.title.casefold())}

    def _page_context(self) -> dict[str, Any]:
        page = self.page
        sections = list(self.sections())
        third = max(1, round(len(sections) / 3))
        return {
            "before": sections[:third],
            "after": sections[third:],
            "has_own_call": any(block.block_type == "cta" for block in page.body),
            "contents": [one for one in sections if one.title],
            "facts": facts_of(page),
            "evidence_of": self.evidence_of,
            "contacts_of": self.contacts_of,
            "organisations": queries.organisations_of(page),
            "related": self.catalogue.cards(queries.related_to(page))[:_MOST_RELATED],
            "testimonial": queries.testimonial_for(page),
            "is_late": page.is_late(self.today),
            "review": review_words(page),
            "updated": checked_date_words((page.last_published_at or timezone.now()).date()),
        }

    # -- what a page is made of ----------------------------------------------------------------

    def sections(self) -> Iterator[Section]:
        """Yield the parts of the page in the order in which they are read."""
        yield from self._body()
        if isinstance(self.page, TherapyPage):
            yield from self._of_therapy(self.page)
        elif isinstance(self.page, IssuePage):
            yield from self._of_issue(self.page)

    def _body(self) -> Iterator[Section]:
        group: list[Any] = []
        title = ""
        sources = range(1, len(self.page.sources) + 1)
        taken = {*_IDS, *(f"source-{number}" for number in sources)}
        for block in self.page.body:
            if block.block_type == "heading" and block.value["level"] == "2":
                if group or title:
                    yield self._under(title, group, taken)
                title, group = block.value["text"], []
            else:
                group.append(block)
        yield self._under(title, group, taken)

    def _under(self, title: str, blocks: Sequence[Any], taken: set[str]) -> Section:
        return Section("blocks", _free_id(title, taken) if title else "", title, tuple(blocks))

    def _of_therapy(self, page: TherapyPage) -> Iterator[Section]:
        if page.what_happens:
            yield Section("blocks", "what-happens", _("What happens"), page.what_happens)
        yield from self._evidence_section(_("Does it work?"))
        if page.suits or page.may_not_suit:
            yield Section("suits", "is-it-for-me", _("Is it for me?"))
        if page.training_to_look_for:
            yield Section("text", "choosing", _("Choosing a therapist"), page.training_to_look_for)
        if page.preparation:
            yield Section("sheet", "before-your-first-session", _("Before your first session"))

    def _of_issue(self, page: IssuePage) -> Iterator[Section]:
        if page.signs:
            yield Section("signs", "signs", _("How it can show"))
        yield from self._evidence_section(_("What can help"))
        if page.self_help:
            yield Section("blocks", "what-you-can-do", _("What you can do"), page.self_help)
        if page.when_to_get_help:
            yield Section(
                "blocks", "when-to-get-help", _("When to get help"), page.when_to_get_help
            )

    def _evidence_section(self, title: str) -> Iterator[Section]:
        if any(_is_own_box(block) for block in self.page.body):
            if self.page.research:
                yield Section("text", "evidence", title, self.page.research)
        elif self.page.research or self.statements:
            yield Section("evidence", "evidence", title)

    # -- evidence ------------------------------------------------------------------------------

    @cached_property
    def statements(self) -> list[EvidenceStatement]:
        return queries.statements_about(self.preset, self.today)

    def evidence_of(self, box: Mapping[str, Any] | None = None) -> list[ShownStatement]:
        """Return the page's own statements, or those that a box in its text asks for."""
        about = _asked_by(box) if box else {}
        statements = queries.statements_about(about, self.today) if about else self.statements
        is_about_issue = "issue" in (about or self.preset)
        return [self._shown_statement(one, of_issue=is_about_issue) for one in statements]

    def _treatments(self) -> list[str]:
        """Return the keys of the therapy pages that guidance lists for this page's issue."""
        if not isinstance(self.page, IssuePage):
            return []
        return [
            f"therapies/{one.therapy_type.slug}"
            for one in self.statements
            if Direction(one.direction) in LISTED
        ]

    def _shown_statement(self, one: EvidenceStatement, *, of_issue: bool) -> ShownStatement:
        """Name the side that differs between the statements of one list."""
        if of_issue:
            title, key = one.therapy_type.label, f"therapies/{one.therapy_type.slug}"
        else:
            title, key = one.issue.label, f"issues/{one.issue.slug}"
        return ShownStatement(
            title=title,
            href=self.catalogue.href(key),
            population=one.population,
            words=evidence_words(one),
            sentence=one.sentence,
            source=one.source,
            source_url=one.source_url,
            as_of=checked_date_words(one.as_of),
            checked_by=one.checked_by,
        )

    # -- words ---------------------------------------------------------------------------------

    def contacts_of(self, level: str) -> list[CrisisContact]:
        """Return whom a care card names: the contacts of its urgency for the whole of the UK."""
        urgency = {"emergency": "emergency", "urgent": "urgent"}.get(level)
        return [one for one in self._contacts if one.urgency == urgency]

    @cached_property
    def _contacts(self) -> list[CrisisContact]:
        return queries.crisis_contacts()

    def image(self, value: Any) -> Markup:
        """Return an image of the text, drawn at the width of a column."""
        drawn = value.get_rendition("width-1216|format-webp")
        return Markup('<img class="drawn" src="{}" width="{}" height="{}" alt="{}">').format(
            drawn.url, drawn.width, drawn.height, value.contextual_alt_text or ""
        )

    def rich(self, value: Any) -> Markup:
        """Return a rich text with its links to pages and to the page's sources."""
        source = getattr(value, "source", value) or ""
        html = _LINK.sub(lambda found: self.catalogue.link(int(found[1])), source)
        html = html.replace('<a href="http', '<a rel="noreferrer" href="http')
        # Cleaned by an allowlist when it was saved; what is added here is ours.
        return Markup(_CITED.sub(_citation, html))  # noqa: S704


def _asked_by(box: Mapping[str, Any]) -> dict[str, str]:
    """Return what an evidence box is about, as a page's preset says it; {}: the page's own."""
    chosen = {"therapy": box["therapy_type"], "issue": box["issue"]}
    return {name: term.slug for name, term in chosen.items() if term}


def _is_own_box(block: Any) -> bool:
    return block.block_type == "evidence_box" and not _asked_by(block.value)


def _citation(found: re.Match[str]) -> str:
    links = (
        f'<a href="#source-{number}"><span class="visually-hidden">{_("source")} </span>'
        f"[{number}]</a>"
        for number in re.findall(r"\d+", found[1])
    )
    return f'<span class="cited">{" ".join(links)}</span>'


def _free_id(title: str, taken: set[str]) -> str:
    wanted = slugify(title) or "part"
    found = next(
        name
        for name in (wanted, *(f"{wanted}-{number}" for number in range(2, 100)))
        if name not in taken
    )
    taken.add(found)
    return found
