"""What an editor hears about a page: each rule with a page that breaks it and one that does not."""

from datetime import date

import pytest

from attune.content import checker, models
from attune.content.checker import check_report, findings, reading_age_of
from attune.content.models import ReviewedPage

pytestmark = pytest.mark.django_db

LONG = "You " + "and you " * 15 + "talk."


def page_called(slug: str) -> ReviewedPage:
    return ReviewedPage.objects.get(slug=slug).specific


@pytest.fixture
def page() -> ReviewedPage:
    """The page about depression, as it is shipped: nothing is found on it."""
    return page_called("depression")


def of_rule(rule: str, page: ReviewedPage) -> list[checker.Finding]:
    return [one for one in findings(page) if one.rule == rule]


def heading(level: int | str, text: str = "A heading") -> tuple[str, dict[str, str]]:
    return ("heading", {"text": text, "level": str(level)})


def text(words: str) -> tuple[str, str]:
    return ("rich_text", f"<p>{words}</p>")


def care(level: str, title: str = "Talk to a GP if:") -> tuple[str, dict[str, object]]:
    return ("care_card", {"level": level, "title": title, "items": ["it does not ease"]})


def image(alt: str, *, is_decorative: bool) -> tuple[str, models.LibraryImage]:
    drawn = models.LibraryImage(title="Two chairs")
    drawn.contextual_alt_text, drawn.decorative = alt, is_decorative
    return ("image", drawn)


def quote(consent: str) -> tuple[str, models.Testimonial]:
    said = {"words": "It helped.", "who": "Ada", "place": "Ely", "consented_on": date(2026, 1, 5)}
    return ("quote", models.Testimonial.objects.create(consent_reference=consent, **said))


def test_a_finding_says_what_to_do_and_where(page):
    page.body = [text("All is well. [1]"), heading(2), heading(4, "Too small")]
    assert of_rule("heading-order", page) == [
        checker.Finding(
            rule="heading-order",
            sentence='Give the heading "Too small" level 3: no level may be skipped.',
            where="Body, block 3 (Heading)",
            refuses=True,
        )
    ]


# (rule, whether it refuses, a body that breaks it, bodies that do not)
BODIES = [
    ("one-h1", True, [heading(1)], [[heading(2)], [heading(3)], [heading(4)]]),
    ("one-h1", True, [heading("")], []),
    (
        "heading-order",
        True,
        [heading(2), heading(4)],
        [
            [heading(2), heading(3), heading(4), heading(2)],
            [heading(2), ("do_list", {"title": "Do", "items": ["rest"]}), heading(4)],
        ],
    ),
    ("heading-order", True, [text("First."), heading(3)], [[text("First."), heading(2)]]),
    (
        "link-words",
        True,
        [text('<a href="https://x.org">Click <b>here</b></a>.')],
        [[text('Click here: <a href="https://x.org">the register</a>')]],
    ),
    *[
        ("link-words", True, [text(f'See <a href="https://x.org">{words}</a>.')], [])
        for words in ("here", "Read more", "this link", "here.", "Read more »")
    ],
    (
        "dont-list",
        True,
        [("dont_list", {"title": "Leave out", "items": ["do not rush", "avoid coffee"]})],
        [[("dont_list", {"title": "Leave out", "items": ["do not rush", "Do not wait"]})]],
    ),
    ("crisis-number", True, [text("Call 116 123.")], [[text("It costs £999 in 2026.")]]),
    ("crisis-number", True, [heading(2, "Call 999")], [[heading(2, "In 1999")]]),
    ("crisis-number", True, [care("urgent", "Call 111 if:")], [[care("urgent")]]),
    ("damage", True, [text("<script>alert(1)</script>")], [[text("A <b>word</b>")]]),
    ("damage", True, [("rich_text", "<h1>A title</h1>")], []),
    ("damage", True, [heading(2, "Broken \ufffd here")], [[heading(2, "Whole")]]),
    ("citation", True, [text("So it is. [99]")], [[text("So it is. [1] And so. [1, 2]")]]),
    ("citation", True, [text("So it is. [1-3]")], [[text("So it is [as they say].")]]),
    ("one-care-card", True, [care("non-urgent")], [[care("none of those there")]]),
    ("care-title", False, [care("urgent", "Talk to a GP")], [[care("urgent")]]),
    ("long-sentence", False, [text(LONG)], [[text(LONG.replace("you and you ", "", 1))]]),
    ("long-sentence", False, [("inset", f"<p>{LONG}</p>")], []),
    ("long-sentence", False, [("do_list", {"title": "Do", "items": [LONG]})], []),
]


