"""Practitioners and what is published about them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from attune.vocabulary.codes import new_code, new_secret_code
from attune.vocabulary.models import (
    AccessNeed,
    ClientGroup,
    Community,
    Language,
    PaymentRoute,
    PresentingIssue,
    Register,
    TherapyType,
)

STYLE_RANGE = Q(
    **{f"style_{scale}__range": (-3, 3) for scale in ("lead", "emotion", "time", "challenge")}
)


class Channel(models.TextChoices):
    IN_PERSON = "in-person", "in person"
    VIDEO = "video", "by video"
    PHONE = "phone", "by phone"


class Practitioner(models.Model):
    """A person who offers therapy."""

    class Gender(models.TextChoices):
        WOMAN = "woman", "a woman"
        MAN = "man", "a man"
        NON_BINARY = "non-binary", "non-binary"
        UNDISCLOSED = "", "not said"

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="practitioner",
    )
    name = models.CharField(max_length=120)
    # Without accents, case-folded: what lists of names are sorted by.
    sort_name = models.CharField(max_length=120)
    email = models.EmailField()
    phone = models.CharField(max_length=30, blank=True)
    pronouns = models.CharField(max_length=30, blank=True)
    # Published because the practitioner chose to; never guessed.
    gender = models.CharField(max_length=12, choices=Gender, default=Gender.UNDISCLOSED, blank=True)
    languages = models.ManyToManyField(Language, related_name="+")
    communities = models.ManyToManyField(Community, related_name="+", blank=True)

    def __str__(self) -> str:
        return self.name


class Credential(models.Model):
    """A checkable claim: on a register, insured, trained in a therapy."""

    class Kind(models.TextChoices):
        REGISTRATION = "registration"
        INSURANCE = "insurance"
        TRAINING = "training"

    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="credentials")
    kind = models.CharField(max_length=12, choices=Kind)
    register = models.ForeignKey(
        Register, models.PROTECT, null=True, blank=True, related_name="credentials"
    )
    therapy_type = models.ForeignKey(
        TherapyType, models.PROTECT, null=True, blank=True, related_name="+"
    )
    issuer = models.CharField(max_length=120, blank=True)
    number = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("register", "number"),
                condition=Q(kind="registration"),
                name="one_credential_per_register_number",
            ),
            models.CheckConstraint(
                condition=~Q(kind="registration") | Q(register__isnull=False) & ~Q(number=""),
                name="registration_names_register_and_number",
            ),
            models.CheckConstraint(
                condition=~Q(kind="training") | Q(therapy_type__isnull=False),
                name="training_names_therapy",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.number}".strip()


class Verification(models.Model):
    """Our dated check of a credential: who looked, where, when, and until when it holds."""

    credential = models.ForeignKey(Credential, models.CASCADE, related_name="verifications")
    checked_on = models.DateField()
    checked_by = models.CharField(max_length=120)
    where = models.CharField(max_length=200, blank=True)
    expires_on = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_on__gt=F("checked_on")), name="verification_ends_after_check"
            ),
        )
        indexes = (models.Index(fields=("credential", "-expires_on"), name="verification_latest"),)

    def __str__(self) -> str:
        return f"{self.credential}, checked {self.checked_on}"


class Practice(models.Model):
    """A place or a line where a practitioner works."""

    class StepFree(models.TextChoices):
        YES = "yes"
        PARTLY = "partly"
        NO = "no"
        UNKNOWN = "unknown"

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="practices")
    channels = ArrayField(models.CharField(max_length=10, choices=Channel))
    # IANA name; weekly rules are wall time in this zone.
    zone = models.CharField(max_length=40, default="Europe/London")
    town = models.CharField(max_length=120, blank=True)
    outward_postcode = models.CharField(max_length=4, blank=True)
    country = models.CharField(max_length=2, default="GB")
    # Told after booking only.
    address = models.TextField(blank=True)
    joining_details = models.TextField(blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    step_free = models.CharField(max_length=8, choices=StepFree, default=StepFree.UNKNOWN)
    access = models.ManyToManyField(AccessNeed, related_name="+", blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(channels__contains=["in-person"])
                | Q(latitude__isnull=False, longitude__isnull=False) & ~Q(town=""),
                name="a_room_has_a_place",
            ),
            models.CheckConstraint(condition=~Q(channels=[]), name="practice_has_a_channel"),
        )

    def __str__(self) -> str:
        return self.town or "online"


class Listing(models.Model):
    """A practitioner's published entry."""

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"

    class BookingMode(models.TextChoices):
        DIRECT = "direct", "book a first session"
        INTRODUCTORY_CALL = "introductory-call", "book an introductory call first"
        ASK_FIRST = "ask-first", "ask first"

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practitioner = models.OneToOneField(Practitioner, models.CASCADE, related_name="listing")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    # No listing without its owner's consent.
    consented_at = models.DateTimeField(null=True, blank=True)
    title = models.CharField(max_length=80)
    one_line = models.CharField(max_length=160, blank=True)
    how_i_work = models.TextField(blank=True)
    what_to_expect = models.TextField(blank=True)

    client_groups = models.ManyToManyField(ClientGroup, related_name="+")
    payment_routes = models.ManyToManyField(PaymentRoute, related_name="+", blank=True)

    booking_mode = models.CharField(max_length=20, choices=BookingMode, default=BookingMode.DIRECT)
    session_minutes = models.PositiveSmallIntegerField(default=50)
    introductory_minutes = models.PositiveSmallIntegerField(default=20)
    buffer_minutes = models.PositiveSmallIntegerField(default=10)
    notice_hours = models.PositiveSmallIntegerField(default=24)
    # At least the 28 days that the finder looks ahead, so that no result is cut off by it.
    horizon_days = models.PositiveSmallIntegerField(default=56)
    cancellation_hours = models.PositiveSmallIntegerField(default=24)
    how_to_pay = models.CharField(max_length=200, blank=True)

    # -3 to 3 on the scales of vocabulary.StyleScale; NULL: not said.
    style_lead = models.SmallIntegerField(null=True, blank=True)
    style_emotion = models.SmallIntegerField(null=True, blank=True)
    style_time = models.SmallIntegerField(null=True, blank=True)
    style_challenge = models.SmallIntegerField(null=True, blank=True)

    # Paused until the day before this date; NULL: not paused.
    paused_until = models.DateField(null=True, blank=True)
    # When the practitioner last said that openings and hours are right.
    confirmed_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="published") | Q(consented_at__isnull=False),
                name="published_with_consent",
            ),
            models.CheckConstraint(condition=STYLE_RANGE, name="style_within_scale"),
            models.CheckConstraint(
                condition=Q(horizon_days__range=(28, 180)), name="horizon_covers_finder"
            ),
            models.CheckConstraint(
                condition=Q(session_minutes__range=(15, 180))
                & Q(introductory_minutes__range=(10, 60)),
                name="lengths_are_sensible",
            ),
        )

    def __str__(self) -> str:
        return self.practitioner.name


