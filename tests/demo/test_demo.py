import re
from collections import Counter
from datetime import timedelta
from itertools import combinations, pairwise
from random import Random

import pytest
from django.core.management import CommandError, call_command

from attune.accounts.contacts import email_of
from attune.accounts.models import Contact, User
from attune.accounts.sealing import email_hash
from attune.booking.access import details_of
from attune.booking.models import Appointment, RuleException
from attune.booking.queries import is_open, slots_for
from attune.content import models as library
from attune.core.availability import bookable_starts
from attune.core.money import Money
from attune.core.spans import minutes_of
from attune.demo.actions import NotEmpty, invented, load_demo
from attune.demo.diaries import draw_diaries
from attune.demo.draw import random_code
from attune.demo.people import standings
from attune.demo.prose import Writer, with_article
from attune.demo.stock import stock
from attune.directory.models import (
    Counters,
    Fee,
    ListedIssue,
    Listing,
    Practice,
    Practitioner,
    TherapyOffered,
)
from attune.directory.queries import is_verified_on, missing_to_publish
from attune.offers.models import Offer, OfferCode, Partner
from attune.offers.queries import Standing, offers_of
from attune.vocabulary.models import PresentingIssue, Register, TherapyType

pytestmark = pytest.mark.slow

COUNT = 200
KEYED = {
    Listing: ("code", "title", "one_line", "how_i_work", "state", "paused_until", "confirmed_on"),
    Practitioner: ("code", "name", "email", "gender"),
    Practice: ("code", "town", "latitude", "joining_details"),
    Fee: ("listing__code", "client_group__slug", "kind", "minor", "concession_minor"),
    ListedIssue: ("listing__code", "issue__slug", "focus_rank"),
    TherapyOffered: ("listing__code", "therapy_type__slug", "training"),
    RuleException: ("practice__code", "day", "kind"),
    Appointment: ("code", "reference", "start", "practice__code", "channel"),
    Counters: ("listing__code", "day", "shown", "asked", "answered_in_time"),
    Offer: ("code", "partner__name", "title", "kind", "worth_minor", "place", "ends_on", "state"),
}


def stored():
    """Return all that the demonstration wrote, without row numbers and sealed bytes."""
    return {
        model: sorted(model.objects.values_list(*columns), key=repr)
        for model, columns in KEYED.items()
    }


@pytest.fixture
def mark(settings, tmp_path):
    settings.EXTERNAL_DATABASE = None
    settings.DEMO_MARK = tmp_path / "data" / "demo-site"
    return settings.DEMO_MARK


@pytest.fixture
def demo(db, now, mark):
    load_demo(COUNT, 1, now)


@pytest.fixture(scope="module")
def people(django_db_setup, django_db_blocker):
    """Two thousand people as they are invented, before anything is written."""
    from conftest import NOW

    with django_db_blocker.unblock():
        return invented(2000, seed=1, today=NOW.date())


def test_the_same_seed_and_day_give_the_same_rows(demo, now):
    first = stored()
    for model in (Appointment, Contact, Practitioner, library.Reviewer, User, OfferCode):
        model.objects.all().delete()
    for model in (library.Testimonial, Offer, Partner):
        model.objects.all().delete()
    load_demo(COUNT, 1, now)
    assert stored() == first


def test_another_seed_gives_other_people(people, now, db):
    others = invented(20, seed=2, today=now.date())
    assert not {one.code for one in others[1:]} & {one.code for one in people[1:]}
    assert not {one.how_i_work for one in others[1:]} & {one.how_i_work for one in people[1:]}


@pytest.mark.parametrize(
    ("count", "out"), [(2000, (200, 200, 100)), (40, (4, 4, 2)), (1, (0, 0, 0))]
)
def test_ten_in_a_hundred_are_paused_ten_unconfirmed_and_five_unverified(count, out):
    all_of_them = standings(count, Random(7))
    assert len(all_of_them) == count
    assert out == (
        sum(one.is_paused for one in all_of_them),
        sum(one.is_unconfirmed for one in all_of_them),
        sum(one.check_ran_out or one.is_unchecked for one in all_of_them),
    )


def test_whoever_is_paused_unconfirmed_or_unverified_cannot_be_booked(demo, now):
    today = now.date()
    paused = Listing.objects.filter(paused_until__gt=today)
    unconfirmed = Listing.objects.filter(confirmed_on__lt=today - timedelta(days=21))
    unverified = [
        one
        for one in Listing.objects.select_related("practitioner")
        if not is_verified_on(one.practitioner, today)
    ]
    assert (paused.count(), unconfirmed.count(), len(unverified)) == (20, 20, 10)
    for listing in [*paused, *unconfirmed, *unverified]:
        assert not is_open(listing, now)
        assert slots_for(listing, now) == []


def test_all_others_are_complete_and_open(demo, now):
    offered = [one for one in Listing.objects.all() if is_open(one, now)]
    assert len(offered) == COUNT * 3 // 4
    assert {missing_to_publish(one, now.date()) for one in offered} == {()}


def test_no_two_people_share_a_name_an_opening_line_or_a_first_sentence(people):
    assert len({one.name for one in people}) == 2000
    assert len({one.one_line for one in people}) == 2000
    assert len({one.how_i_work.partition(". ")[0] for one in people}) == 2000


def test_no_two_profiles_have_three_sentences_in_common(people):
    together = Counter(
        three
        for one in people
        for three in combinations(sorted(set(re.split(r"(?<=[.?])\s+", one.how_i_work))), 3)
    )
    assert together.most_common(1)[0][1] == 1


def test_profiles_are_calm_plain_and_filled_in(people):
    for one in people:
        words = f"{one.one_line} {one.how_i_work} {one.what_to_expect}"
        assert not set("!{}") & set(words)
        assert "  " not in words
        assert not {"cure", "guarantee", "best", "journey"} & set(words.lower().split())
        assert len(one.one_line) <= 160


def test_the_stock_is_as_wide_as_promised():
    prose = stock().prose
    assert len(prose["opening"]) >= 40
    assert len(prose["middle"]) >= 60
    assert len(prose["ending"]) >= 40
    assert len(prose["one_line"]) >= 40


def test_every_issue_and_nearly_every_therapy_is_somebodys(people, db):
    issues = {slug for one in people for slug in (*one.focus_issues, *one.also_issues)}
    therapies = {offered.therapy_type for one in people for offered in one.therapies}
    assert issues == set(PresentingIssue.objects.values_list("slug", flat=True))
    assert therapies < set(TherapyType.objects.values_list("slug", flat=True))
    assert len(therapies) > 35


def test_titles_belong_to_registers_and_registers_to_the_vocabulary(people, db):
    pairs = {(one.title, one.registration.register) for one in people}
    assert ("Clinical psychologist", "hcpc") in pairs
    assert {register for title, register in pairs if "psychologist" in title} == {"hcpc"}
    assert {register for _, register in pairs} <= set(
        Register.objects.values_list("slug", flat=True)
    )


def test_no_first_name_meets_a_family_name_of_its_own_list(people):
    families = {family: place for place, one in enumerate(stock().names) for family in one.families}
    firsts = Counter()
    for place, one in enumerate(stock().names):
        for first in (*one.women, *one.men, *one.either):
            firsts[first, place] += 1
    for one in people[1:]:
        first, _, family = one.name.partition(" ")
        assert not firsts[first, families[family]]


def test_people_live_where_people_live(people):
    towns = Counter(one.practices[0].town for one in people if one.practices[0].town)
    assert towns.most_common(1)[0][0] == "London"
    assert len(towns) > 100
    for one in people:
        for practice in one.practices:
            assert ("in-person" in practice.channels) == bool(practice.town)
            assert practice.latitude is None or 49.9 < practice.latitude < 58


def test_four_in_five_have_an_evening_and_one_in_five_a_saturday(people):
    def share(holds):
        return sum(any(map(holds, hours_of(one))) for one in people) / len(people)

    assert 0.75 < share(lambda one: one.start.hour >= 17) < 0.85
    assert 0.15 < share(lambda one: one.weekday == 5) < 0.25


def hours_of(one):
    return [hours for practice in one.practices for hours in practice.hours]


def test_nobody_is_in_two_rooms_at_once(people):
    for one in people:
        windows = sorted((hours.weekday, hours.start, hours.end) for hours in hours_of(one))
        assert all(first[0] < then[0] or first[2] <= then[1] for first, then in pairwise(windows))


def test_fees_are_of_every_kind_and_a_few_ask_for_nothing(people):
    kinds = Counter(one.fees[0].kind for one in people)
    assert set(kinds) == {"fixed", "range", "free", "donation"}
    assert 0.015 < (kinds["free"] + kinds["donation"]) / 2000 < 0.05
    assert any(fee.client_group == "couples" for one in people for fee in one.fees)
    assert any(fee.concession_minor for one in people for fee in one.fees)


