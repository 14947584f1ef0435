"""Our public pages in the words of schema.org, for search engines and assistants.

Each builder takes plain values and returns one JSON-LD object without ``@context``, which
``as_script`` adds. Every address is absolute; every text is plain, without markup.
Vocabulary: release 30.0, whose part in use stands in ``data/schema_org.csv``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from attune.core.errors import InvalidInput
from attune.core.money import Money

CONTEXT = "https://schema.org"

Node = dict[str, Any]

# Inside a script element these could end it, open a comment, or end the line in old readers.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


# -- what the builders take --------------------------------------------------------------------


class Link(NamedTuple):
    """A page by its name and address."""

    name: str
    url: str


@dataclass(frozen=True)
class Organisation:
    """A body: who publishes, awards or keeps a register. ``url`` is its own site."""

    name: str
    url: str = ""


@dataclass(frozen=True)
class Credential:
    """What somebody holds. ``kind`` as in "registration"; ``number`` is public on the register."""

    name: str
    kind: str = ""
    number: str = ""
    recognised_by: Organisation | None = None


@dataclass(frozen=True)
class Person:
    """Somebody who wrote or reviewed a page."""

    name: str
    job_title: str = ""
    url: str = ""
    credentials: Sequence[Credential] = ()


@dataclass(frozen=True)
class Site:
    """The whole site: its name, its first page's address, and who answers for it."""

    name: str
    url: str
    publisher: Organisation


@dataclass(frozen=True)
class Page:
    """What every page says of itself. ``trail`` leads from the first page to this one."""

    name: str
    url: str
    description: str = ""
    language: str = "en-GB"
    trail: Sequence[Link] = ()
    published: date | None = None
    modified: date | None = None


@dataclass(frozen=True)
class Review:
    """A clinician's check of the whole page."""

    by: Person
    on: date


@dataclass(frozen=True)
class Source:
    """What a page rests on, as its list of sources names it."""

    name: str
    url: str = ""
    publisher: str = ""


@dataclass(frozen=True)
class Subject:
    """What a page is about: a therapy, a condition, a difficulty or a life event."""

    name: str
    also_called: Sequence[str] = ()
    description: str = ""


@dataclass(frozen=True)
class Place:
    """Where somebody works, no closer than the first half of its postcode."""

    town: str
    outward_postcode: str = ""
    country: str = "GB"

    def __post_init__(self) -> None:
        # The whole postcode of a room at home leads to somebody's door.
        if len(self.outward_postcode) > 4:
            accepted = "the first half of a postcode, such as LS6"
            raise InvalidInput("outward_postcode", self.outward_postcode, accepted)


@dataclass(frozen=True)
class Fee:
    """What one service costs.

    ``amount`` is 0 when there is nothing to pay and None when no price is set, as with donations;
    ``up_to`` is the upper end of a range, in the same currency.
    """

    service: str
    amount: Money | None
    up_to: Money | None = None
    note: str = ""


@dataclass(frozen=True)
class Practitioner:
    """A practitioner as their public page shows them. ``knows`` names issues and therapies."""

    name: str
    url: str
    job_title: str = ""
    pronouns: str = ""
    description: str = ""
    languages: Sequence[str] = ()
    knows: Sequence[str] = ()
    credentials: Sequence[Credential] = ()
    member_of: Sequence[Organisation] = ()
    places: Sequence[Place] = ()
    fees: Sequence[Fee] = ()


# -- one builder a page ------------------------------------------------------------------------


def breadcrumb_list(items: Sequence[tuple[str, str]]) -> Node:
    """Return the trail of (name, absolute address), from the first page to the one it is on."""
    return _node(
        "BreadcrumbList",
        itemListElement=[
            # An address alone would be a text, and an item is a thing.
            _node("ListItem", position=place, name=name, item={"@type": "WebPage", "@id": url})
            for place, (name, url) in enumerate(items, 1)
        ],
    )


