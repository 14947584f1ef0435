"""Who signs in. Seekers need no account."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower

from attune.vocabulary.codes import new_code


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # of images
    """Someone with a sign-in: staff and practitioners for now."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=150)
    is_staff = models.BooleanField("may use the staff pages", default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="one_user_per_email"),)

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """Return what libraries call somebody by."""
        return str(self)

    get_short_name = get_full_name


class Invitation(models.Model):
    """A one-time code that lets one named person make an account with a second factor."""

    email = models.EmailField("e-mail address")
    name = models.CharField(max_length=150)
    is_staff = models.BooleanField(default=False)
    is_superuser = models.BooleanField(default=False)
    # SHA-256 of the code; the code itself is shown once.
    code_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class WebSession(AbstractBaseSession):
    """What one browser holds, as Django keeps it."""

    # The code of the enquiry among it: with a column, one statement reads both.
    enquiry = models.CharField(max_length=32, blank=True, editable=False)

    class Meta:
        verbose_name = "web session"


class Tally(models.Model):
    """How often one origin did one thing, until ``ends_at``.

    The table is unlogged: a crash of the database forgets it, and counting waits for no disk.
    """

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return str(self.count)
