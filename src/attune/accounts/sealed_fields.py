"""Every sealed column: what rotation of the master key seals anew, and tests look for traces of."""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model


@dataclass(frozen=True)
class SealedField:
    """
    A column that holds a sealed text or JSON value.

    Args:
        model: As in ``apps.get_model``: "booking.Appointment".

        column: Name of the column.

        label: ``model`` as ``seal`` was given it, bound to the text.

        field: ``field`` as ``seal`` was given it.

        row: Name of the column with what ``seal`` was given as ``row``; empty: the empty text.
    """

    model: str
    column: str
    label: str
    field: str
    row: str = "code"

    @property
    def model_class(self) -> type[Model]:
        return apps.get_model(self.model)


_sealed: dict[tuple[str, str], SealedField] = {}


def register_sealed(*fields: SealedField) -> None:
    _sealed.update({(one.model, one.column): one for one in fields})


def sealed_fields() -> tuple[SealedField, ...]:
    return tuple(_sealed[key] for key in sorted(_sealed))
