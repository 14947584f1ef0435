"""``attune create-admin``: invite the first administrator, or another one."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from attune.accounts.actions import invite


class Command(BaseCommand):
    help = "Print a one-time code with which a person makes an administrator's account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the person's email address")
        parser.add_argument("--name", default="", help="the person's name")

    def handle(self, *, email: str, name: str, **options: object) -> None:
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(
                f"email: {email!r} cannot be used. Accepted: an email address.", returncode=2
            ) from None
        code = invite(
            email=email,
            name=name or email.partition("@")[0],
            is_staff=True,
            is_superuser=True,
            at=timezone.now(),
        )
        self.stdout.write(
            f"One-time code for {email}: {code}\n"
            f"Enter it within 24 hours at {settings.PUBLIC_URL}/accounts/invitation/ "
            "and set up a passkey, or a password with an authenticator app."
        )
