"""The pages of the library.

Every page that says something about health is a ``ReviewedPage``: it carries its sources, who
reviewed it and when, and one call to action.
"""

import json
from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page

from attune.content import blocks
from attune.content.fields import ChoicesField, LinesField
from attune.content.models.kept import Organisation, Reviewer
from attune.vocabulary.models import PresentingIssue, TherapyType

LATE_AFTER = timedelta(days=90)

Renderer = Callable[[Page, HttpRequest], HttpResponse]
_renderers: list[Renderer] = []


def renders_previews(renderer: Renderer) -> Renderer:
    """Register what shows a draft as its readers would see it; it stands to our left."""
    _renderers.append(renderer)
    return renderer


def preview(page: Page, request: HttpRequest) -> HttpResponse:
    return _renderers[0](page, request)


class HomePage(Page):
    """The first page, built from the library, the matcher and the directory."""

    lead = models.CharField(max_length=200)
    summary = models.CharField(max_length=160)
    body = StreamField(blocks.HOME, blank=True)

    # Everybody may read every published page.
    private_page_options: ClassVar[list[str]] = []
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["content.LibraryIndexPage"]
    max_count = 1

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return preview(self, request)


class IndexPage(Page):
    """A page that lists others."""

    summary = models.CharField(max_length=160)

    is_creatable = False
    private_page_options: ClassVar[list[str]] = []

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return preview(self, request)


class LibraryIndexPage(IndexPage):
    """All of the library: search, the kinds of page, and A to Z."""

    SLUG = "library"

    parent_page_types: ClassVar[list[str]] = ["content.HomePage"]
    subpage_types: ClassVar[list[str]] = [
        "content.TherapyIndexPage",
        "content.IssueIndexPage",
        "content.ArticleIndexPage",
    ]
    max_count = 1

    def clean(self) -> None:
        super().clean()
        if self.slug != self.SLUG:
            raise ValidationError({"slug": _("The library stays at /library/.")})


class TherapyIndexPage(IndexPage):
    parent_page_types: ClassVar[list[str]] = ["content.LibraryIndexPage"]
    subpage_types: ClassVar[list[str]] = ["content.TherapyPage"]
    max_count = 1


class IssueIndexPage(IndexPage):
    parent_page_types: ClassVar[list[str]] = ["content.LibraryIndexPage"]
    subpage_types: ClassVar[list[str]] = ["content.IssuePage"]
    max_count = 1


class ArticleIndexPage(IndexPage):
    parent_page_types: ClassVar[list[str]] = ["content.LibraryIndexPage"]
    subpage_types: ClassVar[list[str]] = ["content.ArticlePage"]
    max_count = 1


