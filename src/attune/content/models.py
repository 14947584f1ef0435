"""The library: pages that explain, and what they are made of.

Every page that says something about health is a ``ReviewedPage``: it carries its sources, who
reviewed it and when, and one call to action.
"""

import json
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.fields import RichTextField, StreamField
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.models import AbstractGroupApprovalTask, Orderable, Page, Revision, TaskState

from attune.content import blocks
from attune.content.fields import ChoicesField, LinesField
from attune.vocabulary.models import FromDataFile, PresentingIssue, TherapyType

# Who may let a page out: made with the library, filled on the staff pages.
EDITORS, CHIEF_EDITORS, CLINICAL_REVIEWERS = "Editors", "Chief editors", "Clinical reviewers"
MOST_MONTHS_BETWEEN_REVIEWS = 24
LATE_AFTER = timedelta(days=90)

COLOUR = RegexValidator(
    r"\A#[0-9A-Fa-f]{6}\Z", gettext_lazy("Enter a colour as # and six digits, such as #0B5254.")
)


Renderer = Callable[[Page, HttpRequest], HttpResponse]
_renderers: list[Renderer] = []


def renders_previews(renderer: Renderer) -> Renderer:
    """Register what shows a draft as its readers would see it; it stands to our left."""
    _renderers.append(renderer)
    return renderer


def preview(page: Page, request: HttpRequest) -> HttpResponse:
    return _renderers[0](page, request)


class Reviewer(models.Model):
    """A clinician who reviews pages here, as the pages name them."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviewer")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=120)
    registration = models.CharField(
        max_length=120, help_text=gettext_lazy("Register and number, as in HCPC PYL00000")
    )

    def __str__(self) -> str:
        return f"{self.name}, {self.role}"

    @classmethod
    def exists_here(cls) -> bool:
        """Whether anybody can review a page as a clinician."""
        active = cls.objects.filter(user__is_active=True)
        return active.filter(user__groups__name=CLINICAL_REVIEWERS).exists()


class Organisation(FromDataFile):
    """Somewhere else that helps, explains, or keeps a register."""

    class Kind(models.TextChoices):
        CHARITY = "charity", gettext_lazy("Charity")
        PROFESSIONAL_BODY = "professional-body", gettext_lazy("Professional body")
        REGULATOR = "regulator", gettext_lazy("Regulator")
        NHS = "nhs", gettext_lazy("NHS")
        HELPLINE = "helpline", gettext_lazy("Helpline")

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind)
    what = models.CharField(max_length=300, help_text=gettext_lazy("What a reader finds there"))
    url = models.URLField()
    register_url = models.URLField(blank=True)
    area = models.CharField(max_length=60, default="UK")
    languages = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    hours = models.CharField(max_length=120, blank=True)
    therapies = LinesField(
        longest=50, help_text=gettext_lazy("Codes of the therapies it concerns, one a line")
    )
    issues = LinesField(
        longest=50, help_text=gettext_lazy("Codes of the issues it concerns, one a line")
    )
    checked_on = models.DateField()
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Testimonial(models.Model):
    """Somebody's own words, shown only as far as they agreed to."""

    words = models.TextField(max_length=500)
    who = models.CharField(max_length=80, help_text=gettext_lazy("As agreed: a first name will do"))
    role = models.CharField(max_length=80, blank=True)
    place = models.CharField(max_length=80)
    consent_reference = models.CharField(
        max_length=80, help_text=gettext_lazy("Where the recorded consent is kept")
    )
    consented_on = models.DateField()
    # Written for a demonstration; the page says "Example".
    is_example = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="consent_is_recorded", condition=~models.Q(consent_reference="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.who}, {self.place}"


class FAQ(models.Model):
    """A question that people really ask."""

    class Audience(models.TextChoices):
        SEEKER = "seeker", gettext_lazy("People who look for therapy")
        PRACTITIONER = "practitioner", gettext_lazy("Practitioners")

    question = models.CharField(max_length=160, unique=True)
    short_answer = models.CharField(max_length=200)
    long_answer = RichTextField(features=blocks.RICH_TEXT_FEATURES, blank=True)
    audience = models.CharField(max_length=20, choices=Audience, default=Audience.SEEKER)

    class Meta:
        verbose_name = "question and answer"
        verbose_name_plural = "questions and answers"

    def __str__(self) -> str:
        return self.question


class StoredFile(models.Model):
    """What an editor uploaded, or a picture drawn from it."""

    name = models.CharField(max_length=200, unique=True)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.name


class LibraryImage(AbstractImage):
    """A picture that an editor put in, drawn anew when it comes: it carries only pixels."""

    admin_form_fields = (
        "title",
        "file",
        "description",
        "collection",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )


class LibraryRendition(AbstractRendition):
    image = models.ForeignKey(LibraryImage, models.CASCADE, related_name="renditions")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("image", "filter_spec", "focal_point_key"), name="one_rendition_each"
            ),
        )


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


