"""What people complain about or ask for without an account, until two years after its end."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from attune.vocabulary.codes import new_code, new_secret_code


class Complaint(models.Model):
    """A complaint, or a request about somebody's own data, from anybody at all."""

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", "complaint"
        ACCESS = "access", "a copy of their data"
        CORRECTION = "correction", "a correction of their data"
        ERASURE = "erasure", "their data deleted"

    class About(models.TextChoices):
        DATA = "data", "how we use their data"
        PRACTITIONER = "practitioner", "a therapist"
        SERVICE = "service", "this service"

    class Outcome(models.TextChoices):
        DONE = "done", "done as asked"
        PARTLY = "partly", "done in part"
        NOT_DONE = "not-done", "not done"

    # These give or change data: whoever asks must be who they say.
    NEEDS_IDENTITY = (Kind.ACCESS, Kind.CORRECTION, Kind.ERASURE)

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    # What the person may quote.
    reference = models.CharField(max_length=8, unique=True)
    # Drawn with the form: sent twice, it is one complaint.
    key = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    about = models.CharField(max_length=12, choices=About)
    text_sealed = models.BinaryField()
    email_sealed = models.BinaryField(null=True)
    email_hash = models.CharField(max_length=64, blank=True, db_index=True)
    received_at = models.DateTimeField()
    acknowledge_by = models.DateField()
    acknowledged_at = models.DateTimeField(null=True)
    # How staff made sure who asks.
    identity_sealed = models.BinaryField(null=True)
    identity_checked_at = models.DateTimeField(null=True)
    identity_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    answer_sealed = models.BinaryField(null=True)
    closed_at = models.DateTimeField(null=True, db_index=True)
    # Opens the page with the answer, once; another answer has another.
    link_code = models.CharField(max_length=32, unique=True, default=new_secret_code)
    link_made_at = models.DateTimeField(null=True)
    link_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(closed_at=None) | (~Q(outcome="") & Q(answer_sealed__isnull=False)),
                name="complaint_closes_with_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(kind="complaint")
                | Q(outcome__in=("", "not-done"))
                | Q(identity_sealed__isnull=False),
                name="request_done_for_who_was_checked",
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def needs_identity(self) -> bool:
        return self.kind in self.NEEDS_IDENTITY
