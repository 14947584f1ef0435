"""What holds of every page of the library."""

import itertools
import json
import re

import pytest
import time_machine
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext

from attune.content.actions import note_change
from attune.content.models import ArticlePage, IssuePage, RelatedPage, ReviewedPage, TherapyPage
from attune.content.queries import statements_about
from attune.content.words import evidence_words
from content.reading import Reading, library_pages, path_of, paths, read, words_of
from directory.listings import NOW, listed
from finder.people import LINE

pytestmark = pytest.mark.slow

REVIEW_WORDS = ("Not yet reviewed by a clinician", "Reviewed by ")
LIBRARY_PAGE = re.compile(r"/library/(therapies|issues|articles)/[\w-]+/")


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker) -> dict[str, Reading]:
    """Every published page, with somebody in the directory: address -> page."""
    with django_db_blocker.unblock(), transaction.atomic(), time_machine.travel(NOW, tick=False):
        listed(1, name="Ines Online", practices=(LINE,))
        found = {path: read(Client(), path) for path in paths()}
        transaction.set_rollback(True)
    return found


@pytest.fixture(scope="module")
def pages(site) -> dict[str, Reading]:
    """The pages that explain something."""
    return {path: one for path, one in site.items() if LIBRARY_PAGE.fullmatch(path)}


def faults(found: dict[str, Reading], check) -> dict[str, object]:
    """Return what a check finds wrong, under the address of its page: {} when all is well."""
    return {path: wrong for path, one in found.items() if (wrong := check(one))}


def test_library_explains_what_it_set_out_to(pages):
    slugs = {path.strip("/").partition("/")[2] for path in pages}
    assert slugs >= {
        *("therapies/ipt", "therapies/cbt", "therapies/group-analysis", "therapies/relational"),
        *("therapies/psychodynamic", "therapies/person-centred", "therapies/couple-therapy"),
        *("therapies/emdr", "issues/depression", "issues/relationships", "issues/attachment"),
        *("issues/intimacy", "issues/bereavement", "issues/life-changes", "issues/bipolar"),
        *("issues/eating", "issues/anorexia", "articles/how-to-choose-a-therapist"),
        *("articles/what-a-first-session-is-like", "articles/what-therapy-costs"),
    }


def test_every_page_is_valid_html(site):
    assert faults(site, lambda one: one.errors) == {}


def test_every_page_has_one_main_heading_and_leaves_no_level_out(site):
    def wrong(page):
        levels = [level for level, _words in page.headings]
        jumps = [pair for pair in itertools.pairwise(levels) if pair[1] > pair[0] + 1]
        return levels.count(1) != 1 or levels[0] != 1 or jumps

    assert faults(site, wrong) == {}


def test_no_heading_is_empty(site):
    assert faults(site, lambda page: [one for one in page.headings if not one[1]]) == {}


def test_every_page_below_the_first_says_where_it_is(site):
    for path, page in site.items():
        parts = [part for part in path.split("/") if part]
        above = ["/" + "".join(f"{part}/" for part in parts[:end]) for end in range(len(parts))]
        assert [href for _, href in page.crumbs] == above
        assert all(href in site for _, href in page.crumbs)
        assert not page.crumbs or page.crumbs[0][0] == "Home"


def test_no_id_is_given_twice_and_whatever_points_to_one_finds_it(site):
    def wrong(page):
        pointing = [
            name
            for one in page.tree.iter()
            for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls")
            for name in one.get(attribute, "").split()
        ]
        pointing += [href[1:] for href in page.links if href.startswith("#")]
        twice = [one for one in page.ids if page.ids.count(one) > 1]
        return twice or [name for name in pointing if name not in page.ids]

    assert faults(site, wrong) == {}


def test_every_part_of_a_page_is_named_at_its_head(pages):
    def wrong(page):
        contents = page.all("nav", class_="two__side")[0]
        named = [words_of(one) for one in contents.iter("a")]
        shown = [words_of(one) for one in page.all("h2") if one.get("id") in _ids_in(contents)]
        return named != shown or len(named) < 4

    assert faults(pages, wrong) == {}


def _ids_in(contents):
    return [one.get("href")[1:] for one in contents.iter("a")]


