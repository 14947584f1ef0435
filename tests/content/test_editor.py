"""The editor at /editor/: what it refuses, in which words, and what of it nobody may open."""

import json
from html import unescape
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.admin.rich_text import get_rich_text_editor_widget
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from attune.accounts.models import User
from attune.content.models import (
    ArticleIndexPage,
    ArticlePage,
    Brand,
    LibraryImage,
    LibraryVersion,
    Organisation,
    StoredFile,
)
from attune.content.models import Testimonial as Quotation
from attune.directory.models import DirectoryChange
from attune.vocabulary.models import (
    CrisisContact,
    EvidenceLeftOut,
    EvidenceStatement,
    PresentingIssue,
    TherapyType,
)
from content.staff import at_the_editor, chief, erin, member

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SUMMARY = "Words that somebody spent an evening on."
ONE_LINE_CODE = "Take out the code (< and what follows it), or write it in words."
PLAIN_PASTE = "Paste it again as plain text (Ctrl+Shift+V)."
NO_NUMBERS = "Numbers to call in a crisis are kept in one place"


@pytest.fixture
def editor():
    return at_the_editor(erin())


@pytest.fixture
def chief_editor():
    return at_the_editor(chief())


# -- pages -----------------------------------------------------------------------------------------
def typed(text, **entity):
    """Return a text as the editor's text area sends it."""
    block = {"key": "a", "text": text, "type": "unstyled", "depth": 0}
    return json.dumps(
        {
            "blocks": [block | {"inlineStyleRanges": [], "entityRanges": [], **entity}],
            "entityMap": {},
        }
    )


def source(number):
    return {
        "label": f"Source {number}",
        "publisher": "NHS",
        "url": f"https://www.nhs.uk/{number}/",
        "published": "",
        "read_on": "2026-11-02",
    }


def article(*, body=None, sources=2, **fields):
    """Return an article as the form sends it: sound but for what a test changes."""
    return nested_form_data(
        {
            "title": "A new article",
            "slug": "a-new-article",
            "summary": SUMMARY,
            "standfirst": "It begins here.",
            "authors": "Erin Tollgate",
            "published_on": "2026-11-18",
            "kind": "explainer",
            "tags": "",
            "also_known_as": "",
            "body": streamfield(body or [("rich_text", typed("It says this. [1] And that. [2]"))]),
            "sources": streamfield([("source", source(one + 1)) for one in range(sources)]),
            "conflicts": "None declared",
            "organisations": inline_formset([]),
            "related": inline_formset([]),
            "comments": inline_formset([]),
            "call_to_action": "Find someone",
            "call_target": "search",
            "sensitivity": "none",
            "picture": "",
            "change_note": "",
            **fields,
        }
    )


def new_article():
    index = ArticleIndexPage.objects.get()
    return reverse("wagtailadmin_pages:add", args=["content", "articlepage", index.pk])


def saved(browser, data, **action):
    """Send the form of a new article; return what is shown then."""
    return browser.post(new_article(), data | action, follow=True)


def handed_in(browser, data):
    return saved(browser, data, **{"action-submit": "Submit"})


def said(answer):
    """Return a page's words; those of its blocks stand in it as JSON."""
    return unescape(answer.content.decode()).replace('\\"', '"')


def the_article():
    return ArticlePage.objects.filter(slug="a-new-article").first()


def test_a_sound_article_is_handed_in(editor):
    handed_in(editor, article())
    assert the_article().current_workflow_state.current_task_state.task.name == "Editor check"
    assert not the_article().live


