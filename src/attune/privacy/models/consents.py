"""Answers to the question whether we may."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from attune.vocabulary.codes import new_code


class Consent(models.Model):
    """One answer to one question. Another answer is another row: the database refuses changes."""

    class Answer(models.TextChoices):
        GIVEN = "given", "agreed"
        REFUSED = "refused", "refused"
        WITHDRAWN = "withdrawn", "withdrawn"

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="consents"
    )
    # Keyed hash of the code in a browser's cookie; empty where no browser holds one.
    browser = models.CharField(max_length=64, blank=True)
    purpose = models.CharField(max_length=40)
    # What it reaches to, as its purpose has it; empty: all of it.
    scope = models.CharField(max_length=120, blank=True)
    # The version and the hash of the words that were shown (``wordings.py``).
    wording = models.CharField(max_length=20)
    wording_hash = models.CharField(max_length=64)
    answer = models.CharField(max_length=9, choices=Answer)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(browser=""), name="consent_is_somebodys"
            ),
        )
        indexes = (
            models.Index(
                fields=("purpose", "browser", "-id"),
                condition=~Q(browser=""),
                name="consent_of_browser",
            ),
        )

    def __str__(self) -> str:
        return f"{self.purpose} {self.answer} {self.at:%Y-%m-%d}"
