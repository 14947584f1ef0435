"""What editors keep besides pages, and pictures."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy
from wagtail.fields import RichTextField
from wagtail.images.models import AbstractImage, AbstractRendition

from attune.content import blocks
from attune.content.fields import LinesField
from attune.vocabulary.models import FromDataFile

# Who may let a page out: made with the library, filled on the staff pages.
EDITORS, CHIEF_EDITORS, CLINICAL_REVIEWERS = "Editors", "Chief editors", "Clinical reviewers"


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
