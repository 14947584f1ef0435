"""How allauth behaves here: by invitation, and never without a second factor."""

from base64 import b64decode, b64encode
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attune.accounts.audience import MAY_EDIT, needs_second_factor
from attune.accounts.limits import address_of
from attune.accounts.models import User
from attune.accounts.sealing import Bound, seal, unseal
from attune.core.phrases import checked_date_words

ENROLLING = "enrolling"
SEALED_SECRET = Bound(model="mfa.Authenticator", field="secret")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Refuse a right password without a second factor: that account was never finished."""
        refused: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if refused is None and needs_second_factor(user) and not is_mfa_enabled(user):
            clear_login(request)
            return redirect("invitation")
        return refused

    def get_client_ip(self, request: HttpRequest) -> str:
        """Count failed sign-ins by the address that all other limits count by."""
        return address_of(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return home_of(request.user)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again before a sensitive change, except of someone who is enrolling just now."""
        if context.request.session.get(ENROLLING):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """Offer the second factor alone, passkey first: the password is not a second factor."""
        methods = super().get_reauthentication_methods(user)
        factors = [one for one in methods if one["id"] != "reauthenticate"]
        return sorted(factors, key=lambda one: "webauthn" not in one["id"]) or methods

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing on the next page: each of our pages tells its own outcome."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": gettext_lazy(
            "This is your only way to sign in. Set up a passkey first, then remove it"
        ),
        "incorrect_code": gettext_lazy(
            "This code does not work. Check it, or wait for the next one"
        ),
    }

    def encrypt(self, text: str) -> str:
        """Seal the secrets that codes are made from, which are as good as the codes."""
        return b64encode(seal(text, row="", **SEALED_SECRET)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(b64decode(encrypted_text), row="", **SEALED_SECRET)

    def get_totp_issuer(self) -> str:
        """Name the site neutrally: the name stands in an app on somebody's phone."""
        return context.request.get_host() if context.request else "localhost"

    def generate_authenticator_name(self, user: User, kind: Authenticator.Type) -> str:
        """Name a new passkey by its day, until somebody gives it a name of their own."""
        return _("Passkey, %(day)s") % {"day": checked_date_words(timezone.localdate())}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep the last factor: without one, nobody could sign in again."""
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


def home_of(user: User | AnonymousUser) -> str:
    """Return where somebody lands after signing in."""
    if hasattr(user, "practitioner"):
        return "/practice/"
    if getattr(user, "is_staff", False):
        return reverse("admin:index")
    return "/editor/" if user.has_perm(MAY_EDIT) else "/account/"
