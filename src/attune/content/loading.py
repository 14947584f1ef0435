"""Bring the library up to its data files. Loading twice changes nothing.

A page that nobody here changed follows its file. One that an editor changed stays as it is, and
the file's version is offered as a difference: taking it makes a draft.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import connection, transaction
from wagtail.models import Page, Revision

from attune.content.markup import rich_text
from attune.content.models import (
    FAQ,
    ArticleIndexPage,
    ArticlePage,
    HomePage,
    IssueIndexPage,
    IssuePage,
    LoadedPage,
    Organisation,
    PageOrganisation,
    RelatedPage,
    ReviewedPage,
    TherapyIndexPage,
    TherapyPage,
)
from attune.content.tree import home_page
from attune.vocabulary.differences import follow
from attune.vocabulary.models import PresentingIssue, TherapyType

FOLDER = Path(__file__).resolve().parent / "data"
HOME = "home.toml"
# Any number that no other advisory lock of ours uses.
LOADING_LOCK = 7_401_002
KINDS: Mapping[str, tuple[type[ReviewedPage], type[Page]]] = {
    "therapies": (TherapyPage, TherapyIndexPage),
    "issues": (IssuePage, IssueIndexPage),
    "articles": (ArticlePage, ArticleIndexPage),
}
Data = Mapping[str, Any]
# "issues/depression" -> number of the page; None: somebody here deleted it.
PageIds = Mapping[str, int | None]
# What a file calls a block, and what the editor calls it.
BLOCKS = {
    "text": "rich_text",
    "care": "care_card",
    "do": "do_list",
    "dont": "dont_list",
    **{name: name for name in ("heading", "steps", "inset", "details", "faq")},
}


@dataclass(frozen=True)
class PageFile:
    """A page's data file: its name within the folder, what it says, and its SHA-256."""

    name: str
    data: Data
    digest: str

    @property
    def key(self) -> str:
        """Where the page is in the library: "issues/depression"."""
        return key_of(self.name)


def key_of(file: str) -> str:
    """Return "issues/depression" for "pages/issues/depression.toml"; "" for the first page."""
    kind, _, slug = file.removeprefix("pages/").removesuffix(".toml").partition("/")
    return f"{kind}/{slug}" if slug else ""


def load_library() -> tuple[str, ...]:
    """Load what changed since it was last loaded, in one transaction; return the files' names."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two machines may start at once; the second then finds nothing to do.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOADING_LOCK])
        load_organisations()
        files = list(page_files())
        known = {one.file: one for one in LoadedPage.objects.select_related("page", "revision")}
        changed = [one for one in files if not _is_known(one, known.get(one.name))]
        if not changed:
            return ()
        home_page(next(one.data for one in files if one.name == HOME))
        _add_missing(one for one in changed if one.name not in known)
        ids = _page_ids()
        for one in changed:
            _load(one, known.get(one.name), ids)
    return tuple(one.name for one in changed)


def page_files() -> Iterable[PageFile]:
    """Yield the data file of every page, the first page's last: it shows others."""
    for path in (*sorted(FOLDER.glob("pages/*/*.toml")), FOLDER / HOME):
        content = path.read_bytes()
        yield PageFile(
            str(path.relative_to(FOLDER)),
            tomllib.loads(content.decode()),
            hashlib.sha256(content).hexdigest(),
        )


def draft_from_file(record: LoadedPage) -> Revision:
    """Make a draft of what a page's file says now, to be checked and published like any other."""
    one = next(one for one in page_files() if one.name == record.file)
    page = _specific(record)
    # It stays at its address, also where it was renamed here.
    slug = page.slug
    _fill(page, one, _page_ids())
    page.slug = slug
    revision: Revision = page.save_revision()
    _remember(record, one, revision)
    return revision


def keep_own_page(record: LoadedPage) -> None:
    """Keep the words here; the file is asked about again when it changes again."""
    record.digest, record.offered_digest = record.offered_digest, ""
    record.save()


def load_organisations() -> None:
    data = tomllib.loads((FOLDER / "organisations.toml").read_text(encoding="utf-8"))
    here = {one.slug: one for one in Organisation.objects.all()}
    for row in data["organisations"]:
        words = {name: value for name, value in row.items() if name != "slug"}
        follow(here.get(row["slug"]) or Organisation(slug=row["slug"]), words)


def _is_known(one: PageFile, record: LoadedPage | None) -> bool:
    if record is None:
        return False
    return record.page is None or one.digest in (record.digest, record.offered_digest)


