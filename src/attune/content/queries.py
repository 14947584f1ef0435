"""What the explaining pages read: help by nation, starting points, evidence in words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.search import (
    SearchQuery,
    SearchRank,
    TrigramSimilarity,
    TrigramWordSimilarity,
)
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from wagtail.models import Page

from attune.content.models import (
    LibraryEntry,
    Organisation,
    RelatedPage,
    ReviewedPage,
    Testimonial,
)
from attune.core.vocabulary import Vocabulary
from attune.vocabulary.models import (
    Contact,
    CrisisContact,
    EvidenceStatement,
    HelpRoute,
    Nation,
)
from attune.vocabulary.names import normalised
from attune.vocabulary.queries import statements_in_force

# Half of its groups of three letters: "depresion", "bereavment", "psycodynamic" are found.
LIKE_ENOUGH = 0.5
MOST_FOUND = 20
# Rises with every change to what the library shows.
VERSION = "SELECT number FROM content_libraryversion LIMIT 1"


@dataclass(frozen=True)
class NationalHelp:
    """Where to turn in one nation, in the order to show."""

    nation: Nation
    contacts: tuple[Contact, ...]


def crisis_contacts() -> list[CrisisContact]:
    """Return every contact for help that cannot wait, emergencies first."""
    order = list(CrisisContact.Urgency)
    return sorted(
        CrisisContact.objects.all(),
        key=lambda one: (order.index(CrisisContact.Urgency(one.urgency)), one.position),
    )


def free_help_for_adults() -> list[NationalHelp]:
    return by_nation(HelpRoute.objects.filter(for_children=False).order_by("position"))


def free_help_for_children() -> list[HelpRoute]:
    return list(HelpRoute.objects.filter(for_children=True).order_by("position"))


def by_nation(contacts: Iterable[Contact]) -> list[NationalHelp]:
    """Return contacts under their nations, the whole of the UK first; empty ones are out."""
    order = list(Nation)
    placed = sorted(contacts, key=lambda one: order.index(Nation(one.nation)))
    return [
        NationalHelp(Nation(nation), tuple(group))
        for nation, group in groupby(placed, key=lambda one: one.nation)
    ]


@dataclass(frozen=True)
class Card:
    """A page of the library as others show it; ``key``: "issues/depression", or "" of others."""

    pk: int
    key: str
    title: str
    summary: str
    picture: str
    href: str
    content_type_id: int


@dataclass(frozen=True)
class Named:
    """A word of the vocabulary; ``field``: what the questionnaire calls it."""

    label: str
    field: str
    slug: str


class Catalogue:
    """Every published page, read at once: what links, cards, crumbs and A to Z are made of."""

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._by_pk: dict[int, Card] = {}
        self._by_path: dict[str, Card] = {}
        self._by_href: dict[str, Card] = {}
        for pk, kind, path, title, summary, picture, therapy, issue in rows:
            # By the word that it explains: an editor may rename the page.
            key = f"therapies/{therapy}" if therapy else f"issues/{issue}" if issue else ""
            drawing = picture or path.strip("/").rpartition("/")[2]
            card = Card(pk, key, title, summary or "", drawing, href_at(path), kind)
            self._by_pk[pk] = self._by_path[path] = self._by_href[card.href] = card

    def __iter__(self) -> Iterator[Card]:
        return iter(self._by_pk.values())

    def at(self, path: str) -> Card | None:
        """Return the page at an address of the site ("library/issues/depression/")."""
        return self._by_href.get(f"/{path}")

    def href(self, key: str) -> str:
        """Return the address of the page that explains "issues/depression"; "": there is none."""
        return next((one.href for one in self if one.key == key), "")

    def href_of(self, page: Page) -> str:
        """Return the address of a page, published or not."""
        return href_at(page.url_path)

    def link(self, pk: int) -> str:
        """Return the start of a link to a page; of one that leads nowhere if it is gone."""
        card = self._by_pk.get(pk)
        return f'<a href="{card.href}">' if card else "<a>"

    def cards(self, pages: Iterable[int]) -> list[Card]:
        """Return pages by number, in this order, those that are published."""
        return [self._by_pk[pk] for pk in pages if pk in self._by_pk]

    def above(self, page: Page) -> list[tuple[str, str]]:
        """Return name and address of each page above one, the first page first."""
        parts = page.url_path.strip("/").split("/")[:-1]
        paths = ["/" + "/".join(parts[: end + 1]) + "/" for end in range(len(parts))]
        found = [self._by_path[path] for path in paths if path in self._by_path]
        return [(_("Home") if one.href == "/" else one.title, one.href) for one in found]

    def under(self, page: Page) -> list[Card]:
        """Return the pages one level under a page, in the order that its editors gave them."""
        path = page.url_path
        return [
            card
            for at, card in self._by_path.items()
            if at.startswith(path) and at != path and "/" not in at[len(path) :].strip("/")
        ]


def href_at(url_path: str) -> str:
    """Return the address of a page from its place in Wagtail's tree: "/home/library/" there."""
    return "/" + url_path.strip("/").partition("/")[2] + "/" if url_path.count("/") > 2 else "/"


