"""A member's pages of offers: what they say at each standing, and what never leaves them."""

import re
from datetime import date, timedelta
from html import unescape

import psycopg
import pytest
import time_machine
from allauth.account.internal.flows.login import record_authentication
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from attune.accounts.audience import CODE, STEP_UP_LASTS
from attune.offers.models import Offer, OfferClaim
from attune.offers.queries import CLAIMS_KEPT_FOR
from attune.outbox.models import Message
from offers.offering import NOW, TERMS, a_member, add, an_offer, claimed

pytestmark = pytest.mark.django_db
PLACE = {
    "place": "Coventry",
    "place_latitude": 52.4066,
    "place_longitude": -1.5122,
    "radius_km": 20,
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ada():
    return a_member()


def stepped_up(user) -> Client:
    """Return a browser in which somebody confirmed just now that it is them."""
    browser = Client()
    browser.force_login(user)
    request = RequestFactory().post("/")
    request.session, request.user = browser.session, user
    record_authentication(request, user, method=CODE)
    request.session.save()
    return browser


@pytest.fixture
def browser(ada):
    return stepped_up(ada)


def page(answer):
    return " ".join(unescape(answer.content.decode()).split())


def at(offer, *rest):
    return "/".join(("/account/offers", offer.code, *rest, ""))


def claim(browser, offer, **fields):
    """Read an offer, and claim it with what its form holds."""
    found = re.search(r'name="wording" value="(\d+)"', browser.get(at(offer)).content.decode())
    wording = {"wording": found[1]} if found else {}
    return browser.post(at(offer, "claim"), {**wording, **fields}, follow=True)


def test_a_member_reads_everything_about_an_offer_before_claiming_it(browser):
    offer = an_offer("WREN-0001", ends_on=date(2026, 12, 24))
    said = page(browser.get(at(offer)))
    for words in (
        "A year of the app",
        "Quillfen Apps. They make an app.",
        "£38.99",
        TERMS,
        "Thursday 24 December 2026",
        "Everybody with an account here",
        "What Quillfen Apps learns about you",
        "Partners learn nothing about you from us",
    ):
        assert words in said
    assert "<title>Offer</title>" in said


def test_a_claimed_code_stands_on_its_page_and_stays_there(browser, clock):
    offer = an_offer("WREN-0001", "WREN-0002")
    first = claim(browser, offer)
    assert first.redirect_chain == [(at(offer, "claimed"), 302)]
    assert "WREN-0001" in page(first)
    again = claim(browser, offer)
    assert "WREN-0001" in page(again)
    assert "First shown on Wednesday 18 November 2026." in page(again)
    assert OfferClaim.objects.count() == 1


def test_the_code_is_in_no_mail_and_no_other_page(browser):
    offer = an_offer("WREN-0001")
    claim(browser, offer)
    assert not Message.objects.exists()
    for address in (at(offer), "/account/offers/"):
        assert "WREN-0001" not in page(browser.get(address))


def test_pages_of_offers_are_not_kept(browser):
    offer = an_offer("WREN-0001")
    claim(browser, offer)
    for address in ("/account/offers/", at(offer), at(offer, "claimed")):
        assert browser.get(address)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("rest", ["claim", "claimed"])
def test_claiming_and_the_code_ask_who_it_is_again_after_half_an_hour(ada, browser, clock, rest):
    offer = an_offer("WREN-0001", "WREN-0002")
    claim(browser, offer)
    clock.shift(STEP_UP_LASTS + timedelta(seconds=1))
    for late in (browser, signed_in_only(ada)):
        for method in (late.get, late.post):
            answer = method(at(offer, rest))
            assert answer.status_code == 302
            assert not answer["Location"].startswith("/account/offers/")


def signed_in_only(user):
    browser = Client()
    browser.force_login(user)
    return browser


def test_what_somebody_claimed_is_nobody_elses(browser):
    offer = an_offer("WREN-0001", "WREN-0002")
    claim(browser, offer)
    cleo = stepped_up(a_member("Cleo"))
    answer = cleo.get(at(offer, "claimed"), follow=True)
    assert answer.redirect_chain == [(at(offer), 302)]
    assert "Claim this offer" in page(answer)
    assert "WREN" not in page(answer)


@pytest.mark.parametrize("rest", [(), ("claim",), ("claimed",)])
def test_a_draft_and_no_offer_answer_alike(browser, rest):
    draft = an_offer(state=Offer.State.DRAFT)
    nobodys = browser.post if rest == ("claim",) else browser.get
    answers = [nobodys(at(draft, *rest)), nobodys("/".join(("/account/offers/none", *rest, "")))]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_a_link_is_claimed_and_followed_through_the_page_between(browser):
    offer = an_offer(kind=Offer.Kind.LINK, link="https://quillfen.example/friends/")
    said = page(claim(browser, offer))
    assert "Your code" not in said
    (leaving,) = set(re.findall(r'href="(/leaving-to/[^"]+)"', said))
    assert 'href="https://quillfen.example/friends/"' in page(browser.get(leaving))


def test_nothing_of_a_member_is_in_what_leads_to_a_partner():
    offer = an_offer("WREN-0001", "WREN-0002", link="https://quillfen.example/friends/")
    sites = []
    for name in ("Ada", "Cleo"):
        browser = stepped_up(a_member(name))
        said = page(claim(browser, offer))
        assert 'href="https' not in said
        assert 'href="https' not in page(browser.get(at(offer)))
        leaving = re.findall(r'href="(/leaving-to/[^"]+)"', said)
        sites.append([browser.get(one).content for one in leaving])
    assert sites[0] == sites[1] != []


# -- what cannot be claimed ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"starts_on": date(2026, 11, 19)}, "This offer begins on Thursday 19 November 2026."),
        ({"ends_on": date(2026, 11, 17)}, "This offer ended on Tuesday 17 November 2026."),
        ({"state": Offer.State.WITHDRAWN}, "This offer was withdrawn."),
    ],
    ids=["not yet", "over", "withdrawn"],
)
@pytest.mark.parametrize("is_tried", [False, True])
def test_an_offer_that_is_closed_says_so_and_names_others(browser, fields, sentence, is_tried):
    offer, other = an_offer("WREN-0001", **fields), an_offer("TERN-0001", title="A quiet room")
    answer = (
        browser.post(at(offer, "claim"), {"wording": "1"}) if is_tried else browser.get(at(offer))
    )
    assert answer.status_code == (409 if is_tried else 200)
    assert sentence in page(answer)
    assert f'href="{at(other)}"' in page(answer)
    assert "Claim this offer" not in page(answer)


