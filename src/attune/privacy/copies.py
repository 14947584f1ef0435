"""The copy of everything we hold of a member: a page to read and a file for machines, in a ZIP."""

import json
import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.text import slugify
from django.utils.translation import gettext as _

from attune.accounts.exports import Section, Value, everything_of
from attune.accounts.models import User
from attune.core.phrases import moment_words

FILE_NAME = "my-data.zip"
READABLE, FOR_MACHINES = "everything.html", "everything.json"
# Of the JSON: rises when a name in it changes its meaning.
VERSION = 1


class Line(NamedTuple):
    label: str
    values: tuple[str, ...]


def zip_of(user: User, *, opens_sealed: bool, at: datetime) -> bytes:
    """Return the ZIP, made in memory: on the disk nothing lies in the clear."""
    sections = everything_of(user, at, opens_sealed=opens_sealed)
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(_entry(READABLE, at), page_of(sections, at=at))
        file.writestr(_entry(FOR_MACHINES, at), json_of(sections, user=user, at=at))
    return made.getvalue()


def page_of(sections: list[Section], *, at: datetime) -> str:
    """Return a page that stands alone: its own styles, no script, nothing from elsewhere."""
    told = [
        {"title": one.title, "is_closed": one.is_closed, "rows": [_lines(row) for row in one.rows]}
        for one in sections
    ]
    context = {"sections": told, "made": moment_words(at, settings.VISITOR_ZONE)}
    return render_to_string("privacy/everything.jinja", context)


def json_of(sections: list[Section], *, user: User, at: datetime) -> str:
    """Return the same as JSON: names in lower case with underscores, moments in ISO 8601."""
    known: dict[str, Any] = {
        "version": VERSION,
        "made_at": at.isoformat(),
        "account": user.code,
        "sections": {
            _name(one.title): {
                "title": one.title,
                "closed": one.is_closed,
                "rows": [{_name(label): value for label, value in row.items()} for row in one.rows],
            }
            for one in sections
        },
    }
    return json.dumps(known, ensure_ascii=False, indent=2)


def _name(words: str) -> str:
    return slugify(words).replace("-", "_")


def _lines(row: dict[str, Value]) -> list[Line]:
    return [Line(label, _words(value)) for label, value in row.items()]


def _words(value: Value) -> tuple[str, ...]:
    """Return what people read: each item of a list, and a moment as they say it."""
    if isinstance(value, list):
        return tuple(map(_in_words, value)) or (_("none"),)
    if value is None or value == "":
        return (_("not given"),)
    if isinstance(value, bool):
        return (_("yes") if value else _("no"),)
    return (_in_words(str(value)),)


def _in_words(text: str) -> str:
    # Dates without a time have no zone and stay as they are.
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment_words(moment, settings.VISITOR_ZONE) if moment.tzinfo else text


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    found = zipfile.ZipInfo(name, at.timetuple()[:6])
    found.compress_type = zipfile.ZIP_DEFLATED
    found.external_attr = 0o600 << 16
    return found
