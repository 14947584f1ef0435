"""The results: who is shown, why, in which order, and what can be softened."""

import logging
import re

import pytest
import time_machine

from attune.directory.models import Counters, Listing
from attune.enquiries.access import order_in
from attune.enquiries.chips import chips
from attune.enquiries.models import Enquiry
from attune.vocabulary.queries import core_vocabulary
from directory.listings import NOW

pytestmark = pytest.mark.django_db

EVERYBODY = {"Amara Featherby", "Bram Oakhollow", "Cora Lindqvist"}


@pytest.fixture
def seeker(walk, people):
    """Somebody who lives in Leeds and would meet in any way."""
    walk.answer(4, place="Leeds", channels=["in-person", "video"], max_distance_km="20")
    return walk


def results(walk, query=""):
    walk.open(f"/match/results/{query}")
    assert walk.page.status_code == 200
    return walk.names


def test_everyone_who_may_be_shown_is_and_nobody_unchecked(seeker):
    assert set(results(seeker)) == EVERYBODY
    assert "3 people who could fit" in seeker.words
    assert "Dilys" not in seeker.text


@pytest.mark.parametrize("sort", ["fit", "soonest", "nearest", "cost"])
def test_the_list_says_how_it_is_ordered_and_leads_to_more(seeker, sort):
    results(seeker, f"?sort={sort}")
    read_as_one = re.sub("<[^>]+>", "", seeker.text)
    assert re.search(r"Ordered by [a-z ]+\. How we choose\s", read_as_one)


# Each answer that counts, and who stands first because of it.
FIRST = [
    (2, {"issues": ["anxiety"]}, "Bram Oakhollow"),
    (2, {"issues": ["relationships"]}, "Amara Featherby"),
    (3, {"therapy_types": ["ipt"]}, "Amara Featherby"),
    (3, {"therapy_types": ["cbt"]}, "Bram Oakhollow"),
    (5, {"times": ["0-morning", "2-morning"]}, "Bram Oakhollow"),
    (7, {"gender_man": "nice"}, "Bram Oakhollow"),
    (7, {"language_1": "pl", "language_1_weight": "nice"}, "Cora Lindqvist"),
]


@pytest.mark.parametrize(("number", "typed", "first"), FIRST)
def test_an_answer_that_counts_can_change_the_order(seeker, number, typed, first):
    seeker.answer(number, **typed)
    with_answer = results(seeker)
    if number == 5:
        assert with_answer.index(first) < with_answer.index("Amara Featherby")
    else:
        assert with_answer[0] == first


LEFT = [
    (1, {"for_whom": "couples"}, set()),
    (4, {"channels": ["phone"]}, {"Bram Oakhollow"}),
    (5, {"times": ["0-morning"], "times_weight": "must"}, {"Bram Oakhollow", "Cora Lindqvist"}),
    (6, {"pay": "up-to", "amount": "50"}, {"Bram Oakhollow", "Cora Lindqvist"}),
    (6, {"pay": "up-to", "amount": "50", "reduced_fee": "yes"}, EVERYBODY),
    (6, {"pay": "cannot"}, {"Cora Lindqvist"}),
    (7, {"gender_man": "must"}, {"Bram Oakhollow"}),
    # Nobody has said whether there are stairs to Cora's room; Bram has no room.
    (7, {"access_step-free": "must"}, {"Amara Featherby", "Bram Oakhollow"}),
    (9, {"exclude": "amara featherby\ncqra22222222"}, {"Bram Oakhollow"}),
]


@pytest.mark.parametrize(("number", "typed", "left"), LEFT)
def test_a_must_or_a_limit_leaves_out_those_who_do_not_meet_it(seeker, number, typed, left):
    seeker.answer(number, **typed)
    assert set(results(seeker)) == left


def test_style_does_not_change_the_order_and_the_page_says_so(seeker):
    before = results(seeker)
    seeker.answer(8, lead="2", challenge="-2")
    assert results(seeker) == before
    assert "How you like to work does not change this order" in seeker.words


