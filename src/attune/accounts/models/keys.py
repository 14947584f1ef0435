"""The keys that one person's texts are sealed with, themselves wrapped by the master key."""

from datetime import datetime
from typing import ClassVar

from django.db import models

from attune.accounts.sealing import new_wrapped_key
from attune.vocabulary.codes import new_secret_code


class SealingKeyManager(models.Manager["SealingKey"]):
    def new(self, *, at: datetime) -> "SealingKey":
        """Return a fresh key that is not stored yet."""
        code = new_secret_code()
        wrapped, master_version = new_wrapped_key(code)
        return SealingKey(code=code, wrapped=wrapped, master_version=master_version, created_at=at)


class SealingKey(models.Model):
    """One person's own key. Whoever deletes the row has closed all that it sealed, for ever."""

    code = models.CharField(max_length=28, unique=True, default=new_secret_code, editable=False)
    # The key, sealed by the master key of this version in the key file.
    wrapped = models.BinaryField()
    master_version = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()

    objects: ClassVar[SealingKeyManager] = SealingKeyManager()

    def __str__(self) -> str:
        return self.code[:6]


class KeyMark(models.Model):
    """By what a key file is recognised: a hash that only the right one gives."""

    master_version = models.PositiveSmallIntegerField(primary_key=True)
    mark = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.master_version)


class ErasedKey(models.Model):
    """A key that was destroyed with everything it sealed, so that no restore brings it back."""

    key_code = models.CharField(max_length=28, unique=True)
    # The public code of the account that it belonged to; nothing else is known of it.
    user_code = models.CharField(max_length=16)
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key_code[:6]
