"""What guidelines say, and what of it may rank listings."""

from datetime import date

import pytest

from attune.core.vocabulary import LISTED, Direction, Evidence
from attune.vocabulary.data_files import read_csv
from attune.vocabulary.models import EvidenceStatement, PresentingIssue
from attune.vocabulary.queries import core_vocabulary, counting_statements, ruling_statements
from directory.listings import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_site(settings):
    settings.IS_DEMO_SITE = True


def statement(issue, therapy, **changes):
    found = EvidenceStatement.objects.filter(issue__slug=issue, therapy_type__slug=therapy)
    found.update(**changes)
    return found


def test_unchecked_statements_count_on_a_demonstration_site_only(settings):
    settings.IS_DEMO_SITE = False
    assert core_vocabulary(NOW.date()).evidence == {}
    settings.IS_DEMO_SITE = True
    assert core_vocabulary(NOW.date()).evidence["bipolar", "ipt"] == Evidence(
        Direction.OFFER, is_reviewed=False
    )


def test_a_statement_that_a_named_person_checked_counts_everywhere(settings):
    settings.IS_DEMO_SITE = False
    statement("sleep", "cbt", checked_by="Dr Example")
    assert core_vocabulary(NOW.date()).evidence == {
        ("sleep", "cbt"): Evidence(Direction.OFFER, is_reviewed=True)
    }


def test_a_suspended_statement_does_not_count(demo_site):
    statement("sleep", "cbt", suspended_on=date(2026, 11, 1))
    assert ("sleep", "cbt") not in core_vocabulary(NOW.date()).evidence


def test_what_is_said_of_children_or_of_a_narrower_group_does_not_rank_for_adults(demo_site):
    evidence = core_vocabulary(NOW.date()).evidence
    assert ("childhood-trauma", "cpt-tfcbt") not in evidence
    assert ("anorexia", "systemic-family") not in evidence
    assert ("social-anxiety", "psychodynamic") not in evidence
    for one in counting_statements(NOW.date()):
        assert "child" not in one.population
        assert "young" not in one.population
        assert "learning disability" not in one.population


def test_not_usually_recommended_is_never_listed_whatever_else_is_said(demo_site):
    assert (
        core_vocabulary(NOW.date()).evidence["social-anxiety", "mbct"].direction
        is Direction.NOT_USUALLY
    )
    EvidenceStatement.objects.create(
        issue=PresentingIssue.objects.get(slug="social-anxiety"),
        therapy_type=statement("social-anxiety", "mbct").get().therapy_type,
        population="some adults",
        holds_for_adults=True,
        direction="offer",
        sentence="Offered to some.",
        source="Another guideline",
        source_url="https://example.org/",
        as_of=date(2026, 11, 1),
    )
    ruling = ruling_statements(counting_statements(NOW.date()))["social-anxiety", "mbct"]
    assert ruling.direction is Direction.NOT_USUALLY
    assert not ruling.is_listed


def test_of_two_favourable_statements_the_firmer_rules(demo_site):
    directions = set(
        EvidenceStatement.objects.filter(
            issue__slug="perinatal", therapy_type__slug="cbt"
        ).values_list("direction", flat=True)
    )
    assert directions == {"offer", "option"}
    assert core_vocabulary(NOW.date()).evidence["perinatal", "cbt"].direction is Direction.OFFER


def test_silence_is_stored_and_is_neither_praise_nor_warning(demo_site):
    silent = core_vocabulary(NOW.date()).evidence["eating", "ipt"]
    assert silent.direction is Direction.SILENT
    assert silent.direction not in LISTED


def test_each_statement_names_its_source_population_and_day_in_one_plain_sentence():
    rows = list(read_csv("evidence.csv"))
    assert len(rows) == EvidenceStatement.objects.count()
    for row in rows:
        assert row["source_url"].startswith("https://")
        assert row["population"]
        assert row["as_of"] == "2026-11-22"
        assert row["sentence"].endswith(".")
        assert row["sentence"].count(". ") == 0
        assert len(row["sentence"].split()) <= 30


def test_a_gate_on_training_lets_every_listed_therapy_through(demo_site):
    words = core_vocabulary(NOW.date())
    for issue, therapies in words.training_needed.items():
        listed = {
            therapy for (about, therapy), one in words.evidence.items()
            if about == issue and one.is_listed
        }  # fmt: skip
        assert listed <= therapies
        assert therapies <= set(words.therapy_types)
