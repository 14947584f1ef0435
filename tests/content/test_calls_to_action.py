"""Where the one call to action of each page leads."""

import pytest
from django.test import Client

from attune.enquiries.access import answers_in
from attune.enquiries.models import Enquiry
from attune.vocabulary.models import PresentingIssue
from attune.vocabulary.queries import core_vocabulary
from content.people import in_room, online, who_practises_everything
from content.reading import Reading, library_pages, path_of, read, words_of
from directory.listings import NOW

pytestmark = pytest.mark.django_db

IPT = "/library/therapies/ipt/"


def press(client: Client, path: str, **typed: str) -> Reading:
    """Send a page's call to action as a browser would; return the page it leads to in the end.

    The one at its end asks for the same: ``test_library_pages.py``.
    """
    form = read(client, path).forms("/match/begin/")[0]
    return Reading(client.post(form.action, form.fields | typed, follow=True))


def on_to_people(client: Client, page: Reading) -> Reading:
    """Go on from a pause or from a question to the people who fit so far."""
    if "Before you carry on" in page.words:
        page = read(client, page.one("div", class_="actions").find("a").get("href"))
    here = page.answer.request["PATH_INFO"]
    return page if here == "/match/results/" else read(client, "/match/results/")


def names_on(page: Reading) -> list[str]:
    return [words_of(one) for one in page.all("h2", class_="card__name")]


def kept():
    return answers_in(Enquiry.objects.latest("pk"), core_vocabulary(NOW.date())).enquiry


@pytest.fixture
def people(db):
    """Put people in the directory who between them practise and work with all that has a page."""
    issues = list(PresentingIssue.objects.filter(page__live=True).values_list("slug", flat=True))
    for number in range(0, len(issues), 10):
        who_practises_everything(number + 1, *issues[number : number + 10])


@pytest.mark.slow
def test_call_to_action_of_every_page_leads_to_somebody(people):
    pages = list(library_pages())
    assert len(pages) > 15
    for page in pages:
        visitor = Client()
        found = on_to_people(visitor, press(visitor, path_of(page)))
        assert names_on(found), page
        assert page.preset().get("issue") in (None, *kept().issues)
        assert page.preset().get("therapy") in (None, *kept().therapy_types)


@pytest.mark.slow
def test_call_to_action_of_every_page_leads_to_help_where_nobody_is_listed():
    for page in library_pages():
        visitor = Client()
        found = on_to_people(visitor, press(visitor, path_of(page)))
        assert names_on(found) == []
        assert "Change your answers" in found.words
        assert "Free help near you" in found.words


@pytest.mark.slow
def test_a_page_that_promises_people_leads_to_them_in_one_step(people):
    for page in library_pages():
        if page.call_target == "search":
            found = press(Client(), path_of(page))
            assert found.answer.request["PATH_INFO"] == "/match/results/"


def test_near_you_is_within_40_kilometres_unless_the_visitor_chose_otherwise(people):
    visitor = Client()
    press(visitor, IPT, place="Leeds")
    assert (kept().place, kept().max_distance_km) == ("Leeds", 40)
    four = {"place": "Leeds", "channels": "in-person", "max_distance_km": "5", "version": "1"}
    visitor.post("/match/4/", four)
    press(visitor, IPT, place="York")
    assert (kept().place, kept().max_distance_km) == ("York", 5)


@pytest.mark.parametrize("within", ["", "41", "-1", "forty", "40; drop"])
def test_a_distance_that_no_form_of_ours_has_is_none(within):
    Client().post("/match/begin/", {"place": "Leeds", "within": within})
    assert kept().max_distance_km is None


def test_a_page_that_promises_questions_leads_to_the_first():
    for page in library_pages():
        if page.call_target == "questions" and page.slug != "anorexia":
            found = press(Client(), path_of(page))
            assert found.answer.request["PATH_INFO"] == "/match/1/"


@pytest.mark.parametrize("slug", ["anorexia", "self-harm"])
def test_a_topic_that_can_mean_danger_leads_to_help_before_anything_else(client, slug):
    page = Reading(client.post("/match/begin/?to=results", {"issue": slug}, follow=True))
    assert page.answer.request["PATH_INFO"] == "/match/pause/"
    assert page.words.index("Call 999") < page.words.index("Carry on when you are ready")
    results = on_to_people(client, page)
    assert "Call 999" in results.words


def test_help_comes_before_questions_on_the_page_about_anorexia(client, people):
    page = press(client, "/library/issues/anorexia/")
    assert page.answer.request["PATH_INFO"] == "/match/pause/"
    assert page.words.index("999") < page.words.index("Carry on when you are ready")
    assert names_on(on_to_people(client, page))


def test_a_place_that_is_known_brings_who_is_near_first(client):
    in_room(1, "Nora Near", north_km=2)
    in_room(2, "Fay Far", north_km=40)
    page = press(client, IPT, place="Warwick")
    assert names_on(page) == ["Nora Near", "Fay Far"]
    assert kept().place == "Warwick"
    assert "Warwick" not in page.answer.request["PATH_INFO"] + page.answer.request["QUERY_STRING"]


def test_a_place_that_nobody_can_find_is_asked_for_again_with_what_was_typed(client):
    page = press(client, IPT, place="Wurstwick-on-Nowhere")
    assert page.answer.request["PATH_INFO"] == "/match/4/"
    assert page.answer.request["QUERY_STRING"] == "to=results"
    assert page.one("input", name="place").get("value") == "Wurstwick-on-Nowhere"
    assert page.one("title").text.strip().startswith("Error: ")
    assert kept().therapy_types == ("ipt",)


def test_without_a_place_people_are_found_all_the_same(client):
    online(1, "Ines Online")
    page = press(client, IPT, place="  ")
    assert names_on(page) == ["Ines Online"]
    assert kept().place is None


def test_what_one_page_asks_for_comes_beside_what_was_answered_before(client, people):
    press(client, IPT, place="Warwick")
    press(client, "/library/issues/depression/")
    assert kept().therapy_types == ("ipt",)
    assert kept().issues == ("depression",)
    assert kept().place == "Warwick"


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": "http://testserver.elsewhere.example"},
]
OWN = [
    {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://testserver"},
    {},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_form_on_another_site_starts_nothing(client, headers):
    answer = client.post("/match/begin/?to=results", {"therapy": "ipt"}, headers=headers)
    assert (answer.status_code, answer["Location"]) == (303, "/match/")
    assert not Enquiry.objects.exists()
    assert answer.cookies == {}


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_form_on_another_site_changes_no_answers(client, headers):
    client.post("/match/begin/", {"therapy": "ipt", "place": "Warwick"})
    before = kept()
    client.post("/match/begin/", {"issue": "self-harm", "place": "Leeds"}, headers=headers)
    assert kept() == before


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_form_on_another_site_searches_nothing(client, headers):
    answer = client.post("/library/search/", {"words": "grief"}, headers=headers)
    assert (answer.status_code, answer["Location"]) == (302, "/library/")


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_our_own_forms_work_though_they_hold_no_token(headers):
    strict = Client(enforce_csrf_checks=True)
    begun = strict.post("/match/begin/?to=results", {"therapy": "ipt"}, headers=headers)
    assert (begun.status_code, begun["Location"]) == (303, "/match/results/")
    asked = strict.post("/library/search/", {"words": "grief"}, headers=headers)
    assert asked.status_code == 303
    assert asked["Location"].startswith("/library/search/")
