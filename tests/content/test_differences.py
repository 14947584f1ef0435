"""What the project's files say otherwise than this site: listed, decided, never forced."""

import re
import shutil
from html import unescape

import pytest
from django.urls import reverse

from attune.content import loading
from attune.content.loading import load_library
from attune.content.models import IssuePage, LibraryVersion, LoadedPage, Organisation
from attune.directory.models import DirectoryChange
from attune.vocabulary import data_files
from attune.vocabulary.loading import load_vocabulary
from attune.vocabulary.models import CrisisContact, EvidenceStatement, HelpRoute
from content.staff import at_the_editor, chief, clio, erin, member

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

OURS, THEIRS = "As we say it here.", "As the project says it now."
DEPRESSION = "pages/issues/depression.toml"
ADDRESS = "/editor/differences/"
DECISIONS = ("take", "keep")


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Return copies of the library's and the vocabulary's data files, which the next load reads."""
    copies = tmp_path / "library", tmp_path / "vocabulary"
    for module, copy in zip((loading, data_files), copies, strict=True):
        shutil.copytree(module.FOLDER, copy)
        monkeypatch.setattr(module, "FOLDER", copy)
    return copies


def rewrite(path, old, new):
    """Put new words into a file, once."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


class Row:
    """A row that both an editor and its file have changed."""

    def __init__(self, kind, model, field, wanted):
        self.kind, self.model, self.field, self.wanted = kind, model, field, wanted

    def change(self, folders, now):
        """Change it here, then bring a newer file."""
        library, vocabulary = folders
        row = self.row()
        files = {
            "organisation": library / "organisations.toml",
            "crisis-contact": vocabulary / "crisis_contacts.toml",
            "help-route": vocabulary / "help_routes.toml",
            "evidence": vocabulary / "evidence.csv",
        }
        rewrite(files[self.kind], getattr(row, self.field), THEIRS)
        setattr(row, self.field, OURS)
        row.save()
        if self.kind == "organisation":
            load_library()
        else:
            load_vocabulary(now=now)

    def row(self):
        return self.model.objects.get(**self.wanted)

    def said(self):
        return getattr(self.row(), self.field)


ROWS = [
    Row("organisation", Organisation, "what", {"slug": "cruse"}),
    Row("crisis-contact", CrisisContact, "when_to_use", {"slug": "samaritans"}),
    Row("help-route", HelpRoute, "when_to_use", {"slug": "nhs-talking-therapies"}),
    Row(
        "evidence",
        EvidenceStatement,
        "sentence",
        {"issue__slug": "sleep", "therapy_type__slug": "cbt"},
    ),
]
BY_ROW = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.kind)


class Depression:
    """A page that both an editor and its file have changed."""

    kind = "page"

    def change(self, folders, now):
        library, _vocabulary = folders
        page = self.page()
        rewrite(library / DEPRESSION, f'summary = "{page.summary}"', f'summary = "{THEIRS}"')
        page.summary = OURS
        page.save_revision().publish()
        load_library()

    def page(self):
        return IssuePage.objects.get(issue__slug="depression")

    def row(self):
        return LoadedPage.objects.get(file=DEPRESSION)

    def said(self):
        return self.page().summary

    def drafted(self):
        return self.page().get_latest_revision_as_object().summary


def listed(browser):
    return re.sub(r"\s+", " ", unescape(browser.get(ADDRESS).content.decode()))


def decided(browser, changed, decision, **options):
    address = reverse("editor_decide", args=[changed.kind, changed.row().pk])
    return browser.post(address, {"decision": decision}, **options)


def told():
    return LibraryVersion.objects.get().number, DirectoryChange.objects.count()


@BY_ROW
def test_a_newer_version_is_listed_field_by_field_and_changes_nothing(folders, now, row):
    row.change(folders, now)
    page = listed(at_the_editor(chief()))
    name = row.field.replace("_", " ")
    assert f"<td>{name}</td><td>{OURS}</td><td>{THEIRS}</td>" in page
    assert page.count(f"<td>{OURS}</td>") == page.count("<tr><td>") == 1
    assert row.said() == OURS


