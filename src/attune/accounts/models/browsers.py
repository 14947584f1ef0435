"""The browsers in which somebody is, or was, signed in."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from attune.vocabulary.codes import new_code


class WebSession(AbstractBaseSession):
    """What one browser holds, sealed."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    # The code of the enquiry among it: with a column, one statement reads both.
    enquiry = models.CharField(max_length=32, blank=True, editable=False)
    # Who is signed in there, since when, and when they last asked for a page.
    user = models.ForeignKey(
        "accounts.User", models.CASCADE, null=True, related_name="web_sessions", editable=False
    )
    signed_in_at = models.DateTimeField(null=True, editable=False)
    seen_at = models.DateTimeField(null=True, editable=False)
    # In words, such as "Firefox on Android".
    device = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        verbose_name = "web session"


class SignIn(models.Model):
    """One sign-in, or one that was refused; for the eyes of its owner."""

    class How(models.TextChoices):
        CODE = "code", "a code by email"
        PASSKEY = "passkey", "a passkey"
        PASSWORD = "password", "a password and a second factor"
        INVITATION = "invitation", "a one-time code"
        DEMONSTRATION = "demonstration", "a link of the demonstration"

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="sign_ins")
    at = models.DateTimeField()
    how = models.CharField(max_length=13, choices=How)
    was_refused = models.BooleanField(default=False)
    device = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.how} {self.at:%Y-%m-%d}"
