"""Saving people from cards and profiles, and the pages about those whom a member saved."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from attune.accounts.panels import panels_for
from attune.directory.access import note_of
from attune.directory.actions import confirm_still_true, pause, withdraw
from attune.directory.models import Practitioner, SavedListing
from attune.directory.saving import save_listing
from attune.finder.saved import saved_people, saved_rows
from finder.people import NOW, listed
from members import CLEO, a_member, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]
NAME = "Ben Hathersage-Quaye"


@pytest.fixture
def ben():
    return listed()


@pytest.fixture
def ada():
    return a_member()


@pytest.fixture
def saved(ada, ben):
    return save_listing(ada, ben, at=NOW)


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def add(client, listing, **headers):
    return client.post(reverse("save_person", args=[listing.code]), headers=headers)


def address(name, saved):
    return reverse(name, args=[saved.code])


# -- saving ------------------------------------------------------------------------------------
def test_a_click_saves_somebody_and_two_clicks_save_once(client, ada, ben):
    sign_in(client, ada)
    results = "http://testserver/match/results/?sort=cost&page=2"
    for _ in range(2):
        answer = add(client, ben, referer=results)
        assert answer["Location"] == "/match/results/?sort=cost&page=2#c1"
    assert [one.listing for one in SavedListing.objects.filter(member=ada)] == [ben]


@pytest.mark.parametrize("came", ["https://elsewhere.example/match/results/", "", "not a page"])
def test_whoever_comes_from_nowhere_of_ours_is_led_to_the_profile(client, ada, ben, came):
    answer = add(sign_in(client, ada), ben, referer=came)
    assert answer["Location"] == reverse("profile", args=[ben.code])


def test_a_form_that_another_site_sends_saves_nobody(client, ada, ben):
    add(sign_in(client, ada), ben, **{"sec-fetch-site": "cross-site"})
    assert not SavedListing.objects.exists()


def test_looking_saves_nobody(client, ada, ben):
    answer = sign_in(client, ada).get(reverse("save_person", args=[ben.code]))
    assert answer.status_code == 405
    assert not SavedListing.objects.exists()


def test_somebody_who_is_not_shown_cannot_be_saved(client, ada, ben):
    withdraw(ben, at=NOW)
    sign_in(client, ada)
    assert add(client, ben).status_code == 404
    assert client.post("/account/saved/add/nobody/").status_code == 404


def test_a_wish_waits_until_somebody_has_signed_in(client, ada, ben):
    answer = add(client, ben, referer="http://testserver/match/results/")
    assert answer["Location"] == "/accounts/login/?next=/match/results/%23c1"
    assert not SavedListing.objects.exists()
    sign_in(client, ada)
    assert [one.listing for one in SavedListing.objects.filter(member=ada)] == [ben]
    SavedListing.objects.all().delete()
    sign_in(client, ada)
    assert not SavedListing.objects.exists(), "a wish is carried out once"


def test_a_wish_for_somebody_who_left_meanwhile_lets_one_sign_in(client, ada, ben):
    add(client, ben)
    withdraw(ben, at=NOW)
    sign_in(client, ada)
    assert client.get(reverse("saved_people")).status_code == 200
    assert not SavedListing.objects.exists()


def test_a_full_list_says_so(client, ada, ben, monkeypatch):
    monkeypatch.setattr("attune.directory.saving.MOST_SAVED", 0)
    answer = add(sign_in(client, ada), ben)
    assert answer.status_code == 409
    assert "Your list is full" in words(answer)


# -- the button --------------------------------------------------------------------------------
def test_a_profile_says_saved_to_whoever_saved_and_to_nobody_else(client, ada, ben, saved):
    page = reverse("profile", args=[ben.code])
    form, link = reverse("save_person", args=[ben.code]), address("saved_one", saved)
    assert form in client.get(page).content.decode()
    sign_in(client, a_member(CLEO))
    assert form in client.get(page).content.decode()
    sign_in(client, ada)
    answer = client.get(page)
    assert link in answer.content.decode()
    assert form not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


# -- the pages ---------------------------------------------------------------------------------
def test_the_list_says_who_where_one_is_with_them_and_when_they_are_free(client, ada, saved):
    page = words(sign_in(client, ada).get(reverse("saved_people")))
    assert NAME in page
    assert "Saved" in page
    assert "Next free: Tue 24 Nov, 9:00am" in page


def test_those_who_pause_are_not_confirmed_or_left_stay_and_the_list_says_so(ada, ben, saved):
    def said():
        (row,) = saved_rows([saved_by_ada()], NOW)
        return row.when, bool(row.profile)

    def saved_by_ada():
        return SavedListing.objects.select_related("listing__practitioner").get()

    pause(ben, until=NOW.date() + timedelta(days=20), at=NOW)
    assert said() == (
        "Not taking new clients now. Expected back on Tuesday 8 December 2026.",
        True,
    )
    ben = confirm_still_true(ben, at=NOW - timedelta(days=30))
    ben.paused_until = None
    ben.save()
    assert said() == ("Their times are not confirmed at the moment.", True)
    ben.confirmed_on, ben.booking_mode = NOW.date(), "ask-first"
    ben.save()
    assert said() == ("Wants to hear from people before a first meeting.", True)
    withdraw(ben, at=NOW)
    assert said() == ("Not listed here any more.", False)


def test_the_list_turns_its_pages_by_ten(client, ada):
    for number in range(1, 12):
        save_listing(ada, listed(number), at=NOW + timedelta(minutes=number))
    sign_in(client, ada)
    first, second, nonsense = (
        client.get(reverse("saved_people") + query).content.decode()
        for query in ("", "?page=2", "?page=x")
    )
    assert first.count("people__one") == 10
    assert second.count("people__one") == 1
    assert nonsense.count("people__one") == 10


@pytest.mark.parametrize("count", [1, 3])
def test_rows_cost_the_same_queries_however_many(ada, count, django_assert_num_queries):
    for number in range(1, count + 1):
        save_listing(ada, listed(number), at=NOW)
    found = list(ada.saved_listings.select_related("listing__practitioner"))
    # One of them says who is shown; the index is built anew inside a test's transaction.
    with django_assert_num_queries(32):
        rows = saved_rows(found, NOW)
    assert len(rows) == count


def test_a_status_is_noted_and_a_nonsense_one_gets_a_sentence(client, ada, saved):
    sign_in(client, ada)
    page = address("saved_one", saved)
    assert client.post(page, {"status": "waiting", "version": "1"}).status_code == 302
    assert "Waiting to hear" in words(client.get(reverse("saved_people")))
    answer = client.post(page, {"status": "married", "version": "2"})
    assert answer.status_code == 422
    assert "Choose where you are with them" in words(answer)
    saved.refresh_from_db()
    assert saved.status == "waiting"


def test_the_second_of_two_tabs_is_told_and_what_was_chosen_there_stands(client, ada, saved):
    sign_in(client, ada)
    page = address("saved_one", saved)
    client.post(page, {"status": "contacted", "version": "1"})
    for version in ("1", "", "-1", "9" * 30):
        answer = client.post(page, {"status": "seeing", "version": version})
        assert answer.status_code == 409
        assert "Nothing was overwritten" in words(answer)
        assert re.search(r'value="seeing"[^>]*checked', answer.content.decode())
    saved.refresh_from_db()
    assert saved.status == "contacted"
    assert 'name="version" value="2"' in answer.content.decode()
    assert client.post(page, {"status": "seeing", "version": "2"}).status_code == 302


def test_a_note_needs_a_second_factor_and_a_status_does_not(client, ada, saved):
    sign_in(client, ada)
    page = client.get(address("saved_one", saved))
    assert "You have neither yet" in words(page)
    assert reverse("second_factor_setup") in page.content.decode()
    for method in (client.get, client.post):
        answer = method(address("saved_note", saved), {"note": "planted", "version": "1"})
        assert reverse("second_factor_setup") in answer["Location"]
    saved.refresh_from_db()
    assert saved.note_sealed is None


def test_a_note_is_written_read_and_replaced(client, ada, saved):
    sign_in(client, ada, second_factor=True)
    page = address("saved_note", saved)
    assert client.post(page, {"note": "planted-note", "version": "1"}).status_code == 302
    assert "planted-note" in client.get(page).content.decode()
    assert "planted-note" not in client.get(address("saved_one", saved)).content.decode()
    answer = client.post(page, {"note": "from the other tab", "version": "1"})
    assert answer.status_code == 409
    assert "from the other tab" in answer.content.decode()
    saved.refresh_from_db()
    assert note_of(saved) == "planted-note"


def test_a_note_that_is_too_long_is_kept_on_the_page(client, ada, saved):
    sign_in(client, ada, second_factor=True)
    answer = client.post(address("saved_note", saved), {"note": "x" * 2001, "version": "1"})
    assert answer.status_code == 422
    assert "Use 2,000 characters or fewer: you have used 2001" in words(answer)
    assert "x" * 2001 in answer.content.decode()


def test_removing_twice_is_harmless(client, ada, saved):
    sign_in(client, ada)
    for _ in range(2):
        answer = client.post(address("saved_remove", saved))
        assert answer["Location"] == reverse("saved_people")
    assert "You have not saved anybody yet" in words(client.get(reverse("saved_people")))


@pytest.mark.parametrize("page", ["saved_one", "saved_note"])
def test_somebody_elses_and_a_missing_one_get_the_same_404(client, saved, page):
    sign_in(client, a_member(CLEO), second_factor=True)
    theirs = client.get(address(page, saved))
    missing = client.get(reverse(page, args=["nosuchcode"]))
    assert (theirs.status_code, missing.status_code) == (404, 404)
    assert client.post(address("saved_remove", saved)).status_code == 302
    assert SavedListing.objects.filter(pk=saved.pk).exists()


# -- the panel ---------------------------------------------------------------------------------
def test_the_panel_shows_the_last_five_and_leads_to_all(ada):
    assert saved_people(ada, NOW) is None
    for number in range(1, 7):
        save_listing(ada, listed(number), at=NOW + timedelta(minutes=number))
    panel = saved_people(ada, NOW)
    assert [row.seed for row in panel.context["rows"]] == ["c6", "c5", "c4", "c3", "c2"]
    assert panel.context["are_more"]
    assert panel.template in [one.template for one in panels_for(ada, NOW)]


# -- who sees none of it -----------------------------------------------------------------------
def test_a_practitioner_sees_no_trace_of_who_saved_them(client, ada, ben):
    user = a_member("ben@practice.example")
    Practitioner.objects.filter(pk=ben.practitioner_id).update(user=user)
    sign_in(client, user, second_factor=True)
    pages = ["/practice/", reverse("profile", args=[ben.code]), f"/api/v1/listings/{ben.code}"]

    def bodies():
        return [re.sub(r'value="\w{64}"', "", client.get(one).content.decode()) for one in pages]

    before = bodies()
    change = save_listing(ada, ben, at=NOW)
    assert bodies() == before
    assert client.get(address("saved_one", change)).status_code == 404
