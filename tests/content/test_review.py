"""Draft, editor check, clinical review, publish: and what a page then says of itself."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from wagtail.models import TaskState

from attune.content.models import (
    CLINICAL_REVIEWERS,
    ArticlePage,
    ClinicalReviewTask,
    IssuePage,
    LibraryIndexPage,
    Reviewer,
    ReviewSettings,
    TherapyPage,
    months_after,
)
from attune.content.review import due_list, review_words
from attune.outbox.models import Message
from attune.vocabulary.models import EvidenceStatement
from content.staff import chief, clio, erin, member

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NOW = "2026-11-18T10:00:00Z"
TODAY = date(2026, 11, 18)


@pytest.fixture(autouse=True)
def _a_fixed_day():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def page() -> TherapyPage:
    return TherapyPage.objects.get(slug="ipt")


def handed_in(page, by):
    """Write new words into a page and hand it in."""
    page.summary = "New words for the summary."
    page.save_revision(user=by)
    return page.get_workflow().start(page, by)


def approve(state, by):
    task = state.current_task_state
    names = [name for name, *_ in task.task.specific.get_actions(state.content_object, by)]
    if "approve" not in names:
        raise PermissionDenied
    task.task.specific.on_action(task, by, "approve")
    state.refresh_from_db()


def send_back(state, by, comment):
    task = state.current_task_state
    task.task.specific.on_action(task, by, "reject", comment=comment)
    state.refresh_from_db()


def as_published(page):
    return type(page).objects.get(pk=page.pk)


def reviewed(page, by):
    """Have a page's new words checked, reviewed and published; return it."""
    state = handed_in(page, by)
    approve(state, chief())
    approve(state, by)
    return as_published(page)


def test_a_page_is_published_when_an_editor_and_a_clinician_have_approved_it(page):
    clinician, state = clio(), handed_in(page, erin())
    approve(state, chief())
    assert as_published(page).summary != "New words for the summary."
    approve(state, clinician)
    published = as_published(page)
    assert published.summary == "New words for the summary."
    assert review_words(published).title == (
        "Reviewed by Clio Fernhollow, clinical psychologist (HCPC 0) on 18 November 2026"
    )
    assert review_words(published).next == "Next review due: 18 November 2027"


def test_a_site_without_a_clinician_publishes_pages_that_say_so(page):
    state = handed_in(page, erin())
    approve(state, chief())
    assert as_published(page).summary == "New words for the summary."
    assert review_words(as_published(page)).title == "Not yet reviewed by a clinician"
    skipped = TaskState.objects.get(status=TaskState.STATUS_SKIPPED)
    assert skipped.comment == "Passed over: no clinician reviews such pages here."


def test_an_article_needs_a_clinician_only_when_it_says_when_to_get_help():
    clinician = clio()
    article = ArticlePage.objects.get(slug="how-to-choose-a-therapist")
    approve(handed_in(article, erin()), boss := chief())
    assert as_published(article).summary == "New words for the summary."
    card = {"level": "urgent", "title": "Ask for help today if:", "items": ["you feel unsafe"]}
    article.body.append(("care_card", card))
    state = handed_in(article, member("Other"))
    approve(state, boss)
    assert state.current_task_state.task.specific == ClinicalReviewTask.objects.get()
    approve(state, clinician)
    assert as_published(article).is_reviewed


def test_an_edit_in_review_has_to_be_approved_again_from_the_start(page):
    clinician, state, boss = clio(), handed_in(page, erin()), chief()
    approve(state, boss)
    page = page.get_latest_revision().as_object()
    page.summary = "Changed while it was being reviewed."
    page.save_revision()
    approve(state, clinician)
    assert state.current_task_state.task.name == "Editor check"
    assert as_published(page).summary != "Changed while it was being reviewed."


def test_nobody_but_a_clinician_approves_as_one(page):
    clio()
    state = handed_in(page, erin())
    approve(state, chief())
    administrator = member("Admin", is_superuser=True, is_staff=True)
    without_registration = member("New", CLINICAL_REVIEWERS)
    for one in (administrator, without_registration):
        with pytest.raises(PermissionDenied):
            approve(state, one)


def test_a_clinician_who_left_is_no_clinician(page):
    user = clio()
    user.is_active = False
    user.save()
    assert not Reviewer.exists_here()