def _add_missing(files: Iterable[PageFile]) -> None:
    """Add an empty draft for each page that is not there, so that pages can link to each other."""
    here = _page_ids()
    for one in files:
        if not one.key or one.key in here:
            continue
        model, index = KINDS[one.key.partition("/")[0]]
        page = model(live=False, **_words(model, one.data))
        index.objects.get().add_child(instance=page)


def _page_ids() -> PageIds:
    """Return where each page is, by what files call it, whatever it is called here now."""
    pages = Page.objects.filter(depth=5).values_list("url_path", "pk")
    therapies = TherapyPage.objects.values_list("therapy_type__slug", "pk")
    issues = IssuePage.objects.values_list("issue__slug", "pk")
    records = LoadedPage.objects.values_list("file", "page_id")
    return {
        **{"/".join(path.strip("/").split("/")[-2:]): pk for path, pk in pages},
        **{f"therapies/{slug}": pk for slug, pk in therapies},
        **{f"issues/{slug}": pk for slug, pk in issues},
        **{key_of(file): pk for file, pk in records},
    }


def _load(one: PageFile, record: LoadedPage | None, ids: PageIds) -> None:
    page = _specific(record) if record else _page_of(one, ids)
    is_ours = page.latest_revision_id == (record.revision_id if record else None)
    # Somebody who took a page back does not find it published again.
    is_ours = is_ours and (record is None or page.live)
    record = record or LoadedPage(file=one.name, page=page)
    if not is_ours:
        record.offered_digest = one.digest
        record.save()
        return
    _fill(page, one, ids)
    page.full_clean()
    revision = page.save_revision(log_action=False)
    revision.publish(log_action=False)
    _remember(record, one, revision)


def _specific(record: LoadedPage) -> Page:
    if record.page is None:
        raise LoadedPage.DoesNotExist(f"The page of {record.file} was deleted here.")
    return record.page.specific


def _page_of(one: PageFile, ids: PageIds) -> Page:
    if not one.key:
        return HomePage.objects.get()
    return Page.objects.get(pk=ids[one.key]).specific


def _remember(record: LoadedPage, one: PageFile, revision: Revision) -> None:
    record.revision, record.digest, record.offered_digest = revision, one.digest, ""
    record.save()


def _fill(page: Page, one: PageFile, ids: PageIds) -> None:
    """Put a file's words into a page."""
    writer = _Writer(ids)
    if not one.key:
        page.title, page.lead, page.summary = (one.data[x] for x in ("title", "lead", "summary"))
        page.body = _stream([writer.home_block(block) for block in one.data["body"]])
        return
    for name, value in _words(type(page), one.data).items():
        setattr(page, name, value)
    for name, value in writer.texts(type(page), one.data).items():
        setattr(page, name, value)
    page.related = [
        RelatedPage(to_id=to, kind=row["kind"], sort_order=position)
        for position, row in enumerate(one.data.get("related", ()))
        if (to := ids[row["page"]])
    ]
    organisations = {one.slug: one for one in Organisation.objects.all()}
    page.organisations = [
        PageOrganisation(organisation=organisations[slug], sort_order=position)
        for position, slug in enumerate(one.data.get("organisations", ()))
    ]


def _words(model: type[ReviewedPage], data: Data) -> dict[str, Any]:
    """Return the fields that hold a file's values as they are."""
    words = {
        name: data[name]
        for name in ("title", "slug", "summary", "sensitivity", "conflicts", "call_to_action")
    }
    words |= {
        "also_known_as": data.get("also_known_as", []),
        "call_target": data["call_target"],
        "picture": data.get("picture", ""),
        "change_note": data.get("change_note", ""),
    }
    if model is TherapyPage:
        sessions, minutes = data.get("sessions", (None, None)), data.get("minutes", (None, None))
        return words | {
            "therapy_type": TherapyType.objects.get(slug=data["term"]),
            "formats": data.get("formats", []),
            "fewest_sessions": sessions[0],
            "most_sessions": sessions[1],
            "fewest_minutes": minutes[0],
            "most_minutes": minutes[1],
            "suits": data.get("suits", []),
            "may_not_suit": data.get("may_not_suit", []),
        }
    if model is IssuePage:
        return words | {
            "issue": PresentingIssue.objects.get(slug=data["term"]),
            "kind": data["issue_kind"],
            "signs": data.get("signs", []),
            "codes": data.get("codes", []),
        }
    return words | {
        "kind": data["article_kind"],
        "standfirst": data["standfirst"],
        "authors": data["authors"],
        "published_on": data["published"],
        "tags": data.get("tags", []),
    }


