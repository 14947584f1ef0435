"""What members ask for about what we hold of them."""

from django.conf import settings
from django.db import models

from attune.vocabulary.codes import new_secret_code


class Delayed(models.Model):
    """Something that a member asked for and that is done after a wait; taken back, it is gone."""

    class Kind(models.TextChoices):
        ERASURE = "erasure", "erasing everything"
        COPY = "copy", "a copy of everything"
        NO_WAIT = "no-wait", "no more waiting"

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="delayed")
    kind = models.CharField(max_length=7, choices=Kind)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "delayed"
        constraints = (models.UniqueConstraint(fields=("member", "kind"), name="asked_for_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.due_at:%Y-%m-%d}"


class WaitFirst(models.Model):
    """That a member wants copies and erasures to wait, in case somebody else asks for them."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="wait_first"
    )
    since = models.DateTimeField()

    class Meta:
        verbose_name_plural = "wait first"

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d}"


class Farewell(models.Model):
    """The address of an account that was erased, for a day: the last message goes there."""

    code = models.CharField(max_length=28, unique=True, default=new_secret_code, editable=False)
    email_sealed = models.BinaryField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code[:6]
