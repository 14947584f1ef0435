"""The shared words: what people bring, what therapists do, where, and what is known to help.

Rows are loaded from the files in ``vocabulary/data`` (see ``loading.py``). Slugs are stable: a
term that goes out of use keeps its row and names the one that replaced it.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Group(models.Model):
    """A heading in the chooser; one level, in a fixed order."""

    slug = models.SlugField(unique=True)
    label = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True
        ordering = ("position",)

    def __str__(self) -> str:
        return self.label


class IssueGroup(Group):
    pass


class TherapyGroup(Group):
    pass


class Term(models.Model):
    """One value on one axis."""

    slug = models.SlugField(unique=True)
    label = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    synonyms = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    valid_from = models.DateField()
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ("position",)

    def __str__(self) -> str:
        return self.label


class PresentingIssue(Term):
    """What the person brings; never a diagnosis."""

    group = models.ForeignKey(IssueGroup, models.PROTECT, related_name="issues")
    # Help comes before any list of therapists when one of these is chosen.
    is_safety_topic = models.BooleanField(default=False)
    fits_ipt_focus = models.BooleanField(default=False)
    # Slugs of therapies; a listing needs checked training in one of them to be shown for this.
    needs_training_in = ArrayField(models.SlugField(), default=list, blank=True)


class TherapyType(Term):
    class Shape(models.TextChoices):
        BRIEF = "brief"
        TIME_LIMITED = "time-limited"
        PROGRAMME = "programme"
        OPEN_ENDED = "open-ended"
        GROUP = "group"
        UNSAID = ""

    group = models.ForeignKey(TherapyGroup, models.PROTECT, related_name="therapy_types")
    # What to call it inside a sentence: "interpersonal therapy", "CBT".
    short_label = models.CharField(max_length=60)
    shape = models.CharField(max_length=20, choices=Shape, default=Shape.UNSAID, blank=True)


class ClientGroup(Term):
    # Children and adolescents are in the vocabulary but not offered yet.
    is_open = models.BooleanField(default=True)
    # A group without its own fee is charged as this one (young adults as adults).
    priced_as = models.SlugField(blank=True)


class Language(Term):
    """Slugs are ISO 639 codes, and ``bfi`` (BSL), ``makaton``."""


class AccessNeed(Term):
    pass


class Community(Term):
    pass


class PaymentRoute(Term):
    """Who pays: the person, an insurer, an employer, a charity, a university."""


class StyleScale(Term):
    """One of four scales of how a therapist works, from -3 (``low``) to 3 (``high``)."""

    low = models.CharField(max_length=160)
    high = models.CharField(max_length=160)


class Register(models.Model):
    """A body whose register shows who may practise under its name."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=20)
    check_url = models.URLField(blank=True)
    # Confirmed number formats refuse; the others only warn.
    number_pattern = models.CharField(max_length=80, blank=True)
    number_looks_like = models.CharField(max_length=80, blank=True)
    is_pattern_confirmed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """Somewhere that a person can type: a postcode, part of one, or a town."""

    class Kind(models.TextChoices):
        POSTCODE = "postcode"
        SECTOR = "sector"
        DISTRICT = "district"
        AREA = "area"
        TOWN = "town"

    kind = models.CharField(max_length=10, choices=Kind)
    country = models.CharField(max_length=2)
    # Postcodes and parts of them without spaces, upper case; empty for towns.
    code = models.CharField(max_length=8, blank=True)
    name = models.CharField(max_length=120)
    # As ``names.normalised`` makes it: what a typed name is compared with.
    normalised = models.CharField(max_length=120)
    alternatives = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    # The nation; for a smaller town first what tells it from another: "near Darlington, England".
    region = models.CharField(max_length=80, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    # Half the width of the area this could mean.
    accuracy_km = models.FloatField()
    population = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                # In this order it also finds a code whose country nobody typed.
                fields=("code", "kind", "country"),
                condition=~models.Q(code=""),
                name="one_place_per_code",
            ),
        )
        indexes = (
            models.Index(fields=("normalised",), condition=models.Q(kind="town"), name="town_name"),
            GinIndex(
                fields=("normalised",),
                opclasses=("gin_trgm_ops",),
                condition=models.Q(kind="town"),
                name="town_name_trigrams",
            ),
            GinIndex(
                fields=("alternatives",),
                condition=models.Q(kind="town"),
                name="town_other_names",
            ),
            models.Index(
                fields=("latitude",), condition=models.Q(kind="town"), name="town_latitude"
            ),
        )

    def __str__(self) -> str:
        return self.name


