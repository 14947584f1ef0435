"""The Jinja2 environment that every page of ours is rendered with."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from jinja2 import Environment, StrictUndefined

from attune.web.quick_jinja import Once, QuickEnvironment, translated
from attune.web.reason_list import reason_list
from attune.web.rings import avatar_rings, picture_rings


def environment(**options: Any) -> Environment:
    """Return the environment: undefined names are errors, and these globals are there.

    ``url(name, ...)``, ``static(path)``, ``site_name``, ``is_demo_site()``, ``avatar(seed)``,
    ``picture_rings(seed)``, ``reason_list(why)``, and ``_`` with the ``trans`` tag; and the
    ``once`` tag.
    """
    # Django sets autoescape and a lenient ``undefined``; strict comes last so that it holds.
    options |= {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
    found = QuickEnvironment(extensions=["jinja2.ext.i18n", Once], **options)
    found.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translation.gettext, ngettext=translation.ngettext, newstyle=True
    )
    found.globals.update(gettext=translated, _=translated)
    # A line break inside a sentence is the template's, not the sentence's.
    found.policies["ext.i18n.trimmed"] = True
    found.globals.update(
        # The name of a file's version stays as it is while this process runs.
        static=lru_cache(maxsize=256)(static),
        url=_url,
        site_name=settings.SITE_NAME,
        is_demo_site=_is_demo_site,
        avatar=_avatar,
        picture_rings=picture_rings,
        reason_list=reason_list,
    )
    return found


@lru_cache(maxsize=4096)
def _url(name: str, *args: object, **kwargs: object) -> str:
    """Return the address of a route: ``url("profile", code)``."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def _is_demo_site() -> bool:
    return bool(settings.IS_DEMO_SITE)


# Ten to a page of results, and the same for ever.
@lru_cache(maxsize=4096)
def _avatar(seed: str, size: int = 64) -> SafeString:
    """Return the drawing of a person as HTML."""
    drawn = render_to_string("web/_avatar.jinja", {"rings": avatar_rings(seed), "size": size})
    return mark_safe(drawn)  # noqa: S308 - the template escapes