@pytest.mark.parametrize(("rule", "refuses", "broken", "whole"), BODIES)
def test_a_rule_finds_the_page_that_breaks_it_and_no_other(page, rule, refuses, broken, whole):
    page.body = broken
    assert {one.refuses for one in of_rule(rule, page)} == {refuses}
    for body in whole:
        page.body = body
        assert of_rule(rule, page) == []


# (rule, whether it refuses, a field, a value that breaks it, one that does not)
FIELDS = [
    ("summary", False, "summary", "One sentence. And another.", "One sentence, e.g. this."),
    ("summary", False, "summary", "", "One"),
    ("summary", False, "summary", f"A {'very ' * 30}long one.", f"A {'very ' * 29}long one."),
    ("call-to-action", True, "call_to_action", " ", "Find someone"),
    ("crisis-number", True, "signs", ["you called 999"], ["you counted to 10"]),
    ("crisis-number", True, "summary", "Call 111 first.", "A first page."),
    ("link-words", True, "research", '<p><a href="/x/">here</a></p>', "<p>here</p>"),
    ("citation", True, "research", "<p>So. [99]</p>", "<p>So. [2]</p>"),
    ("damage", True, "also_known_as", ["low\ufffdmood"], ["low mood"]),
    ("few-sources", True, "sources", [], None),
    ("uncited-source", False, "research", "", None),
    ("care-title", False, "when_to_get_help", [care("urgent", "Get help")], [care("urgent")]),
    (
        "one-care-card",
        True,
        "when_to_get_help",
        [care("urgent"), care("urgent")],
        [care("urgent"), care("emergency")],
    ),
    (
        "dont-list",
        True,
        "self_help",
        [("dont_list", {"title": "Leave out", "items": ["avoid coffee"]})],
        [("dont_list", {"title": "Leave out", "items": ["do not rush"]})],
    ),
]


@pytest.mark.parametrize(("rule", "refuses", "field", "broken", "whole"), FIELDS)
def test_a_rule_reads_every_field_of_a_page(page, rule, refuses, field, broken, whole):
    shipped = getattr(page, field)
    setattr(page, field, broken)
    assert {one.refuses for one in of_rule(rule, page)} == {refuses}
    setattr(page, field, shipped if whole is None else whole)
    assert of_rule(rule, page) == []


def test_a_picture_has_words_or_is_decorative(page):
    page.body = [image("", is_decorative=False)]
    (found,) = of_rule("alt-choice", page)
    assert found.refuses
    for chosen in (image("Two empty chairs", is_decorative=False), image("", is_decorative=True)):
        page.body = [chosen]
        assert of_rule("alt-choice", page) == []


def test_words_of_a_person_need_a_consent_that_can_be_found(page):
    page.body = [quote(" ")]
    (found,) = of_rule("consent", page)
    assert found.refuses
    page.body = [quote("folder 3, page 12")]
    assert of_rule("consent", page) == []


def test_one_care_card_of_each_urgency_in_text_and_in_its_own_field_together(page):
    assert of_rule("one-care-card", page) == []
    page.body = [*[(one.block_type, one.value) for one in page.body], care("emergency")]
    (found,) = of_rule("one-care-card", page)
    assert found.where.startswith("When to get help")


