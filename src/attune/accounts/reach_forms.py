"""What somebody types to be reached at another address."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AddressForm(forms.Form):
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
            "required": _("Enter the 6 numbers that we sent"),
            "invalid": _("Enter the 6 numbers that we sent"),
        },
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())
