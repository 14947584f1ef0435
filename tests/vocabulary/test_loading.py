"""Loading the data files into the database."""

import shutil
from datetime import date

import pytest

from attune.vocabulary import data_files
from attune.vocabulary.data_files import FOLDER
from attune.vocabulary.differences import accept, keep_own
from attune.vocabulary.loading import load_vocabulary, loaders
from attune.vocabulary.models import (
    CrisisContact,
    DataFile,
    EvidenceStatement,
    Place,
    PresentingIssue,
    TherapyType,
)
from attune.vocabulary.signals import vocabulary_changed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A copy of the data files that a test may change."""
    folder = tmp_path / "data"
    shutil.copytree(FOLDER, folder)
    monkeypatch.setattr(data_files, "FOLDER", folder)
    return folder


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def heard():
    """The moments at which somebody was told that the vocabulary changed."""
    moments = []

    def hear(sender, at, **_):
        moments.append(at)

    vocabulary_changed.connect(hear)
    yield moments
    vocabulary_changed.disconnect(hear)


def contents():
    return {
        model: list(model.objects.order_by("pk").values())
        for model in (PresentingIssue, TherapyType, Place, EvidenceStatement, CrisisContact)
    }


def test_every_data_file_is_loaded(now):
    assert set(loaders(now.date())) == {path.name for path in FOLDER.iterdir()}
    assert set(DataFile.objects.values_list("name", flat=True)) == set(loaders(now.date()))


def test_loading_twice_changes_nothing_and_tells_nobody(now, heard):
    before = contents()
    report = load_vocabulary(now)
    assert report.loaded == ()
    assert contents() == before
    assert heard == []


def test_loading_everything_again_leaves_the_same_words(now):
    before = {
        slug: (label, group)
        for slug, label, group in PresentingIssue.objects.values_list("slug", "label", "group")
    }
    places = Place.objects.count()
    DataFile.objects.all().delete()
    assert load_vocabulary(now).loaded == tuple(loaders(now.date()))
    assert Place.objects.count() == places
    assert before == {
        slug: (label, group)
        for slug, label, group in PresentingIssue.objects.values_list("slug", "label", "group")
    }


def test_only_the_changed_file_is_loaded_and_everyone_is_told(files, now, heard):
    change(files / "issues.toml", "Depression and low mood", "Low mood and depression")
    key = PresentingIssue.objects.get(slug="depression").pk
    assert load_vocabulary(now).loaded == ("issues.toml",)
    assert PresentingIssue.objects.get(pk=key).label == "Low mood and depression"
    assert heard == [now]


def test_loading_issues_again_keeps_the_training_that_they_need(files, now):
    change(files / "issues.toml", "Depression and low mood", "Low mood and depression")
    load_vocabulary(now)
    assert "ipt" in PresentingIssue.objects.get(slug="bipolar").needs_training_in


def test_a_term_that_left_its_file_is_kept_and_reported(files, now):
    lines = (files / "issues.toml").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if 'slug = "anger"' not in line]
    assert len(kept) == len(lines) - 1
    (files / "issues.toml").write_text("\n".join(kept), encoding="utf-8")
    assert load_vocabulary(now).kept == {"issues.toml": ("anger",)}
    assert PresentingIssue.objects.filter(slug="anger").exists()


def test_a_replaced_term_names_its_successor(files, now):
    change(files / "issues.toml", 'slug = "anger",', 'slug = "anger", replaced_by = "stress",')
    load_vocabulary(now)
    assert PresentingIssue.objects.get(slug="anger").replaced_by.slug == "stress"


def test_a_file_that_names_an_unknown_therapy_changes_nothing(files, now):
    change(files / "issues.toml", "Depression and low mood", "Low mood and depression")
    change(files / "training.toml", '"couple-therapy"', '"copule-therapy"')
    with pytest.raises(ValueError, match="copule-therapy"):
        load_vocabulary(now)
    assert PresentingIssue.objects.get(slug="depression").label == "Depression and low mood"


def test_a_changed_statement_needs_a_persons_check_again(files, now):
    statements = EvidenceStatement.objects.filter(issue__slug="sleep")
    statements.update(checked_by="Dr Example")
    EvidenceStatement.objects.filter(issue__slug="ocd").update(checked_by="Dr Example")
    change(files / "evidence.csv", "A form of CBT made for insomnia", "CBT made for insomnia")
    load_vocabulary(now)
    assert statements.get().checked_by == ""
    assert EvidenceStatement.objects.filter(issue__slug="ocd", checked_by="").count() == 0


@pytest.fixture
def evidence(files):
    """Write the evidence file anew, without the issues that are named."""
    path = files / "evidence.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)

    def write(*, without=()):
        kept = [line for line in lines if line.split(",")[0] not in without]
        path.write_text("".join(kept), encoding="utf-8")

    return write


def test_a_statement_that_left_the_file_is_suspended_not_shown_for_ever(evidence, now):
    evidence(without=["sleep"])
    report = load_vocabulary(now)
    assert EvidenceStatement.objects.get(issue__slug="sleep").suspended_on == now.date()
    assert len(report.kept["evidence.csv"]) == 1


def test_a_statement_that_returns_unchanged_is_in_force_again_and_needs_a_check(evidence, now):
    before = EvidenceStatement.objects.get(issue__slug="sleep")
    EvidenceStatement.objects.filter(pk=before.pk).update(checked_by="Dr Example")
    evidence(without=["sleep"])
    load_vocabulary(now)
    evidence()
    load_vocabulary(now)
    after = EvidenceStatement.objects.get(issue__slug="sleep")
    assert (after.pk, after.sentence, after.source_url) == (
        before.pk,
        before.sentence,
        before.source_url,
    )
    assert after.suspended_on is None
    assert after.checked_by == ""


def test_what_staff_suspended_stays_suspended_when_the_file_changes_elsewhere(evidence, now):
    suspended = EvidenceStatement.objects.filter(issue__slug="ocd")
    suspended.update(suspended_on=date(2026, 11, 1))
    evidence(without=["sleep"])
    load_vocabulary(now)
    assert set(suspended.values_list("suspended_on", flat=True)) == {date(2026, 11, 1)}


def test_what_somebody_changed_here_outlasts_the_file(files, now):
    CrisisContact.objects.filter(slug="papyrus").update(hours="9am to midnight")
    change(files / "crisis_contacts.toml", 'name = "Shout"', 'name = "Shout 85258"')
    load_vocabulary(now)
    here = CrisisContact.objects.get(slug="papyrus")
    assert (here.hours, here.offered) == ("9am to midnight", None)
    assert CrisisContact.objects.get(slug="shout").name == "Shout 85258"


def test_a_new_version_waits_beside_words_that_were_changed_here(files, now):
    CrisisContact.objects.filter(slug="shout").update(hours="Evenings")
    change(files / "crisis_contacts.toml", 'name = "Shout"', 'name = "Shout 85258"')
    load_vocabulary(now)
    waiting = CrisisContact.objects.get(slug="shout")
    assert (waiting.name, waiting.hours) == ("Shout", "Evenings")
    assert waiting.offered["name"] == "Shout 85258"


def test_a_difference_can_be_taken_or_left_and_is_not_asked_about_again(files, now):
    CrisisContact.objects.filter(slug__in=("shout", "papyrus")).update(hours="Evenings")
    for name in ("Shout", "Papyrus HOPELINE247"):
        change(files / "crisis_contacts.toml", f'name = "{name}"', f'name = "{name} anew"')
    load_vocabulary(now)
    accept(CrisisContact.objects.get(slug="shout"))
    keep_own(CrisisContact.objects.get(slug="papyrus"))
    change(files / "crisis_contacts.toml", "# Help when", "# Help, when")
    load_vocabulary(now)
    taken, kept = (CrisisContact.objects.get(slug=slug) for slug in ("shout", "papyrus"))
    assert (taken.name, taken.offered) == ("Shout anew", None)
    assert taken.hours != "Evenings"
    assert (kept.hours, kept.offered) == ("Evenings", None)
    assert "anew" not in kept.name


def test_a_contact_that_only_this_site_has_is_kept(files, now):
    CrisisContact.objects.create(
        slug="our-own-line",
        nation="ENG",
        position=99,
        name="Our own line",
        when_to_use="At night.",
        hours="8pm to 8am",
        urgency="talk",
        checked_on=date(2026, 11, 1),
        source="Staff",
    )
    change(files / "crisis_contacts.toml", 'name = "Shout"', 'name = "Shout 85258"')
    assert load_vocabulary(now).kept == {"crisis_contacts.toml": ("our-own-line",)}
    assert CrisisContact.objects.filter(slug="our-own-line").exists()


def test_towns_that_changed_replace_the_old_ones_and_leave_imports_alone(files, now):
    Place.objects.create(
        kind="postcode",
        country="GB",
        code="CV344AA",
        latitude=52.28,
        longitude=-1.58,
        accuracy_km=0.1,
        source="onspd",
    )
    towns = Place.objects.filter(kind="town").count()
    change(files / "towns.csv", "\nWarwick,", "\nWarwick upon Avon,")
    load_vocabulary(now)
    assert Place.objects.filter(kind="town").count() == towns
    assert not Place.objects.filter(kind="town", name="Warwick").exists()
    assert Place.objects.filter(code="CV344AA").exists()
