"""Who signs in."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from attune.accounts.models.keys import SealingKey
from attune.accounts.sealing import (
    Bound,
    email_hash,
    keyed_hash,
    normalised_email,
    seal,
    unseal,
)
from attune.vocabulary.codes import new_code

SEALED_EMAIL = Bound(model="accounts.User", field="email")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an account with a key of its own, under which its address is sealed."""
        with transaction.atomic():
            key = SealingKey.objects.new(at=timezone.now())
            key.save(using=self._db)
            user = self.model(key=key, **fields)
            user.email = email
            user.set_password(password)
            user.save(using=self._db)
        return user

    def with_email(self, *addresses: str) -> QuerySet["User"]:
        """Return the accounts of these addresses, however they are written."""
        return self.filter(email_hash__in=[email_hash(one) for one in addresses])


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # of images
    """Someone with a sign-in: a member, a practitioner, or of the staff.

    That somebody has an account hints at why: the address is sealed, and found by its hash.
    """

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    email_sealed = models.BinaryField()
    email_hash = models.CharField(max_length=64, unique=True)
    key = models.OneToOneField(SealingKey, models.PROTECT, related_name="user", editable=False)
    # Of staff and practitioners; a member needs none.
    name = models.CharField(max_length=150, blank=True)
    is_staff = models.BooleanField("may use the staff pages", default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email_hash"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.code

    @property
    def email(self) -> str:
        """The address, opened. Raises ``CannotOpen`` once the key is destroyed."""
        return unseal(self.email_sealed, row=self.code, **SEALED_EMAIL)

    @email.setter
    def email(self, address: str) -> None:
        whole = normalised_email(address)
        self.email_hash = email_hash(whole)
        self.email_sealed = seal(whole, row=self.code, key=self.key, **SEALED_EMAIL)

    def get_session_auth_hash(self) -> str:
        """Return what a sign-in is held to: another password or other rights end it (S4)."""
        rights = f"{super().get_session_auth_hash()}/{self.is_staff}/{self.is_superuser}"
        return keyed_hash(rights, purpose="sign-in")

    def get_full_name(self) -> str:
        """Return what libraries call somebody by."""
        return str(self)

    # Wagtail shows it in the editor: not the hash that a sign-in is found by.
    get_short_name = get_username = get_full_name


class Invitation(models.Model):
    """A one-time code that lets one named person make an account with a second factor."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    email_sealed = models.BinaryField()
    email_hash = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=150)
    is_staff = models.BooleanField(default=False)
    is_superuser = models.BooleanField(default=False)
    # SHA-256 of the code; the code itself is shown once.
    code_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
