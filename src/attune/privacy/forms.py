"""What people send to the privacy pages, made into clean values."""

from urllib.parse import urlsplit

from django import forms
from django.utils.http import url_has_allowed_host_and_scheme

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