class ReviewedPage(Page):
    """A page of the library, with its sources and its review."""

    class Sensitivity(models.TextChoices):
        NONE = "none", gettext_lazy("None")
        SENSITIVE = "sensitive", gettext_lazy("Sensitive")
        SAFETY = "safety", gettext_lazy('Abuse or safety: adds "Leave this page"')

    class Target(models.TextChoices):
        SEARCH = "search", gettext_lazy("People who fit, at once")
        QUESTIONS = "questions", gettext_lazy("A few questions first")

    summary = models.CharField(
        max_length=160, help_text=gettext_lazy("One plain sentence; search engines show it too")
    )
    also_known_as = LinesField(longest=80, help_text=gettext_lazy("Other names, one a line"))
    body = StreamField(blocks.BODY, block_counts=blocks.ONE_OF_EACH)
    sources = StreamField([("source", blocks.SourceBlock())], blank=True)
    conflicts = models.CharField(
        max_length=300,
        help_text=gettext_lazy('Who gains from this page, or "None declared"'),
    )
    sensitivity = models.CharField(max_length=10, choices=Sensitivity, default=Sensitivity.NONE)
    picture = models.SlugField(
        blank=True, help_text=gettext_lazy("Which drawing; empty: the one of its address")
    )
    call_to_action = models.CharField(max_length=80)
    call_target = models.CharField(max_length=10, choices=Target, default=Target.SEARCH)
    change_note = models.CharField(
        max_length=200,
        blank=True,
        help_text=gettext_lazy("What changed in meaning, for readers; empty: only wording"),
    )

    # Written by the clinical review, never typed.
    reviewed_by = models.ForeignKey(
        Reviewer, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    reviewed_on = models.DateField(null=True, blank=True, editable=False)
    next_review_on = models.DateField(null=True, blank=True, editable=False)
    # Of the words that were reviewed: other words are not reviewed.
    reviewed_digest = models.CharField(max_length=64, blank=True, editable=False)

    is_creatable = False
    private_page_options: ClassVar[list[str]] = []
    # What is read in one query with the page.
    read_with: ClassVar[tuple[str, ...]] = ("reviewed_by",)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="reviewed_by_somebody_on_a_day",
                condition=models.Q(
                    reviewed_by=None, reviewed_on=None, next_review_on=None, reviewed_digest=""
                )
                | models.Q(
                    reviewed_by__isnull=False,
                    reviewed_on__isnull=False,
                    next_review_on__gt=models.F("reviewed_on"),
                )
                & ~models.Q(reviewed_digest=""),
            ),
        )

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return preview(self, request)

    @property
    def needs_clinical_review(self) -> bool:
        """Whether a clinician has to read it where there is one."""
        return True

    @property
    def is_reviewed(self) -> bool:
        """Whether a clinician reviewed these very words."""
        return bool(self.reviewed_digest) and self.reviewed_digest == self.digest()

    def is_late(self, today: date) -> bool:
        """Whether its review is 90 days late; an edit since does not put that off."""
        return self.next_review_on is not None and today >= lapses_on(self.next_review_on)

    def digest(self) -> str:
        """Return what tells these words from others: of every field that readers see."""
        data = self.serializable_data()
        words = {"title": data["title"]}
        for field in _fields_of_words(type(self)):
            value = data[field.name]
            is_stream = isinstance(field, StreamField)
            words[field.name] = _without_ids(json.loads(value)) if is_stream else value
        return sha256(json.dumps(words, sort_keys=True, cls=DjangoJSONEncoder).encode()).hexdigest()

    def preset(self) -> dict[str, str]:
        """Return what the call to action asks for, as the questionnaire's fields take it."""
        return {}


def _fields_of_words(model: type[ReviewedPage]) -> list["models.Field[Any, Any]"]:
    """Return the fields of what an editor writes on such a page, and readers see."""
    of_pages = {field.name for field in Page._meta.get_fields()}  # noqa: SLF001  # public name
    return [
        field
        for field in model._meta.concrete_fields  # noqa: SLF001  # public name
        if field.editable and field.name not in of_pages and not field.primary_key
    ]


def _without_ids(value: Any) -> Any:
    """Return a stream without the marks of its blocks, which are made anew now and then."""
    if isinstance(value, list):
        return [_without_ids(one) for one in value]
    if isinstance(value, dict):
        return {name: _without_ids(one) for name, one in value.items() if name != "id"}
    return value


def lapses_on(next_review_on: date) -> date:
    """Return the day from which a page that was not reviewed again is under review."""
    return next_review_on + LATE_AFTER