def test_each_reason_links_to_the_question_that_caused_it(seeker):
    seeker.answer(2, issues=["anxiety"])
    results(seeker)
    reasons = re.findall(r"<dd>.*?</dd>", seeker.text, re.DOTALL)
    about_issue = [one for one in reasons if "anxiety" in one]
    assert about_issue
    assert all('href="/match/2/?to=results"' in one for one in about_issue)


def test_changing_an_answer_from_the_results_leads_back_there(seeker):
    page = seeker.answer(2, "?to=results", issues=["anxiety"])
    assert page.url == "/match/results/"
    assert seeker.skip(2, "?to=check").url == "/match/check/"


def test_a_chip_takes_its_answer_away(seeker):
    seeker.answer(7, gender_man="must")
    assert results(seeker) == ["Bram Oakhollow"]
    seeker.press("A man: a must")
    assert seeker.page.url == "/match/results/"
    assert set(results(seeker)) == EVERYBODY
    assert seeker.stored.place == "Leeds"


def test_there_is_a_chip_for_everything_that_narrows(walk, people):
    walk.answer(2, issues=["depression", "anxiety"])
    walk.answer(3, therapy_types=["ipt"])
    walk.answer(4, place="Leeds", channels=["video"], max_distance_km="20")
    walk.answer(5, times=["1-evening"], within_days="14")
    walk.answer(6, pay="up-to", amount="70")
    walk.answer(7, gender_woman="nice")
    assert [one.label for one in chips(walk.stored, core_vocabulary(NOW.date()))] == [
        "Depression and low mood",
        "Anxiety and worry",
        "Interpersonal psychotherapy (IPT)",
        "By video",
        "Up to 20 km",
        "Tuesday, 5pm to 9pm",
        "Within 2 weeks",
        "Up to £70",
        "A woman: nice",
    ]


def test_when_few_fit_the_page_says_what_to_soften_and_doing_so_gains_that_many(seeker):
    seeker.answer(7, gender_man="must")
    results(seeker)
    assert "If “A man” is nice, not a must: 2 more people" in seeker.words
    seeker.press("If “A man” is nice")
    assert len(results(seeker)) == 3


def test_when_nobody_fits_the_page_says_what_stands_in_the_way(seeker):
    seeker.answer(7, **{"gender_non-binary": "must"})
    assert results(seeker) == []
    assert "No one fits all of this yet" in seeker.words
    assert "If “Non-binary” is nice, not a must: 3 more people" in seeker.words


def test_a_question_page_says_how_many_fit_and_offers_to_soften(seeker):
    assert "3 people fit so far" in seeker.open("/match/7/").content.decode()
    seeker.answer(7, gender_man="must")
    seeker.open("/match/8/")
    assert "1 person fits so far" in seeker.words
    seeker.press("If “A man” is nice")
    assert seeker.stored.wishes[0].weight == "nice"


@pytest.mark.parametrize(
    ("sort", "first"), [("cost", "Cora Lindqvist"), ("nonsense", None), ("fit", None)]
)
def test_the_list_can_be_sorted(seeker, sort, first):
    names = results(seeker, f"?sort={sort}&page=1")
    assert set(names) == EVERYBODY
    assert names == results(seeker) if first is None else names[0] == first


@pytest.mark.parametrize("page", ["0", "-1", "x", "9999999999", "²"])
def test_a_page_that_is_none_is_answered_all_the_same(seeker, page):
    seeker.open(f"/match/results/?page={page}")
    assert seeker.page.status_code == 200


def test_the_order_stays_as_it_was_seen_until_an_answer_changes(seeker, now):
    before = results(seeker)
    codes, _seed = order_in(seeker.enquiry)
    assert [Listing.objects.get(code=one).practitioner.name for one in codes] == before
    with time_machine.travel(now.replace(day=20), tick=False):
        assert results(seeker) == before
    seeker.answer(2, issues=["anxiety"])
    assert seeker.enquiry.order_sealed is None


def test_being_shown_is_counted_once_for_each_list(seeker):
    results(seeker)
    results(seeker)
    assert [one.shown for one in Counters.objects.all()] == [1, 1, 1]


