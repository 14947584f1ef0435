"""One of every page, with every value given, and the same with none that can be left out."""

from datetime import UTC, date, datetime

from attune.core.money import Money
from attune.interop.schema_org import (
    Credential,
    Fee,
    Link,
    Organisation,
    Page,
    Person,
    Place,
    Practitioner,
    Review,
    Site,
    Source,
    Subject,
    article_page,
    breadcrumb_list,
    collection_page,
    condition_page,
    difficulty_page,
    home_page,
    profile_page,
    therapy_page,
)

ROOT = "https://attune.example"
SITE = Site("Attune", f"{ROOT}/", Organisation("The Attune project", "https://project.example/"))
TRAIL = (Link("Home", f"{ROOT}/"), Link("Therapies", f"{ROOT}/therapies/"))
PAGE = Page(
    name="Interpersonal psychotherapy",
    url=f"{ROOT}/therapies/ipt/",
    description="What happens in it, and who it can suit.",
    trail=TRAIL,
    published=date(2026, 3, 1),
    modified=datetime(2026, 3, 14, 9, 30, tzinfo=UTC),
)
BARE = Page(name="Interpersonal psychotherapy", url=f"{ROOT}/therapies/ipt/")

REGISTER = Organisation("Health and Care Professions Council", "https://register.example/")
REGISTRATION = Credential("Practitioner psychologist", "registration", "PYL00001", REGISTER)
BEN = Person("Ben Ashworth", "Clinical psychologist", f"{ROOT}/people/ben/", (REGISTRATION,))
REVIEW = Review(by=BEN, on=date(2026, 3, 10))
SOURCES = (
    Source("Depression in adults", "https://guideline.example/ng222", "A guideline body"),
    Source("A book that is only in print"),
)
THERAPY = Subject("Interpersonal psychotherapy", ("IPT",), "It looks at how you get on.")
DEPRESSION = Subject("Depression", ("Low mood",), "A low mood that lasts.")
LONELINESS = Subject("Loneliness", ("Isolation",), "Fewer close people than you want.")
FEES = (
    Fee("50 minutes for one adult", Money(6500, "GBP")),
    Fee("50 minutes for a couple", Money(8000, "GBP"), Money(9550, "GBP")),
    Fee("A first call of 20 minutes", Money(0, "GBP")),
    Fee("A group", None, note="By donation"),
)
PRACTITIONER = Practitioner(
    name="Ben Ashworth",
    url=f"{ROOT}/people/ben/",
    job_title="Clinical psychologist",
    pronouns="he/him",
    description="I work with people who feel alone.",
    languages=("English", "Welsh"),
    knows=("Loneliness", "Interpersonal psychotherapy"),
    credentials=(REGISTRATION,),
    member_of=(REGISTER,),
    places=(Place("Leeds", "LS6"),),
    fees=FEES,
)

FULL = {
    "trail": breadcrumb_list(TRAIL),
    "home": home_page(site=SITE, description="Find a therapist who fits."),
    "collection": collection_page(site=SITE, page=PAGE, entries=TRAIL),
    "therapy": therapy_page(
        site=SITE,
        page=PAGE,
        therapy=THERAPY,
        how_performed="You talk, once a week.",
        review=REVIEW,
        sources=SOURCES,
    ),
    "condition": condition_page(
        site=SITE,
        page=PAGE,
        condition=DEPRESSION,
        treatments=(Link(PAGE.name, PAGE.url),),
        review=REVIEW,
        sources=SOURCES,
    ),
    "difficulty": difficulty_page(
        site=SITE, page=PAGE, difficulty=LONELINESS, review=REVIEW, sources=SOURCES
    ),
    "article": article_page(site=SITE, page=PAGE, authors=(BEN, SITE.publisher), sources=SOURCES),
    "profile": profile_page(site=SITE, page=PAGE, practitioner=PRACTITIONER),
}
SPARE = {
    "collection": collection_page(site=SITE, page=BARE, entries=()),
    "therapy": therapy_page(site=SITE, page=BARE, therapy=Subject("IPT")),
    "condition": condition_page(site=SITE, page=BARE, condition=Subject("Depression")),
    "difficulty": difficulty_page(site=SITE, page=BARE, difficulty=Subject("Loneliness")),
    "article": article_page(site=SITE, page=BARE, authors=()),
    "profile": profile_page(site=SITE, page=BARE, practitioner=Practitioner("Ben", BARE.url)),
}