BAD_PAGES = {
    "a paste that cannot be read": ({"body": [("rich_text", "<p>no JSON")]}, PLAIN_PASTE),
    "a paste that is of another kind": ({"body": [("rich_text", "[1, 2]")]}, PLAIN_PASTE),
    "code in a text": ({"body": [("rich_text", typed("<script>alert(1)</script>"))]}, "code"),
    "code in a heading": (
        {"body": [("heading", {"text": "<script>alert(1)</script>", "level": "2"})]},
        ONE_LINE_CODE,
    ),
    "code in the title": ({"title": "<script>alert(1)</script>"}, ONE_LINE_CODE),
    "code in one of several lines": (
        {"also_known_as": "One\n<img src=x onerror=alert(1)>"},
        ONE_LINE_CODE,
    ),
    "a crisis number in a text": (
        {"body": [("rich_text", typed("Call Samaritans on 116 123."))]},
        NO_NUMBERS,
    ),
    "a crisis number in a line": ({"standfirst": "Call 999 at once."}, NO_NUMBERS),
    "one source": ({"sources": 1}, "Add sources, so that the page has at least two."),
    "a skipped level": (
        {"body": [("heading", {"text": "Deep", "level": "4"})]},
        'Give the heading "Deep" level 2: no level may be skipped.',
    ),
    "a thing not to do that says do": (
        {
            "body": [
                (
                    "dont_list",
                    {"title": "Not", "items": streamfield([("item", "Worry")])},
                )
            ]
        },
        'Begin with "do not".',
    ),
}


@pytest.mark.parametrize(("changes", "sentence"), BAD_PAGES.values(), ids=BAD_PAGES)
def test_a_page_with_a_fault_is_not_handed_in_and_nothing_typed_is_lost(editor, changes, sentence):
    answer = handed_in(editor, article(**changes))
    assert sentence in said(answer)
    assert SUMMARY in said(answer)
    assert the_article() is None
    assert "<script>alert(1)" not in answer.content.decode()


def test_a_draft_is_kept_when_handing_it_in_is_refused(editor):
    saved(editor, article(sources=1))
    draft = the_article()
    answer = editor.post(
        reverse("wagtailadmin_pages:edit", args=[draft.pk]),
        article(sources=1, summary="A later thought.") | {"action-submit": "Submit"},
    )
    assert "Add sources, so that the page has at least two." in said(answer)
    assert "A later thought." in said(answer)
    assert draft.get_latest_revision_as_object().summary == SUMMARY
    assert draft.current_workflow_state is None


def test_an_unfinished_draft_is_kept(editor):
    saved(editor, article(sources=0, summary="", conflicts="", call_to_action=""))
    assert the_article().get_latest_revision_as_object().title == "A new article"


def test_a_picture_needs_its_words_or_the_choice_of_none(editor):
    picture = uploaded(editor, photograph())
    block = {"image": str(picture.pk), "decorative": "", "alt_text": ""}
    answer = handed_in(editor, article(body=[("image", block)]))
    assert "alt text" in said(answer)
    assert the_article() is None
    handed_in(editor, article(body=[("image", block | {"decorative": "on"})]))
    assert the_article().current_workflow_state is not None


def test_a_page_that_names_half_a_review_is_refused(editor):
    saved(editor, article())
    draft = the_article()
    revision = draft.latest_revision
    revision.content |= {"reviewed_on": "2026-01-05"}
    revision.save()
    address = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    answer = editor.post(address, article() | {"action-submit": "Submit"})
    assert "Restore an earlier version and have it reviewed again" in said(answer)


@pytest.mark.parametrize("sent", ["null", typed(""), typed("  ")])
def test_a_text_area_that_was_only_touched_holds_nothing(sent):
    area = get_rich_text_editor_widget()
    assert area.value_from_datadict({"research": sent}, {}, "research") == ""


@pytest.mark.parametrize("who", [erin, chief])
@pytest.mark.parametrize("action", ["action-publish", "action-workflow-action"])
def test_nobody_publishes_past_the_workflow(who, action):
    browser = at_the_editor(who())
    saved(browser, article())
    address = reverse("wagtailadmin_pages:edit", args=[the_article().pk])
    browser.post(address, article() | {action: "approve"})
    assert not the_article().live