class ListedIssue(models.Model):
    """An issue that a listing names: one of at most five main ones, or also worked with."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="listed_issues")
    issue = models.ForeignKey(PresentingIssue, models.PROTECT, related_name="+")
    # 1 to 5 among the main ones; NULL: also works with it.
    focus_rank = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("listing", "issue"), name="issue_listed_once"),
            models.UniqueConstraint(fields=("listing", "focus_rank"), name="one_issue_per_rank"),
            models.CheckConstraint(
                condition=Q(focus_rank__isnull=True) | Q(focus_rank__range=(1, 5)),
                name="at_most_five_focus_issues",
            ),
        )

    def __str__(self) -> str:
        return str(self.issue)


class TherapyOffered(models.Model):
    """A therapy that a listing offers; checked training is a Credential of kind training."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="therapies_offered")
    therapy_type = models.ForeignKey(TherapyType, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    training = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(
                fields=("listing", "therapy_type"), name="therapy_offered_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.therapy_type)


class Fee(models.Model):
    """What one session costs one client group. Nothing to pay is a fee too."""

    class Kind(models.TextChoices):
        FREE = "free"
        DONATION = "donation"
        FIXED = "fixed"
        RANGE = "range"

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="fees")
    client_group = models.ForeignKey(ClientGroup, models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    # Whole pence or cents; the lower end of a range; 0 when free or by donation.
    minor = models.PositiveIntegerField(default=0)
    upper_minor = models.PositiveIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="GBP")
    concession_minor = models.PositiveIntegerField(null=True, blank=True)
    concession_rule = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("listing", "client_group", "minutes"), name="one_fee_per_group_and_length"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("free", "donation"), minor=0, upper_minor__isnull=True)
                | Q(kind="fixed", minor__gt=0, upper_minor__isnull=True)
                | Q(kind="range", minor__gt=0, upper_minor__gt=F("minor")),
                name="fee_matches_kind",
            ),
            models.CheckConstraint(
                condition=Q(concession_minor__isnull=True) | Q(concession_minor__lt=F("minor")),
                name="concession_is_lower",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.minor} {self.currency}"


