"""The data map: what each stored field is for, what kind of data it is, and when it goes.

Each app keeps its own lines in its ``data_map.toml``; those of libraries, and of tables that are no
model's, are in ``project/data_map.toml``. A field that nobody declared fails the build.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import Field, ForeignObjectRel, Model
from django.utils.functional import cached_property

from attune.outbox.duties import known_duties

FILE = "data_map.toml"
CLASSES = ("none", "operation", "public", "account", "health", "sealed")
BASES = ("none", "contract", "consent", "legal-obligation", "legitimate-interests")
# How a retention may begin that no duty and no erasure has to hold.
ENDLESS = (
    "as long as the site is run",
    "as long as a backup could bring them back",
    "nothing is written here",
)
_DUTY = re.compile(r"\bdut(?:y|ies) ")


@dataclass(frozen=True)
class Entry:
    """What is declared of one model: ``label`` as in ``apps.get_model``."""

    label: str
    purpose: str
    basis: str
    retention: str
    # Name of the field -> its class.
    fields: dict[str, str]


@dataclass(frozen=True)
class DataMap:
    entries: tuple[Entry, ...]
    # Name of a table that is no model's -> what it is for, and how long.
    tables: dict[str, str]

    @cached_property
    def by_label(self) -> dict[str, Entry]:
        return {one.label: one for one in self.entries}


def data_map() -> DataMap:
    """Read every app's lines. Raises ``KeyError`` and ``tomllib.TOMLDecodeError``."""
    entries: list[Entry] = []
    tables: dict[str, str] = {}
    for config in apps.get_app_configs():
        path = Path(config.path) / FILE
        if config.name.startswith("attune.") and path.exists():
            told = tomllib.loads(path.read_text(encoding="utf-8"))
            tables |= told.pop("tables", {})
            entries += [_entry(config.label, name, lines) for name, lines in told.items()]
    return DataMap(tuple(sorted(entries, key=lambda one: one.label)), tables)


def declared_models() -> list[type[Model]]:
    """Return every model that a table of ours or of a library holds, by its label."""
    return sorted(apps.get_models(), key=lambda model: model._meta.label)  # noqa: SLF001 - Django's


def fields_of(model: type[Model]) -> set[str]:
    """Return the names of what a model stores itself, without its row number."""
    found = (*model._meta.local_fields, *model._meta.local_many_to_many)  # noqa: SLF001 - Django's
    return {one.name for one in found if not _is_row_number(one)}


def problems() -> list[str]:
    """Return what the data map lacks, or says of nothing that exists, a sentence each."""
    known = data_map()
    return [*_missing(known), *(line for one in known.entries for line in _wrong_in(one))]


def _missing(known: DataMap) -> Iterator[str]:
    models = {model._meta.label: model for model in declared_models()}  # noqa: SLF001 - Django's
    for label in sorted(models.keys() - known.by_label.keys()):
        if fields_of(models[label]):
            yield f"{label} has no entry."
    for label in sorted(known.by_label.keys() - models.keys()):
        yield f"{label} is no model."
    for label in sorted(models.keys() & known.by_label.keys()):
        stored, told = fields_of(models[label]), set(known.by_label[label].fields)
        for name in sorted(stored - told):
            yield f"{label}.{name} has no line."
        for name in sorted(told - stored - {"id"}):
            yield f"{label}.{name} is no field."


def _wrong_in(entry: Entry) -> Iterator[str]:
    if not entry.purpose.strip():
        yield f"{entry.label} has no purpose."
    if entry.basis not in BASES:
        yield f"{entry.label}: {entry.basis} is no basis."
    for name, kind in entry.fields.items():
        if kind not in CLASSES:
            yield f"{entry.label}.{name}: {kind} is no class."
        if kind in ("account", "health", "sealed") and entry.basis == "none":
            yield f"{entry.label}.{name} is about a person and has no basis."
        if name.endswith("_sealed") and kind != "sealed":
            yield f"{entry.label}.{name} is sealed, and its class is {kind}."
    yield from _wrong_retention(entry)


def _wrong_retention(entry: Entry) -> Iterator[str]:
    """Say what does not hold: each part that names duties names some that exist."""
    names = [duty.name for duty in known_duties()]
    _before, *duties = _DUTY.split(entry.retention)
    for after in duties:
        if not after.startswith(tuple(names)):
            yield f"{entry.label}: there is no duty {after}."
    if not (duties or "erasure" in entry.retention or entry.retention.startswith(ENDLESS)):
        yield f"{entry.label}: nothing holds its retention, {entry.retention}."


def _is_row_number(field: "Field[Any, Any] | ForeignObjectRel") -> bool:
    made_by_django = getattr(field, "auto_created", False)
    return bool(made_by_django and getattr(field, "primary_key", False))


def _entry(app: str, name: str, told: dict[str, Any]) -> Entry:
    return Entry(
        label=name if "." in name else f"{app}.{name}",
        purpose=told["purpose"],
        basis=told["basis"],
        retention=told["retention"],
        fields=told.get("fields", {}),
    )