def test_an_editor_neither_takes_a_page_away_nor_moves_it(editor):
    page = ArticlePage.objects.first()
    for name in ("unpublish", "delete", "move"):
        address = reverse(f"wagtailadmin_pages:{name}", args=[page.pk])
        assert editor.post(address).status_code in (302, 403)
    page.refresh_from_db()
    assert page.live


# -- pictures --------------------------------------------------------------------------------------
PLACE = b"Kept secret at 51.5"
BROKEN_OFF = "This picture cannot be read to its end. Save it anew, and upload that."
TURNED, GPS_PART, MAKER, SOUTH = 274, 34853, 271, 1


def photograph(kind="JPEG", **options):
    """Return a picture as a telephone makes it: turned, with the place and words in it."""
    exif = Image.Exif()
    exif[TURNED], exif[MAKER] = 6, PLACE.decode()
    exif.get_ifd(GPS_PART)[SOUTH] = "S"
    drawn = BytesIO()
    picture = Image.new("RGB", (60, 20), "teal")
    picture.save(drawn, kind, exif=exif, **options)
    return drawn.getvalue()


def upload(browser, content, name="photo.jpg", title="By the sea"):
    data = {"title": title, "file": SimpleUploadedFile(name, content), "description": ""}
    return browser.post(reverse("wagtailimages:add"), data)


def uploaded(browser, content, name="photo.jpg"):
    answer = upload(browser, content, name)
    assert answer.status_code == 302, said(answer)
    return LibraryImage.objects.get()


@pytest.mark.parametrize(
    ("kind", "name", "options"),
    [
        ("JPEG", "photo.jpg", {"comment": PLACE, "xmp": PLACE}),
        ("PNG", "photo.png", {"icc_profile": PLACE}),
        ("WEBP", "photo.webp", {"xmp": PLACE}),
    ],
)
def test_an_upload_keeps_its_pixels_and_nothing_else(editor, kind, name, options):
    content = photograph(kind, **options) + b"<script>" + PLACE
    assert PLACE in content
    picture = uploaded(editor, content, name)
    kept = bytes(StoredFile.objects.get(name=picture.file.name).content)
    assert PLACE not in kept
    with Image.open(BytesIO(kept)) as drawn:
        assert (drawn.format, drawn.size, dict(drawn.getexif())) == (kind, (20, 60), {})
        assert not {"comment", "exif", "icc_profile", "xmp"} & set(drawn.info)


def test_the_upload_itself_is_never_served_and_what_is_drawn_of_it_for_a_year(client, editor):
    picture = uploaded(editor, photograph())
    drawn = picture.get_rendition("width-10")
    answer = client.get(drawn.url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert picture.file.name.startswith("original_images/")
    for address in (picture.file.url, f"/media/images/../{picture.file.name}"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("large.jpg", b"\xff\xd8\xff" + bytes(40 * 1024 * 1024), "This file is too big"),
        ("script.jpg", b"<script>alert(1)</script>", "The extension does not match"),
        ("words.jpg", b"Not a picture at all.", "Upload a valid image."),
        ("broken.jpg", b"\xff\xd8\xff\xe0 not a picture", BROKEN_OFF),
        ("half.jpg", photograph()[:500], BROKEN_OFF),
        ("half.png", photograph("PNG")[:-60], BROKEN_OFF),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Not a supported image"),
        (
            "drawing.png",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "The extension does not match",
        ),
        ("photo.png", photograph(), "Not a valid .png image"),
        ("empty.jpg", b"", "The submitted file is empty."),
    ],
    ids=lambda value: value if isinstance(value, str) and value.endswith(("g", "p")) else "",
)
def test_a_file_that_is_no_fitting_picture_is_refused(editor, name, content, sentence):
    answer = upload(editor, content, name)
    assert sentence in said(answer)
    assert 'value="By the sea"' in answer.content.decode()
    assert not LibraryImage.objects.exists()
    assert not StoredFile.objects.exists()