def test_every_number_of_a_source_leads_to_that_source(pages):
    def wrong(page):
        numbers = [one for one in page.links if one.startswith("#source-")]
        listed_ = [f"#{one}" for one in page.ids if one.startswith("source-")]
        return [one for one in numbers if one not in listed_] or not numbers

    assert faults(pages, wrong) == {}


def test_no_number_of_a_source_is_left_as_plain_text(pages):
    def wrong(page):
        linked = [words_of(one) for one in page.all("span", class_="cited")]
        return len(re.findall(r"\[\d", page.words)) != len(re.findall(r"\[\d", " ".join(linked)))

    assert faults(pages, wrong) == {}


def test_every_page_names_two_sources_or_more_each_with_an_address(pages):
    def wrong(page):
        sources = [one for one in page.all("li") if one.get("id", "").startswith("source-")]
        addresses = [link.get("href") for one in sources for link in one.iter("a")]
        return len(sources) < 2 or len(addresses) != len(sources)

    assert faults(pages, wrong) == {}


def test_every_page_says_who_reviewed_it_or_that_nobody_has(pages):
    def wrong(page):
        words = words_of(page.one("footer", class_="review"))
        return sum(one in words for one in REVIEW_WORDS) != 1 or "Last changed" not in words

    assert faults(pages, wrong) == {}


def test_every_page_says_whose_interests_stand_behind_it(pages):
    def wrong(page):
        return "Interests: " not in words_of(page.one("footer", class_="review"))

    assert faults(pages, wrong) == {}


def test_every_page_leads_to_people_in_its_first_half_and_at_its_end(pages):
    def wrong(page):
        forms = page.forms("/match/begin/")
        sections = [one.get("class", "") for one in page.one("div", class_="two__main")]
        calls = [place for place, name in enumerate(sections) if "call" in name.split()]
        return (
            len(forms) != 2
            or any(one.method != "post" for one in forms)
            or calls[0] > len(sections) / 2
            or len(page.all("h2", class_="strip-title")) != 1
        )

    assert faults(pages, wrong) == {}


@pytest.mark.django_db
def test_call_to_action_says_what_its_editor_wrote_and_asks_for_what_its_page_is_about(pages):
    for page in library_pages():
        reading = pages[path_of(page)]
        calls = reading.all("form", class_="call__form")
        assert [words_of(one) for one in calls if page.call_to_action in words_of(one)]
        for form in reading.forms("/match/begin/"):
            near = {"place": "", "within": "40"} if page.call_target == "search" else {}
            assert form.fields == page.preset() | near


@pytest.mark.django_db
def test_every_page_is_the_same_for_two_visitors_and_gives_them_nothing_to_carry(client):
    for path in paths():
        first, second = client.get(path), Client().get(path)
        assert first.content == second.content
        assert first.cookies == {}
        assert "csrf" not in first.content.decode().lower()


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_no_page_takes_anything(client, method):
    assert {getattr(client, method)(path).status_code for path in paths()} == {405}


@pytest.mark.django_db
def test_every_page_answers_a_mere_look(client):
    assert {client.head(path).status_code for path in paths()} == {200}


def test_no_page_asks_anything_of_another_site(site):
    def wrong(page):
        fetched = [
            one.get(attribute)
            for tag, attribute in (
                ("script", "src"),
                ("img", "src"),
                ("img", "srcset"),
                ("source", "srcset"),
                ("iframe", "src"),
                ("use", "href"),
                ("form", "action"),
                ("link", "href"),
            )
            for one in page.all(tag)
            if one.get(attribute) and one.get("rel") != "canonical"
        ]
        return [one for one in fetched if not re.match(r"/(?!/)|data:", one)]

    assert faults(site, wrong) == {}


def test_no_page_holds_styles_or_script_of_its_own(site):
    def wrong(page):
        inside = [one for one in page.all("script") if not one.get("src")]
        named = {name for one in page.tree.iter() for name in one.attrib}
        return (
            page.all("style")
            or [one for one in inside if one.get("type") != "application/ld+json"]
            or [name for name in named if name == "style" or name.startswith("on")]
        )

    assert faults(site, wrong) == {}


