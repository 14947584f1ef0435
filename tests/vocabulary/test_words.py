"""The terms themselves: as many as there should be, under the slugs that others have stored."""

from pathlib import Path

import pytest

from attune.project.environment import CHECKOUT
from attune.vocabulary.data_files import FOLDER, read_csv, read_toml
from attune.vocabulary.models import (
    AccessNeed,
    ClientGroup,
    Community,
    IssueGroup,
    Language,
    PaymentRoute,
    PresentingIssue,
    Register,
    StyleScale,
    TherapyGroup,
    TherapyType,
)
from attune.vocabulary.names import normalised

AXES = {
    "issues": PresentingIssue,
    "therapies": TherapyType,
    "client_groups": ClientGroup,
    "access_needs": AccessNeed,
    "communities": Community,
    "payment_routes": PaymentRoute,
    "style_scales": StyleScale,
    "languages": Language,
    "registers": Register,
}
SLUGS_OF_RECORD = Path(__file__).with_name("slugs.txt")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "count"),
    [
        (PresentingIssue, 66),
        (IssueGroup, 10),
        (TherapyType, 48),
        (TherapyGroup, 7),
        (StyleScale, 4),
        (Community, 18),
    ],
)
def test_the_vocabulary_has_every_term(model, count):
    assert model.objects.count() == count


@pytest.mark.django_db
def test_groups_hold_as_many_terms_as_the_taxonomy_says():
    issues = {group.slug: group.issues.count() for group in IssueGroup.objects.all()}
    therapies = {group.slug: group.therapy_types.count() for group in TherapyGroup.objects.all()}
    assert list(issues.values()) == [8, 8, 7, 13, 4, 7, 5, 5, 5, 4]
    assert list(therapies.values()) == [11, 5, 7, 7, 4, 7, 7]


@pytest.mark.django_db
def test_no_slug_was_ever_dropped_or_renamed():
    """Listings and stored enquiries hold slugs: a line may be added to the file, never changed."""
    recorded = set(SLUGS_OF_RECORD.read_text().splitlines())
    present = {
        f"{axis} {slug}"
        for axis, model in AXES.items()
        for slug in model.objects.values_list("slug", flat=True)
    }
    assert present == recorded


@pytest.mark.django_db
def test_children_and_adolescents_are_known_but_offered_to_nobody():
    is_open = dict(ClientGroup.objects.values_list("slug", "is_open"))
    assert not is_open["children"]
    assert not is_open["adolescents"]
    assert {slug for slug, open_now in is_open.items() if open_now} == {
        "adults",
        "young-adults",
        "older-adults",
        "couples",
        "families",
        "groups",
    }


@pytest.mark.django_db
def test_safety_topics_are_the_six_that_show_help_first():
    safety = PresentingIssue.objects.filter(is_safety_topic=True)
    assert set(safety.values_list("slug", flat=True)) == {
        "suicidal-thoughts",
        "self-harm",
        "sexual-abuse",
        "domestic-abuse",
        "anorexia",
        "psychosis",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("model", [PresentingIssue, TherapyType, Language, Community, AccessNeed])
def test_every_synonym_can_be_typed_and_means_one_term(model):
    """A synonym in any script survives being compared, and no label is another term's synonym."""
    terms = list(model.objects.all())
    labels = {normalised(term.label): term.slug for term in terms}
    for term in terms:
        assert normalised(term.label)
        for synonym in term.synonyms:
            assert normalised(synonym), synonym
            assert labels.get(normalised(synonym), term.slug) == term.slug, synonym


@pytest.mark.django_db
def test_languages_carry_iso_codes_and_signed_languages_are_among_them():
    slugs = set(Language.objects.values_list("slug", flat=True))
    assert len(slugs) >= 90
    assert {"en", "cy", "pl", "bfi", "makaton"} <= slugs
    assert all(len(slug) in (2, 3) for slug in slugs - {"makaton"})


def test_style_scales_have_two_ends_in_words():
    for scale in read_toml("facets.toml")["style_scales"]:
        assert scale["low"] != scale["high"]


@pytest.mark.django_db
def test_only_a_confirmed_register_pattern_may_refuse_a_number():
    confirmed = Register.objects.filter(is_pattern_confirmed=True)
    assert list(confirmed.values_list("slug", flat=True)) == ["hcpc"]


def test_the_124_postcode_areas_are_all_there_with_an_honest_reach():
    areas = list(read_csv("postcode_areas.csv"))
    assert len({area["code"] for area in areas}) == 124
    for area in areas:
        assert 49 < float(area["latitude"]) < 61
        assert -9 < float(area["longitude"]) < 2
        assert 1 < float(area["accuracy_km"]) < 100


def test_the_reference_names_every_slug():
    page = (CHECKOUT / "docs" / "reference" / "vocabulary.md").read_text(encoding="utf-8")
    slugs = [line.split()[1] for line in SLUGS_OF_RECORD.read_text().splitlines()]
    assert [slug for slug in slugs if f"`{slug}`" not in page] == []


def test_the_towns_file_says_where_it_comes_from():
    notice = (FOLDER / "towns.csv").read_text(encoding="utf-8")[:400]
    assert "GeoNames" in notice
    assert "CC BY 4.0" in notice
