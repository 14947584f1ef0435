from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils import timezone


class AccountsConfig(AppConfig):
    name = "attune.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added  # needs the apps to be loaded

        # They register what they hold; they need the apps to be loaded.
        from attune.accounts import (  # noqa: F401
            account_panels,
            channels,
            duties,
            held,
            history,
            mail,
            notices,
            sealed,
            security_panel,
        )

        authenticator_added.connect(finish_enrolment, dispatch_uid="finish_enrolment")


def finish_enrolment(request: HttpRequest, user: Any, authenticator: Any, **_: Any) -> None:
    """A second factor was made: the session has it, and the invitation is used up."""
    # Needs the models.
    from attune.accounts.actions import complete_invitation, note_second_factor
    from attune.accounts.audience import ENROLLING

    if authenticator.type == "recovery_codes":
        return
    complete_invitation(user, at=timezone.now())
    note_second_factor(request, user, kind=authenticator.type)
    request.session.pop(ENROLLING, None)
    request.session.cycle_key()