class LibraryEntry(models.Model):
    """A published page as search and A to Z know it."""

    page = models.OneToOneField(ReviewedPage, models.CASCADE, related_name="entry")
    # What it may be called, folded: compared with what was typed, mistakes allowed for.
    names = models.TextField()
    words = SearchVectorField()

    class Meta:
        indexes = (
            GinIndex(fields=("words",), name="library_words"),
            GinIndex(fields=("names",), opclasses=("gin_trgm_ops",), name="library_names"),
        )

    def __str__(self) -> str:
        return str(self.page)


class LibraryVersion(models.Model):
    """One row: rises in the transaction of every change to what the library shows."""

    number = models.BigIntegerField(default=1)

    def __str__(self) -> str:
        return str(self.number)


class LoadedPage(models.Model):
    """A page that a data file brought."""

    file = models.CharField(max_length=120, unique=True)
    # Null: somebody here deleted it, and it does not come back.
    page = models.ForeignKey(Page, models.SET_NULL, null=True, related_name="+")
    # The revision that the file made last: a newer one is an editor's.
    revision = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="+")
    # SHA-256 of the file as it was taken, and of one that waits to be taken ("": none does).
    digest = models.CharField(max_length=64)
    offered_digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.file


@register_setting(icon="pick", order=10)
class Brand(BaseGenericSetting):
    """Whose site this is: name, mark and colours. Every page follows within ten seconds."""

    name = models.CharField(max_length=40, default="Attune")
    logo = models.ForeignKey(
        LibraryImage,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=gettext_lazy("Beside the name; its description is not read out"),
    )
    colour = models.CharField(
        "colour",
        max_length=7,
        default="#0B5254",
        validators=[COLOUR],
        help_text=gettext_lazy("Buttons on a light page; white words stand on it"),
    )
    colour_dark = models.CharField(
        "colour in the dark",
        max_length=7,
        default="#7CCBC7",
        validators=[COLOUR],
        help_text=gettext_lazy("Buttons on a dark page; dark words stand on it"),
    )
    link_colour = models.CharField("links", max_length=7, default="#08575A", validators=[COLOUR])
    link_colour_dark = models.CharField(
        "links in the dark", max_length=7, default="#8FD6D2", validators=[COLOUR]
    )

    class Meta:
        verbose_name = "brand"


@register_setting(icon="date", order=20)
class ReviewSettings(BaseGenericSetting):
    """How long a review holds."""

    months = models.PositiveSmallIntegerField(
        "months between reviews",
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS_BETWEEN_REVIEWS)],
    )

    class Meta:
        verbose_name = "reviews"


def stamp(revision: Revision, reviewer: Reviewer, *, on: date) -> None:
    """Write into a revision that a clinician reviewed its words."""
    page = revision.as_object()
    months = ReviewSettings.load().months
    revision.content |= {
        "reviewed_by": reviewer.pk,
        "reviewed_on": on.isoformat(),
        "next_review_on": months_after(on, months).isoformat(),
        "reviewed_digest": page.digest(),
    }
    revision.save(update_fields=["content"])


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + year, month + 1)[1]
    return date(day.year + year, month + 1, min(day.day, last))


class ClinicalReviewTask(AbstractGroupApprovalTask):
    """Review by a clinician. Where there is none, or the page needs none, it is passed over.

    A page that was passed over says that it was not reviewed.
    """

    def start(self, workflow_state: Any, user: Any = None) -> TaskState:
        state: TaskState = super().start(workflow_state, user=user)
        # As it was handed in, not as it is published.
        page = workflow_state.content_object.get_latest_revision_as_object()
        if not (getattr(page, "needs_clinical_review", False) and Reviewer.exists_here()):
            state.status = TaskState.STATUS_SKIPPED
            state.finished_at = timezone.now()
            state.comment = _("Passed over: no clinician reviews such pages here.")
            state.save()
        return state

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return bool(super().user_can_access_editor(obj, user)) and hasattr(user, "reviewer")

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        # Without a name and a registration, nobody reviews; an administrator is not a clinician.
        if not (hasattr(user, "reviewer") and self._user_in_groups(user)):
            return []
        return [
            ("reject", _("Send back"), True),
            ("approve", _("Approve as a clinician"), False),
            ("approve", _("Approve with a comment"), True),
        ]

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **data: Any) -> None:
        if action_name == "approve":
            stamp(task_state.revision, user.reviewer, on=timezone.localdate())
        super().on_action(task_state, user, action_name, **data)

    @classmethod
    def get_description(cls) -> str:
        return _("A clinician approves the words; the page then says who, and when")