def test_words_that_changed_since_are_not_reviewed_and_the_old_ones_are_again(page):
    published = reviewed(page, clio())
    old = published.live_revision
    published.summary = "Published by an administrator without anybody's review."
    published.save_revision().publish()
    changed = as_published(page)
    assert review_words(changed).title == "Not yet reviewed by a clinician"
    old.as_object().save_revision().publish()
    assert as_published(page).is_reviewed


def test_the_time_between_reviews_is_the_sites_choice(page):
    settings = ReviewSettings.load()
    settings.months = 24
    settings.save()
    assert reviewed(page, clio()).next_review_on == date(2028, 11, 18)


def test_months_end_where_a_shorter_month_does():
    assert months_after(date(2027, 8, 31), 6) == date(2028, 2, 29)


def test_a_review_names_somebody_and_two_days(page):
    with pytest.raises(IntegrityError), transaction.atomic():
        TherapyPage.objects.filter(pk=page.pk).update(reviewed_on=TODAY)


def test_who_checks_and_who_wrote_hear_of_it_in_neutral_words(page):
    writer, boss = erin(), chief()
    state = handed_in(page, writer)
    send_back(state, boss, "Say it more plainly.")
    sent = dict(Message.objects.values_list("kind", "about"))
    assert sent == {"page-waits": boss.code, "page-came-back": writer.code}


def test_evidence_lapses_90_days_after_a_page_that_shows_it_was_due(page):
    reviewed(page, clio())
    late = date(2027, 11, 18) + timedelta(days=90)
    about = EvidenceStatement.objects.filter(therapy_type__slug="ipt")
    assert set(about.values_list("lapses_on", flat=True)) == {late}
    others = EvidenceStatement.objects.exclude(therapy_type__slug="ipt")
    assert set(others.values_list("lapses_on", flat=True)) == {None}


def test_of_two_pages_that_show_a_statement_the_one_due_first_decides(page):
    clinician = clio()
    reviewed(page, clinician)
    depression = IssuePage.objects.get(slug="depression")
    with time_machine.travel("2026-12-01T10:00:00Z", tick=False):
        state = handed_in(depression, member("Writer"))
        approve(state, chief_again())
        approve(state, clinician)
    both = EvidenceStatement.objects.filter(
        therapy_type__slug="ipt", issue__slug="depression"
    ).first()
    one = EvidenceStatement.objects.filter(
        therapy_type__slug="cbt", issue__slug="depression"
    ).first()
    assert both.lapses_on == date(2027, 11, 18) + timedelta(days=90)
    assert one.lapses_on == date(2027, 12, 1) + timedelta(days=90)


def chief_again():
    from attune.accounts.models import User  # the one that an earlier step made

    return User.objects.get(name="Chief")


@pytest.mark.parametrize(
    ("day", "heading"),
    [
        (date(2027, 9, 18), None),
        (date(2027, 9, 19), "Due within 60 days"),
        (date(2027, 10, 19), "Due within 30 days"),
        (date(2027, 11, 18), "Due now"),
        (date(2028, 2, 15), "Due now"),
        (date(2028, 2, 16), "90 days late: the page says that it is being reviewed"),
    ],
)
def test_editors_see_what_is_due_under_one_heading(page, day, heading):
    found = due_list([reviewed(page, clio())], today=day)
    assert [one.heading for one in found] == ([heading] if heading else [])


def test_editors_see_which_pages_nobody_reviewed(page):
    (found,) = due_list([page], today=TODAY)
    assert (found.heading, found.pages) == ("Not yet reviewed by a clinician", (page,))


def test_an_edit_does_not_put_off_that_a_review_is_late(page):
    published = reviewed(page, clio())
    published.summary = "One word was mended, long after the review was due."
    published.save_revision().publish()
    changed = as_published(page)
    late = date(2028, 2, 16)
    assert not changed.is_reviewed
    assert changed.is_late(late)
    assert not changed.is_late(late - timedelta(days=1))
    about = EvidenceStatement.objects.filter(therapy_type__slug="ipt")
    assert set(about.values_list("lapses_on", flat=True)) == {late}


def test_the_library_itself_stays_at_its_address():
    library = LibraryIndexPage.objects.get()
    library.slug = "books"
    with pytest.raises(ValidationError, match="The library stays at /library/"):
        library.full_clean()
