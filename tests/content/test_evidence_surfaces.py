"""One statement, one truth: on a therapy's page, on an issue's page, and in a match's reasons."""

import json
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from attune.accounts.models import User
from attune.content.models import ArticlePage, IssuePage, Reviewer, TherapyPage, stamp
from attune.content.words import evidence_words
from attune.vocabulary.models import EvidenceStatement, PresentingIssue, TherapyType
from attune.vocabulary.signals import vocabulary_changed
from content.people import online
from content.reading import library_pages, path_of, read, words_of

IPT, DEPRESSION = "/library/therapies/ipt/", "/library/issues/depression/"
REASON = "Offers interpersonal therapy, which guidelines list for depression"
# Committed: the index of a transaction is always new, and so proves nothing.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ALL, NONE = (True, True, True), (False, False, False)


@pytest.fixture(autouse=True)
def _ines(settings):
    settings.IS_DEMO_SITE = True
    online(1, "Ines Online", focus_issues=("depression",))


@pytest.fixture
def reviewer() -> Reviewer:
    user = User.objects.create_user(email="rhoda@clinic.example")
    return Reviewer.objects.create(
        user=user, name="Dr Rhoda Example", role="Clinical psychologist", registration="HCPC X1"
    )


def statement() -> EvidenceStatement:
    return EvidenceStatement.objects.get(issue__slug="depression", therapy_type__slug="ipt")


def change(at: datetime, **values: object) -> None:
    """Change the statement as the staff pages do."""
    EvidenceStatement.objects.filter(pk=statement().pk).update(**values)
    vocabulary_changed.send(sender=EvidenceStatement, at=at)


def review(page, reviewer: Reviewer, *, on: date) -> None:
    """Have a page reviewed and published."""
    revision = page.save_revision()
    stamp(revision, reviewer, on=on)
    revision.publish()


def shown_on(path: str) -> list[str]:
    """Return what a page says of each statement."""
    return [
        words_of(one) for one in read(Client(), path).tree.findall(".//ul[@class='evidence']/li")
    ]


def reasons() -> str:
    """Return the results page of somebody who comes with depression."""
    visitor = Client()
    visitor.post("/match/begin/?to=results", {"issue": "depression"})
    return read(visitor, "/match/results/").words


def surfaces() -> tuple[bool, bool, bool]:
    """Return whether it is on the therapy's page, on the issue's page, and in the reasons."""
    sentence = statement().sentence
    return (
        any(sentence in one for one in shown_on(IPT)),
        any(sentence in one for one in shown_on(DEPRESSION)),
        REASON in reasons(),
    )


def test_both_pages_say_it_in_the_same_words_and_the_reason_counts_it():
    said = f"{evidence_words(statement())} {statement().sentence}"
    assert said.startswith("One of the options in national guidance. Some trial evidence. For a")
    (on_therapy,) = [one for one in shown_on(IPT) if statement().sentence in one]
    (on_issue,) = [one for one in shown_on(DEPRESSION) if statement().sentence in one]
    population = statement().population
    assert on_therapy.startswith(f"Depression and low mood: {population} {said}")
    assert on_issue.startswith(f"{statement().therapy_type.label}: {population} {said}")
    assert REASON in reasons()


def test_what_is_suspended_goes_from_all_three_at_once_and_comes_back_to_all_three(now):
    assert surfaces() == ALL
    change(now, suspended_on=now.date())
    assert surfaces() == NONE
    change(now, suspended_on=None)
    assert surfaces() == ALL


def test_what_is_suspended_from_a_day_on_goes_from_all_three_on_that_day(now, clock):
    change(now, suspended_on=date(2026, 11, 20))
    assert surfaces() == ALL
    clock.move_to(datetime(2026, 11, 19, 23, 59, tzinfo=UTC))
    assert surfaces() == ALL
    clock.move_to(datetime(2026, 11, 20, 0, 1, tzinfo=UTC))
    assert surfaces() == NONE


@pytest.mark.parametrize("late", ["therapy", "issue"])
def test_a_page_90_days_late_shows_so_and_takes_its_statements_from_all_three(
    clock, reviewer, late
):
    page = {
        "therapy": TherapyPage.objects.get(slug="ipt"),
        "issue": IssuePage.objects.get(slug="depression"),
    }[late]
    # A year later is 21 August 2026, and 90 days later 19 November.
    review(page, reviewer, on=date(2025, 8, 21))
    banner = "This page is being reviewed"
    clock.move_to(datetime(2026, 11, 18, 23, 59, tzinfo=UTC))
    assert surfaces() == ALL
    assert banner not in read(Client(), path_of(page)).words
    clock.move_to(datetime(2026, 11, 19, 0, 1, tzinfo=UTC))
    assert surfaces() == NONE
    assert banner in read(Client(), path_of(page)).words
    (other,) = {IPT, DEPRESSION} - {path_of(page)}
    assert banner not in read(Client(), other).words
    review(page, reviewer, on=date(2026, 11, 19))
    assert surfaces() == ALL
    assert banner not in read(Client(), path_of(page)).words


