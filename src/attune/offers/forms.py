"""What members and editors type about offers, and why it is refused."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from attune.offers.access import sealed_shared_code
from attune.offers.importing import is_code
from attune.offers.models import WIDEST_RADIUS_KM, Offer
from attune.vocabulary.places import resolve

MOST_ISSUED = 1000


class VersionedForm(WagtailAdminModelForm):
    """An edit that tells the second of two editors that there was a first (S38).

    The view holds the row's lock while it asks.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["version"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if self.instance.pk:
            model = type(self.instance)
            stored = model.objects.values_list("version", flat=True).get(pk=self.instance.pk)
            if data.get("version") != stored:
                self.add_error(
                    None,
                    _(
                        "Somebody saved this while you had it open. What you typed is still here, "
                        "and not saved. Open it again in another tab, and enter it there."
                    ),
                )
            self.instance.version = stored + 1
        return data


class OfferForm(VersionedForm):
    shared_code = forms.CharField(
        label=gettext_lazy("Shared code"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("For one code that all share. A code that is kept is not shown."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self._clean_days(data)
        self._clean_area(data)
        self._clean_shared_code(data)
        if self.instance.pk:
            self._clean_what_stays(data)
        if data.get("state") == Offer.State.PUBLISHED:
            self._clean_what_it_gives(data)
        return data

    def _clean_days(self, data: dict[str, Any]) -> None:
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("Enter a day that is not before the first day."))

    def _clean_area(self, data: dict[str, Any]) -> None:
        """Keep where the place is, as it is known now."""
        place, radius_km = data.get("place"), data.get("radius_km")
        self.instance.place_latitude = self.instance.place_longitude = None
        if not place and radius_km is not None:
            self.add_error("place", _("Enter the place, or leave the kilometres empty."))
        if not place:
            return
        if radius_km is None or not 1 <= radius_km <= WIDEST_RADIUS_KM:
            self.add_error("radius_km", _("Enter 1 to 500 kilometres."))
        elif (found := resolve(place)) is None:
            self.add_error("place", _("We do not know this place. Enter a postcode or a town."))
        elif found.whereabouts.accuracy_km > radius_km:
            self.add_error(
                "place",
                _("This place is known to about %(km)s km. Enter a postcode, or more kilometres.")
                % {"km": f"{found.whereabouts.accuracy_km:.0f}"},
            )
        else:
            point = found.whereabouts.point
            self.instance.place_latitude, self.instance.place_longitude = point.lat, point.lon

    def _clean_shared_code(self, data: dict[str, Any]) -> None:
        text = data.get("shared_code", "").strip()
        if text and not is_code(text):
            self.add_error("shared_code", _("Enter a code of 4 to 200 characters."))
        elif text:
            self.instance.shared_code_sealed = sealed_shared_code(self.instance, text)

    def _clean_what_stays(self, data: dict[str, Any]) -> None:
        """Keep what members who claimed rely on."""
        stored = Offer.objects.get(pk=self.instance.pk)
        if stored.state == Offer.State.DRAFT:
            return
        if data.get("state") == Offer.State.DRAFT:
            self.add_error("state", _("This offer was published. Withdraw it instead."))
        for name in ("partner", "kind"):
            if data.get(name) not in (None, getattr(stored, name)):
                self.add_error(
                    name,
                    _("This stays as it was published. Withdraw this offer and make another."),
                )

    def _clean_what_it_gives(self, data: dict[str, Any]) -> None:
        kind = data.get("kind")
        if kind == Offer.Kind.LINK and not data.get("link") and "link" not in self.errors:
            self.add_error("link", _("Enter the link before you publish the offer."))
        if kind == Offer.Kind.SHARED and not (
            self.instance.shared_code_sealed or "shared_code" in self.errors
        ):
            self.add_error("shared_code", _("Enter the code before you publish the offer."))
        if kind == Offer.Kind.STOCK and not (self.instance.pk and self.instance.stock.exists()):
            self.add_error(
                "state", _("Save the offer as a draft, add codes to its stock, then publish it.")
            )


class CodesFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty. It needs one code a line."),
        },
    )


class IssueForm(forms.Form):
    count = forms.IntegerField(
        label=gettext_lazy("How many"),
        min_value=1,
        max_value=MOST_ISSUED,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), gettext_lazy("Enter 1 to 1,000.")
        ),
    )


class ClaimForm(forms.Form):
    """``wording``: the number of the words on the page; ``place``: asked where an offer has one."""

    wording = forms.IntegerField(widget=forms.HiddenInput)
    place = forms.CharField(max_length=120, required=False)