def test_appointments_stand_where_they_could_have_been_booked(demo, now):
    appointments = list(Appointment.objects.select_related("practice", "listing"))
    assert len(appointments) > COUNT // 2
    entries = invented(COUNT, seed=1, today=now.date())
    listings = [Listing.objects.get(code=one.code) for one in entries]
    diaries = {
        one.listing.pk: one for one in draw_diaries(listings, entries, seed=1, today=now.date())
    }
    for one in appointments:
        diary = diaries[one.listing_id]
        plan = next(p for p in diary.entry.practices if p.code == one.practice.code)
        starts = bookable_starts(
            plan.hours,
            diary.exceptions[plan.code],
            (),
            zone=plan.zone,
            first_day=now.date(),
            days=40,
            minutes=one.minutes,
            buffer_minutes=one.listing.buffer_minutes,
        )
        assert minutes_of(one.start) in starts


def test_what_a_client_said_is_sealed_and_opens(demo):
    appointment = Appointment.objects.get(email_hash=email_hash("ada@demo.example"))
    details = details_of(appointment)
    assert (details.name, email_of(appointment.contact)) == ("Ada Lanyon-Gyasi", "ada@demo.example")
    assert appointment.practitioner.user.email == "ben@demo.example"
    assert details.name.encode() not in bytes(appointment.details_sealed)


def test_adas_appointment_is_her_accounts(demo):
    ada = User.objects.with_email("ada@demo.example").get()
    appointment = Appointment.objects.get(member=ada)
    assert details_of(appointment).name == "Ada Lanyon-Gyasi"
    assert not Appointment.objects.exclude(pk=appointment.pk).exclude(member=None).exists()


def test_ben_practises_and_dev_is_at_the_desk(demo, now):
    ben = Practitioner.objects.get(user__email_hash=email_hash("ben@demo.example"))
    assert is_open(ben.listing, now)
    assert slots_for(ben.listing, now)
    dev = User.objects.with_email("dev@demo.example").get()
    assert (dev.is_staff, dev.has_usable_password()) == (True, False)


def test_the_site_is_marked_as_a_demonstration(demo, mark):
    assert mark.exists()


def test_invented_people_never_join_those_who_are_there(demo, now):
    with pytest.raises(NotEmpty, match="200 listings here already"):
        load_demo(5, 1, now)
    assert Listing.objects.count() == COUNT


def test_a_database_that_the_operator_named_is_left_alone(db, settings, mark):
    settings.EXTERNAL_DATABASE = object()
    with pytest.raises(CommandError, match="DATABASE_URL is set") as caught:
        call_command("demo", practitioners=5)
    assert caught.value.returncode == 2
    assert not mark.exists()


@pytest.mark.parametrize("count", ["0", "-1", "many", "100001"])
def test_a_number_of_practitioners_that_cannot_be_used_is_refused(count):
    with pytest.raises(CommandError, match="Accepted: a whole number from 1 to 100000"):
        call_command("demo", f"--practitioners={count}")


def test_a_sentence_is_used_only_where_every_fact_is_known():
    writer = Writer({"one_line": ["About {language}", "{if_room}About {town}"]})
    assert writer.one_line(Random(1), {"town": "Ely", "if_room": ""}) == "About Ely"
    assert writer.one_line(Random(1), {"town": "Ely"}) == ""


@pytest.mark.parametrize(
    ("noun", "words"),
    [("art psychotherapist", "an art psychotherapist"), ("counsellor", "a counsellor")],
)
def test_a_title_has_its_article(noun, words):
    assert with_article(noun) == words


def test_codes_follow_from_the_seed_and_look_like_any_other():
    assert random_code(Random(3)) == random_code(Random(3))
    assert len(random_code(Random(3), 28)) == 28


def test_partners_say_that_they_are_invented_and_one_offer_of_each_kind_is_open(demo, now):
    found = offers_of(User.objects.first(), now=now)
    assert {one.offer.kind for one in found} == set(Offer.Kind.values)
    assert {one.standing for one in found} == {Standing.OPEN}
    assert {one.offer.worth for one in found} >= {Money(3899, "GBP")}
    for one in found:
        assert "(invented)" in one.offer.partner.name
        assert ".example/" in one.offer.partner.website
