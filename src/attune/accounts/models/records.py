"""What is kept about an account besides who it is."""

from django.db import models
from django.db.models import Q

from attune.vocabulary.codes import new_secret_code


class LedgerEntry(models.Model):
    """That somebody, or the service itself, opened what a person told us; never what it said.

    The lines about one person form a chain of hashes. The database refuses to change one, and to
    delete one outside an erasure or the end of its retention.
    """

    # Keyed hash of the address of whom it is about: also of people without an account.
    about_hash = models.CharField(max_length=64, db_index=True)
    member = models.ForeignKey(
        "accounts.User", models.CASCADE, null=True, related_name="ledger_entries"
    )
    # The account's code; empty: the service itself, at most one line a day for the same thing.
    by_code = models.CharField(max_length=16, blank=True)
    # Who it was, in words that outlast their account.
    by_words = models.CharField(max_length=160)
    what = models.CharField(max_length=160)
    purpose = models.CharField(max_length=160)
    at = models.DateTimeField()
    day = models.DateField()
    previous_hash = models.CharField(max_length=64, blank=True)
    own_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "ledger entries"
        constraints = (
            models.UniqueConstraint(
                fields=("about_hash", "what", "purpose", "day"),
                condition=Q(by_code=""),
                name="automatic_reads_are_grouped",
            ),
            models.UniqueConstraint(
                fields=("about_hash", "previous_hash"), name="one_chain_about_one_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.what} {self.day}"


class UnfinishedWork(models.Model):
    """What somebody was sending when their sign-in had run out; sealed, for a day."""

    code = models.CharField(max_length=28, unique=True, default=new_secret_code, editable=False)
    member = models.ForeignKey("accounts.User", models.CASCADE, related_name="unfinished_work")
    # The address and the fields of the form, as JSON.
    form_sealed = models.BinaryField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code[:6]


class UnsafeChannel(models.Model):
    """An address or number to which nothing is ever sent again."""

    value_hash = models.CharField(max_length=64, unique=True)
    member = models.ForeignKey("accounts.User", models.CASCADE, related_name="unsafe_channels")
    marked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.value_hash[:6]


class AccountNotice(models.Model):
    """That something about an account changed, told to the address that was safe before."""

    class Kind(models.TextChoices):
        EMAIL = "email", "the email address"
        FACTOR = "factor", "how you sign in"
        PASSWORD = "password", "the password"
        CHANNEL = "channel", "how we may reach you"
        SHARING = "sharing", "who may see something of yours"
        EXPORT = "export", "a copy of everything was asked for"
        ERASURE = "erasure", "erasing the account was asked for"
        WAIT = "wait", "whether copies and erasures wait"

    code = models.CharField(max_length=28, unique=True, default=new_secret_code, editable=False)
    member = models.ForeignKey("accounts.User", models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind)
    email_sealed = models.BinaryField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.code[:6]}"
