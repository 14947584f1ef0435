"""``attune data-map``: what is stored, why, and until when; docs/reference/data-map.md."""

from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand

from attune.accounts.data_map import CLASSES, Entry, data_map

HEAD = """# Data map

Every field that is stored, by app: what for, on which basis of the UK GDPR, for how long, and what kind of data it is.
Made from the `data_map.toml` of each app by `attune data-map`; a field without a line fails the tests and `attune check`.
Health data stands on explicit consent besides its basis (article 9(2)(a)).

| class | meaning |
| --- | --- |
| none | says nothing about a person |
| operation | what the service needs to run: keys, counts, queues |
| public | what a page shows anyway |
| account | who somebody is, and that they have an account |
| health | tells or hints why somebody came |
| sealed | encrypted; opened only through its door |
"""  # noqa: E501 - a sentence a line


class Command(BaseCommand):
    help = "Print the data map: docs/reference/data-map.md."
    # What is wrong with it, attune check says.
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django types it

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(as_markdown(), ending="")


def as_markdown() -> str:
    """Return the page, one table an app."""
    known = data_map()
    parts = [HEAD]
    for app, entries in groupby(known.entries, key=lambda one: one.label.partition(".")[0]):
        parts += [f"\n## {app}\n\n| record | what for | basis | kept | fields |"]
        parts += ["\n| --- | --- | --- | --- | --- |\n", *map(_row, entries)]
    parts += [
        "\n## Tables that are no record's\n\n| table | what for, and how long |\n| --- | --- |\n"
    ]
    parts += [f"| `{name}` | {words} |\n" for name, words in sorted(known.tables.items())]
    return "".join(parts)


def _row(entry: Entry) -> str:
    by_class = {
        kind: sorted(name for name, its in entry.fields.items() if its == kind) for kind in CLASSES
    }
    fields = "; ".join(f"{kind}: {', '.join(names)}" for kind, names in by_class.items() if names)
    _app, _, name = entry.label.partition(".")
    return f"| {name} | {entry.purpose} | {entry.basis} | {entry.retention} | {fields} |\n"