class WeeklyPlace(models.Model):
    """A weekly time that is open to a new client, as "Tuesdays at 18:00 from 1 December"."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="weekly_places")
    practice = models.ForeignKey(Practice, models.CASCADE, related_name="weekly_places")
    # Monday is 0; wall time in the practice's zone.
    weekday = models.PositiveSmallIntegerField()
    start = models.TimeField()
    from_date = models.DateField()

    class Meta:
        ordering = ("from_date", "weekday", "start")
        constraints = (
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="weekly_place_weekday"),
            models.UniqueConstraint(
                fields=("listing", "weekday", "start"), name="one_weekly_place_per_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.weekday} {self.start}"


class TransactionIdField(models.Field):  # type: ignore[type-arg]  # not generic at run time
    """PostgreSQL's 64-bit transaction id (``xid8``)."""

    def db_type(self, connection: object) -> str:
        return "xid8"


class CurrentTransaction(models.Func):
    function = "pg_current_xact_id"
    output_field = TransactionIdField()


class DirectoryChange(models.Model):
    """What the finder's index must read again. Written by ``actions.record_change`` only.

    ``transaction`` is the writing transaction: a reader asks for the rows that its last snapshot
    could not see, since ids and times commit out of order.
    """

    # NULL: everything (the vocabulary changed). The row outlives the listing: its end is news.
    listing = models.ForeignKey(
        Listing, models.DO_NOTHING, related_name="+", null=True, blank=True, db_constraint=False
    )
    transaction = TransactionIdField(db_default=CurrentTransaction(), editable=False)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("transaction",), name="change_transaction"),)

    def __str__(self) -> str:
        return f"listing {self.listing_id}" if self.listing_id else "everything"


class IndexEpoch(models.Model):
    """One row; a new value tells every process that its index belongs to another database."""

    value = models.UUIDField()

    def __str__(self) -> str:
        return str(self.value)


class Counters(models.Model):
    """How often a listing was shown and asked, by day; what fairness and replies are read from."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="counters")
    day = models.DateField()
    shown = models.PositiveIntegerField(default=0)
    booked = models.PositiveIntegerField(default=0)
    # Bookings and asks that waited for the practitioner, and those answered within 48 hours.
    asked = models.PositiveIntegerField(default=0)
    answered_in_time = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("listing", "day"), name="one_counter_per_day"),
        )

    def __str__(self) -> str:
        return f"{self.listing} on {self.day}"


class SavedListing(models.Model):
    """A listing that a member keeps in mind: where they are with it, and what they noted.

    Nobody else learns of it, the practitioner least of all.
    """

    class Status(models.TextChoices):
        SAVED = "", _("Saved")
        CONTACTED = "contacted", _("Contacted")
        WAITING = "waiting", _("Waiting to hear")
        CONSULTATION = "consultation", _("First meeting planned")
        SEEING = "seeing", _("Seeing them")
        SET_ASIDE = "set-aside", _("Set aside")

    code = models.CharField(max_length=32, unique=True, default=new_secret_code, editable=False)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_listings"
    )
    # The database itself deletes these with a listing: a staff page that asks before it deletes
    # lists everything that Django would, and so how many people saved somebody.
    listing = models.ForeignKey(Listing, models.DO_NOTHING, related_name="+", db_constraint=False)
    status = models.CharField(max_length=12, choices=Status, default=Status.SAVED, blank=True)
    # Under the member's own key; NULL: no note.
    note_sealed = models.BinaryField(null=True)
    # Rises with every change: the second of two writers is told.
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("member", "listing"), name="a_listing_is_saved_once"),
        )

    def __str__(self) -> str:
        return self.code[:6]
