"""What whoever runs the site chooses."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from attune.content.models.kept import LibraryImage

MOST_MONTHS_BETWEEN_REVIEWS = 24

COLOUR = RegexValidator(
    r"\A#[0-9A-Fa-f]{6}\Z", gettext_lazy("Enter a colour as # and six digits, such as #0B5254.")
)


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
