"""What search engines, feed readers and assistants read of the library."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from markupsafe import Markup
from wagtail.models import Page

from attune.accounts.audience import Audience
from attune.content import queries
from attune.content.brand import current_look
from attune.content.models import (
    ArticlePage,
    HomePage,
    IndexPage,
    IssuePage,
    ReviewedPage,
    TherapyPage,
)
from attune.content.prose import plain
from attune.directory.models import Listing
from attune.finder.access import shown_listings
from attune.interop import schema_org

MOST_IN_FEED = 20
PLAIN_PAGES = (
    *("help_now", "free_help", "how_we_choose"),
    *("privacy", "cookies", "accessibility"),
)


def structured_data(page: Page, cards: queries.Catalogue, treatments: Sequence[str] = ()) -> Markup:
    """
    Return a page in the words of schema.org, as the content of a script element.

    Args:
        treatments: keys of the therapy pages that a statement in force lists for an issue.
    """
    address = settings.PUBLIC_URL + cards.href_of(page)
    trail = [(name, settings.PUBLIC_URL + href) for name, href in cards.above(page)]
    about = schema_org.Page(
        name=page.title,
        url=address,
        description=page.summary,
        trail=[*map(schema_org.Link._make, trail), schema_org.Link(page.title, address)],
        published=_day(page.first_published_at),
        modified=_day(page.last_published_at),
    )
    links = [
        schema_org.Link(one.title, settings.PUBLIC_URL + one.href)
        for one in cards
        if one.key in treatments
    ]
    data = _node(page, about, cards, links)
    return Markup(schema_org.as_script(data))  # noqa: S704 - it escapes what could end it


def this_site() -> schema_org.Site:
    name = current_look().name
    publisher = schema_org.Organisation(settings.OPERATOR or name, f"{settings.PUBLIC_URL}/")
    return schema_org.Site(name, f"{settings.PUBLIC_URL}/", publisher)


def _node(
    page: Page, about: schema_org.Page, cards: queries.Catalogue, links: list[schema_org.Link]
) -> dict[str, Any]:
    site = this_site()
    if isinstance(page, HomePage):
        return schema_org.home_page(site=site, description=page.summary)
    if isinstance(page, IndexPage):
        entries = [
            schema_org.Link(one.title, settings.PUBLIC_URL + one.href) for one in cards.under(page)
        ]
        return schema_org.collection_page(site=site, page=about, entries=entries)
    sources = [
        schema_org.Source(one.value["label"], one.value["url"], one.value["publisher"])
        for one in page.sources
    ]
    if isinstance(page, ArticlePage):
        authors = [schema_org.Organisation(one) for one in page.authors]
        return schema_org.article_page(site=site, page=about, authors=authors, sources=sources)
    subject = schema_org.Subject(page.title, page.also_known_as, page.summary)
    rest: dict[str, Any] = {
        "site": site,
        "page": about,
        "sources": sources,
        "review": _review(page),
    }
    if isinstance(page, TherapyPage):
        steps = [
            plain(str(step["text"].source)) for block in page.what_happens for step in block.value
        ]
        return schema_org.therapy_page(therapy=subject, how_performed=" ".join(steps), **rest)
    if page.kind == IssuePage.Kind.DIAGNOSIS:
        return schema_org.condition_page(condition=subject, treatments=links, **rest)
    return schema_org.difficulty_page(difficulty=subject, **rest)


def _review(page: ReviewedPage) -> schema_org.Review | None:
    reviewer = page.reviewed_by
    if reviewer is None or page.reviewed_on is None or not page.is_reviewed:
        return None
    credential = schema_org.Credential(reviewer.registration, "registration")
    person = schema_org.Person(reviewer.name, reviewer.role, credentials=[credential])
    return schema_org.Review(person, page.reviewed_on)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


class LibraryFeed(Feed):  # type: ignore[type-arg]  # not generic at run time
    """What is new in the library, the newest first."""

    audience = Audience.ANYONE
    feed_type = Atom1Feed

    def link(self) -> str:
        return f"{settings.PUBLIC_URL}/library/"

    def feed_url(self) -> str:
        return settings.PUBLIC_URL + reverse("library_feed")

    def title(self) -> str:
        return _("%(name)s: new in the library") % {"name": current_look().name}

    def subtitle(self) -> str:
        return _("Pages that explain therapies and what they can help with.")

    def items(self) -> list[ReviewedPage]:
        return list(ReviewedPage.objects.live().order_by("-first_published_at")[:MOST_IN_FEED])

    def item_title(self, item: ReviewedPage) -> str:
        return str(item.title)

    def item_description(self, item: ReviewedPage) -> str:
        return str(item.summary)

    def item_link(self, item: ReviewedPage) -> str:
        return settings.PUBLIC_URL + queries.href_at(item.url_path)

    def item_pubdate(self, item: ReviewedPage) -> Any:
        return item.first_published_at

    def item_updateddate(self, item: ReviewedPage) -> Any:
        return item.last_published_at


class PublicSitemap(Sitemap):  # type: ignore[type-arg]  # not generic at run time
    """Addresses as pages name themselves, by whatever name they were asked for."""

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.PUBLIC_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.PUBLIC_URL).netloc


class LibrarySitemap(PublicSitemap):
    def items(self) -> list[Page]:
        return list(Page.objects.live().filter(depth__gte=2).order_by("path"))

    def location(self, item: Page) -> str:
        return queries.href_at(item.url_path)

    def lastmod(self, item: Page) -> Any:
        return item.last_published_at


class PlainSitemap(PublicSitemap):
    def items(self) -> list[str]:
        return list(PLAIN_PAGES)

    def location(self, item: str) -> str:
        return reverse(item)


class TherapistSitemap(PublicSitemap):
    """The people whose pages anybody may see, as the directory shows them."""

    limit = 10_000

    def items(self) -> Any:
        # A sitemap is asked for by the library that serves it, which passes no moment on.
        return shown_listings(timezone.now()).only("code")

    def location(self, item: Listing) -> str:
        return reverse("profile", args=[item.code])


SITEMAPS = {"library": LibrarySitemap, "pages": PlainSitemap, "therapists": TherapistSitemap}
