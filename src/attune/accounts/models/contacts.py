"""Mail addresses on their way to being proven."""

from django.db import models

from attune.vocabulary.codes import new_secret_code


class Contact(models.Model):
    """A mail address that somebody is proving to be theirs, and then has.

    The code that was mailed is not stored: it is derived from the service key and ``nonce``.
    """

    code = models.CharField(max_length=32, unique=True, default=new_secret_code, editable=False)
    email_sealed = models.BinaryField()
    # Keyed hash, to count and to find without opening.
    email_hash = models.CharField(max_length=64, db_index=True)
    # Keyed hash of the network address that asked; kept for a day.
    origin_hash = models.CharField(max_length=64, db_index=True)
    nonce = models.CharField(max_length=32, default=new_secret_code)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # A code that signed somebody in does so once.
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        # It was booking's before accounts needed it.
        db_table = "booking_contact"

    def __str__(self) -> str:
        return self.code[:6]