def test_links_to_other_sites_tell_them_nothing(site):
    def wrong(page):
        away = [
            one for one in page.all("a") if not re.match(r"[/#]|tel:|sms:", one.get("href", ""))
        ]
        return [
            one.get("href")
            for one in away
            if not re.match(r"https?://[^/]+", one.get("href", ""))
            or "noreferrer" not in one.get("rel", "")
        ]

    assert faults(site, wrong) == {}


@pytest.mark.django_db
def test_every_link_within_the_site_leads_somewhere(client, site):
    inside = {link for page in site.values() for link in page.links if link.startswith("/")}
    ours = {link.partition("#")[0] for link in inside if not link.startswith("/therapists/")}
    assert {link for link in ours if client.get(link).status_code != 200} == set()


def test_a_page_about_safety_can_be_left_at_once_and_no_other_has_that_button(pages):
    leavable = {path for path, page in pages.items() if page.words.startswith("Leave this page")}
    assert leavable == {
        "/library/issues/anorexia/",
        "/library/issues/intimacy/",
        "/library/issues/relationships/",
        "/library/therapies/couple-therapy/",
    }


@pytest.mark.django_db
def test_every_page_is_named_as_its_own_for_search_engines(site):
    summaries = {path_of(page): page.summary for page in library_pages()}
    for path, page in site.items():
        tags = {
            one.get("property") or one.get("name"): one.get("content") for one in page.all("meta")
        }
        address = settings.PUBLIC_URL + path
        assert page.one("link", rel="canonical").get("href") == address
        assert tags["og:url"] == address
        assert tags["og:title"]
        assert tags["og:type"] == "article"
        assert tags["og:site_name"] == "Attune"
        assert tags["og:description"] == tags["description"]
        assert 20 < len(tags["description"]) <= 160
        assert summaries.get(path, tags["description"]) == tags["description"]
    assert len({words_of(page.one("title")) for page in site.values()}) == len(site)


@pytest.mark.django_db
def test_a_page_shows_every_statement_in_force_about_it_in_words_with_its_source(pages):
    for page in library_pages():
        shown = [
            words_of(one)
            for one in pages[path_of(page)].tree.findall(".//ul[@class='evidence']/li")
        ]
        statements = statements_about(page.preset(), NOW.date())
        assert len(shown) == len(statements)
        for words, statement in zip(shown, statements, strict=True):
            assert statement.population in words
            assert f"{evidence_words(statement)} {statement.sentence}" in words
            assert statement.source in words
            assert "Not yet reviewed by a clinician." in words


def test_no_page_gives_stars_lights_or_scores_to_evidence(pages):
    assert faults(pages, lambda page: re.findall(r"[★☆●🟢🟡🔴]|\d/5|\d out of 5", page.words)) == {}


@pytest.mark.django_db
def test_a_statement_links_to_the_page_about_its_other_side_only_where_there_is_one(pages):
    for page in library_pages():
        for link in pages[path_of(page)].tree.findall(".//p[@class='evidence__title']/a"):
            assert link.get("href") in pages
    with_page = {
        *(f"/library/therapies/{one.slug}/" for one in TherapyPage.objects.all()),
        *(f"/library/issues/{one.slug}/" for one in IssuePage.objects.all()),
    }
    linked = {
        link.get("href")
        for page in pages.values()
        for link in page.tree.findall(".//p[@class='evidence__title']/a")
    }
    assert linked <= with_page
    assert linked


@pytest.mark.django_db
def test_an_article_names_who_it_is_by(pages):
    for page in ArticlePage.objects.live():
        assert page.authors[0] in pages[path_of(page)].html


# -- whatever an editor makes ------------------------------------------------------------------
def with_body(*blocks: dict[str, object], slug: str = "ipt") -> str:
    """Publish a page with these blocks as its text; return its address."""
    page = ReviewedPage.objects.get(slug=slug).specific
    page.body = json.dumps(blocks)
    page.save_revision().publish()
    return path_of(page)


def heading(text: str, level: int = 2) -> dict[str, object]:
    return {"type": "heading", "value": {"text": text, "level": str(level)}}


TEXT = {"type": "rich_text", "value": "<p>Words.</p>"}
CALL, STRIP = {"type": "cta", "value": None}, {"type": "practitioner_strip", "value": None}