def test_there_is_no_second_way_to_upload_a_picture(editor):
    address = reverse("wagtailadmin_account")
    assert 'type="file"' not in editor.get(address).content.decode()
    picture = SimpleUploadedFile("me.jpg", photograph())
    editor.post(address, {"avatar-avatar": picture, "name_email-first_name": "Erin"})
    assert not StoredFile.objects.exists()


# -- what is kept besides pages --------------------------------------------------------------------
def snippet(model, action, *args):
    return reverse(model.snippet_viewset.get_url_name(action), args=args)


def sent(browser, address, **changes):
    """Open a form, change some of it, and send it."""
    form = browser.get(address).context["form"]
    data = {
        one.html_name: value
        for one in form
        if (value := one.field.prepare_value(one.value())) not in (None, False)
    }
    return browser.post(address, data | changes)


def test_a_testimonial_needs_its_consent(editor):
    answer = sent(
        editor,
        snippet(Quotation, "add"),
        words="It helped.",
        who="Rowan",
        place="Ely",
        consented_on="2026-11-02",
    )
    assert "This field is required." in said(answer)
    assert "It helped." in said(answer)
    assert not Quotation.objects.exists()


def test_an_organisation_names_codes_of_the_vocabulary(editor):
    one = Organisation.objects.first()
    answer = sent(editor, snippet(Organisation, "edit", one.pk), therapies="ipt\nfire-walking")
    assert "Nothing has the code fire-walking. Look it up under Vocabulary." in said(answer)
    assert "ipt\nfire-walking" in said(answer).replace("\r", "")
    sent(editor, snippet(Organisation, "edit", one.pk), therapies="ipt\n\ncbt")
    one.refresh_from_db()
    assert one.therapies == ["ipt", "cbt"]


def test_a_statement_needs_its_source(chief_editor):
    one = EvidenceStatement.objects.first()
    answer = sent(
        chief_editor, snippet(EvidenceStatement, "edit", one.pk), source="", sentence="New words."
    )
    assert "This field is required." in said(answer)
    assert "New words." in said(answer)
    one.refresh_from_db()
    assert one.source


def brand_form():
    return reverse("wagtailsettings:edit", args=["content", "brand", Brand.load().pk])


@pytest.mark.parametrize(
    ("field", "colour", "sentence"),
    [
        ("colour", "#7CCBC7", "On the white of a button's words this colour reaches a contrast of"),
        ("link_colour", "#777777", "On a light page this colour reaches a contrast of 4.5 to 1"),
        ("link_colour_dark", "#444444", "words need 7 to 1. Choose one that differs more."),
        ("colour", "teal", "Enter a colour as # and six digits, such as #0B5254."),
        ("colour", "#0B52;}", "Enter a colour as # and six digits, such as #0B5254."),
    ],
)
def test_a_colour_that_not_everybody_can_read_is_refused(chief_editor, field, colour, sentence):
    answer = sent(chief_editor, brand_form(), **{field: colour})
    assert sentence in said(answer)
    assert f'value="{colour}"' in answer.content.decode()
    assert not Brand.objects.filter(**{field: colour}).exists()


def test_attunes_own_colours_pass(chief_editor):
    sent(chief_editor, brand_form(), name="Quiet Harbour")
    assert Brand.load().name == "Quiet Harbour"


# -- what changes matching -------------------------------------------------------------------------
def told():
    """Return what rises when pages and matching are told of a change."""
    return LibraryVersion.objects.get().number, DirectoryChange.objects.count()


def test_a_changed_statement_tells_pages_and_matching(chief_editor):
    one, before = EvidenceStatement.objects.first(), told()
    sent(chief_editor, snippet(EvidenceStatement, "edit", one.pk), checked_by="Clio Fernhollow")
    one.refresh_from_db()
    assert one.checked_by == "Clio Fernhollow"
    assert all(after > was for after, was in zip(told(), before, strict=True))


