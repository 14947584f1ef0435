"""``attune check``: what an operator should know before people rely on the site."""

import stat
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004

from attune.accounts.data_map import problems

# Only ``attune check`` asks for these: no other command waits for them.
DATA_MAP = "data_map"


@register(Tags.security)
def key_file_is_private(**_kwargs: Any) -> list[CheckMessage]:
    """The key file opens everything that is sealed: its owner alone may read it."""
    mode = settings.KEY_FILE.stat().st_mode
    if not mode & (stat.S_IRWXG | stat.S_IRWXO):
        return []
    return [
        Error(
            f"Others on this machine can read the key file {settings.KEY_FILE}.",
            hint=f"Run: chmod 600 {settings.KEY_FILE}",
            id="attune.E001",
        )
    ]


@register(Tags.security)
def key_file_is_apart_from_the_data(**_kwargs: Any) -> list[CheckMessage]:
    """A copy of the data folder must not hold the key to it."""
    if not settings.KEY_FILE.resolve().is_relative_to(settings.DATA_DIR.resolve()):
        return []
    return [
        Error(
            "The key file lies inside the data folder, so each copy of the data holds its key.",
            hint="Move it elsewhere and name the new place in ATTUNE_KEY_FILE.",
            id="attune.E002",
        )
    ]


@register(Tags.security)
def debug_is_off(**_kwargs: Any) -> list[CheckMessage]:
    """Debug pages show settings, queries and what people sent."""
    if not settings.DEBUG:
        return []
    return [Error("Debug pages are on.", hint="Set DEBUG to False.", id="attune.E003")]


@register(Tags.security)
def public_sites_have_their_own_server(**_kwargs: Any) -> list[CheckMessage]:
    """The embedded PostgreSQL has no replicas and no point-in-time recovery."""
    if settings.EXTERNAL_DATABASE or not settings.OWN_HOSTS:
        return []
    return [
        Warning(
            "This public site runs on the embedded PostgreSQL.",
            hint="It suits small sites. A larger one sets DATABASE_URL to its own server.",
            id="attune.W001",
        )
    ]


@register(Tags.security)
def public_sites_say_who_runs_them(**_kwargs: Any) -> list[CheckMessage]:
    """People must be able to reach whoever holds what they told the site."""
    wanted = {"ATTUNE_OPERATOR": settings.OPERATOR, "ATTUNE_CONTACT": settings.CONTACT}
    missing = [name for name, value in wanted.items() if not value]
    if not (settings.OWN_HOSTS and missing):
        return []
    return [
        Warning(
            "This public site does not say who runs it and how to reach them.",
            hint=f"Set {' and '.join(missing)}.",
            id="attune.W002",
        )
    ]


@register(DATA_MAP, deploy=True)
def every_field_is_declared(**_kwargs: Any) -> list[CheckMessage]:
    """What is stored without a purpose, a class, a basis and an end is stored by oversight."""
    return [
        Error(problem, hint="Declare it in its app's data_map.toml.", id="attune.E004")
        for problem in problems()
    ]
