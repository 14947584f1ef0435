"""What search engines, feed readers and assistants get: and never what somebody keeps private."""

import json
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.urls import reverse

from attune.accounts.models import User
from attune.content.models import IssuePage, LibraryIndexPage, Reviewer, TherapyPage, stamp
from attune.directory.actions import withdraw
from attune.interop.schema_org_check import problems
from attune.vocabulary.models import PresentingIssue, TherapyType
from attune.vocabulary.queries import in_use
from content.people import online
from content.reading import library_pages, path_of, paths, read, words_of
from directory.listings import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"
IPT = "/library/therapies/ipt/"
TYPES = {
    "/": "WebSite",
    "/library/": "CollectionPage",
    "/library/therapies/ipt/": "MedicalWebPage",
    "/library/issues/depression/": "MedicalWebPage",
    "/library/issues/attachment/": "WebPage",
    "/library/articles/what-therapy-costs/": "Article",
}
NEVER = (
    *("/match/", "/match/1/", "/match/results/", "/match/pause/", "/match/begin/"),
    *("/book/x/", "/appointments/x/", "/account/", "/accounts/login/", "/practice/", "/desk/"),
    *("/staff/", "/editor/", "/library/search/", "/library/search/abc/", "/demo/", "/api/v1/"),
)


def nodes(data: object) -> list[dict]:
    """Return every object within a JSON-LD value."""
    if isinstance(data, list):
        return [node for one in data for node in nodes(one)]
    if isinstance(data, dict):
        return [data, *(node for value in data.values() for node in nodes(value))]
    return []


def types_in(data: object) -> set[str]:
    kinds = [node.get("@type", []) for node in nodes(data)]
    return {one for kind in kinds for one in (kind if isinstance(kind, list) else [kind])}


# -- structured data ---------------------------------------------------------------------------
def test_every_page_says_what_it_is_in_schema_orgs_words(client):
    for path in paths():
        data = read(client, path).json_ld
        assert problems(data) == [], path
        assert data["@context"] == "https://schema.org"
        assert not types_in(data) & {"Physician", "MedicalBusiness", "MedicalOrganization"}


@pytest.mark.parametrize("path", TYPES)
def test_a_page_is_called_what_it_is(client, path):
    assert TYPES[path] in types_in(read(client, path).json_ld)


def test_a_therapy_is_a_psychological_treatment_and_a_diagnosis_names_what_treats_it(client):
    therapy = read(client, "/library/therapies/ipt/").json_ld
    assert "PsychologicalTreatment" in types_in(therapy)
    issue = read(client, "/library/issues/depression/").json_ld
    assert "MedicalCondition" in types_in(issue)
    treatments = [one for node in nodes(issue) for one in node.get("possibleTreatment", [])]
    addresses = {settings.PUBLIC_URL + path for path in paths()}
    assert {one["url"] for one in treatments} <= addresses
    assert any(one["url"].endswith("/therapies/ipt/") for one in treatments)


def test_a_difficulty_is_not_made_a_medical_condition(client):
    for page in IssuePage.objects.live().exclude(kind="diagnosis"):
        kinds = types_in(read(client, path_of(page)).json_ld)
        assert not kinds & {"MedicalCondition", "MedicalWebPage", "PsychologicalTreatment"}


def test_the_trail_in_the_data_is_the_one_that_readers_see(client):
    for path in paths():
        page = read(client, path)
        trails = [one for one in nodes(page.json_ld) if one.get("@type") == "BreadcrumbList"]
        if not page.crumbs:
            assert trails == []
            continue
        (trail,) = trails
        items = trail["itemListElement"]
        assert [one["position"] for one in items] == list(range(1, len(items) + 1))
        seen = [(name, settings.PUBLIC_URL + href) for name, href in page.crumbs]
        assert [(one["name"], one["item"]["@id"]) for one in items[:-1]] == seen
        assert items[-1]["item"]["@id"] == settings.PUBLIC_URL + path


def test_data_names_every_source_of_its_page(client):
    for page in library_pages():
        data = read(client, path_of(page)).json_ld
        cited = [one for node in nodes(data) for one in node.get("citation", [])]
        assert [one["url"] for one in cited] == [one.value["url"] for one in page.sources]


def test_data_names_a_reviewer_only_where_the_page_does(client):
    page = TherapyPage.objects.get(slug="ipt")
    assert not any("reviewedBy" in one for one in nodes(read(client, path_of(page)).json_ld))
    user = User.objects.create_user(email="rhoda@clinic.example")
    reviewer = Reviewer.objects.create(
        user=user, name="Dr Rhoda Example", role="Clinical psychologist", registration="HCPC X1"
    )
    revision = page.save_revision()
    stamp(revision, reviewer, on=NOW.date())
    revision.publish()
    shown = read(client, path_of(page))
    (reviewed,) = [one for one in nodes(shown.json_ld) if "reviewedBy" in one]
    assert reviewed["reviewedBy"]["name"] == "Dr Rhoda Example"
    assert reviewed["lastReviewed"] == "2026-11-18"
    assert "Reviewed by Dr Rhoda Example, Clinical psychologist (HCPC X1)" in shown.words
    assert "Next review due: 18 November 2027" in shown.words
    assert problems(shown.json_ld) == []


