"""What a member types about somebody whom they saved."""

from django import forms
from django.utils.translation import gettext_lazy as _

from attune.directory.models import SavedListing

NOTE_LENGTH = 2000
CHOOSE = _("Choose where you are with them")


class StatusForm(forms.Form):
    status = forms.ChoiceField(
        choices=SavedListing.Status.choices,
        label=_("Where are you with them?"),
        required=False,
        error_messages={"invalid_choice": CHOOSE},
    )


class NoteForm(forms.Form):
    note = forms.CharField(
        required=False,
        max_length=NOTE_LENGTH,
        label=_("Your note"),
        error_messages={
            "max_length": _("Use 2,000 characters or fewer: you have used %(show_value)s"),
            "null_characters_not_allowed": _("Use letters, numbers and signs only"),
        },
    )
