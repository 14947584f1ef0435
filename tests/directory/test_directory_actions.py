from dataclasses import replace
from datetime import date, timedelta

import pytest

from attune.directory import actions
from attune.directory.actions import CannotPublish, count_shown, publish, reopen_verification
from attune.directory.bulk import sort_name
from attune.directory.entries import Registration
from attune.directory.models import (
    Counters,
    Credential,
    DirectoryChange,
    Fee,
    Listing,
    Verification,
)
from attune.directory.queries import is_verified_on
from attune.vocabulary.signals import vocabulary_changed
from directory.listings import CHECK, NOW, TODAY, listed, numbered

pytestmark = pytest.mark.django_db

DRAFT = {"state": "draft"}
DEEDS = {
    "publish": lambda one: actions.publish(one, at=NOW),
    "withdraw": lambda one: actions.withdraw(one, at=NOW),
    "pause": lambda one: actions.pause(one, until=date(2027, 1, 1), at=NOW),
    "resume": lambda one: actions.resume(one, at=NOW),
    "confirm_still_true": lambda one: actions.confirm_still_true(one, at=NOW),
    "record_verification": lambda one: actions.record_verification(
        one.practitioner.credentials.first(), CHECK, at=NOW
    ),
    "reopen_verification": lambda one: actions.reopen_verification(one.practitioner, at=NOW),
    "record_change_of": lambda one: actions.record_change_of(one.practitioner, at=NOW),
}
# They write what nobody is shown, or every listing at once.
OTHERS = {"record_change", "count_shown", "add_listings"}


def test_every_action_is_among_those_tried_here():
    public = {
        name
        for name, one in vars(actions).items()
        if not name.startswith("_") and getattr(one, "__module__", "") == actions.__name__
    }
    assert public - {"CannotPublish"} == DEEDS.keys() | OTHERS


@pytest.mark.parametrize("deed", DEEDS)
def test_every_deed_records_one_change_of_its_listing(deed):
    listing = listed()
    DirectoryChange.objects.all().delete()
    DEEDS[deed](listing)
    assert list(DirectoryChange.objects.values_list("listing_id", "at")) == [(listing.pk, NOW)]


@pytest.mark.parametrize(("few", "one_by_one"), [(2, True), (1, False)])
def test_adding_few_listings_has_those_read_and_adding_many_everything(
    few, one_by_one, monkeypatch
):
    monkeypatch.setattr(actions, "FEW", few)
    DirectoryChange.objects.all().delete()
    added = actions.add_listings(numbered(2), at=NOW)
    changed = list(DirectoryChange.objects.values_list("listing_id", flat=True))
    assert changed == ([one.pk for one in added] if one_by_one else [None])


def test_new_words_have_everything_read_again():
    DirectoryChange.objects.all().delete()
    vocabulary_changed.send(sender=None, at=NOW)
    assert DirectoryChange.objects.get().listing_id is None


def test_a_complete_draft_is_published():
    listing = listed(**DRAFT)
    assert publish(listing, at=NOW).state == Listing.State.PUBLISHED
    assert Listing.objects.get().version == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"consented_at": None}, "has not agreed"),
        ({"registration": Registration("bacp", "T-1")}, "No registration has been checked"),
        (
            {
                "registration": Registration(
                    "bacp", "T-1", replace(CHECK, expires_on=TODAY - timedelta(1))
                )
            },
            "run out",
        ),
        ({"fees": ()}, "No fee is given"),
        ({"practices": ()}, "No practice is given"),
        ({"client_groups": ()}, "Nobody is named"),
    ],
)
def test_what_lacks_something_is_not_published_and_the_reason_is_said(changes, words):
    listing = listed(**DRAFT, **changes)
    with pytest.raises(CannotPublish, match=words) as caught:
        publish(listing, at=NOW)
    assert len(caught.value.missing) == 1
    assert Listing.objects.get().state == Listing.State.DRAFT


def test_a_check_of_training_alone_does_not_verify_anyone():
    listing = listed(registration=Registration("bacp", "T-1"))
    assert Verification.objects.count() == 1
    assert not is_verified_on(listing.practitioner, TODAY)


def test_a_check_holds_to_the_end_of_its_last_day():
    listing = listed()
    assert is_verified_on(listing.practitioner, CHECK.expires_on)
    assert not is_verified_on(listing.practitioner, CHECK.expires_on + timedelta(days=1))


def test_reopening_ends_checks_and_keeps_what_was_known_before():
    listing = listed()
    made_today = replace(CHECK, checked_on=TODAY)
    actions.record_verification(listing.practitioner.credentials.first(), made_today, at=NOW)
    reopen_verification(listing.practitioner, at=NOW)
    assert not is_verified_on(listing.practitioner, TODAY)
    assert is_verified_on(listing.practitioner, TODAY - timedelta(days=1))
    assert not Verification.objects.filter(checked_on=TODAY).exists()


def test_being_shown_is_counted_by_day_in_one_statement(django_assert_num_queries):
    first, second = listed(1), listed(2)
    Counters.objects.create(listing=first, day=TODAY, shown=4, asked=1)
    with django_assert_num_queries(1):
        count_shown([first.code, second.code, "nobody"], TODAY)
    assert list(
        Counters.objects.order_by("listing__code").values_list("listing__code", "shown", "asked")
    ) == [("c1", 5, 1), ("c2", 1, 0)]


@pytest.mark.parametrize("count", [1, 3])
def test_adding_listings_takes_the_same_queries_for_one_and_three(
    count, django_assert_max_num_queries
):
    with django_assert_max_num_queries(45):
        actions.add_listings(numbered(count), at=NOW)
    assert Listing.objects.count() == count


def test_a_listing_comes_out_as_it_was_handed_in():
    listing = listed()
    person = listing.practitioner
    assert [(one.issue.slug, one.focus_rank) for one in listing.listed_issues.order_by("pk")] == [
        ("depression", 1),
        ("bereavement", 2),
        ("anxiety", None),
    ]
    assert [one.therapy_type.slug for one in listing.therapies_offered.all()] == [
        "ipt",
        "integrative",
    ]
    assert list(person.languages.values_list("slug", flat=True)) == ["en"]
    assert list(listing.client_groups.values_list("slug", flat=True)) == ["adults"]
    assert Fee.objects.get().minor == 6000
    assert set(Credential.objects.values_list("kind", "number")) == {
        ("registration", "T-1"),
        ("training", ""),
    }
    assert person.sort_name == "hathersage-quaye ben"
    rule = person.practices.get().weekly_rules.get()
    assert (rule.weekday, rule.start.hour, rule.end.hour) == (1, 9, 12)


@pytest.mark.parametrize(
    ("name", "sorted_by"),
    [
        ("Róisín Öztürk-Lane", "ozturk-lane roisin"),
        ("Łukasz van der Berg", "berg lukasz van der"),
        ("Yıldırım", "yildirim"),
    ],
)
def test_names_are_sorted_by_family_name_without_accents(name, sorted_by):
    assert sort_name(name) == sorted_by