class FromDataFile(models.Model):
    """A row that a data file brought and that an editor may change.

    A file's new version replaces words that nobody here changed. Where somebody did, it waits in
    ``offered`` until an editor takes it or keeps their own.
    """

    # The row as a file had it when it was last taken or looked at; null: made here.
    loaded = models.JSONField(null=True, blank=True, editable=False)
    # What a newer file says instead; null: nothing to decide.
    offered = models.JSONField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def is_taken_from_file(self) -> None:
        """Prepare for being saved with a file's words; what was said of the old ones is over."""


class EvidenceStatement(FromDataFile):
    """What a guideline says of one therapy for one issue in one population.

    Direction (what the guideline says) and strength (the research behind it) are two things.
    """

    class Direction(models.TextChoices):
        OFFER = "offer"
        CONSIDER = "consider"
        OPTION = "option"
        NOT_USUALLY = "not-usually-recommended"
        SILENT = "silent"

    class Strength(models.TextChoices):
        REVIEW = "review"
        TRIAL = "trial"
        PRACTICE = "practice"
        NONE_FOUND = "none-found"
        UNSAID = ""

    issue = models.ForeignKey(PresentingIssue, models.PROTECT, related_name="evidence")
    therapy_type = models.ForeignKey(TherapyType, models.PROTECT, related_name="evidence")
    population = models.CharField(max_length=120)
    # Said of adults with this issue at large: not of children, nor of a narrower group, nor of
    # those only for whom something else was declined or did not help. Only these rank listings.
    holds_for_adults = models.BooleanField()
    direction = models.CharField(max_length=30, choices=Direction)
    strength = models.CharField(
        max_length=20, choices=Strength, default=Strength.UNSAID, blank=True
    )
    sentence = models.TextField()
    source = models.CharField(max_length=200)
    source_url = models.URLField(max_length=300)
    as_of = models.DateField()
    checked_by = models.CharField(max_length=120, blank=True)
    # Somebody here, or the data file's next version, took it back.
    suspended_on = models.DateField(null=True, blank=True)
    # The first day on which a page that shows it is 90 days late for its review.
    lapses_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("issue", "therapy_type", "population"), name="one_statement_per_population"
            ),
        )
        ordering = ("issue__position", "therapy_type__position", "population")

    def __str__(self) -> str:
        return f"{self.therapy_type} for {self.issue} ({self.population}): {self.direction}"

    def is_taken_from_file(self) -> None:
        """Ask for a person's check of the new words."""
        self.checked_by, self.suspended_on = "", None


class Nation(models.TextChoices):
    UK = "UK", "the whole of the UK"
    ENGLAND = "ENG", "England"
    SCOTLAND = "SCT", "Scotland"
    WALES = "WLS", "Wales"
    NORTHERN_IRELAND = "NIR", "Northern Ireland"
    IRELAND = "IRL", "Ireland"


class EvidenceLeftOut(models.Model):
    """A row of a guideline that is kept for editors and never shown to anybody else."""

    condition = models.CharField(max_length=120)
    therapy = models.CharField(max_length=200)
    population = models.CharField(max_length=120)
    guideline = models.CharField(max_length=60)
    why = models.CharField(max_length=200)

    class Meta:
        ordering = ("condition", "therapy", "population")
        verbose_name_plural = "evidence left out"

    def __str__(self) -> str:
        return f"{self.therapy} for {self.condition} ({self.population})"


class Contact(FromDataFile):
    """Somewhere to turn to, with the day on which somebody last read a source for it."""

    slug = models.SlugField(unique=True)
    nation = models.CharField(max_length=3, choices=Nation)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    when_to_use = models.CharField(max_length=300)
    phone = models.CharField(max_length=30, blank=True)
    text_number = models.CharField(max_length=30, blank=True)
    text_word = models.CharField(max_length=30, blank=True)
    url = models.URLField(blank=True)
    hours = models.CharField(max_length=120)
    audience = models.CharField(max_length=120, blank=True)
    checked_on = models.DateField()
    source = models.CharField(max_length=200)

    class Meta:
        abstract = True
        ordering = ("position",)

    def __str__(self) -> str:
        return self.name


class CrisisContact(Contact):
    """Help when it cannot wait."""

    class Urgency(models.TextChoices):
        EMERGENCY = "emergency"
        URGENT = "urgent"
        TALK = "talk"

    urgency = models.CharField(max_length=10, choices=Urgency)


class HelpRoute(Contact):
    """Help that costs nothing: self-referral, charities, helplines that are not for a crisis."""

    for_children = models.BooleanField(default=False)
    for_unable_to_pay = models.BooleanField(default=True)


class DataFile(models.Model):
    """Which version of each data file is loaded, so that a start can skip what is unchanged."""

    name = models.CharField(max_length=80, primary_key=True)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