def test_a_deleted_row_tells_pages_and_matching(chief_editor):
    one, before = CrisisContact.objects.first(), told()
    chief_editor.post(snippet(CrisisContact, "delete", one.pk))
    assert not CrisisContact.objects.filter(pk=one.pk).exists()
    assert all(after > was for after, was in zip(told(), before, strict=True))


def test_rows_deleted_together_tell_pages_and_matching(chief_editor):
    rows, before = EvidenceStatement.objects.all()[:2], told()
    address = reverse(
        "wagtail_bulk_action", args=["vocabulary", "evidencestatement", "delete"]
    ) + "".join(f"{'&' if number else '?'}id={one.pk}" for number, one in enumerate(rows))
    chief_editor.post(address)
    assert not EvidenceStatement.objects.filter(pk__in=[one.pk for one in rows]).exists()
    assert all(after > was for after, was in zip(told(), before, strict=True))


def test_when_matching_cannot_be_told_the_statement_stays_as_it_was(chief_editor, monkeypatch):
    one = EvidenceStatement.objects.first()

    def fails(**_values):
        raise RuntimeError("The change log is full.")

    monkeypatch.setattr(DirectoryChange.objects, "create", fails)
    with pytest.raises(RuntimeError):
        sent(chief_editor, snippet(EvidenceStatement, "edit", one.pk), checked_by="Clio")
    one.refresh_from_db()
    assert one.checked_by != "Clio"


# -- who may open what -----------------------------------------------------------------------------
def administrator():
    return member("Dev", is_staff=True, is_superuser=True)


@pytest.mark.parametrize("model", [EvidenceLeftOut, PresentingIssue, TherapyType])
@pytest.mark.parametrize("who", [erin, chief, administrator])
def test_rows_of_data_files_alone_are_read_and_changed_by_nobody(who, model):
    browser, one = at_the_editor(who()), model.objects.first()
    assert str(one) in said(browser.get(snippet(model, "inspect", one.pk)))
    assert browser.get(snippet(model, "list")).status_code == 200
    for action, *args in (("add",), ("edit", one.pk), ("delete", one.pk)):
        answer = browser.post(snippet(model, action, *args), {"label": "Other"})
        assert answer.status_code in (302, 403), action
    assert model.objects.filter(pk=one.pk).exists()


@pytest.mark.parametrize("model", [EvidenceStatement, CrisisContact])
def test_an_editor_changes_neither_evidence_nor_crisis_contacts(editor, model):
    one = model.objects.first()
    for action in ("edit", "delete"):
        address = snippet(model, action, one.pk)
        assert editor.get(address).status_code == editor.post(address).status_code == 302
    assert model.objects.filter(pk=one.pk).exists()


@pytest.mark.parametrize(
    "address",
    ["users/", "groups/", "documents/", "documents/add/", "sites/", "login-as/", "failwhale/"],
)
@pytest.mark.parametrize("who", [erin, chief, administrator])
def test_sections_that_this_site_does_without_are_missing_for_all(who, address):
    assert at_the_editor(who()).get(f"/editor/{address}").status_code == 404


def test_somebody_in_no_group_finds_no_editor():
    stranger = at_the_editor(User.objects.create_user("ada@home.example", name="Ada"))
    page = Page.objects.get(slug="ipt")
    for address in ("/editor/", f"/editor/pages/{page.pk}/edit/", brand_form()):
        assert stranger.get(address).status_code == stranger.post(address).status_code == 404


def test_an_editor_does_not_set_the_brand(editor):
    assert editor.post(brand_form(), {"name": "Mine"}).status_code == 302
    assert Brand.load().name == "Attune"


# -- addresses -------------------------------------------------------------------------------------
def test_the_way_from_an_old_address_is_asked_for_anew_each_time(
    client, django_capture_on_commit_callbacks
):
    page = ArticlePage.objects.first()
    old, page.slug = page.url, "renamed"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    answer = client.get(old)
    assert (answer.status_code, answer["Location"]) == (301, "/library/articles/renamed/")
    assert answer["Cache-Control"] == "no-cache"