@BY_ROW
@pytest.mark.parametrize("decision", DECISIONS)
def test_a_row_is_as_somebody_decided_and_is_not_asked_about_again(folders, now, row, decision):
    row.change(folders, now)
    boss, before = at_the_editor(chief()), told()
    answer = decided(boss, row, decision, follow=True)
    assert row.said() == {"take": THEIRS, "keep": OURS}[decision]
    words = {"take": "The project's version stands here now.", "keep": "Your version stays."}
    assert words[decision] in unescape(answer.content.decode())
    assert "There are none." in listed(boss)
    assert all(after > was for after, was in zip(told(), before, strict=True))
    load_library()
    load_vocabulary(now=now)
    assert row.said() == {"take": THEIRS, "keep": OURS}[decision]
    assert decided(boss, row, decision).status_code == 404


@BY_ROW
def test_words_that_are_the_same_on_both_sides_are_no_difference(folders, now, row):
    row.change(folders, now)
    changed = row.row()
    setattr(changed, row.field, THEIRS)
    changed.save()
    assert f"<td>{THEIRS}</td>" not in listed(at_the_editor(chief()))


def test_a_newer_version_of_a_page_waits_and_its_readers_see_the_editors_words(folders, now):
    depression = Depression()
    depression.change(folders, now)
    page = listed(at_the_editor(erin()))
    assert depression.page().title in page
    assert "The project's text of this page is newer." in page
    assert depression.said() == depression.drafted() == OURS


def test_taking_a_page_makes_a_draft_and_leaves_what_is_published(folders, now):
    depression, editor = Depression(), at_the_editor(erin())
    depression.change(folders, now)
    answer = decided(editor, depression, "take")
    assert answer["Location"] == reverse("wagtailadmin_pages:edit", args=[depression.page().pk])
    assert (depression.said(), depression.drafted()) == (OURS, THEIRS)
    assert depression.page().revisions.filter(content__summary=OURS).exists()
    assert "There are none." in listed(editor)


def test_keeping_a_page_makes_no_draft_and_it_is_not_asked_about_again(folders, now):
    depression, editor = Depression(), at_the_editor(erin())
    depression.change(folders, now)
    decided(editor, depression, "keep")
    load_library()
    assert depression.said() == depression.drafted() == OURS
    assert "There are none." in listed(editor)
    assert decided(editor, depression, "keep").status_code == 404


def stranger():
    return member("Ada")


def reviewer():
    return clio()


REFUSED = [
    *((row, who) for row in ROWS for who in (reviewer, stranger)),
    *((row, erin) for row in ROWS if row.kind != "organisation"),
    (Depression(), reviewer),
    (Depression(), stranger),
]


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize(
    ("changed", "who"), REFUSED, ids=lambda value: getattr(value, "kind", None) or value.__name__
)
def test_nobody_decides_who_may_not_change_it(folders, now, changed, who, decision):
    changed.change(folders, now)
    answer = decided(at_the_editor(who()), changed, decision)
    # Whoever may enter the editor is led to its first page, with a word.
    assert (answer.status_code, answer.get("Location")) in ((404, None), (302, "/editor/"))
    assert changed.said() == OURS
    assert "There are none." not in listed(at_the_editor(chief()))


def test_an_editor_decides_about_an_organisation(folders, now):
    ROWS[0].change(folders, now)
    decided(at_the_editor(erin()), ROWS[0], "take")
    assert ROWS[0].said() == THEIRS


@pytest.mark.parametrize("sent", [{}, {"decision": ""}, {"decision": "both"}])
def test_what_is_neither_taken_nor_kept_still_waits(folders, now, sent):
    boss, row, depression = at_the_editor(chief()), ROWS[0], Depression()
    row.change(folders, now)
    depression.change(folders, now)
    for changed in (row, depression):
        address = reverse("editor_decide", args=[changed.kind, changed.row().pk])
        assert boss.post(address, sent).status_code == 404
        assert boss.get(address).status_code == 405
    assert listed(boss).count(THEIRS) == 1
    assert "The project's text of this page is newer." in listed(boss)


@pytest.mark.parametrize("kind", ["page", "organisation", "testimonial", "user"])
def test_what_has_no_difference_cannot_be_decided(kind):
    boss = at_the_editor(chief())
    address = reverse("editor_decide", args=[kind, 1])
    assert boss.post(address, {"decision": "take"}).status_code == 404
