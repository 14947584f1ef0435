"""What editors type, and why it is refused: one sentence each, and nothing of it lost."""

from io import BytesIO
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.images.forms import BaseImageForm

from attune.content.brand import CONTRAST_WANTED, PAIRS
from attune.content.checker import findings
from attune.core.colours import contrast, is_colour
from attune.vocabulary.models import PresentingIssue, TherapyType


class ReviewedPageForm(WagtailAdminPageForm):
    """A draft may be unfinished; what is handed in or published may not break a rule."""

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.is_deferred_validation or self.errors:
            return
        for one in findings(self.instance):
            if one.refuses:
                self.add_error(None, f"{one.where}: {one.sentence}" if one.where else one.sentence)


class ImageForm(BaseImageForm):
    """An upload is drawn anew: what it carried besides pixels (place, camera, code) is gone."""

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if not isinstance(upload, UploadedFile):
            return upload
        drawn = BytesIO()
        upload.seek(0)
        with Image.open(upload) as picture:
            kind = picture.format
            # Turned as its camera noted, before that note is gone.
            ImageOps.exif_transpose(picture).save(drawn, format=kind)
        return ContentFile(drawn.getvalue(), name=upload.name)


class BrandForm(WagtailAdminModelForm):
    """Colours that everybody can read: text reaches 7 to 1, as WCAG asks at level AAA."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        for field, ground, words in PAIRS:
            colour = data.get(field, "")
            # What is no colour at all is refused by the field itself.
            if is_colour(colour) and (reached := contrast(colour, ground)) < CONTRAST_WANTED:
                self.add_error(
                    field,
                    _(
                        "On %(words)s this colour reaches a contrast of %(reached)s to 1, and "
                        "words need %(wanted)s to 1. Choose one that differs more."
                    )
                    % {"words": words, "reached": f"{reached:.1f}", "wanted": CONTRAST_WANTED},
                )
        return data


class OrganisationForm(WagtailAdminModelForm):
    """Codes have to be those of the vocabulary: a page finds its organisations by them."""

    def clean_therapies(self) -> list[str]:
        return self._known("therapies", TherapyType)

    def clean_issues(self) -> list[str]:
        return self._known("issues", PresentingIssue)

    def _known(self, field: str, model: type[TherapyType] | type[PresentingIssue]) -> list[str]:
        typed: list[str] = self.cleaned_data[field]
        known = set(model.objects.filter(slug__in=typed).values_list("slug", flat=True))
        if strays := [one for one in typed if one not in known]:
            raise forms.ValidationError(
                _("Nothing has the code %(codes)s. Look it up under Vocabulary.")
                % {"codes": ", ".join(strays)}
            )
        return typed
