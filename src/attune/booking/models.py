"""When a practitioner can be seen, and who has taken which time."""

from datetime import datetime, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q

from attune.accounts.models import Contact, User
from attune.directory.models import Channel, Listing, Practice, Practitioner
from attune.vocabulary.codes import new_secret_code


class WeeklyRule(models.Model):
    """Opening hours that recur: wall time in the practice's zone."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="weekly_rules")
    # Monday is 0.
    weekday = models.PositiveSmallIntegerField()
    start = models.TimeField()
    # 00:00 means midnight at the end of the day.
    end = models.TimeField()
    valid_from = models.DateField(null=True, blank=True)
    # The last day on which the rule holds.
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("weekday", "start")
        constraints = (
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="rule_weekday"),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")) | Q(end="00:00"), name="rule_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        return f"{self.practice} {self.weekday} {self.start}"


class RuleException(models.Model):
    """One day that differs: closed (all day, or a part), or extra hours."""

    class Kind(models.TextChoices):
        CLOSED = "closed"
        EXTRA = "extra"

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="rule_exceptions")
    day = models.DateField()
    kind = models.CharField(max_length=6, choices=Kind)
    # Both NULL: the whole day (closed only).
    start = models.TimeField(null=True, blank=True)
    end = models.TimeField(null=True, blank=True)

    class Meta:
        ordering = ("day", "start")
        constraints = (
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True, kind="closed")
                | Q(start__isnull=False, end__isnull=False),
                name="exception_has_both_ends",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class Appointment(models.Model):
    """A span in a practitioner's diary: held for minutes, then booked.

    A hold is the same row before it is confirmed, so that one exclusion constraint protects both
    and confirming moves nothing.
    """

    class State(models.TextChoices):
        HELD = "held"
        BOOKED = "booked"
        CANCELLED = "cancelled"
        # A hold that ran out or was given up; kept only until the retention run.
        RELEASED = "released"

    class Kind(models.TextChoices):
        INTRODUCTORY_CALL = "introductory-call", "introductory call"
        FIRST_SESSION = "first-session", "first session"

    class CancelledBy(models.TextChoices):
        CLIENT = "client"
        PRACTITIONER = "practitioner"

    class CancelReason(models.TextChoices):
        DIARY = "diary", "I have something else in the diary then"
        AWAY = "away", "I am away"
        FULL = "full", "I cannot take on anyone new at the moment"
        OTHER = "other", "Another reason"

    class Met(models.TextChoices):
        """The answer to "Did you meet?"."""

        STAYS = "stays", "We met, and I would like to stay"
        LOOKS_ON = "looks-on", "We met, and I would like to see someone else"
        NOT_MET = "not-met", "We did not meet"

    code = models.CharField(max_length=32, unique=True, default=new_secret_code, editable=False)
    # What people say on the phone.
    reference = models.CharField(max_length=10, unique=True)
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="appointments")
    listing = models.ForeignKey(Listing, models.PROTECT, related_name="appointments")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="appointments")
    channel = models.CharField(max_length=10, choices=Channel)
    kind = models.CharField(max_length=20, choices=Kind)
    # Half-open, UTC: the session and the buffer that follows it.
    during = DateTimeRangeField()
    start = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    # IANA name of the practice's zone when it was booked.
    zone = models.CharField(max_length=40)
    fee_words = models.CharField(max_length=120, blank=True)
    cancellation_hours = models.PositiveSmallIntegerField()

    state = models.CharField(max_length=10, choices=State)
    hold_until = models.DateTimeField(null=True, blank=True)
    was_extended = models.BooleanField(default=False)
    # Keyed hash of the browser's own key; empty over the API.
    browser_hash = models.CharField(max_length=64, blank=True)

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="appointments")
    # Whose account it belongs to: its address was proven to be theirs.
    member = models.ForeignKey(User, models.SET_NULL, null=True, related_name="appointments")
    email_hash = models.CharField(max_length=64, db_index=True)
    # The fields of ``actions.Details`` as JSON.
    details_sealed = models.BinaryField(null=True, blank=True)
    idempotency_key = models.CharField(max_length=80, null=True, blank=True)
    # iCalendar: one UID for life; rises with every change.
    sequence = models.PositiveIntegerField(default=0)

    created_at = models.DateTimeField()
    booked_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.CharField(max_length=12, choices=CancelledBy, blank=True)
    # Why the practitioner cancelled, in one of our own neutral sentences.
    cancel_reason = models.CharField(max_length=10, choices=CancelReason, blank=True)
    # When the practitioner was told, and when they said that they had seen it.
    asked_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    met = models.CharField(max_length=12, choices=Met, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="one_appointment_at_a_time",
                expressions=(
                    ("practitioner", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ),
                condition=Q(state__in=("held", "booked")),
            ),
            models.UniqueConstraint(
                fields=("email_hash",), condition=Q(state="held"), name="one_hold_per_address"
            ),
            models.UniqueConstraint(
                fields=("browser_hash",),
                condition=Q(state="held") & ~Q(browser_hash=""),
                name="one_hold_per_browser",
            ),
            models.UniqueConstraint(
                fields=("contact", "idempotency_key"), name="one_appointment_per_key"
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(hold_until__isnull=False), name="a_hold_ends"
            ),
        )
        indexes = (
            GistIndex(fields=("during",), name="appointment_during"),
            models.Index(fields=("practitioner", "start"), name="appointment_start"),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def end(self) -> datetime:
        """When the meeting ends; the buffer comes after."""
        return self.start + timedelta(minutes=self.minutes)
