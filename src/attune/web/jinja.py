"""The Jinja2 environment that every page of ours is rendered with."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined

from attune.web.quick_escaping import QuickEnvironment
from attune.web.rings import avatar_rings, picture_rings


def environment(**options: Any) -> Environment:
    """Return the environment: undefined names are errors, and these globals are there.

    ``url(name, ...)``, ``static(path)``, ``site_name``, ``is_demo_site()``, ``avatar_rings(seed)``,
    ``picture_rings(seed)``, and ``_`` with the ``trans`` tag.
    """
    # Django sets autoescape and a lenient ``undefined``; strict comes last so that it holds.
    options |= {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
    found = QuickEnvironment(extensions=["jinja2.ext.i18n"], **options)
    found.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translation.gettext, ngettext=translation.ngettext, newstyle=True
    )
    # A line break inside a sentence is the template's, not the sentence's.
    found.policies["ext.i18n.trimmed"] = True
    found.globals.update(
        # The name of a file's version stays as it is while this process runs.
        static=lru_cache(maxsize=256)(static),
        url=_url,
        site_name=settings.SITE_NAME,
        is_demo_site=_is_demo_site,
        avatar_rings=avatar_rings,
        picture_rings=picture_rings,
    )
    return found


@lru_cache(maxsize=4096)
def _url(name: str, *args: object, **kwargs: object) -> str:
    """Return the address of a route: ``url("profile", code)``."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def _is_demo_site() -> bool:
    return bool(settings.IS_DEMO_SITE)