def test_a_question_with_its_answer_is_read_with_the_page(page):
    asked = {"question": "Must I speak?", "short_answer": "No."}
    page.body = [("faq", [models.FAQ.objects.create(**asked, long_answer="<p>So it is. [99]</p>")])]
    (found,) = of_rule("citation", page)
    assert found.sentence == "Add source 99, or take out [99]."


@pytest.fixture
def clinician(django_user_model) -> models.Reviewer:
    user = django_user_model.objects.create_user("clinician@demo.example")
    return models.Reviewer.objects.create(
        user=user, name="C", role="Psychologist", registration="HCPC 1"
    )


def test_a_review_says_by_whom_on_which_day_and_until_when(page, clinician):
    page.reviewed_by, page.reviewed_digest = clinician, page.digest()
    (found,) = of_rule("review-state", page)
    assert found.refuses
    page.reviewed_on, page.next_review_on = date(2026, 1, 31), date(2028, 1, 31)
    assert of_rule("review-state", page) == []


def test_a_review_holds_for_two_years_at_most(page, clinician):
    page.reviewed_by, page.reviewed_digest = clinician, page.digest()
    page.reviewed_on, page.next_review_on = date(2026, 1, 31), date(2028, 2, 1)
    (found,) = of_rule("review-state", page)
    assert found.sentence == "Have the page reviewed again: a review holds for 24 months."


def test_a_page_that_nobody_reviewed_may_be_published(page):
    assert page.reviewed_by is None
    assert of_rule("review-state", page) == []


def test_hard_words_are_flagged_by_the_reading_age_of_the_whole_page(page):
    hard = "Psychotherapeutic interventions ameliorate interpersonal dysfunction significantly. "
    page.body = [text(hard * 100)]
    (found,) = of_rule("reading-age", page)
    assert (found.refuses, found.where) == (False, "")
    assert reading_age_of(page) > checker.OLDEST_READING_AGE


def test_what_refuses_comes_first(page):
    # Without its citations all sources are flagged, by a rule that is asked before that of cards.
    page.body = [care("urgent"), care("urgent")]
    refusals = [one.refuses for one in findings(page)]
    assert refusals == sorted(refusals, reverse=True)
    assert {True, False} == set(refusals)


def test_a_new_page_without_anything_is_told_what_it_needs(page):
    empty = type(page)(title="")
    assert {one.rule for one in findings(empty)} == {"few-sources", "summary", "call-to-action"}


def test_a_draft_is_read_as_it_stands_and_not_as_it_was_published(page):
    page.body = [text("Call 116 123.")]
    draft = page.save_revision().as_object()
    assert of_rule("crisis-number", draft)
    assert not of_rule("crisis-number", page_called("depression"))


@pytest.mark.parametrize("count", [1, 30])
def test_a_page_asks_the_database_once_however_long_it_is(django_assert_num_queries, page, count):
    page.body = [text(f"{number} people, 999 trials.") for number in range(count)]
    with django_assert_num_queries(1):
        findings(page)


def test_every_shipped_page_may_be_published():
    refusals = {
        one.page.slug: [(each.where, each.sentence) for each in one.findings if each.refuses]
        for one in check_report(ReviewedPage.objects.live())
    }
    assert len(refusals) == 20
    assert {slug: found for slug, found in refusals.items() if found} == {}


def test_every_shipped_page_reads_at_fourteen_or_younger(record_testsuite_property):
    ages = {one.page.slug: one.reading_age for one in check_report(ReviewedPage.objects.live())}
    for slug, age in sorted(ages.items()):
        print(f"{slug}: {age:.1f}")  # noqa: T201  # shown by pytest -rP
        record_testsuite_property(f"reading age of {slug}", f"{age:.1f}")
    assert {slug: age for slug, age in ages.items() if not 5 < age <= 14} == {}


def test_a_report_agrees_with_what_each_page_says_alone(page):
    (report,) = check_report([page])
    assert report.findings == tuple(findings(page))
    assert report.reading_age == reading_age_of(page)
    assert not report.refuses
