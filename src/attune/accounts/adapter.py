"""How allauth behaves here: who needs a second factor, and what confirms that it is them."""

from base64 import b64decode, b64encode
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.core.internal.ratelimit import handler429
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

from attune.accounts.audience import MAY_EDIT, has_stepped_up, needs_second_factor
from attune.accounts.contacts import TooManyCodes
from attune.accounts.history import note_refused_password
from attune.accounts.limits import address_of
from attune.accounts.models import User
from attune.accounts.sealing import Bound, seal, unseal
from attune.accounts.sign_in import ask_for_code
from attune.core.phrases import checked_date_words

SEALED_SECRET = Bound(model="mfa.Authenticator", field="secret")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy(
            "This email address and password do not belong together. Check both, or use a code"
        ),
        "too_many_login_attempts": gettext_lazy(
            "This was tried too often. Wait 5 minutes, or sign in another way"
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Let nobody in by one thing alone that is not enough for them.

        Whoever needs a second factor and has none never finished their account. A right password
        without one is answered with a code to the mailbox.
        """
        refused: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if refused is not None or is_mfa_enabled(user):
            return refused
        records = get_authentication_records(request, user)
        if needs_second_factor(user):
            clear_login(request)
            return redirect("invitation")
        if records and records[-1]["method"] == "password":
            clear_login(request)
            return _code_as_well(request, user, kwargs.get("redirect_url") or "")
        return None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        note_refused_password(request, credentials.get("email", ""), at=timezone.now())

    def get_client_ip(self, request: HttpRequest) -> str:
        """Count failed sign-ins by the address that all other limits count by."""
        return address_of(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return home_of(request.user)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_signed_out")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again before a sensitive change, by the rule that all our pages have."""
        return not has_stepped_up(context.request)

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """Offer the second factor, passkey first; without one a code to the mailbox.

        Never the password, which is no second factor.
        """
        if not user.is_authenticated:
            return []
        methods = super().get_reauthentication_methods(user)
        factors = [one | {"description": _WAYS[one["id"]]} for one in methods if one["id"] in _WAYS]
        return sorted(factors, key=lambda one: "webauthn" not in one["id"]) or [
            {
                "id": "code",
                "description": _("A code by email"),
                "url": reverse("account_reauthenticate"),
            }
        ]

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing on the next page: each of our pages tells its own outcome."""


_WAYS = {
    "mfa_reauthenticate": gettext_lazy("A code from your authenticator app, or a recovery code"),
    "mfa_reauthenticate:webauthn": gettext_lazy("A passkey"),
}


def _code_as_well(request: HttpRequest, user: User, next_page: str) -> HttpResponse:
    try:
        ask_for_code(request, user.email, next_page=next_page, at=timezone.now())
    except TooManyCodes:
        answer: HttpResponse = handler429(request)
        return answer
    return redirect("sign_in_code")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": gettext_lazy(
            "Without this you could not sign in. Set up a passkey first, then remove it"
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
        """Keep the last factor of those who cannot sign in without one (S2)."""
        return not (needs_second_factor(authenticator.user) and is_last_factor(authenticator))


def is_last_factor(authenticator: Authenticator) -> bool:
    """Whether nothing else opens what is sealed; recovery codes go with the last."""
    others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
    return not others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def home_of(user: User | AnonymousUser) -> str:
    """Return where somebody lands after signing in."""
    if hasattr(user, "practitioner"):
        return "/practice/"
    if getattr(user, "is_staff", False):
        return reverse("admin:index")
    return "/editor/" if user.has_perm(MAY_EDIT) else "/account/"