def test_words_that_look_like_markup_do_not_end_the_script(client):
    page = TherapyPage.objects.get(slug="ipt")
    page.title = "</script><b>IPT & <!--"
    page.save_revision().publish()
    shown = read(client, path_of(page))
    assert shown.errors == []
    assert page.title in json.dumps(shown.json_ld, ensure_ascii=False)
    assert shown.all("b", id="nothing") == []
    assert "<b>IPT" not in shown.html.split("</head>")[0].split("ld+json")[0]


# -- sitemap and robots ------------------------------------------------------------------------
def places_in_sitemap(client) -> dict[str, str | None]:
    """Return address -> day of its last change."""
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    return {
        one.findtext(f"{MAP}loc"): one.findtext(f"{MAP}lastmod") for one in tree.iter(f"{MAP}url")
    }


def test_sitemap_holds_every_page_that_all_may_read_under_its_canonical_address(client):
    listing = online(1)
    found = places_in_sitemap(client)
    plain = ("help_now", "free_help", "how_we_choose", "privacy", "cookies", "accessibility")
    wanted = {*paths(), *map(reverse, plain), f"/therapists/{listing.code}/"}
    assert set(found) == {settings.PUBLIC_URL + path for path in wanted}
    assert found[f"{settings.PUBLIC_URL}/library/therapies/ipt/"]


def test_sitemap_is_of_the_public_address_whatever_name_it_was_asked_by(client, settings):
    settings.PUBLIC_URL = "https://attune.example"
    assert all(one.startswith("https://attune.example/") for one in places_in_sitemap(client))
    assert "http://testserver" not in client.get("/library/atom.xml").content.decode()


def test_sitemap_leaves_out_who_is_not_shown_and_what_is_not_published(client):
    listing = online(1)
    withdraw(listing, at=NOW)
    TherapyPage.objects.get(slug="emdr").unpublish()
    found = places_in_sitemap(client)
    assert not any("/therapists/" in one or "emdr" in one for one in found)


def test_everything_in_the_sitemap_answers_and_may_be_indexed(client):
    online(1)
    refused = refused_to_robots(client)
    for address in places_in_sitemap(client):
        path = address.removeprefix(settings.PUBLIC_URL)
        answer = client.get(path)
        assert answer.status_code == 200
        assert "X-Robots-Tag" not in answer
        assert not path.startswith(refused)