def home_page(*, site: Site, description: str, language: str = "en-GB") -> Node:
    """Return the site itself. Its search is a form that is posted: it has no address to give."""
    return _node(
        "WebSite",
        name=site.name,
        url=site.url,
        description=description,
        inLanguage=language,
        publisher=_organisation(site.publisher),
    )


def collection_page(*, site: Site, page: Page, entries: Sequence[Link]) -> Node:
    """Return an index or an A to Z; ``entries`` in the order shown."""
    listed = [
        _node("ListItem", position=place, name=entry.name, url=entry.url)
        for place, entry in enumerate(entries, 1)
    ]
    contents = _node("ItemList", numberOfItems=len(listed), itemListElement=listed)
    return _web_page("CollectionPage", site, page, mainEntity=contents)


def therapy_page(
    *,
    site: Site,
    page: Page,
    therapy: Subject,
    how_performed: str = "",
    review: Review | None = None,
    sources: Sequence[Source] = (),
) -> Node:
    """Return the page of a therapy type; ``how_performed`` tells what happens in it."""
    return _web_page(
        "MedicalWebPage",
        site,
        page,
        mainEntity=_subject(
            "PsychologicalTreatment", therapy, url=page.url, howPerformed=how_performed
        ),
        **_standing(review, sources),
    )


def condition_page(
    *,
    site: Site,
    page: Page,
    condition: Subject,
    treatments: Sequence[Link] = (),
    review: Review | None = None,
    sources: Sequence[Source] = (),
) -> Node:
    """Return the page of an issue that is a diagnosis, with the pages of what can treat it."""
    # Release 30.0 keeps PsychologicalTreatment beside MedicalTherapy, not under it, and takes only
    # the latter here; its definition names behavioural therapy.
    possible = [_node("MedicalTherapy", name=one.name, url=one.url) for one in treatments]
    return _web_page(
        "MedicalWebPage",
        site,
        page,
        about=_subject("MedicalCondition", condition, url=page.url, possibleTreatment=possible),
        **_standing(review, sources),
    )


def difficulty_page(
    *,
    site: Site,
    page: Page,
    difficulty: Subject,
    review: Review | None = None,
    sources: Sequence[Source] = (),
) -> Node:
    """Return the page of a difficulty or a life event, which no word here makes an illness."""
    about = _subject("Thing", difficulty, url=page.url)
    return _web_page("WebPage", site, page, about=about, **_standing(review, sources))


def article_page(
    *,
    site: Site,
    page: Page,
    authors: Sequence[Person | Organisation],
    sources: Sequence[Source] = (),
) -> Node:
    """Return an article. Only its page can carry the trail, so the page stands inside it."""
    return _node(
        "Article",
        headline=page.name,
        description=page.description,
        url=page.url,
        inLanguage=page.language,
        author=[_author(one) for one in authors],
        datePublished=page.published,
        dateModified=page.modified,
        publisher=_organisation(site.publisher),
        citation=[_source(one) for one in sources],
        mainEntityOfPage=_node(
            "WebPage", name=page.name, url=page.url, breadcrumb=_trail(page), isPartOf=_part(site)
        ),
    )


def profile_page(*, site: Site, page: Page, practitioner: Practitioner) -> Node:
    """Return the page of one practitioner: a person, never a business of medical doctors."""
    person = _node(
        "Person",
        name=practitioner.name,
        url=practitioner.url,
        jobTitle=practitioner.job_title,
        pronouns=practitioner.pronouns,
        description=practitioner.description,
        knowsLanguage=practitioner.languages,
        knowsAbout=practitioner.knows,
        hasCredential=[_credential(one) for one in practitioner.credentials],
        memberOf=[_organisation(one) for one in practitioner.member_of],
        workLocation=[_place(one) for one in practitioner.places],
        makesOffer=[_offer(one) for one in practitioner.fees],
    )
    return _web_page("ProfilePage", site, page, mainEntity=person)


