"""What a person answered, sealed, for thirty days."""

from datetime import timedelta

from django.conf import settings
from django.db import models

from attune.vocabulary.codes import new_secret_code

KEPT_FOR = timedelta(days=30)
LINK_WORKS_FOR = timedelta(days=7)


class Enquiry(models.Model):
    """One person's answers and wishes, sealed: under their own key once they have an account."""

    code = models.CharField(max_length=32, unique=True, default=new_secret_code, editable=False)
    answers_sealed = models.BinaryField()
    # The order of the people shown, frozen until an answer changes; sealed, since it hints at why.
    order_sealed = models.BinaryField(null=True, blank=True)
    # Rises with every change of an answer: the second of two writers is told.
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    # Keyed hash of the reference that a person without e-mail writes down.
    reference_hash = models.CharField(max_length=64, blank=True, db_index=True)
    # Whose account it belongs to. From then on it opens where they are signed in, and only there.
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="enquiries"
    )

    def __str__(self) -> str:
        return self.code[:6]


class ReturnLink(models.Model):
    """A one-use link that was mailed, to come back to unfinished answers."""

    code = models.CharField(max_length=32, unique=True, default=new_secret_code, editable=False)
    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="return_links")
    email_sealed = models.BinaryField()
    email_hash = models.CharField(max_length=64, db_index=True)
    origin_hash = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code[:6]
