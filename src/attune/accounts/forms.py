"""What a person types to make an account, to sign in and to prove an address."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

CODE_REFUSED = _("This code does not work, or no longer does. Check it, or send a new one")
TOO_MANY_CODES = _("Too many codes were asked for. Try again in an hour")
NOT_A_PASSKEY_OF_OURS = _(
    "This passkey does not work here. Use one that you made on this site, or another way to sign in"
)
PASSKEY_NOT_MADE = _("The passkey could not be set up. Nothing was changed. Try again")


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent with a form, also when that is nothing; None for a look at it."""
    return request.POST if request.method == "POST" else None


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=_("Your email address"),
        error_messages={
            "required": _("Enter your email address"),
            "invalid": _("Enter an email address like name@example.org"),
        },
    )


class NewAddressForm(forms.Form):
    email = forms.EmailField(
        label=_("Your new email address"),
        error_messages={
            "required": _("Enter your new email address"),
            "invalid": _("Enter an email address like name@example.org"),
        },
    )


class CodeForm(forms.Form):
    code = forms.RegexField(
        r"^\s*(\d\s*){6}$",
        label=_("Your code"),
        error_messages={
            "required": _("Enter the code from the message"),
            "invalid": _("Enter the 6 numbers from the message"),
        },
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())


class InvitationForm(forms.Form):
    code = forms.CharField(
        label=_("One-time code"),
        max_length=60,
        error_messages={"required": _("Enter the one-time code that you were given")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )


class _Passkey:
    """What a browser says of a passkey may be anything at all: one sentence answers it."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].error_messages |= {
            "required": NOT_A_PASSKEY_OF_OURS,
            "invalid": NOT_A_PASSKEY_OF_OURS,
        }

    def clean_credential(self) -> Authenticator:
        try:
            found: Authenticator = super().clean_credential()  # type: ignore[misc]
        except ValidationError as error:
            if error.code == "too_many_login_attempts":
                raise
            raise ValidationError(NOT_A_PASSKEY_OF_OURS) from None
        except (AttributeError, KeyError, TypeError, ValueError):
            raise ValidationError(NOT_A_PASSKEY_OF_OURS) from None
        return found


class PasskeyLoginForm(_Passkey, LoginWebAuthnForm):  # type: ignore[misc]  # untyped
    pass


class PasskeyFactorForm(_Passkey, AuthenticateWebAuthnForm):  # type: ignore[misc]  # untyped
    pass


class PasskeyConfirmForm(_Passkey, ReauthenticateWebAuthnForm):  # type: ignore[misc]  # untyped
    pass


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # untyped
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].error_messages |= {
            "required": PASSKEY_NOT_MADE,
            "invalid": PASSKEY_NOT_MADE,
        }

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except (AttributeError, KeyError, TypeError, ValueError, ValidationError):
            raise ValidationError(PASSKEY_NOT_MADE) from None
        return cleaned
