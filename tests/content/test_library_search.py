"""Finding a page: by words, by other names, in spite of mistakes, and by A to Z."""

import pytest
from django.test import Client

from attune.content.models import IssuePage, ReviewedPage
from attune.content.queries import search
from attune.content.searching import sealed_words, words_in
from attune.vocabulary.models import DataFile, PresentingIssue
from attune.vocabulary.names import normalised
from attune.vocabulary.signals import vocabulary_changed
from content.reading import Reading, library_pages, path_of, read, words_of

pytestmark = pytest.mark.django_db

ISSUES, THERAPIES = "/library/issues", "/library/therapies"


def ask(client: Client, words: str) -> Reading:
    """Search as the form on the library's page does."""
    form = read(client, "/library/").one("form", role="search")
    sent = {one.get("name"): words for one in form.iter("input")}
    page = Reading(client.post(form.get("action"), sent, follow=True))
    assert page.answer.status_code == 200
    return page


def found_on(page: Reading) -> list[str]:
    return [one.get("href") for one in page.tree.findall(".//main//h2/a")]


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("depression", f"{ISSUES}/depression/"),
        ("depresion", f"{ISSUES}/depression/"),
        ("low mood", f"{ISSUES}/depression/"),
        ("LOW MOOD", f"{ISSUES}/depression/"),
        ("feeling down", f"{ISSUES}/depression/"),
        ("grief", f"{ISSUES}/bereavement/"),
        ("bereavment", f"{ISSUES}/bereavement/"),
        ("cyclothymia", f"{ISSUES}/bipolar/"),
        ("attatchment", f"{ISSUES}/attachment/"),
        ("anorexia nervosa", f"{ISSUES}/anorexia/"),
        ("IPT", f"{THERAPIES}/ipt/"),
        ("interpersonal theraphy", f"{THERAPIES}/ipt/"),
        ("psycodynamic", f"{THERAPIES}/psychodynamic/"),
        ("cognitive behavioural therapy", f"{THERAPIES}/cbt/"),
        ("congitive behavioral therapy", f"{THERAPIES}/cbt/"),
        ("couples counselling", f"{THERAPIES}/couple-therapy/"),
        ("eye movement", f"{THERAPIES}/emdr/"),
        ("EMDR?", f"{THERAPIES}/emdr/"),
        ("Rogerian", f"{THERAPIES}/person-centred/"),
        ("what does therapy cost", "/library/articles/what-therapy-costs/"),
    ],
)
def test_words_lead_to_their_page_before_any_other(client, words, path):
    assert found_on(ask(client, words))[:1] == [path]


def test_every_page_is_found_first_by_its_title_and_by_each_of_its_other_names(client):
    for page in library_pages():
        for name in (page.title, *page.also_known_as):
            assert page.pk in search(name)[:2], name
        assert search(page.title)[0] == page.pk


def test_words_that_stand_only_in_the_text_are_found(client):
    assert f"{THERAPIES}/ipt/" in found_on(ask(client, "interpersonal inventory"))


def test_what_was_typed_is_in_the_field_again_and_nowhere_in_the_address(client):
    words = 'fear of "abandonment" & <b>loss</b> '
    page = ask(client, words)
    assert page.one("input", name="words").get("value") == words.strip()
    assert "<b>loss" not in page.html
    address = page.answer.request["PATH_INFO"] + page.answer.request["QUERY_STRING"]
    assert not any(one in address.lower() for one in ("fear", "abandon", "loss"))


def test_two_searches_for_the_same_words_have_two_addresses():
    assert sealed_words("grief") != sealed_words("grief")


@pytest.mark.parametrize("words", ["grief", "ärger über 💔", "a" * 120, "x\ny", "'; --"])
def test_words_survive_being_sealed(words):
    assert words_in(sealed_words(words)) == words


def test_results_are_kept_nowhere_and_say_little_in_the_tab(client):
    page = ask(client, "self-harm")
    assert page.answer["Cache-Control"] == "private, no-store"
    assert page.answer["X-Robots-Tag"] == "noindex, nofollow"
    assert words_of(page.one("title")) == "Search results"
    assert page.words.startswith("Leave this page")
    assert page.errors == []


def test_nothing_found_is_a_page_that_leads_on(client):
    page = ask(client, "zzzzqq xyzzy")
    assert found_on(page) == []
    assert "No page has these words yet." in page.words
    assert {"/library/#a-to-z", "/match/", "/help-now/"} <= set(page.links)
    assert page.one("input", name="words").get("value") == "zzzzqq xyzzy"
    assert page.errors == []


@pytest.mark.parametrize("words", ["", "   ", "\t"])
def test_searching_for_nothing_leads_back_to_the_library(client, words):
    answer = client.post("/library/search/", {"words": words})
    assert (answer.status_code, answer["Location"]) == (302, "/library/")


def test_opening_the_address_of_the_form_leads_to_the_library(client):
    assert client.get("/library/search/")["Location"] == "/library/"