def catalogue() -> Catalogue:
    pages = Page.objects.live().filter(depth__gte=2).order_by("path")
    of_index = Coalesce("reviewedpage__summary", "indexpage__summary")
    return Catalogue(
        pages.annotate(said=of_index).values_list(
            *("pk", "content_type_id", "url_path", "title", "said", "reviewedpage__picture"),
            "reviewedpage__therapypage__therapy_type__slug",
            "reviewedpage__issuepage__issue__slug",
        )
    )


def letters(found: Catalogue) -> list[tuple[str, list[tuple[str, Card]]]]:
    """Return A to Z: each letter with the names under it and the page that each leads to."""
    by_pk = {one.pk: one for one in found}
    rows = ReviewedPage.objects.live().values_list("pk", "title", "also_known_as")
    names = {
        # A title stands for another name that differs in its capitals only.
        (normalised(name), pk): name
        for pk, title, others in rows
        for name in (*others, title)
        if pk in by_pk and normalised(name)
    }
    ordered = [(names[key], key[1]) for key in sorted(names)]
    return [
        (letter, [(name, by_pk[pk]) for name, pk in group])
        for letter, group in groupby(ordered, key=lambda pair: normalised(pair[0])[:1].upper())
    ]


def search(words: str) -> list[int]:
    """
    Return the numbers of the pages that words lead to, the likeliest first.

    A name may be mistyped: it is compared by its groups of three letters. Other words have to
    stand in the page. Of several pages with such a name, that with such a title comes first.
    """
    typed = normalised(words)
    if not typed:
        return []
    # PostgreSQL's texts hold no NUL.
    asked = SearchQuery(words.replace("\0", " "), search_type="websearch", config="english")
    found = (
        LibraryEntry.objects.filter(page__live=True)
        .annotate(
            likeness=TrigramWordSimilarity(typed, "names"),
            rank=SearchRank("words", asked),
            of_title=TrigramSimilarity("page__title", typed),
        )
        .filter(Q(words=asked) | Q(likeness__gte=LIKE_ENOUGH))
        .order_by(-(F("likeness") * 2 + F("rank") + F("of_title")), "page__title")
    )
    return list(found.values_list("page_id", flat=True)[:MOST_FOUND])


def page_of(card: Card) -> Page:
    """Return a page with all that is its own, in one query."""
    model: Any = ContentType.objects.get_for_id(card.content_type_id).model_class()
    pages = model.objects.select_related(*getattr(model, "read_with", ()))
    return pages.get(pk=card.pk)


def without_page(
    cards: Catalogue, words: Vocabulary, *, issues: Iterable[str], therapies: Iterable[str]
) -> list[Named]:
    """Return what the vocabulary knows by these slugs and no page explains yet."""
    wanted = [
        *(("issues", "issue", words.labels["issues"], slug) for slug in issues),
        *(("therapies", "therapy", words.labels["therapy_types"], slug) for slug in therapies),
    ]
    return [
        Named(labels[slug], field, slug)
        for part, field, labels, slug in wanted
        if slug in labels and not cards.href(f"{part}/{slug}")
    ]


def named_at(path: str, words: Vocabulary) -> list[Named]:
    """Return what an address of the library is about, when no page stands there."""
    part, _, slug = path.removeprefix("library/").strip("/").partition("/")
    return without_page(
        catalogue(),
        words,
        issues=[slug] if part == "issues" else [],
        therapies=[slug] if part == "therapies" else [],
    )


def statements_about(preset: Mapping[str, str], today: date) -> list[EvidenceStatement]:
    """Return what guidance says on a day of a therapy or an issue (slugs), in a fixed order."""
    names = {"therapy": "therapy_type__slug", "issue": "issue__slug"}
    about = {names[name]: slug for name, slug in preset.items()}
    if not about:
        return []
    return list(
        statements_in_force(today)
        .filter(**about)
        .order_by("issue__position", "therapy_type__position", "population")
    )


def related_to(page: ReviewedPage) -> list[int]:
    """Return the numbers of related pages: those that it names, then those that name it."""
    symmetric = (RelatedPage.Kind.HELPS_WITH, RelatedPage.Kind.SIMILAR_TO)
    rows = RelatedPage.objects.filter(Q(page=page.pk) | Q(to=page.pk, kind__in=symmetric))
    pairs = list(rows.order_by("sort_order").values_list("page_id", "to_id"))
    own = [to for at, to in pairs if at == page.pk]
    others = [at for at, to in pairs if to == page.pk]
    return list(dict.fromkeys([*own, *others]))


def organisations_of(page: ReviewedPage) -> list[Organisation]:
    """Return the organisations that a page names, in its order."""
    return [one.organisation for one in page.organisations.select_related("organisation")]


def testimonial_for(page: ReviewedPage) -> Testimonial | None:
    """Return somebody's words for a page, always the same for the same page; examples on a
    demonstration only."""
    found = Testimonial.objects.filter(is_example=settings.IS_DEMO_SITE).order_by("pk")
    rows = list(found)
    return rows[page.pk % len(rows)] if rows else None