def test_of_an_offer_that_is_exhausted_the_loser_hears_in_one_sentence(browser):
    offer, other = an_offer("WREN-0001"), an_offer("TERN-0001", title="A quiet room")
    claimed(offer, a_member("Cleo"))
    answer = browser.post(at(offer, "claim"), {"wording": "1"})
    assert answer.status_code == 409
    assert page(answer).count("All codes of this offer are taken.") == 1
    assert f'href="{at(other)}"' in page(answer)


def test_with_no_other_offer_there_is_still_a_next_step(browser):
    said = page(browser.get(at(an_offer(state=Offer.State.WITHDRAWN))))
    assert "There is no other offer at the moment." in said
    assert 'href="/account/offers/"' in said


@pytest.mark.parametrize(
    "closing",
    [{"state": Offer.State.WITHDRAWN}, {"ends_on": date(2026, 11, 18)}],
    ids=["withdrawn", "over"],
)
def test_who_has_claimed_reads_on_when_an_offer_closes(browser, ada, clock, closing):
    offer = an_offer("WREN-0001")
    claim(browser, offer)
    Offer.objects.update(**closing)
    clock.shift(timedelta(days=3))
    again = stepped_up(ada)
    assert "You claimed this" in page(again.get(at(offer)))
    assert "WREN-0001" in page(again.get(at(offer, "claimed")))
    assert at(offer) in page(again.get("/account/offers/"))


def test_after_twelve_months_the_page_says_that_the_code_is_deleted(browser, ada, clock):
    offer = an_offer("WREN-0001")
    claim(browser, offer)
    clock.shift(CLAIMS_KEPT_FOR)
    again = stepped_up(ada)
    answer = again.get(at(offer, "claimed"), follow=True)
    assert "We keep what was claimed for twelve months" in page(answer)
    assert "WREN-0001" not in page(answer)