def as_script(data: Mapping[str, Any]) -> str:
    """Return the text of a ``<script type="application/ld+json">`` element.

    Safe to write into the element as it is: no value in it can end the element.
    """
    text = json.dumps({"@context": CONTEXT, **data}, ensure_ascii=False, allow_nan=False)
    return text.translate(_ESCAPES)


# -- the parts ---------------------------------------------------------------------------------


def _node(type_name: str, **properties: object) -> Node:
    """Return an object without its empty values, or {} when nothing but its type is left."""
    said = {name: kept for name, value in properties.items() if not _is_empty(kept := _json(value))}
    return {"@type": type_name, **said} if said else {}


def _json(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [one for one in value if not _is_empty(one)]
    return value


def _is_empty(value: object) -> bool:
    # Nought is a price, so truth alone cannot tell.
    return value is None or value in ("", [], {})


def _web_page(type_name: str, site: Site, page: Page, **properties: object) -> Node:
    return _node(
        type_name,
        name=page.name,
        description=page.description,
        url=page.url,
        inLanguage=page.language,
        datePublished=page.published,
        dateModified=page.modified,
        isPartOf=_part(site),
        publisher=_organisation(site.publisher),
        breadcrumb=_trail(page),
        **properties,
    )


def _standing(review: Review | None, sources: Sequence[Source]) -> Node:
    """Return what a page of health information rests on; an unreviewed one claims no review."""
    checked = {"lastReviewed": review.on, "reviewedBy": _person(review.by)} if review else {}
    return {**checked, "citation": [_source(one) for one in sources]}


def _part(site: Site) -> Node:
    return _node("WebSite", name=site.name, url=site.url)


def _trail(page: Page) -> Node:
    return breadcrumb_list(page.trail)


def _subject(type_name: str, subject: Subject, **properties: object) -> Node:
    return _node(
        type_name,
        name=subject.name,
        alternateName=subject.also_called,
        description=subject.description,
        **properties,
    )


def _source(source: Source) -> Node | str:
    if not (source.url or source.publisher):
        return source.name
    publisher = _node("Organization", name=source.publisher)
    return _node("CreativeWork", name=source.name, url=source.url, publisher=publisher)


def _author(author: Person | Organisation) -> Node:
    return _person(author) if isinstance(author, Person) else _organisation(author)


def _person(person: Person) -> Node:
    return _node(
        "Person",
        name=person.name,
        jobTitle=person.job_title,
        url=person.url,
        hasCredential=[_credential(one) for one in person.credentials],
    )


def _organisation(organisation: Organisation) -> Node:
    return _node("Organization", name=organisation.name, url=organisation.url)


def _credential(credential: Credential) -> Node:
    body = credential.recognised_by
    return _node(
        "EducationalOccupationalCredential",
        name=credential.name,
        credentialCategory=credential.kind,
        identifier=credential.number,
        recognizedBy=_organisation(body) if body else None,
    )


def _place(place: Place) -> Node:
    address = _node(
        "PostalAddress",
        addressLocality=place.town,
        postalCode=place.outward_postcode,
        addressCountry=place.country,
    )
    return _node("Place", address=address)


def _offer(fee: Fee) -> Node:
    return _node(
        "Offer",
        description=fee.note,
        itemOffered=_node("Service", name=fee.service),
        **_price(fee),
    )


def _price(fee: Fee) -> Node:
    if fee.amount is None:
        return {}
    currency = fee.amount.currency
    if fee.up_to is None:
        return {"price": _units(fee.amount), "priceCurrency": currency}
    lowest, highest = _units(fee.amount), _units(fee.up_to)
    span = _node("PriceSpecification", minPrice=lowest, maxPrice=highest, priceCurrency=currency)
    return {"priceSpecification": span}


def _units(money: Money) -> int | float:
    """Return pounds or euros: 65, 47.5."""
    units, minor = divmod(money.minor, 100)
    return money.minor / 100 if minor else units
