"""What people send to the privacy pages, made into clean values."""

from urllib.parse import urlsplit

from django import forms
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from attune.privacy.complaints import Said
from attune.privacy.models import Complaint
from attune.privacy.wordings import STATISTICS, current_wording

LONGEST_PATH = 2000


def path_of_ours(typed: str) -> str:
    """Return a path of this site, without its fragment; that of the first page for all else."""
    is_ours = typed.startswith("/") and url_has_allowed_host_and_scheme(typed, allowed_hosts=None)
    if not is_ours or len(typed) > LONGEST_PATH:
        return "/"
    return urlsplit(typed)._replace(fragment="").geturl()


class ChoiceForm(forms.Form):
    """Yes or no to the words that are asked now."""

    answer = forms.ChoiceField(choices=(("no", "no"), ("yes", "yes")))
    wording = forms.CharField(max_length=20)

    def clean_wording(self) -> str:
        version: str = self.cleaned_data["wording"]
        if version != current_wording(STATISTICS).version:
            raise forms.ValidationError("These words are no longer asked.")
        return version

    @property
    def back(self) -> str:
        """Where to go back to: a page of ours, whatever was sent."""
        return path_of_ours(self.data.get("back", ""))


LONGEST_TEXT = 5000
TOO_LONG = _("Use at most 5,000 characters")
KINDS = (
    (Complaint.Kind.COMPLAINT.value, _("I want to complain")),
    (Complaint.Kind.ACCESS.value, _("I want a copy of what you keep about me")),
    (Complaint.Kind.CORRECTION.value, _("I want something about me corrected")),
    (Complaint.Kind.ERASURE.value, _("I want what you keep about me deleted")),
)
ABOUT = (
    (Complaint.About.DATA.value, _("How my information is used")),
    (Complaint.About.PRACTITIONER.value, _("A therapist")),
    (Complaint.About.SERVICE.value, _("This service")),
)


class ComplaintForm(forms.Form):
    """What happened, what it is about, and where an answer goes."""

    kind = forms.ChoiceField(
        label=_("What do you want?"),
        choices=KINDS,
        error_messages={"required": _("Choose what you want")},
    )
    about = forms.ChoiceField(
        label=_("What is it about?"),
        choices=ABOUT,
        error_messages={"required": _("Choose what it is about")},
    )
    text = forms.CharField(
        label=_("What happened, or what do you need?"),
        max_length=LONGEST_TEXT,
        error_messages={
            "required": _("Write what happened, or what you need"),
            "max_length": TOO_LONG,
        },
    )
    email = forms.EmailField(
        label=_("Your email address"),
        required=False,
        error_messages={"invalid": _("Enter an email address like name@example.org")},
    )
    key = forms.RegexField(r"^[a-z0-9]{28}$", required=False)

    def clean(self) -> dict[str, str]:
        found: dict[str, str] = super().clean() or {}
        asks = found.get("kind") not in (None, Complaint.Kind.COMPLAINT)
        if asks and not found.get("email") and "email" not in self.errors:
            self.add_error("email", _("Enter an email address, so that we can answer you"))
        return found

    def said(self, key: str) -> Said:
        """Return what was sent, once it is valid; ``key``: if the form came without one."""
        values = self.cleaned_data
        return Said(
            kind=values["kind"],
            about=values["about"],
            text=values["text"],
            email=values["email"],
            key=values["key"] or key,
        )


class IdentityForm(forms.Form):
    how = forms.CharField(
        label=_("How did you check who asks?"),
        max_length=LONGEST_TEXT,
        error_messages={
            "required": _("Write how you checked who asks"),
            "max_length": TOO_LONG,
        },
    )


class ClosingForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What was done?"),
        choices=Complaint.Outcome.choices,
        error_messages={"required": _("Choose what was done")},
    )
    answer = forms.CharField(
        label=_("Your answer to the person"),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Write an answer"), "max_length": TOO_LONG},
    )
