"""What editors type, and why it is refused: one sentence each, and nothing of it lost."""

import struct
from io import BytesIO
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from attune.content.brand import CONTRAST_WANTED, PAIRS
from attune.content.checker import findings
from attune.core.colours import contrast, is_colour
from attune.vocabulary.models import PresentingIssue, TherapyType

# What Pillow keeps beside the pixels that belongs to them.
PIXELS = ("transparency",)
# What Pillow says of a file that is damaged, each kind of picture in its own way.
UNREADABLE = (
    *(OSError, EOFError, SyntaxError, ValueError, TypeError, LookupError),
    *(struct.error, Image.DecompressionBombError),
)


class ReviewedPageForm(WagtailAdminPageForm):
    """A draft may be unfinished; what is handed in or published may not break a rule."""

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.is_deferred_validation or self.errors:
            return
        for one in findings(self.instance):
            if one.refuses:
                self.add_error(None, f"{one.where}: {one.sentence}" if one.where else one.sentence)


class PictureField(WagtailImageField):
    """An upload is drawn anew: what it carried besides pixels (place, camera, code) is gone."""

    def to_python(self, data: Any) -> Any:
        try:
            upload = super().to_python(data)
            return upload and ContentFile(drawn_anew(upload), name=upload.name)
        except UNREADABLE:
            raise forms.ValidationError(
                _("This picture cannot be read to its end. Save it anew, and upload that.")
            ) from None


class ImageForm(BaseImageForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        wagtails = self.fields["file"]
        self.fields["file"] = PictureField(
            label=wagtails.label, required=wagtails.required, widget=wagtails.widget
        )


def drawn_anew(upload: "UploadedFile[bytes]") -> bytes:
    """Return a picture of the same kind with the same pixels; raises one of ``UNREADABLE``."""
    drawn = BytesIO()
    upload.seek(0)
    with Image.open(upload) as picture:
        # Turned as its camera noted, before that note is gone.
        turned = ImageOps.exif_transpose(picture)
        # Pillow would write comments and colour profiles out again.
        turned.info = {name: turned.info[name] for name in PIXELS if name in turned.info}
        turned.save(drawn, format=picture.format)
    return drawn.getvalue()


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
