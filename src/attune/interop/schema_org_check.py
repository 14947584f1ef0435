"""Is what our pages say in JSON-LD said in schema.org's words, each in its place?

Checked against ``data/schema_org.csv``, the part of release 30.0 that our pages use: a word that
is not in it counts as unknown. A new word goes into the table first, from the release itself.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from attune.interop.schema_org import CONTEXT

_FILE = Path(__file__).resolve().parent / "data" / "schema_org.csv"
_ADDRESS = re.compile(r"https?://[^\s/?#]+\S*")


class Property(NamedTuple):
    """Where a property may stand, and what it may hold: names of types."""

    domain: frozenset[str]
    range: frozenset[str]


class Table(NamedTuple):
    """Each type with its parents; each property with its places."""

    types: Mapping[str, frozenset[str]]
    properties: Mapping[str, Property]

    def kinds(self, type_name: str) -> frozenset[str]:
        """Return the type and all it inherits from; nothing for an unknown type."""
        if type_name not in self.types:
            return frozenset()
        above = (self.kinds(parent) for parent in self.types[type_name])
        return frozenset({type_name}).union(*above)


@cache
def table() -> Table:
    """Return the vocabulary in use."""
    types, properties = {}, {}
    with _FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            parents_or_domain = frozenset(row["parents_or_domain"].split())
            if row["is"] == "type":
                types[row["term"]] = parents_or_domain
            else:
                range_ = frozenset(row["range"].split())
                properties[row["term"]] = Property(parents_or_domain, range_)
    return Table(types, properties)


def problems(data: object) -> list[str]:
    """Return one sentence for each mistake in a JSON-LD value, in the order found; [] is good.

    Takes what ``json.loads`` gives: an object, a list of them, or an object with ``@graph``.
    """
    return list(_in_document(data))


def _in_document(data: object) -> Iterator[str]:
    if isinstance(data, list):
        for one in data:
            yield from _in_document(one)
    elif not isinstance(data, dict):
        yield f"The page: {data!r} is not an object."
    else:
        if data.get("@context", CONTEXT) != CONTEXT:
            yield f"The page: @context is {data['@context']!r}, not {CONTEXT!r}."
        rest = {name: value for name, value in data.items() if name != "@context"}
        yield from _in_document(rest["@graph"]) if rest.keys() == {"@graph"} else _in_node(rest, "")


def _in_node(node: Mapping[str, object], path: str) -> Iterator[str]:
    where = path or "The page"
    names = _type_names(node)
    if not names:
        yield f"{where}: it has no @type."
    yield from (f"{where}: {n} is not a type we know." for n in names if n not in table().types)
    kinds = _kinds(node)
    for name, value in node.items():
        inside = f"{path}.{name}".lstrip(".")
        if name == "@id":
            if not _is_address(value):
                yield f"{inside}: {value!r} is not an absolute http or https address."
        elif name != "@type":
            yield from _in_property(name, value, kinds, inside)


def _in_property(name: str, value: object, kinds: frozenset[str], where: str) -> Iterator[str]:
    known = table().properties.get(name)
    if known is None:
        yield f"{where}: it is not a property we know."
    elif kinds and not kinds & known.domain:
        yield f"{where}: it belongs to {_listed(known.domain)}, which this object is not."
    if value == []:
        yield f"{where}: it is empty and should be left out."
    several = value if isinstance(value, list) else [value]
    for place, one in enumerate(several):
        here = f"{where}[{place}]" if value is several else where
        if isinstance(one, dict):
            yield from _in_object(one, known, here)
        elif one in (None, ""):
            yield f"{here}: it is empty and should be left out."
        elif known and not any(reads(one) for reads in _readers(known)):
            yield f"{here}: {one!r} is not one of {_listed(known.range)}."


def _in_object(node: Mapping[str, object], known: Property | None, where: str) -> Iterator[str]:
    kinds = _kinds(node)
    if known and kinds and not kinds & known.range:
        yield f"{where}: {' and '.join(_type_names(node))} is not one of {_listed(known.range)}."
    yield from _in_node(node, where)


def _type_names(node: Mapping[str, object]) -> list[str]:
    types = node.get("@type", [])
    return [str(one) for one in (types if isinstance(types, list) else [types])]


def _kinds(node: Mapping[str, object]) -> frozenset[str]:
    """Return all that the object is; nothing when its types are missing or unknown."""
    return frozenset[str]().union(*(table().kinds(name) for name in _type_names(node)))


def _readers(known: Property) -> list[Callable[[object], bool]]:
    return [_READS_AS[kind] for kind in known.range if kind in _READS_AS]


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


# -- values that are not objects ---------------------------------------------------------------


def _is_address(value: object) -> bool:
    return isinstance(value, str) and _ADDRESS.fullmatch(value) is not None


def _is_iso(value: object, kind: type[date]) -> bool:
    try:
        kind.fromisoformat(str(value))
    except ValueError:
        return False
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# How the data types in use are told in JSON. Any other name in a range asks for an object.
_READS_AS: Mapping[str, Callable[[object], bool]] = {
    "Text": lambda value: isinstance(value, str),
    "URL": _is_address,
    "Integer": lambda value: _is_number(value) and isinstance(value, int),
    "Number": _is_number,
    "Date": lambda value: _is_iso(value, date),
    "DateTime": lambda value: _is_iso(value, datetime) and "T" in str(value),
}