class _Writer:
    """Writes a file's texts as the editor stores them."""

    def __init__(self, ids: PageIds) -> None:
        self.ids = ids

    def texts(self, model: type[ReviewedPage], data: Data) -> dict[str, Any]:
        found = {
            "body": _stream([self.block(block) for block in data["body"]]),
            "sources": _stream([_source(row) for row in data["sources"]]),
        }
        if model is not ArticlePage:
            found["research"] = self.rich(data.get("research", ""))
        if model is TherapyPage:
            steps = data.get("what_happens", ())
            found |= {
                "what_happens": _stream([self.block({"steps": steps})] if steps else []),
                "training_to_look_for": self.rich(data.get("training_to_look_for", "")),
                "preparation": _stream(
                    [_typed("prompt", row) for row in data.get("preparation", ())]
                ),
            }
        if model is IssuePage:
            found |= {
                "self_help": _stream(
                    [self.block({name: data[name]}) for name in ("do", "dont") if data.get(name)]
                ),
                "when_to_get_help": _stream(
                    [self.block({"care": card}) for card in data.get("care", ())]
                ),
            }
        return found

    def block(self, block: Data) -> dict[str, Any]:
        """Return one block of a page; its kind is its only key, but for a heading's level."""
        kinds = [name for name in block if name != "level"]
        if len(kinds) != 1:
            raise ValueError(f"Give each its own block: {', '.join(kinds)}.")
        kind, value = kinds[0], block[kinds[0]]
        found: Any
        match kind:
            case "text" | "inset":
                found = self.rich(value)
            case "heading":
                found = {"text": value, "level": str(block.get("level", 2))}
            case "steps":
                found = _items(self.titled(row) for row in value)
            case "details":
                found = self.titled(value)
            case "care":
                found = value | {"items": _items(value["items"])}
            case "do" | "dont":
                found = _titled_list(kind, value)
            case "faq":
                found = _items(self.faq(row) for row in value)
            case _:
                raise ValueError(f"No block of the library is called {kind}.")
        return _typed(BLOCKS[kind], found)

    def home_block(self, block: Data) -> dict[str, Any]:
        """Return one block of the first page."""
        kind, words = block["kind"], {"title": block["title"]}
        match kind:
            case "how_it_works":
                words |= {"steps": _items(map(self.titled, block["steps"]))}
            case "points":
                words |= {"points": _items(map(self.titled, block["points"]))}
            case "starting_points":
                ids = dict(PresentingIssue.objects.values_list("slug", "pk"))
                words |= {"issues": _items(ids[slug] for slug in block["issues"])}
            case "library_pages":
                words |= {"pages": _items(filter(None, (self.ids[key] for key in block["pages"])))}
            case "free_help":
                words |= {"text": self.rich(block["text"])}
            case "people":
                pass
            case _:
                raise ValueError(f"No block of the first page is called {kind}.")
        return _typed(kind, words)

    def rich(self, text: str) -> str:
        return rich_text(text, self.ids)

    def titled(self, row: Data) -> dict[str, str]:
        return {"title": row["title"], "text": self.rich(row["text"])}

    def faq(self, row: Data) -> int:
        found, _ = FAQ.objects.get_or_create(
            question=row["question"],
            defaults={"short_answer": row["short"], "long_answer": self.rich(row["long"])},
        )
        return int(found.pk)


def _titled_list(kind: str, value: Any) -> dict[str, Any]:
    """Return a list of things to do or leave; an issue's has the title that all of them have."""
    titles = {"do": "What can help", "dont": "What to leave out"}
    row = value if isinstance(value, Mapping) else {"title": titles[kind], "items": value}
    return {"title": row["title"], "items": _items(row["items"])}


def _source(row: Data) -> dict[str, Any]:
    read_on: date = row["read"]
    words = {name: row[name] for name in ("label", "publisher", "url")}
    return _typed(
        "source", words | {"published": row.get("published", ""), "read_on": read_on.isoformat()}
    )


def _stream(blocks: list[dict[str, Any]]) -> str:
    """Return blocks as a StreamField stores them: each has a name of its own, always the same."""
    names = (f"block-{number}" for number in count(1))

    def named(value: Any) -> Any:
        if isinstance(value, list):
            return [named(one) for one in value]
        if isinstance(value, dict):
            own = {"id": str(uuid5(NAMESPACE_URL, next(names)))} if "type" in value else {}
            return {name: named(one) for name, one in value.items()} | own
        return value

    return json.dumps(named(blocks))


def _typed(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value}


def _items(values: Iterable[Any]) -> list[dict[str, Any]]:
    return [_typed("item", value) for value in values]