def test_sorting_by_something_else_keeps_no_order(seeker):
    results(seeker, "?sort=cost")
    assert seeker.enquiry.order_sealed is None


def test_those_who_cannot_pay_see_free_help_first(seeker):
    results(seeker)
    assert seeker.text.index('id="free-help"') > seeker.text.index('class="card"')
    seeker.answer(6, pay="cannot")
    results(seeker)
    assert seeker.text.index('id="free-help"') < seeker.text.index('class="card"')


def test_free_help_is_that_of_the_nation(seeker):
    results(seeker)
    assert "NHS Talking Therapies" in seeker.words


def test_a_safety_topic_shows_help_before_anything_else(seeker):
    page = seeker.answer(2, issues=["suicidal-thoughts"])
    assert page.url == "/match/pause/"
    seeker.open("/match/pause/")
    assert 'href="tel:999"' in seeker.text
    assert 'href="tel:116123"' in seeker.text
    assert "Carry on when you are ready" in seeker.words
    results(seeker)
    assert seeker.text.index('href="tel:999"') < seeker.text.index('class="card"')


def test_before_a_place_is_known_each_nations_lines_are_one_press_away(walk):
    walk.answer(2, issues=["domestic-abuse"])
    walk.open("/match/pause/")
    shown, *folded = walk.text.split("<details")
    assert "Samaritans" in shown
    assert "Call 111" in shown
    assert "Refuge" not in shown
    assert ["More in England" in one for one in folded] == [True, False, False, False]
    assert "Refuge" in folded[0]
    assert "Rape Crisis Scotland" in folded[2]


def test_once_a_place_is_known_its_nations_lines_are_all_shown(walk):
    walk.answer(4, place="Leeds")
    walk.answer(2, issues=["domestic-abuse"])
    walk.open("/match/pause/")
    assert "<details" not in walk.text
    assert "Refuge" in walk.words
    assert "Rape Crisis Scotland" not in walk.words


def test_other_topics_show_no_alarm(seeker):
    assert seeker.answer(2, issues=["stress"]).url == "/match/3/"
    results(seeker)
    assert "tel:999" not in seeker.text


@pytest.mark.parametrize("who", ["under-18", "for-a-child"])
def test_under_18_leads_to_services_that_can_help_and_keeps_nothing(walk, who):
    page = walk.answer(1, for_whom=who)
    assert page.url == "/match/under-18/"
    walk.open(page.url)
    assert "Childline" in walk.words
    assert not Enquiry.objects.exists()


def test_several_issues_ask_which_comes_first(walk):
    assert walk.answer(2, issues=["depression", "anxiety"]).url == "/match/first/"
    walk.open("/match/first/")
    version = walk.enquiry.version
    walk.client.post("/match/first/", {"version": version, "choice": "anxiety"})
    assert walk.stored.issues == ("anxiety", "depression")


def test_a_rough_place_says_so_and_offers_towns(walk, people):
    page = walk.answer(4, place="cv344aa", channels=["in-person"], max_distance_km="5")
    assert page.url == "/match/place/"
    walk.open(page.url)
    assert "CV34: somewhere around Coventry, within about 20 km" in walk.words
    assert "Warwick" in walk.words
    results(walk)
    assert "We know it only roughly" in walk.words
    version = walk.enquiry.version
    walk.client.post("/match/place/", {"version": version, "choice": "Warwick"})
    assert walk.stored.place == "Warwick"
    results(walk)
    assert "Near Warwick, up to 5 km" in walk.words