def test_a_late_page_keeps_its_own_words_and_says_that_no_guidance_was_read(clock, reviewer):
    page = TherapyPage.objects.get(slug="ipt")
    review(page, reviewer, on=date(2025, 8, 21))
    clock.move_to(datetime(2026, 11, 19, 12, tzinfo=UTC))
    shown = read(Client(), IPT)
    assert shown.all("ul", class_="evidence") == []
    assert "In 2016, researchers put together 90 trials" in shown.words
    assert shown.errors == []


def test_a_checked_statement_names_who_checked_it(now):
    change(now, checked_by="Dr Rhoda Example")
    for path in (IPT, DEPRESSION):
        (shown,) = [one for one in shown_on(path) if statement().sentence in one]
        assert "Checked by Dr Rhoda Example." in shown
        assert "Not yet reviewed" not in shown


def test_on_a_real_site_an_unchecked_statement_is_shown_as_such_and_does_not_count(settings, now):
    settings.IS_DEMO_SITE = False
    vocabulary_changed.send(sender=EvidenceStatement, at=now)
    assert surfaces() == (True, True, False)
    change(now, checked_by="Dr Rhoda Example")
    assert surfaces() == ALL


def test_what_holds_for_children_or_a_narrower_group_is_shown_nowhere():
    narrower = EvidenceStatement.objects.filter(holds_for_adults=False)
    assert narrower.filter(issue__slug="depression").exists()
    for page in library_pages():
        html = read(Client(), path_of(page)).html
        assert [one for one in narrower if one.sentence in html] == []


def test_a_statement_links_to_a_page_only_as_long_as_there_is_one():
    assert DEPRESSION in read(Client(), IPT).links
    IssuePage.objects.get(slug="depression").unpublish()
    page = read(Client(), IPT)
    assert DEPRESSION not in page.links
    assert any(one.startswith("Depression and low mood: ") for one in shown_on(IPT))


def test_a_therapy_without_a_page_is_named_without_a_link():
    titles = read(Client(), DEPRESSION).tree.findall(".//p[@class='evidence__title']")
    without = [one for one in titles if one.find("a") is None]
    assert any(words_of(one).startswith("Mindfulness-based") for one in without)


def boxed(page, **about: int | None) -> None:
    """Put an evidence box at the head of a page and publish it."""
    box = {"type": "evidence_box", "value": {"therapy_type": None, "issue": None} | about}
    page.body = json.dumps([box, *page.body.get_prep_value()])
    page.save_revision().publish()


def test_a_box_names_what_its_statements_differ_in_whatever_page_it_stands_on():
    ipt = TherapyType.objects.get(slug="ipt").pk
    depression = PresentingIssue.objects.get(slug="depression").pk
    article = ArticlePage.objects.get(slug="what-therapy-costs")
    boxed(article, therapy_type=ipt)
    about_ipt = shown_on(path_of(article))
    assert [one.split(":")[0] for one in about_ipt] == [one.split(":")[0] for one in shown_on(IPT)]
    cbt = TherapyPage.objects.get(slug="cbt")
    boxed(cbt, issue=depression)
    about_depression = shown_on(DEPRESSION)
    assert shown_on(path_of(cbt))[: len(about_depression)] == about_depression


def test_a_box_of_the_pages_own_holds_the_statements_and_what_was_written_stays():
    page = TherapyPage.objects.get(slug="ipt")
    before = shown_on(IPT)
    boxed(page)
    shown = read(Client(), IPT)
    assert shown_on(IPT) == before
    assert "In 2016, researchers put together 90 trials" in shown.words
    assert shown.errors == []


def test_a_box_about_something_else_leaves_the_pages_own_statements_in_their_place():
    before = shown_on(IPT)
    boxed(TherapyPage.objects.get(slug="ipt"), issue=PresentingIssue.objects.get(slug="sleep").pk)
    assert shown_on(IPT)[-len(before) :] == before
    assert len(shown_on(IPT)) > len(before)