@pytest.mark.parametrize(
    "words", ["!!!", "...", "-", '"', "a & | !", "%%", "the of and", "\x00", "a\x00b"]
)
def test_odd_characters_are_no_failure(client, words):
    assert client.post("/library/search/", {"words": words}, follow=True).status_code == 200


def test_only_the_first_120_characters_are_looked_for(client):
    page = ask(client, "grief " + "x" * 200)
    assert len(page.one("input", name="words").get("value")) == 120
    assert read(client, "/library/").one("input", name="words").get("maxlength") == "120"


@pytest.mark.parametrize("token", ["abc", "AAAA", "%C3%A4", "....", "a" * 400, "-", "Zm9v"])
def test_an_address_that_we_did_not_make_is_not_found(client, token):
    assert client.get(f"/library/search/{token}/").status_code == 404


def test_an_address_that_somebody_changed_is_not_found(client):
    token = sealed_words("grief")
    assert client.get(f"/library/search/{token}/").status_code == 200
    for place in range(0, len(token), 7):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert client.get(f"/library/search/{changed}/").status_code == 404, place
    assert client.get(f"/library/search/{token[:-4]}/").status_code == 404


def test_a_page_that_is_taken_back_is_found_no_longer(client):
    page = IssuePage.objects.get(slug="bereavement")
    page.unpublish()
    assert path_of(page) not in found_on(ask(client, "bereavement"))
    assert path_of(page) not in read(client, "/library/").links


def test_a_new_name_in_the_vocabulary_is_found(client, now):
    term = PresentingIssue.objects.get(slug="bereavement")
    term.synonyms = [*term.synonyms, "quiddlewump"]
    term.save()
    vocabulary_changed.send(sender=DataFile, at=now)
    assert found_on(ask(client, "quiddlewump")) == [f"{ISSUES}/bereavement/"]


def test_a_page_is_found_by_its_new_name_and_no_longer_by_its_old_one(client):
    page = IssuePage.objects.get(slug="attachment")
    for title in ("Quiddlewump", "Attachment"):
        page.title = title
        page.save_revision().publish()
        assert found_on(ask(client, title))[0] == f"{ISSUES}/attachment/"
    assert found_on(ask(client, "Quiddlewump")) == []


# -- A to Z ------------------------------------------------------------------------------------
def names_by_letter(client) -> dict[str, list[tuple[str, str]]]:
    """Return the letters of A to Z with (name, address) pairs."""
    page = read(client, "/library/")
    return {
        words_of(one.find("h3")): [(words_of(link), link.get("href")) for link in one.iter("a")]
        for one in page.all("section", class_="letter")
    }


def test_a_to_z_holds_every_page_under_every_name_once(client):
    listed = [pair for names in names_by_letter(client).values() for pair in names]
    wanted = {
        (normalised(name), path_of(page))
        for page in library_pages()
        for name in (page.title, *page.also_known_as)
    }
    assert {(normalised(name), path) for name, path in listed} == wanted
    assert len(listed) == len(wanted)


def test_each_name_stands_under_its_letter_in_order(client):
    letters = names_by_letter(client)
    assert list(letters) == sorted(letters)
    for letter, names in letters.items():
        folded = [normalised(name) for name, _path in names]
        assert {one[0].upper() for one in folded} == {letter}
        assert folded == sorted(folded)


def test_each_letter_is_reached_by_a_link(client):
    page = read(client, "/library/")
    links = {words_of(one): one.get("href") for one in page.one("ul", class_="letters").iter("a")}
    assert links == {letter: f"#letter-{letter.lower()}" for letter in names_by_letter(client)}


def test_a_name_that_begins_with_no_letter_has_its_place_too(client):
    page = ReviewedPage.objects.get(slug="emdr").specific
    page.also_known_as = ["8-phase therapy", "Élan", "(bilateral) tapping", "!?"]
    page.save_revision().publish()
    letters = names_by_letter(client)
    assert ("8-phase therapy", f"{THERAPIES}/emdr/") in letters["8"]
    assert ("Élan", f"{THERAPIES}/emdr/") in letters["E"]
    assert ("(bilateral) tapping", f"{THERAPIES}/emdr/") in letters["B"]
    assert "" not in letters
    assert read(client, "/library/").errors == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("count", [1, 3])
def test_search_costs_the_same_for_few_pages_and_many(client, django_assert_num_queries, count):
    for page in list(library_pages())[count:]:
        page.unpublish()
    token = sealed_words("therapy")
    client.get(f"/library/search/{token}/")
    # The count, the catalogue, the search, the words of the two axes, and whether the index is
    # fresh.
    with django_assert_num_queries(6):
        client.get(f"/library/search/{token}/")


def test_a_search_for_what_no_page_explains_leads_to_people(client):
    page = Reading(client.post("/library/search/", {"words": "panic attacks"}, follow=True))
    assert "There is no page about this yet" in page.words
    assert {"issue": "panic"} in [form.fields for form in page.forms("/match/begin/")]
