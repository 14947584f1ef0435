"""What a person types to make an account."""

from django import forms
from django.utils.translation import gettext_lazy as _


class InvitationForm(forms.Form):
    code = forms.CharField(
        label=_("One-time code"),
        max_length=60,
        error_messages={"required": _("Enter the one-time code that you were given")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )
