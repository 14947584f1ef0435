"""Fields of the library's pages: several lines, several choices."""

from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.forms import SimpleArrayField
from django.db import models


class LinesInput(SimpleArrayField):
    """A text area with one entry a line; empty lines are passed over."""

    def __init__(self, base_field: forms.Field, **options: Any) -> None:
        options["delimiter"] = "\n"
        super().__init__(base_field, widget=forms.Textarea(attrs={"rows": 4}), **options)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = "\n".join(line for line in value.splitlines() if line.strip())
        return super().to_python(value)


class LinesField(ArrayField):  # type: ignore[type-arg]  # not generic at run time
    """Short texts in an order, typed one a line."""

    def __init__(self, *, longest: int = 160, **options: Any) -> None:
        self.longest = longest
        options.pop("base_field", None)
        options.setdefault("default", list)
        options.setdefault("blank", True)
        super().__init__(models.CharField(max_length=longest), **options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        del options["base_field"]
        return name, path, args, options | {"longest": self.longest}

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"form_class": LinesInput} | options)


class ChoicesField(ArrayField):  # type: ignore[type-arg]  # not generic at run time
    """Any of a few choices, as boxes to tick."""

    def formfield(self, **options: Any) -> Any:
        choices = self.base_field.choices
        return models.Field.formfield(
            self,
            form_class=forms.TypedMultipleChoiceField,
            choices_form_class=forms.TypedMultipleChoiceField,
            choices=choices,
            coerce=str,
            widget=forms.CheckboxSelectMultiple,
            **options,
        )