@pytest.mark.parametrize("wording", ["2", "", "one", "99999999999999999999"])
def test_words_that_nobody_read_are_not_claimed(browser, wording):
    offer = an_offer("WREN-0001")
    answer = browser.post(at(offer, "claim"), {"wording": wording})
    assert answer.status_code == 409
    assert "This offer changed while you read it." in page(answer)
    assert not OfferClaim.objects.exists()


def test_after_twenty_tries_within_an_hour_there_is_a_wait(browser, clock):
    offer = an_offer(**PLACE)
    add(offer, "WREN-0001")
    for _try in range(20):
        assert claim(browser, offer, place="Leeds").status_code == 422
    answer = claim(browser, offer, place="Coventry")
    assert answer.status_code == 429
    assert "Try again in an hour." in page(answer)
    assert not OfferClaim.objects.exists()


# -- around a place --------------------------------------------------------------------------------
@pytest.mark.parametrize("typed", ["Coventry", " coventry ", "Kenilworth"])
def test_somebody_within_the_area_claims_and_where_they_are_is_not_kept(browser, typed):
    offer = an_offer("WREN-0001", **PLACE)
    assert "within 20 km of Coventry" in page(browser.get(at(offer)))
    assert "WREN-0001" in page(claim(browser, offer, place=typed))
    names = {one.name for one in OfferClaim._meta.get_fields()}
    assert names == {"id", "member", "offer", "wording", "claimed_at", "shown_at", "taken"}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter your postcode or town."),
        ("Nowhere-on-Sea", "We do not know this place. Enter a postcode or a town near you."),
        ("Leeds", "This offer is for people within 20 km of Coventry."),
        ("CV", "We know this place only roughly. Enter a full postcode, or a town near you."),
        ("W" * 5000, "We do not know this place."),
    ],
)
def test_a_place_that_does_not_do_is_answered_in_one_sentence(browser, typed, sentence):
    offer = an_offer("WREN-0001", **PLACE)
    answer = claim(browser, offer, place=typed)
    assert answer.status_code == 422
    assert sentence in page(answer)
    assert f'value="{typed}"' in page(answer)
    assert "<title>Error: Offer</title>" in page(answer)
    assert not OfferClaim.objects.exists()


# -- lists -----------------------------------------------------------------------------------------
def test_the_list_names_partners_and_what_they_learn(browser):
    offer = an_offer("WREN-0001")
    an_offer(title="Over", ends_on=date(2026, 11, 17))
    said = page(browser.get("/account/offers/"))
    assert f'href="{at(offer)}">A year of the app' in said
    assert "From Quillfen Apps, worth £38.99" in said
    assert "Partners learn nothing about you from us" in said
    assert "Over" not in said


def test_an_empty_list_says_so(browser):
    assert "There are no offers at the moment." in page(browser.get("/account/offers/"))


def test_the_list_costs_the_same_for_one_and_three(browser, ada):
    costs = []
    for count in (1, 2):
        for number in range(count):
            claimed(an_offer("WREN-0001", title=f"Claimed {number}"), ada)
            an_offer("TERN-0001", title=f"Open {number}")
        with CaptureQueriesContext(connection) as queries:
            listed = page(browser.get("/account/offers/")).count("offers__one")
        costs.append((listed, len(queries)))
    assert costs == [(2, costs[0][1]), (6, costs[0][1])]


@pytest.mark.django_db(transaction=True)
def test_a_loser_is_told_while_the_last_code_is_still_in_somebodys_hand(browser):
    offer = an_offer("WREN-0001")
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        other.execute("SELECT 1 FROM offers_offercode FOR UPDATE")
        # Whoever waits for it fails here, and does not hang.
        connection.cursor().execute("SET lock_timeout = '2s'")
        answer = browser.post(at(offer, "claim"), {"wording": "1"})
    assert answer.status_code == 409
    assert "All codes of this offer are taken." in page(answer)
    assert "Claim this offer" not in page(answer)
    assert "There is no other offer at the moment." in page(answer)
