"""The Jinja2 environment that every page of ours is rendered with."""

from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined

from attune.accounts.idle import idle_seconds
from attune.content.brand import current_look
from attune.content.machines import this_site
from attune.web.leaving import outward
from attune.web.people import avatar, people_cards, reason_list, save_button
from attune.web.pictures import drawn_picture
from attune.web.quick_jinja import Once, QuickEnvironment, translated
from attune.web.rings import picture_rings


def environment(**options: Any) -> Environment:
    """Return the environment: undefined names are errors, and these globals are there.

    ``url(name, ...)``, ``static(path)``, ``outward(address)``, ``current_look()``,
    ``this_site()``, ``is_demo_site()``, ``idle_seconds(request)``, ``picture_rings``,
    ``avatar(seed, size=64)``, ``people_cards(cards, saved)``, ``save_button(href, name, saved)``,
    ``reason_list(why)``, and ``_`` with the ``trans`` tag; and the ``once`` tag.
    """
    # Django sets autoescape and a lenient ``undefined``; strict comes last so that it holds.
    options |= {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
    found = QuickEnvironment(extensions=["jinja2.ext.i18n", Once], **options)
    found.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translation.gettext, ngettext=translation.ngettext, newstyle=True
    )
    found.globals.update(gettext=translated, _=translated)
    found.kept_for = _language_and_look
    # A line break inside a sentence is the template's, not the sentence's.
    found.policies["ext.i18n.trimmed"] = True
    found.globals.update(
        # The name of a file's version stays as it is while this process runs.
        static=lru_cache(maxsize=256)(static),
        url=_url,
        outward=outward,
        current_look=current_look,
        this_site=this_site,
        drawn_picture=drawn_picture,
        is_demo_site=_is_demo_site,
        idle_seconds=idle_seconds,
        avatar=avatar,
        picture_rings=picture_rings,
        people_cards=people_cards,
        reason_list=reason_list,
        save_button=save_button,
    )
    return found


def _language_and_look() -> Hashable:
    return translation.get_language(), current_look()


@lru_cache(maxsize=4096)
def _url(name: str, *args: object, **kwargs: object) -> str:
    """Return the address of a route: ``url("profile", code)``."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def _is_demo_site() -> bool:
    return bool(settings.IS_DEMO_SITE)
