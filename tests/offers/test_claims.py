"""Claiming: once per member, from a stock that never gives a code twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection

from attune.offers.access import claimed_code, hash_of, shared_code
from attune.offers.actions import claim, forget_claims, forget_old_claims, issue_codes, save_offer
from attune.offers.errors import AllTaken, ClaimRefused, NotOpen, WordingChanged
from attune.offers.models import Offer, OfferClaim, OfferCode
from attune.offers.queries import CLAIMS_KEPT_FOR, claims_of, offers_of, stock_count
from attune.vocabulary.codes import ALPHABET
from offers.offering import NOW, TERMS, a_member, an_offer, claimed

CONNECTIONS = 20


def code_of(one):
    return claimed_code(OfferClaim.objects.select_related("offer", "taken").get(pk=one.pk))


@pytest.mark.django_db
def test_a_member_gets_a_code_of_the_stock_and_the_same_one_again():
    offer, ada = an_offer("WREN-0001", "WREN-0002"), a_member()
    first, again = claimed(offer, ada), claimed(offer, ada)
    assert first == again
    assert code_of(again) == "WREN-0001"
    assert OfferCode.objects.exclude(used_at=None).count() == 1


@pytest.mark.django_db
def test_two_members_get_two_codes_and_a_third_is_told_that_all_are_taken():
    offer = an_offer("WREN-0001", "WREN-0002")
    given = {code_of(claimed(offer, a_member(name))) for name in ("Ada", "Cleo")}
    assert given == {"WREN-0001", "WREN-0002"}
    with pytest.raises(AllTaken):
        claimed(offer, a_member("Finn"))
    assert OfferClaim.objects.count() == 2


@pytest.mark.django_db
def test_a_stock_that_is_filled_again_gives_again():
    offer, ada = an_offer(), a_member()
    with pytest.raises(AllTaken):
        claimed(offer, ada)
    issue_codes(offer, 1)
    assert code_of(claimed(offer, ada))


@pytest.mark.django_db
def test_one_shared_code_is_given_to_all():
    offer = an_offer(kind=Offer.Kind.SHARED, shared_code="OTTER-ALL")
    assert {code_of(claimed(offer, a_member(name))) for name in ("Ada", "Cleo")} == {"OTTER-ALL"}
    assert shared_code(offer) == "OTTER-ALL"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"state": Offer.State.DRAFT},
        {"state": Offer.State.WITHDRAWN},
        {"starts_on": date(2026, 11, 19)},
        {"ends_on": date(2026, 11, 17)},
    ],
    ids=["a draft", "withdrawn", "not yet", "over"],
)
def test_what_is_not_open_is_not_claimed(fields):
    with pytest.raises(NotOpen):
        claimed(an_offer("WREN-0001", **fields), a_member())
    assert not OfferClaim.objects.exists()


@pytest.mark.django_db
def test_first_and_last_day_are_those_of_the_clock_in_london():
    one_day = {"starts_on": date(2026, 6, 1), "ends_on": date(2026, 6, 1)}
    # 23:30 of 31 May in UTC is half past midnight of 1 June in London.
    first_minutes = NOW.replace(month=5, day=31, hour=23, minute=30)
    offer = an_offer("WREN-0001", "WREN-0002", **one_day)
    with pytest.raises(NotOpen):
        claimed(offer, a_member("Ada"), at=first_minutes - timedelta(hours=1))
    claimed(offer, a_member("Cleo"), at=first_minutes)
    with pytest.raises(NotOpen):
        claimed(offer, a_member("Finn"), at=first_minutes + timedelta(days=1))


@pytest.mark.django_db
def test_a_claim_keeps_the_words_it_was_made_on():
    offer = an_offer("WREN-0001", "WREN-0002")
    ada = a_member()
    claimed(offer, ada)
    offer.refresh_from_db()
    offer.terms, offer.worth_minor = "For one month.", 300
    save_offer(offer, at=NOW)
    hers = claims_of(ada).get()
    assert (hers.wording.terms, hers.wording.worth_minor) == (TERMS, 3899)
    assert claimed(offer, a_member("Cleo")).wording.terms == "For one month."


@pytest.mark.django_db
def test_what_is_no_word_of_the_offer_makes_no_new_wording():
    offer = an_offer("WREN-0001")
    offer.ends_on = date(2026, 12, 24)
    save_offer(offer, at=NOW)
    assert offer.wordings.count() == 1


@pytest.mark.django_db
def test_nobody_claims_words_that_changed_while_they_read():
    offer = an_offer("WREN-0001")
    read = offer.wording_number
    offer.terms = "For one month."
    save_offer(offer, at=NOW)
    with pytest.raises(WordingChanged):
        claim(offer, a_member(), wording=read, at=NOW)
    assert not OfferClaim.objects.exists()


@pytest.mark.django_db
def test_a_code_of_our_own_has_at_least_128_bits():
    codes = issue_codes(an_offer(), 50)
    assert len(set(codes)) == 50
    assert all(len(ALPHABET) ** len(one) >= 2**128 for one in codes)


@pytest.mark.django_db
def test_no_code_stands_in_the_database_as_it_is():
    offer = an_offer("WREN-0001")
    an_offer(title="Another", kind=Offer.Kind.SHARED, shared_code="OTTER-ALL")
    with connection.cursor() as cursor:
        for table in ("offers_offer", "offers_offercode"):
            cursor.execute(f"SELECT string_agg(row::text, ' ') FROM {table} AS row")
            stored = cursor.fetchone()[0]
            for code in ("WREN-0001", "OTTER-ALL"):
                assert code not in stored
                assert code.encode().hex() not in stored
    assert hash_of(offer, "WREN-0001") != hash_of(an_offer(title="Third"), "WREN-0001")


# -- what goes -------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_member_who_leaves_frees_no_code_and_takes_the_text_along():
    offer, ada = an_offer("WREN-0001"), a_member()
    claimed(offer, ada)
    for _twice in range(2):
        forget_claims(OfferClaim.objects.filter(member=ada))
    one = OfferCode.objects.get()
    assert (one.claim, one.text_sealed, one.used_at) == (None, None, NOW)
    with pytest.raises(AllTaken):
        claimed(offer, a_member("Cleo"))


@pytest.mark.django_db
def test_after_twelve_months_the_code_is_gone_and_cannot_be_claimed_again():
    offer, ada = an_offer("WREN-0001", "WREN-0002"), a_member()
    one = claimed(offer, ada)
    forget_old_claims(NOW + CLAIMS_KEPT_FOR - timedelta(seconds=1))
    assert code_of(one) == "WREN-0001"
    later = NOW + CLAIMS_KEPT_FOR
    forget_old_claims(later)
    assert code_of(one) == ""
    assert claimed(offer, ada, at=later) == one
    assert OfferCode.objects.filter(used_at=None).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "closing", [{"state": Offer.State.WITHDRAWN}, {"ends_on": date(2026, 12, 24)}]
)
def test_after_twelve_months_a_claim_goes_with_an_offer_that_is_closed(closing):
    offer = an_offer("WREN-0001")
    claimed(offer, a_member())
    Offer.objects.update(**closing)
    forget_old_claims(NOW + CLAIMS_KEPT_FOR)
    assert not OfferClaim.objects.exists()
    assert OfferCode.objects.get().text_sealed is None


@pytest.mark.django_db
def test_what_a_member_has_no_more_by_any_way_is_not_kept():
    offer, ada = an_offer("WREN-0001"), a_member()
    claimed(offer, ada)
    ada.delete()
    forget_old_claims(NOW)
    assert OfferCode.objects.get().text_sealed is None


# -- counts ----------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(("members", "from_"), [(0, 0), (1, 0), (9, 0), (10, 10), (11, 10)])
def test_editors_see_claims_in_tens(members, from_):
    offer = an_offer(*(f"WREN-{number:04}" for number in range(20)))
    for number in range(members):
        claimed(offer, a_member(f"member{number}"))
    found = stock_count(offer)
    assert (found.added, found.claimed_from, found.is_empty) == (20, from_, False)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_offers_costs_the_same_for_one_and_three(count, django_assert_num_queries):
    ada = a_member()
    for number in range(count):
        claimed(an_offer("WREN-0001", "WREN-0002", title=f"Claimed {number}"), ada)
        an_offer("WREN-0001", title=f"Open {number}")
    with django_assert_num_queries(2):
        found = offers_of(ada, now=NOW)
    assert [one.claim is None for one in found] == [False] * count + [True] * count


# -- many at once ----------------------------------------------------------------------------------
def all_at_once(deeds):
    def run(deed):
        try:
            return deed()
        except ClaimRefused as refused:
            return type(refused).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return list(pool.map(run, deeds))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_hundred_claims_on_ten_codes_ten_win_and_the_rest_are_told():
    offer = an_offer(*(f"WREN-{number:04}" for number in range(10)))
    members = [a_member(f"member{number}") for number in range(200)]
    found = all_at_once(
        lambda one=one: claim(offer, one, wording=1, at=NOW) and "claimed" for one in members
    )
    assert Counter(found) == {"claimed": 10, "AllTaken": 190}
    assert OfferClaim.objects.count() == OfferCode.objects.exclude(claim=None).count() == 10


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_member_in_many_tabs_gets_one_code_and_never_another_ones():
    offer = an_offer(*(f"WREN-{number:04}" for number in range(10)))
    members = [a_member(f"member{number}") for number in range(10)]
    found = all_at_once(
        lambda one=one: claim(offer, one, wording=1, at=NOW).pk
        for _ in range(20)
        for one in members
    )
    # Ten codes for ten people, each asking twenty times: nobody is told that none is left.
    assert Counter(Counter(found).values()) == {20: 10}
    assert OfferCode.objects.filter(used_at=None).count() == 0
