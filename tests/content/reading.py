"""A page of the library as a browser has it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from django.test import Client
from wagtail.models import Page

from attune.content.models import ReviewedPage
from attune.content.queries import href_at

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True)
class Form:
    """What a browser would send: where to, and each field with its value."""

    action: str
    method: str
    fields: dict[str, str]


class Reading:
    """An answer of the site, parsed."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.html = answer.content.decode()
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        self.tree: Element = parser.parse(self.html)
        self.errors = [f"{where}: {what} {more}" for where, what, more in parser.errors]

    def all(self, *tags: str, **attributes: str) -> list[Element]:
        """Return the elements of these tags that have these attributes, as the page has them.

        ``class_`` is one of the element's classes.
        """
        wanted = attributes.pop("class_", None)
        return [
            one
            for one in self.tree.iter()
            if one.tag in tags
            and (wanted is None or wanted in one.get("class", "").split())
            and all(one.get(name) == value for name, value in attributes.items())
        ]

    def one(self, *tags: str, **attributes: str) -> Element:
        (found,) = self.all(*tags, **attributes)
        return found

    @property
    def words(self) -> str:
        """What a person reads, in one line."""
        return words_of(self.one("body"))

    @property
    def headings(self) -> list[tuple[int, str]]:
        return [(int(one.tag[1]), words_of(one)) for one in self.all(*HEADINGS)]

    @property
    def ids(self) -> list[str]:
        return [one.get("id") for one in self.tree.iter() if one.get("id")]

    @property
    def links(self) -> list[str]:
        return [one.get("href", "") for one in self.all("a")]

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        nav = self.all("nav", class_="crumbs")
        return [(words_of(one), one.get("href")) for here in nav for one in here.iter("a")]

    @property
    def json_ld(self) -> Any:
        script = self.one("script", type="application/ld+json")
        return json.loads(script.text)

    def forms(self, action: str) -> list[Form]:
        """Return the forms that lead to an address, whatever comes after its "?"."""
        return [
            Form(one.get("action"), one.get("method", "get"), fields_of(one))
            for one in self.all("form")
            if one.get("action", "").partition("?")[0] == action
        ]


def words_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def fields_of(form: Element) -> dict[str, str]:
    return {one.get("name"): one.get("value", "") for one in form.iter("input") if one.get("name")}


def read(client: Client, path: str, status: int = 200) -> Reading:
    answer = client.get(path)
    assert answer.status_code == status, f"{path}: {answer.status_code}"
    return Reading(answer)


def paths() -> list[str]:
    """Return the address of every published page, found through the tree."""
    pages = Page.objects.live().filter(depth__gte=2).order_by("path")
    return [href_at(one.url_path) for one in pages]


def library_pages() -> Iterator[ReviewedPage]:
    """Yield the published pages that explain something, each as what it is."""
    for page in ReviewedPage.objects.live().order_by("path"):
        yield page.specific


def path_of(page: Page) -> str:
    return href_at(page.url_path)