@pytest.mark.django_db
def test_a_heading_may_be_called_what_the_page_calls_its_own_parts(client):
    names = ("Sources", "Sources", "Source 1", "What happens", "Evidence", "Choosing", "Main")
    names += ("Related", "Organisations", "On this page", "Place", "Before your first session")
    page = read(client, with_body(*(block for name in names for block in (heading(name), TEXT))))
    assert [one for one in page.ids if page.ids.count(one) > 1] == []
    assert page.errors == []
    contents = page.one("nav", class_="two__side")
    assert {one.get("href")[1:] for one in contents.iter("a")} <= set(page.ids)


@pytest.mark.django_db
def test_a_page_with_few_parts_has_no_list_of_them_and_nothing_that_points_to_it(client):
    page = read(client, with_body(TEXT, slug="what-therapy-costs"))
    assert "on-this-page" not in page.html
    assert page.errors == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("blocks", "order"),
    [
        ((TEXT,), ["people", "call"]),
        ((CALL, TEXT), ["people", "call"]),
        ((TEXT, STRIP), ["call", "people"]),
        ((CALL, TEXT, STRIP), ["call", "people"]),
        ((STRIP, TEXT, CALL), ["people", "call"]),
    ],
)
def test_the_people_stand_once_and_the_call_twice_wherever_an_editor_puts_them(
    client, blocks, order
):
    listed(1, name="Ines Online", practices=(LINE,))
    # Parts enough that the last stands after the page's own call.
    more = [heading("More"), TEXT] * 6
    page = read(client, with_body(*blocks[:-1], *more, blocks[-1]))
    assert len(page.forms("/match/begin/")) == 2
    assert len(page.all("h2", class_="strip-title")) == 1
    assert [one for one in page.ids if page.ids.count(one) > 1] == []
    places = {
        "people": page.html.index('class="people"'),
        "call": page.html.index('class="call__form"'),
    }
    assert sorted(places, key=places.get) == order
    assert "<!--" not in page.html


@pytest.mark.django_db
def test_words_of_an_editor_are_never_markup(client):
    page = ReviewedPage.objects.get(slug="ipt").specific
    bad = '<script>alert("x")</script> & "quotes" <!--people-->'
    page.title = page.summary = page.call_to_action = page.conflicts = page.change_note = bad
    page.suits = page.may_not_suit = page.also_known_as = [bad]
    page.body = json.dumps(
        [
            heading(bad),
            {"type": "do_list", "value": {"title": bad, "items": [bad]}},
            {"type": "care_card", "value": {"level": "urgent", "title": bad, "items": [bad]}},
            {"type": "details", "value": {"title": bad, "text": "<p>Words.</p>"}},
        ]
    )
    page.save_revision().publish()
    for path in paths():
        shown = read(client, path)
        assert shown.errors == []
        told = [one for one in shown.all("script") if "alert" in (one.text or "")]
        assert {one.get("type") for one in told} <= {"application/ld+json"}
    assert read(client, path_of(page)).words.count("<script>alert") > 8


# -- what it costs -----------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_a_page_that_nothing_changed_costs_two_queries_and_a_new_one_twelve_at_most(client):
    listed(1, name="Ines Online", practices=(LINE,))
    client.get("/")
    for path in paths():
        note_change()
        with CaptureQueriesContext(connection) as first:
            client.get(path)
        with CaptureQueriesContext(connection) as again:
            client.get(path)
        assert len(first) <= 12, (path, [one["sql"][:80] for one in first])
        assert len(again) <= 2, path


@pytest.mark.django_db(transaction=True)
def test_a_new_page_costs_the_same_for_one_related_page_and_three(client):
    page = ReviewedPage.objects.get(slug="ipt")
    client.get(path_of(page))
    others = ReviewedPage.objects.live().exclude(pk=page.pk)
    costs = set()
    for count in (1, 3):
        RelatedPage.objects.filter(Q(page=page) | Q(to=page)).delete()
        RelatedPage.objects.bulk_create(
            RelatedPage(page=page, to=other, kind="read_next") for other in others[:count]
        )
        note_change()
        with CaptureQueriesContext(connection) as queries:
            shown = Reading(client.get(path_of(page)))
        assert len(shown.tree.findall(".//section[@aria-labelledby='related']//h3")) == count
        costs.add(len(queries))
    assert len(costs) == 1
