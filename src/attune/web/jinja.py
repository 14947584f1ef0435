"""The Jinja2 environment that every page of ours is rendered with."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined


def environment(**options: Any) -> Environment:  # noqa: ANN401 - handed on by Django
    found = Environment(
        **{"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined, **options},
        extensions=["jinja2.ext.i18n"],
    )
    found.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translation.gettext, ngettext=translation.ngettext, newstyle=True
    )
    found.globals.update(static=static, url=reverse)
    return found