class TherapyPage(ReviewedPage):
    class Format(models.TextChoices):
        ONE_TO_ONE = "one-to-one", gettext_lazy("one to one")
        GROUP = "group", gettext_lazy("in a group")
        COUPLE = "couple", gettext_lazy("as a couple")
        FAMILY = "family", gettext_lazy("as a family")
        ONLINE = "online", gettext_lazy("online")

    read_with = ("reviewed_by", "therapy_type")

    therapy_type = models.OneToOneField(TherapyType, models.PROTECT, related_name="page")
    formats = ChoicesField(
        models.CharField(max_length=12, choices=Format.choices), default=list, blank=True
    )
    fewest_sessions = models.PositiveSmallIntegerField(null=True, blank=True)
    most_sessions = models.PositiveSmallIntegerField(null=True, blank=True)
    fewest_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    most_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    what_happens = StreamField([blocks.STEPS], blank=True)
    research = RichTextField(features=blocks.RICH_TEXT_FEATURES, blank=True)
    suits = LinesField(longest=200)
    may_not_suit = LinesField(longest=200)
    training_to_look_for = RichTextField(features=blocks.RICH_TEXT_FEATURES, blank=True)
    preparation = StreamField(
        [("prompt", blocks.PromptBlock())],
        blank=True,
        help_text=gettext_lazy('What the sheet "Before your first session" asks; empty: no sheet'),
    )

    parent_page_types: ClassVar[list[str]] = ["content.TherapyIndexPage"]
    subpage_types: ClassVar[list[str]] = []

    def preset(self) -> dict[str, str]:
        return {"therapy": self.therapy_type.slug}


class IssuePage(ReviewedPage):
    class Kind(models.TextChoices):
        DIAGNOSIS = "diagnosis", gettext_lazy("A diagnosis")
        DIFFICULTY = "difficulty", gettext_lazy("A difficulty")
        LIFE_EVENT = "life-event", gettext_lazy("Something that happens in life")

    read_with = ("reviewed_by", "issue")

    issue = models.OneToOneField(PresentingIssue, models.PROTECT, related_name="page")
    kind = models.CharField(max_length=12, choices=Kind)
    signs = LinesField(longest=200)
    research = RichTextField(features=blocks.RICH_TEXT_FEATURES, blank=True)
    self_help = StreamField(blocks.SELF_HELP, blank=True)
    when_to_get_help = StreamField([blocks.CARE_CARD], blank=True)
    codes = LinesField(longest=40, help_text=gettext_lazy('One a line, such as "ICD-11 6A70"'))

    parent_page_types: ClassVar[list[str]] = ["content.IssueIndexPage"]
    subpage_types: ClassVar[list[str]] = []

    def preset(self) -> dict[str, str]:
        return {"issue": self.issue.slug}


class ArticlePage(ReviewedPage):
    class Kind(models.TextChoices):
        EXPLAINER = "explainer", gettext_lazy("Explainer")
        FIRST_PERSON = "first-person", gettext_lazy("First person")
        INTERVIEW = "interview", gettext_lazy("Interview")
        NEWS = "news", gettext_lazy("News")

    standfirst = models.CharField(max_length=300)
    authors = LinesField(longest=120)
    published_on = models.DateField()
    tags = LinesField(longest=40)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.EXPLAINER)
    issues = ParentalManyToManyField(PresentingIssue, blank=True, related_name="articles")
    therapy_types = ParentalManyToManyField(TherapyType, blank=True, related_name="articles")

    @property
    def needs_clinical_review(self) -> bool:
        """Advice on when to get help is a clinician's to check, wherever it stands."""
        return any(block.block_type == "care_card" for block in self.body)

    parent_page_types: ClassVar[list[str]] = ["content.ArticleIndexPage"]
    subpage_types: ClassVar[list[str]] = []


class RelatedPage(Orderable):
    """One page leads to another."""

    class Kind(models.TextChoices):
        HELPS_WITH = "helps_with", gettext_lazy("helps with, or is helped by (shown on both)")
        SIMILAR_TO = "similar_to", gettext_lazy("is similar to (shown on both)")
        READ_NEXT = "read_next", gettext_lazy("read next")

    page = ParentalKey(ReviewedPage, on_delete=models.CASCADE, related_name="related")
    to = models.ForeignKey(ReviewedPage, models.CASCADE, related_name="related_from")
    kind = models.CharField(max_length=12, choices=Kind)

    class Meta(Orderable.Meta):
        constraints = (
            models.UniqueConstraint(fields=("page", "to"), name="one_relation_each_way"),
        )


class PageOrganisation(Orderable):
    """An organisation that a page names."""

    page = ParentalKey(ReviewedPage, on_delete=models.CASCADE, related_name="organisations")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
