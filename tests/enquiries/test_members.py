"""Answers that belong to an account: how they come there, who opens them, and their end."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from attune.accounts.erasures import forget_everywhere
from attune.accounts.exports import everything_of
from attune.accounts.sessions import ENQUIRY
from attune.accounts.signals import address_proven
from attune.core.matching.enquiry import Enquiry as Asked
from attune.enquiries.access import answers_in
from attune.enquiries.actions import AnswersChanged, adopt, change_answers, start_enquiry
from attune.enquiries.answers import Answers
from attune.enquiries.members import answers_of_member, unfinished_answers
from attune.enquiries.models import Enquiry, ReturnLink
from attune.vocabulary.queries import core_vocabulary
from directory.listings import NOW
from enquiries.walk import Walk
from members import ADA, CLEO, a_member, shown, sign_in

pytestmark = pytest.mark.django_db
ANSWERS = Answers(Asked(issues=("depression",)), answered=frozenset({2}))


@pytest.fixture
def ada():
    return a_member()


@pytest.fixture
def mine(ada):
    return start_enquiry(ANSWERS, member=ada, at=NOW)


def prove(user, address=None):
    address_proven.send(None, user=user, email_hash=address or user.email_hash, at=NOW)


def is_sealed_for(user, box):
    return user.key.code.encode() in bytes(box)


def save_by_mail(walk, email):
    walk.answer(2, issues=["depression"])
    walk.client.post("/match/save/", {"email": email})


def post(client, name, enquiry):
    return client.post(f"/account/answers/{enquiry.code}/{name}/")


# -- how they come to an account ---------------------------------------------------------------
def test_answers_with_a_link_to_a_proven_address_are_adopted_and_sealed_anew(
    walk, people, client, ada
):
    save_by_mail(walk, ADA.upper())
    walk.open("/match/results/")
    assert not is_sealed_for(ada, walk.enquiry.answers_sealed)
    prove(ada)
    adopted = walk.enquiry
    assert adopted.member == ada
    assert is_sealed_for(ada, adopted.answers_sealed)
    assert is_sealed_for(ada, adopted.order_sealed)
    assert walk.stored.issues == ("depression",)
    assert adopted.expires_at == NOW + timedelta(days=30)


def test_nothing_is_adopted_by_guess(walk, ada):
    save_by_mail(walk, CLEO)
    prove(ada)
    assert walk.enquiry.member is None
    prove(a_member(CLEO))
    prove(ada, address=walk.enquiry.return_links.get().email_hash)
    assert walk.enquiry.member.email == CLEO, "what is somebody's stays theirs"


def test_answers_that_ran_out_are_not_adopted(walk, ada):
    save_by_mail(walk, ADA)
    Enquiry.objects.update(expires_at=NOW)
    prove(ada)
    assert walk.enquiry.member is None


def test_adopted_answers_leave_every_other_door_shut(walk, ada):
    """Neither where they were begun, nor by reference, nor by a link to another address."""
    save_by_mail(walk, ADA)
    walk.client.post("/match/save/", {"email": CLEO})
    reference = re.search(r'class="reference">([^<]+)<', walk.open("/match/save/").content.decode())
    prove(ada)
    assert walk.open("/match/results/").status_code == 302
    stranger = Client()
    answer = stranger.post("/match/return/", {"reference": reference[1]})
    assert answer.status_code == 422
    assert walk.enquiry.reference_hash == ""
    (link,) = ReturnLink.objects.all()
    assert link.email_hash == ada.email_hash
    answer = stranger.post(f"/match/return/{link.code}/")
    assert answer["Location"].startswith("/accounts/login/?next=/match/return/")
    assert ENQUIRY not in stranger.session
    sign_in(stranger, ada)
    assert stranger.post(f"/match/return/{link.code}/").status_code == 303
    assert Walk(stranger).open("/match/check/").status_code == 200
    assert stranger.session[ENQUIRY] == walk.enquiry.code


def test_a_page_that_was_open_while_answers_were_adopted_overwrites_nothing(walk, ada):
    save_by_mail(walk, ADA)
    as_it_was = walk.enquiry
    prove(ada)
    with pytest.raises(AnswersChanged):
        change_answers(as_it_was, Answers(), version=as_it_was.version, at=NOW)
    assert is_sealed_for(ada, walk.enquiry.answers_sealed)


def test_answers_begun_while_signed_in_are_ones_own_and_stay_sealed_so(walk, people, ada):
    sign_in(walk.client, ada)
    walk.answer(2, issues=["depression"])
    walk.answer(1, for_whom="adults")
    walk.open("/match/results/")
    assert walk.enquiry.member == ada
    assert is_sealed_for(ada, walk.enquiry.answers_sealed)
    assert is_sealed_for(ada, walk.enquiry.order_sealed)
    assert "in your account until" in walk.client.get("/match/save/").content.decode()


def test_answers_are_sealed_for_their_owner_whoever_came_before(walk):
    assert a_member(CLEO).key
    ada = a_member()
    sign_in(walk.client, ada)
    walk.answer(2, issues=["depression"])
    walk.answer(1, for_whom="adults")
    assert is_sealed_for(ada, walk.enquiry.answers_sealed)


def test_answers_of_a_browser_are_kept_only_when_somebody_says_so(walk, ada):
    walk.answer(2, issues=["depression"])
    sign_in(walk.client, ada)
    assert walk.enquiry.member is None
    question = "There are unfinished answers in this browser, begun on Wednesday 18 November 2026."
    assert question in shown(unfinished_answers(ada, NOW), walk.client)
    for _ in range(2):
        assert walk.client.post("/account/answers/keep/")["Location"] == "/account/"
    assert walk.enquiry.member == ada
    assert is_sealed_for(ada, walk.enquiry.answers_sealed)
    panel = shown(unfinished_answers(ada, NOW), walk.client)
    assert question not in panel
    assert "You left off at question 1 of 9." in panel


def test_answers_that_are_left_are_not_asked_about_again(walk, ada):
    walk.answer(2, issues=["depression"])
    sign_in(walk.client, ada)
    walk.client.post("/account/answers/leave/")
    assert shown(unfinished_answers(ada, NOW), walk.client).strip() == ""
    assert walk.enquiry.member is None
    assert walk.open("/match/check/").status_code == 200


def test_one_browser_does_not_ask_about_answers_in_another(walk, ada):
    walk.answer(2, issues=["depression"])
    sign_in(walk.client, ada)
    elsewhere = sign_in(Client(), ada)
    assert shown(unfinished_answers(ada, NOW), elsewhere).strip() == ""
    elsewhere.post("/account/answers/keep/")
    assert walk.enquiry.member is None


def test_answers_in_somebody_elses_browser_are_nothing_to_ask_about(walk, ada):
    walk.answer(2, issues=["depression"])
    sign_in(walk.client, a_member(CLEO))
    assert unfinished_answers(ada, NOW) is None


def test_somebody_elses_answers_in_a_shared_browser_cannot_be_kept(walk, ada, mine):
    cleo = a_member(CLEO)
    sign_in(walk.client, cleo)
    session = walk.client.session
    session[ENQUIRY] = mine.code
    session.save()
    assert walk.open("/match/results/")["Location"] == "/match/"
    walk.client.post("/account/answers/keep/")
    mine.refresh_from_db()
    assert mine.member == ada
    assert shown(unfinished_answers(cleo, NOW), walk.client).strip() == ""


def test_signing_out_takes_answers_out_of_the_browser(walk, ada):
    sign_in(walk.client, ada)
    walk.answer(2, issues=["depression"])
    walk.client.logout()
    assert walk.open("/match/results/")["Location"] == "/match/"


# -- going on, and deleting --------------------------------------------------------------------
def test_going_on_puts_ones_own_answers_into_this_browser(client, ada, mine):
    sign_in(client, ada)
    assert post(client, "continue", mine)["Location"] == "/match/1/"
    assert client.session[ENQUIRY] == mine.code
    assert client.get(f"/account/answers/{mine.code}/continue/").status_code == 405


def test_somebody_elses_and_missing_answers_get_the_same_404(client, ada, mine):
    sign_in(client, a_member(CLEO))
    for code in (mine.code, "nosuchcode"):
        assert client.post(f"/account/answers/{code}/continue/").status_code == 404
        assert client.get(f"/account/answers/{code}/delete/").status_code == 404
        assert client.post(f"/account/answers/{code}/delete/")["Location"] == "/account/"
    assert Enquiry.objects.filter(pk=mine.pk).exists()


def test_deleting_asks_once_and_a_second_click_is_harmless(client, ada, mine):
    sign_in(client, ada)
    post(client, "continue", mine)
    page = client.get(f"/account/answers/{mine.code}/delete/")
    assert "Delete my answers?" in page.content.decode()
    assert Enquiry.objects.exists()
    for _ in range(2):
        assert post(client, "delete", mine)["Location"] == "/account/"
    assert not Enquiry.objects.exists()
    assert ENQUIRY not in client.session


# -- what it costs -----------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
def test_the_panel_and_the_export_cost_the_same_for_many(ada, count, django_assert_num_queries):
    for _ in range(count):
        start_enquiry(ANSWERS, member=ada, at=NOW)
    # The vocabulary takes seven of each.
    with django_assert_num_queries(9):
        panel = unfinished_answers(ada, NOW)
    with django_assert_num_queries(8):
        rows = answers_of_member(ada, NOW)
    assert len(panel.context["rows"]) == len(rows) == count


def test_a_page_of_somebody_who_is_not_signed_in_costs_no_more(walk, people):
    walk.answer(2, issues=["depression"])
    with CaptureQueriesContext(connection) as asked:
        walk.open("/match/check/")
    assert not [one for one in asked if "accounts_user" in one["sql"]]
    assert not [one for one in asked if "sealingkey" in one["sql"]]


# -- export and erasure ------------------------------------------------------------------------
def test_an_export_says_every_answer_in_words(walk, people, ada):
    sign_in(walk.client, ada)
    walk.answer(2, issues=["depression"])
    walk.open("/match/results/")
    (section,) = [one for one in everything_of(ada, NOW) if one.title == "Answers"]
    (row,) = section.rows
    assert row["What brings you"] == ["Depression and low mood"]
    assert row["Begun"] == "Wednesday 18 November 2026, 10:00am"
    assert "Cora Lindqvist" in row["People shown, in order"]


def test_erasing_takes_answers_and_links_and_leaves_others_alone(walk, ada, mine):
    save_by_mail(walk, ADA)
    adopt(Enquiry.objects.get(member=None), a_member(CLEO))
    ReturnLink.objects.update(email_hash=ada.email_hash)
    for _ in range(2):
        forget_everywhere(ada, NOW)
    (left,) = Enquiry.objects.all()
    assert left.member.email == CLEO
    assert not ReturnLink.objects.exists()
    assert answers_in(left, core_vocabulary(NOW.date())).enquiry.issues == ("depression",)
