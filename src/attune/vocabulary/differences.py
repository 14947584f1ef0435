"""What a data file says now, where somebody here has written otherwise.

A row that nobody changed follows its file. One that an editor changed keeps the editor's words,
and what the file says waits beside it until somebody decides.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from attune.vocabulary.models import FromDataFile

Values = Mapping[str, Any]


def follow(row: FromDataFile, values: Values) -> bool:
    """Take a file's values into a row, or keep them to be decided; return whether they were taken.

    Args:
        row: saved, or new and not saved yet; with its own key set.

        values: field -> what the file says, as the model holds it.
    """
    said = as_json(values)
    if row.pk is not None and said in (row.loaded, row.offered):
        return False
    if row.pk is not None and is_changed_here(row, said):
        row.offered = said
        row.save(update_fields=["offered"])
        return False
    _take(row, said)
    return True


def is_changed_here(row: FromDataFile, said: Values) -> bool:
    """Whether its words differ from those that its file last brought, and from what it says now."""
    own = as_json({name: getattr(row, name) for name in said})
    return own not in (row.loaded, said)


@transaction.atomic
def accept(row: FromDataFile) -> None:
    """Take what the file offers in place of the words here."""
    _take(row, row.offered or {})


def keep_own(row: FromDataFile) -> None:
    """Keep the words here; the file is asked about again when it changes again."""
    row.loaded, row.offered = row.offered, None
    row.save(update_fields=["loaded", "offered"])


def _take(row: FromDataFile, said: Values) -> None:
    for field in row._meta.concrete_fields:  # noqa: SLF001  # Django's public name
        if field.name in said:
            # Dates come as text, as the file has them.
            setattr(row, field.name, field.to_python(said[field.name]))
    row.loaded, row.offered = dict(said), None
    row.is_taken_from_file()
    row.full_clean(validate_unique=False)
    row.save()


def as_json(values: Values) -> dict[str, Any]:
    """Return values as the database will give them back from JSON."""
    found: dict[str, Any] = json.loads(json.dumps(dict(values), cls=DjangoJSONEncoder))
    return found
