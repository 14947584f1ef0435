"""The library's data files: what they bring, and what they leave to editors."""

import shutil
import tomllib
from pathlib import Path

import pytest
from wagtail.models import Page, Revision

from attune.content import loading
from attune.content.loading import draft_from_file, keep_own_page, load_library
from attune.content.markup import rich_text
from attune.content.models import (
    FAQ,
    HomePage,
    LibraryVersion,
    LoadedPage,
    Organisation,
    ReviewedPage,
    TherapyPage,
)
from content.reading import path_of, read

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

IPT = "pages/therapies/ipt.toml"


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Return a copy of the data files, which the next load reads."""
    copy = tmp_path / "data"
    shutil.copytree(loading.FOLDER, copy)
    monkeypatch.setattr(loading, "FOLDER", copy)
    return copy


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def state() -> object:
    """Return all that loading may change."""
    return (
        list(Page.objects.order_by("pk").values("pk", "url_path", "latest_revision", "live")),
        list(LoadedPage.objects.order_by("pk").values()),
        list(Organisation.objects.order_by("pk").values()),
        list(FAQ.objects.order_by("pk").values()),
        Revision.objects.count(),
        LibraryVersion.objects.get().number,
    )


def ipt() -> TherapyPage:
    return TherapyPage.objects.get(therapy_type__slug="ipt")


def record_of(name: str = IPT) -> LoadedPage:
    return LoadedPage.objects.get(file=name)


def edit(page, **words: object) -> None:
    """Change a page as an editor does."""
    for name, value in words.items():
        setattr(page, name, value)
    page.save_revision().publish()


def change_summary(folder: Path, words: str = "Other words from the file.") -> str:
    rewrite(folder / IPT, f'summary = "{ipt_in(folder)["summary"]}"', f'summary = "{words}"')
    return words


def ipt_in(folder: Path) -> dict:
    return tomllib.loads((folder / IPT).read_text(encoding="utf-8"))


def test_every_file_has_its_page_as_it_says_and_published():
    files = list(loading.page_files())
    assert {one.name for one in files} == set(LoadedPage.objects.values_list("file", flat=True))
    for one in files:
        page = record_of(one.name).page.specific
        assert page.live
        assert not page.has_unpublished_changes
        assert page.title == one.data["title"]
        assert not one.key or path_of(page) == f"/library/{one.key}/"


def test_loading_twice_changes_nothing(folder):
    before = state()
    assert load_library() == ()
    assert state() == before


def test_a_touched_file_that_says_the_same_changes_no_word(folder):
    before = ipt().digest()
    (folder / IPT).write_text((folder / IPT).read_text() + "\n# A note.\n")
    assert load_library() == (IPT,)
    assert ipt().digest() == before
    assert load_library() == ()


def test_a_page_that_nobody_changed_follows_its_file(folder, client):
    words = change_summary(folder)
    assert load_library() == (IPT,)
    assert ipt().summary == words
    assert words in read(client, "/library/therapies/ipt/").words
    assert record_of().offered_digest == ""
    assert load_library() == ()


def test_a_page_that_an_editor_changed_keeps_their_words_and_the_file_waits(folder, client):
    edit(ipt(), title="IPT, as we say here")
    words = change_summary(folder)
    assert load_library() == (IPT,)
    page = read(client, "/library/therapies/ipt/")
    assert "IPT, as we say here" in page.words
    assert words not in page.words
    assert record_of().offered_digest
    before = state()
    assert load_library() == ()
    assert state() == before


def test_a_draft_of_an_editor_is_theirs_too(folder):
    page = ipt()
    page.title = "Not finished yet"
    page.save_revision()
    change_summary(folder)
    load_library()
    assert record_of().offered_digest
    assert ipt().get_latest_revision_as_object().title == "Not finished yet"


def test_taking_the_difference_makes_a_draft_and_publishes_nothing(folder, client):
    edit(ipt(), title="IPT, as we say here")
    words = change_summary(folder)
    load_library()
    revision = draft_from_file(record_of())
    assert revision.as_object().summary == words
    assert revision.as_object().title == ipt_in(folder)["title"]
    assert ipt().title == "IPT, as we say here"
    assert ipt().has_unpublished_changes
    assert words not in read(client, "/library/therapies/ipt/").words
    assert record_of().offered_digest == ""
    assert load_library() == ()
    revision.publish()
    assert words in read(client, "/library/therapies/ipt/").words


def test_a_page_whose_difference_was_taken_follows_its_file_again(folder):
    edit(ipt(), title="IPT, as we say here")
    change_summary(folder)
    load_library()
    draft_from_file(record_of()).publish()
    rewrite(folder / IPT, "Other words from the file.", "The newest words.")
    load_library()
    assert ipt().summary == "The newest words."


def test_keeping_ones_own_words_ends_the_question_until_the_file_changes_again(folder):
    edit(ipt(), title="IPT, as we say here")
    change_summary(folder)
    load_library()
    keep_own_page(record_of())
    assert record_of().offered_digest == ""
    assert load_library() == ()
    rewrite(folder / IPT, "Other words from the file.", "The newest words.")
    assert load_library() == (IPT,)
    assert record_of().offered_digest
    assert ipt().title == "IPT, as we say here"


def test_a_page_that_was_deleted_here_does_not_come_back(folder, client):
    ipt().delete()
    change_summary(folder)
    load_library()
    assert not TherapyPage.objects.filter(slug="ipt").exists()
    assert read(client, "/library/therapies/ipt/", status=404)
    with pytest.raises(LoadedPage.DoesNotExist, match="was deleted here"):
        draft_from_file(record_of())


def test_a_page_that_was_taken_back_here_stays_back(folder):
    ipt().unpublish()
    change_summary(folder)
    load_library()
    assert not ipt().live


def test_other_pages_still_load_when_one_they_name_was_deleted_here(folder, client):
    ipt().delete()
    rewrite(folder / "pages/issues/depression.toml", 'summary = "', 'summary = "Again: ')
    load_library()
    page = read(client, "/library/issues/depression/")
    assert "Again: " in page.words
    assert "/library/therapies/ipt/" not in page.links
    assert page.errors == []


def test_other_pages_still_load_when_one_they_name_was_renamed_here(folder, client):
    edit(ipt(), slug="interpersonal")
    rewrite(folder / "pages/issues/depression.toml", 'summary = "', 'summary = "Again: ')
    load_library()
    links = read(client, "/library/issues/depression/").links
    assert "/library/therapies/interpersonal/" in links


def test_a_renamed_page_is_not_brought_a_second_time(folder):
    edit(ipt(), slug="interpersonal")
    change_summary(folder)
    load_library()
    assert ReviewedPage.objects.filter(title=ipt_in(folder)["title"]).count() == 1


def test_a_page_that_an_editor_wrote_about_the_same_therapy_is_theirs(folder):
    page, record = ipt(), record_of()
    record.delete()
    edit(page, slug="our-own", title="Our own page")
    assert load_library() == (IPT,)
    assert list(TherapyPage.objects.filter(therapy_type__slug="ipt")) == [page]
    assert ipt().title == "Our own page"
    assert record_of().offered_digest


def test_a_new_file_brings_a_new_page_that_others_can_name(folder, client):
    new = folder / "pages/articles/a-new-one.toml"
    shutil.copy(folder / "pages/articles/what-therapy-costs.toml", new)
    rewrite(new, 'slug = "what-therapy-costs"', 'slug = "a-new-one"')
    rewrite(new, 'title = "', 'title = "New: ')
    rewrite(
        folder / "pages/articles/how-to-choose-a-therapist.toml",
        "related = [",
        'related = [\n  { kind = "read_next", page = "articles/a-new-one" },',
    )
    assert len(load_library()) == 2
    assert read(client, "/library/articles/a-new-one/").all("h1")
    assert (
        "/library/articles/a-new-one/"
        in read(client, "/library/articles/how-to-choose-a-therapist/").links
    )


def test_the_first_page_follows_its_file_too(folder, client):
    rewrite(folder / "home.toml", 'lead = "', 'lead = "Again: ')
    assert load_library() == ("home.toml",)
    assert "Again: " in read(client, "/").words
    edit(HomePage.objects.get(), title="Our own first page")
    rewrite(folder / "home.toml", "Again: ", "Once more: ")
    load_library()
    assert "Our own first page" in read(client, "/").words
    assert record_of("home.toml").offered_digest


def test_nothing_is_loaded_when_one_file_cannot_be(folder):
    change_summary(folder)
    rewrite(
        folder / "pages/issues/depression.toml",
        "(therapies/",
        "(therapies/no-such-",
    )
    before = state()
    with pytest.raises(KeyError):
        load_library()
    assert state() == before


@pytest.mark.parametrize(
    ("block", "sentence"),
    [
        ({"colour": "red"}, "No block of the library is called colour."),
        ({"text": "Words.", "inset": "More."}, "Give each its own block: text, inset."),
        ({}, "Give each its own block: ."),
        ({"level": 3}, "Give each its own block: ."),
    ],
)
def test_a_block_that_is_unknown_or_two_things_is_refused(block, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        loading._Writer({}).block(block)


def test_an_unknown_block_of_the_first_page_is_refused():
    with pytest.raises(ValueError, match="No block of the first page is called carousel"):
        loading._Writer({}).home_block({"kind": "carousel", "title": "Look"})


def test_a_file_may_not_say_what_an_editor_may_not(folder):
    rewrite(folder / IPT, 'call_target = "search"', 'call_target = "elsewhere"')
    with pytest.raises(Exception, match="elsewhere"):
        load_library()


# -- how files write rich text -----------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One.\n\nTwo.", "<p>One.</p><p>Two.</p>"),
        ("One\nline.", "<p>One line.</p>"),
        ("- one\n- two\n  more", "<ul><li>one</li><li>two more</li></ul>"),
        ("**Bold** words", "<p><b>Bold</b> words</p>"),
        ("[IPT](therapies/ipt)", '<p><a linktype="page" id="7">IPT</a></p>'),
        (
            "[NHS](https://nhs.example/a?b=1&c)",
            '<p><a href="https://nhs.example/a?b=1&amp;c">NHS</a></p>',
        ),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("It is known. [1, 2]", "<p>It is known. [1, 2]</p>"),
        ("", ""),
        ("  \n \n ", ""),
    ],
)
def test_plain_text_becomes_what_the_editor_stores(text, html):
    assert rich_text(text, {"therapies/ipt": 7}) == html


@pytest.mark.parametrize(
    "target", ["therapies/none", "javascript:alert(1)", "http://plain.example"]
)
def test_a_link_to_what_is_not_there_is_refused(target):
    with pytest.raises(KeyError):
        rich_text(f"[words]({target})", {"therapies/ipt": 7})


def test_a_link_to_a_page_that_was_deleted_leaves_its_words():
    assert rich_text("Read [IPT](therapies/ipt).", {"therapies/ipt": None}) == "<p>Read IPT.</p>"


def test_a_link_cannot_end_its_own_address():
    assert "<a" not in rich_text('[x](https://e.example/"onclick="y)', {})