def test_no_health_word_is_in_an_address_a_title_or_a_log(seeker, caplog):
    caplog.set_level(logging.DEBUG)
    seen = []
    for number, typed in [
        (2, {"issues": ["depression"]}),
        (3, {"therapy_types": ["ipt"]}),
        (6, {"pay": "cannot"}),
    ]:
        page = seeker.answer(number, **typed)
        seen.append(page.url)
        seen.append(
            re.search("<title>(.*?)</title>", seeker.open(page.url).content.decode(), re.DOTALL)[1]
        )
    results(seeker)
    seen += re.findall(r"<title>(.*?)</title>", seeker.text, re.DOTALL)
    seen += re.findall(
        r'(?:href|action)="([^"]*)"', seeker.text.split("<main")[1].split("<footer")[0]
    )
    seen += [record.getMessage() for record in caplog.records]
    local = [one for one in seen if not one.startswith(("http", "tel:", "{"))]
    for word in ("depress", "ipt", "interpersonal", "low-mood", "therapy_types"):
        assert not [one for one in local if word in one.lower()], word
    assert not [one for one in caplog.messages if "depress" in one.lower()]


def test_a_name_is_text_and_never_markup(seeker, now):
    listing = Listing.objects.get(code="amara2222222")
    listing.practitioner.name = '<b>Amara</b> & "co"'
    listing.practitioner.save()
    results(seeker)
    assert "<b>Amara" not in seeker.text
    assert "&lt;b&gt;Amara&lt;/b&gt; &amp; &#34;co&#34;" in seeker.text


def test_the_profile_says_why_and_only_to_the_browser_that_asked(seeker, client, people):
    seeker.answer(2, issues=["anxiety"])
    mine = seeker.open("/therapists/bram22222222/").content.decode()
    others = type(client)().get("/therapists/bram22222222/").content.decode()
    assert "/match/2/?to=results" in mine
    assert "/match/2/?to=results" not in others


@pytest.mark.parametrize(
    ("sent", "issues", "therapies", "place", "leads_to"),
    [
        ({"words": "feeling depressed"}, ("depression",), (), None, "/match/1/"),
        (
            {"words": "Low mood, GRIEF and cbt", "place": "Leeds"},
            ("bereavement",),
            ("cbt",),
            "Leeds",
            "/match/1/",
        ),
        ({"therapy": "ipt"}, (), ("ipt",), None, "/match/1/"),
        ({"issue": "anxiety"}, ("anxiety",), (), None, "/match/1/"),
        ({"issue": "no-such"}, (), (), None, "/match/1/"),
        ({"issue": "self-harm"}, ("self-harm",), (), None, "/match/pause/"),
        ({}, (), (), None, "/match/1/"),
    ],
)
def test_the_home_page_leads_into_the_questions(walk, sent, issues, therapies, place, leads_to):
    page = walk.client.post("/match/begin/", sent)
    assert (page.status_code, page.url) == (303, leads_to)
    stored = walk.stored
    assert set(issues) <= set(stored.issues)
    assert (stored.therapy_types, stored.place) == (therapies, place)


def test_words_that_say_nothing_to_us_are_looked_up_on_the_second_question(walk):
    walk.client.post("/match/begin/", {"words": "quarrel with my sibling", "place": "XX1"})
    walk.open("/match/2/")
    assert "Family conflict" in walk.words
    assert 'value="quarrel with my sibling"' in walk.text
    walk.open("/match/4/")
    assert "We could not find XX1. Enter a UK postcode or a town" in walk.words
    assert 'value="XX1"' in walk.text


def test_looking_words_up_answers_nothing_yet_and_keeps_what_was_chosen(walk):
    walk.open("/match/2/")
    walk.page = walk.client.post(
        "/match/2/", {"version": "0", "search": "yes", "looked_for": "grief", "issues": ["stress"]}
    )
    assert walk.page.status_code == 200
    assert "Bereavement and grief" in walk.words.split("Did you mean")[1].split("Mood and self")[0]
    assert 'value="stress" checked' in walk.text
    # Each box stands on the page once.
    assert walk.text.count('value="bereavement"') == 1
    assert not Enquiry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_results_page_costs_one_query_whoever_is_on_it(walk, people, django_assert_num_queries):
    walk.answer(4, place="Leeds", channels=["in-person", "video"], max_distance_km="20")
    assert len(results(walk)) == 3
    with django_assert_num_queries(1):
        walk.client.get("/match/results/")
    walk.answer(7, gender_man="must")
    assert len(results(walk)) == 1
    with django_assert_num_queries(1):
        walk.client.get("/match/results/")