def refused_to_robots(client) -> tuple[str, ...]:
    lines = client.get("/robots.txt").content.decode().splitlines()
    return tuple(line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow"))


@pytest.mark.parametrize("path", NEVER)
def test_robots_stay_out_of_what_somebody_answers_books_keeps_or_edits(client, path):
    assert path.startswith(refused_to_robots(client))


def test_robots_are_told_where_the_sitemap_is_and_may_read_the_library(client):
    text = client.get("/robots.txt").content.decode()
    assert f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml" in text.splitlines()
    refused = refused_to_robots(client)
    assert [path for path in paths() if path.startswith(refused)] == []


@pytest.mark.parametrize("path", ["/match/", "/match/1/", "/match/return/"])
def test_private_pages_also_say_themselves_that_they_are_not_to_be_indexed(client, path):
    assert "noindex" in client.get(path)["X-Robots-Tag"]


# -- feed --------------------------------------------------------------------------------------
def test_feed_holds_the_newest_pages_first(client):
    answer = client.get("/library/atom.xml")
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    assert feed.findtext(f"{ATOM}title") == "Attune: new in the library"
    entries = list(feed.iter(f"{ATOM}entry"))
    addresses = [one.find(f"{ATOM}link").get("href") for one in entries]
    assert set(addresses) == {settings.PUBLIC_URL + path_of(page) for page in library_pages()}
    assert len({one.findtext(f"{ATOM}id") for one in entries}) == len(entries)
    published = [one.findtext(f"{ATOM}published") for one in entries]
    assert published == sorted(published, reverse=True)
    by_address = dict(zip(addresses, entries, strict=True))
    for page in library_pages():
        entry = by_address[settings.PUBLIC_URL + path_of(page)]
        assert entry.findtext(f"{ATOM}title") == page.title
        assert entry.findtext(f"{ATOM}summary") == page.summary


def test_feed_is_named_on_every_page_of_the_library(client):
    for path in paths():
        link = read(client, path).one("link", type="application/atom+xml")
        assert link.get("href") == "/library/atom.xml"


def test_feed_of_an_empty_library_is_a_feed_still(client):
    for page in library_pages():
        page.unpublish()
    assert list(ElementTree.fromstring(client.get("/library/atom.xml").content).iter()) != []


# -- renaming ----------------------------------------------------------------------------------
@pytest.fixture
def rename(django_capture_on_commit_callbacks):
    """Give a page another address as its editor does; what follows at commit follows."""

    def _rename(page, slug: str) -> None:
        page.slug = slug
        with django_capture_on_commit_callbacks(execute=True):
            page.save_revision().publish()

    return _rename


def test_the_old_address_of_a_renamed_page_leads_to_the_new_one_for_good(client, rename):
    client.get("/library/issues/bereavement/")
    rename(IssuePage.objects.get(slug="bereavement"), "grief")
    answer = client.get("/library/issues/bereavement/")
    assert (answer.status_code, answer["Location"]) == (301, "/library/issues/grief/")
    assert read(client, "/library/issues/grief/").all("h1")


def test_a_page_that_was_renamed_twice_is_found_under_both_old_names_in_one_step(client, rename):
    for slug in ("grief", "grieving"):
        rename(IssuePage.objects.get(issue__slug="bereavement"), slug)
    for old in ("bereavement", "grief"):
        answer = client.get(f"/library/issues/{old}/")
        assert (answer.status_code, answer["Location"]) == (301, "/library/issues/grieving/")


def test_every_link_follows_a_renamed_page(client, rename):
    for path in paths():
        client.get(path)
    rename(IssuePage.objects.get(slug="bereavement"), "grief")
    for path in paths():
        links = read(client, path).links
        assert "/library/issues/bereavement/" not in links, path
    assert "/library/issues/grief/" in read(client, IPT).links
    assert f"{settings.PUBLIC_URL}/library/issues/grief/" in places_in_sitemap(client)


def test_a_page_may_be_named_back(client, rename):
    for slug in ("grief", "bereavement"):
        rename(IssuePage.objects.get(issue__slug="bereavement"), slug)
    assert client.get("/library/issues/bereavement/").status_code == 200
    assert client.get("/library/issues/grief/")["Location"] == "/library/issues/bereavement/"


def test_statements_follow_a_page_that_was_renamed(client, rename):
    rename(IssuePage.objects.get(slug="depression"), "low-mood")
    titles = read(client, IPT).tree.findall(".//p[@class='evidence__title']/a")
    assert "/library/issues/low-mood/" in [one.get("href") for one in titles]


@pytest.mark.parametrize("slug", ["start", "home-2"])
def test_the_first_page_may_be_named_anything(client, rename, slug):
    home = LibraryIndexPage.objects.get().get_parent().specific
    rename(home, slug)
    assert {client.get(path).status_code for path in paths()} == {200}
    assert read(client, IPT).crumbs[0] == ("Home", "/")


# -- unknown addresses -------------------------------------------------------------------------
@pytest.mark.parametrize(
    "path",
    [
        "/library/issues/no-such-page/",
        "/library/no-such-part/",
        "/library/issues/depression/deeper/",
        "/nothing-here/",
        "/library/therapies/cbt/before-your-first-session/x/",
    ],
)
def test_an_unknown_address_is_not_found_and_offers_a_search(client, path):
    page = read(client, path, status=404)
    (form,) = page.forms("/library/search/")
    assert form.method == "post"
    assert client.post(form.action, form.fields | {"words": "grief"}).status_code == 303
    assert {"/match/", "/help-now/"} <= set(page.links)
    assert page.errors == []
    ids = page.ids
    assert [one.get("for") for one in page.all("label") if one.get("for") not in ids] == []


@pytest.mark.parametrize(
    ("part", "field", "model"),
    [("therapies", "therapy", TherapyType), ("issues", "issue", PresentingIssue)],
)
def test_every_word_of_the_vocabulary_has_its_page_or_one_that_says_there_is_none_yet(
    client, part, field, model
):
    online(1)
    explained = set(model.objects.filter(page__live=True).values_list("slug", flat=True))
    for term in in_use(model):
        path = f"/library/{part}/{term.slug}/"
        if term.slug in explained:
            read(client, path)
            continue
        page = read(client, path, status=404)
        assert "There is no such page yet" in page.words
        assert term.label in page.words
        assert {field: term.slug} in [form.fields for form in page.forms("/match/begin/")]
        assert page.forms("/library/search/")
        assert page.errors == []


def test_a_page_that_was_taken_back_is_one_that_is_not_there_yet(client):
    TherapyPage.objects.get(slug="emdr").unpublish()
    page = read(client, "/library/therapies/emdr/", status=404)
    assert "There is no such page yet" in page.words
    assert "Eye movement" not in words_of(page.one("title"))


def test_an_address_without_its_last_slash_leads_to_the_page(client):
    answer = client.get("/library/issues/depression")
    assert (answer.status_code, answer["Location"]) == (301, "/library/issues/depression/")
