"""The vocabulary as others read it."""

import pytest

from attune.vocabulary.models import ClientGroup, PresentingIssue
from attune.vocabulary.queries import core_vocabulary, crisis_contacts, help_routes
from directory.listings import NOW

pytestmark = pytest.mark.django_db


def test_core_values_keep_the_order_of_the_files_and_carry_labels():
    words = core_vocabulary(NOW.date())
    assert len(words.issues) == 66
    assert words.issues[:2] == ("depression", "bipolar")
    assert words.therapy_types[0] == "cbt"
    assert words.labels["issues"]["depression"] == "Depression and low mood"
    assert words.labels["languages"]["bfi"] == "British Sign Language (BSL)"
    assert set(words.labels["genders"]) == set(words.genders)


def test_closed_client_groups_and_replaced_terms_are_not_offered():
    anger = PresentingIssue.objects.get(slug="anger")
    anger.replaced_by = PresentingIssue.objects.get(slug="stress")
    anger.save()
    words = core_vocabulary(NOW.date())
    assert "anger" not in words.issues
    assert not {"children", "adolescents", "organisations"} & set(words.client_groups)
    ClientGroup.objects.filter(slug="groups").update(is_open=False)
    assert "groups" not in core_vocabulary(NOW.date()).client_groups


def test_young_and_older_adults_pay_as_adults():
    assert core_vocabulary(NOW.date()).priced_as == {
        "young-adults": "adults",
        "older-adults": "adults",
    }


def test_the_vocabulary_costs_seven_queries(django_assert_num_queries):
    with django_assert_num_queries(7):
        core_vocabulary(NOW.date())


@pytest.mark.parametrize(
    ("nation", "first", "absent"),
    [
        ("ENG", "nhs-111-england", "lifeline-northern-ireland"),
        ("SCT", "nhs-24-scotland", "nhs-111-england"),
        ("WLS", "nhs-111-wales", "nhs-111-england"),
        ("NIR", "lifeline-northern-ireland", "nhs-111-england"),
    ],
)
def test_each_nation_has_its_own_urgent_help_after_999_and_before_a_talk(nation, first, absent):
    slugs = [contact.slug for contact in crisis_contacts(nation)]
    assert slugs[:2] == ["999", first]
    assert "samaritans" in slugs
    assert absent not in slugs


def test_free_help_for_adults_and_for_under_18s_are_apart():
    adults = {route.slug for route in help_routes("ENG")}
    children = {route.slug for route in help_routes("ENG", for_children=True)}
    assert "nhs-talking-therapies" in adults
    assert "childline-under-19" in children
    assert not adults & children
    assert "nhs-talking-therapies" not in {route.slug for route in help_routes("SCT")}
