"""``attune check``: what an operator should know before people rely on the site.

With ``--deploy`` also what matters once people come from outside. On a public site that is set up
as docs/howto/run.md says, it answers with nothing.
"""

import stat
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004

from attune.accounts.data_map import problems

# Only ``attune check`` asks for these: no other command waits for them.
DATA_MAP = "data_map"
# How a file begins that ``attune backup`` wrote.
BACKUP_BEGINS = b"PGDMP"
ENCRYPTED = ("require", "verify-ca", "verify-full")
PASSWORDS_THAT_ALL_TRY = ("", "attune", "changeme", "password", "postgres", "secret")
# Wider than any network of one's own, IPv6's fc00::/7 included.
SHORTEST_PREFIX = 7


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
        Error(problem, hint="Declare it in its app's data_map.toml.", id="attune.E009")
        for problem in problems()
    ]


@register(Tags.security, deploy=True)
def the_site_has_a_public_name(**_kwargs: Any) -> list[CheckMessage]:
    """Without one it answers on this machine only, and its mail links here."""
    if settings.OWN_HOSTS:
        return []
    return [
        Warning(
            "This site has no public name: it answers on this machine only.",
            hint="Set ATTUNE_ALLOWED_HOSTS, as in ATTUNE_ALLOWED_HOSTS=find.example.org.",
            id="attune.W003",
        )
    ]


@register(Tags.security, deploy=True)
def the_site_answers_to_its_own_names_alone(**_kwargs: Any) -> list[CheckMessage]:
    """Links in mail would lead wherever whoever asked for them said."""
    wide = [name for name in settings.OWN_HOSTS if "*" in name or name.startswith(".")]
    if not wide:
        return []
    return [
        Error(
            f"The site answers to names that nobody wrote down: {', '.join(wide)}.",
            hint="Write each name in full in ATTUNE_ALLOWED_HOSTS.",
            id="attune.E004",
        )
    ]


@register(Tags.security, deploy=True)
def visitors_are_told_apart(**_kwargs: Any) -> list[CheckMessage]:
    """Limits count by network address, and behind a web server everybody has that server's."""
    if settings.TRUSTED_PROXIES or not settings.OWN_HOSTS:
        return []
    return [
        Warning(
            "No web server in front is named, so all visitors count as one, and share its limits.",
            hint="Set ATTUNE_TRUSTED_PROXIES to its address: docs/howto/run.md says how.",
            id="attune.W004",
        )
    ]


@register(Tags.security, deploy=True)
def proxies_are_ours(**_kwargs: Any) -> list[CheckMessage]:
    """Whoever is trusted says where a request came from, and so is counted as anybody."""
    wide = [str(one) for one in settings.TRUSTED_PROXIES if one.prefixlen < SHORTEST_PREFIX]
    if not wide:
        return []
    return [
        Error(
            f"ATTUNE_TRUSTED_PROXIES believes strangers: {', '.join(wide)}.",
            hint="Name only your own web servers, as in 127.0.0.1,10.0.0.0/8.",
            id="attune.E005",
        )
    ]


@register(Tags.security, deploy=True)
def nobody_on_a_public_site_is_invented(**_kwargs: Any) -> list[CheckMessage]:
    """Invented people cannot help anybody, and links sign in as them."""
    if not (settings.OWN_HOSTS and settings.DEMO_MARK.exists()):
        return []
    return [
        Error(
            "This public site shows invented people.",
            hint="Start from an empty ATTUNE_DATA_DIR with: attune serve",
            id="attune.E006",
        )
    ]


@register(Tags.security, deploy=True)
def mail_leaves(**_kwargs: Any) -> list[CheckMessage]:
    """Nobody can prove an address, or hears of an appointment, while mail stays here."""
    if not settings.OWN_HOSTS or settings.MAIL.scheme in ("smtp", "smtps"):
        return []
    return [
        Warning(
            "This public site sends no mail, so nobody can sign in with a code or book.",
            hint="Set EMAIL_URL, as in smtp://USER:PASSWORD@HOST:587.",
            id="attune.W005",
        )
    ]


@register(Tags.security, deploy=True)
def mail_leaves_encrypted(**_kwargs: Any) -> list[CheckMessage]:
    """Codes and addresses would be readable on the way to the mail server."""
    mail = settings.MAIL
    if mail.scheme != "smtp" or mail.uses_starttls or _is_here(mail.host):
        return []
    return [
        Warning(
            "Mail goes to its server unencrypted.",
            hint="Leave ?starttls=no out of EMAIL_URL, or use smtps://.",
            id="attune.W006",
        )
    ]


@register(Tags.security, deploy=True)
def the_database_is_reached_encrypted(**_kwargs: Any) -> list[CheckMessage]:
    """Everything that is stored would be readable on the way to the database."""
    found = settings.EXTERNAL_DATABASE
    if not found or _is_here(found.host) or found.options.get("sslmode") in ENCRYPTED:
        return []
    return [
        Warning(
            "The database is on another machine and may be reached unencrypted.",
            hint="Add ?sslmode=verify-full to DATABASE_URL.",
            id="attune.W007",
        )
    ]


@register(Tags.security, deploy=True)
def the_database_has_a_password_of_its_own(**_kwargs: Any) -> list[CheckMessage]:
    """The first passwords that anybody tries are the programs' own names."""
    found = settings.EXTERNAL_DATABASE
    if not found or _is_here(found.host):
        return []
    if found.password.lower() not in (*PASSWORDS_THAT_ALL_TRY, found.user, found.name):
        return []
    return [
        Error(
            "The password of the database is one that everybody tries first.",
            hint="Give its user a long random password, and put that into DATABASE_URL.",
            id="attune.E007",
        )
    ]


@register(Tags.security, deploy=True)
def the_key_file_has_a_place_of_its_own(**_kwargs: Any) -> list[CheckMessage]:
    """Whoever copies the folder above both has the data and what opens it."""
    folder = settings.KEY_FILE.resolve().parent
    if not settings.OWN_HOSTS or settings.DATA_DIR.resolve().parent != folder:
        return []
    return [
        Warning(
            f"The key file lies beside the data, so a copy of {folder} holds both.",
            hint="Move it elsewhere and name the new place in ATTUNE_KEY_FILE.",
            id="attune.W008",
        )
    ]


@register(Tags.security, deploy=True)
def no_backup_lies_with_the_key_file(**_kwargs: Any) -> list[CheckMessage]:
    """A thief of one folder would have what is sealed and what opens it."""
    folder = settings.KEY_FILE.resolve().parent
    found = sorted(one.name for one in folder.iterdir() if _is_backup(one))
    if not found:
        return []
    return [
        Error(
            f"A backup lies in the folder of the key file: {found[0]}.",
            hint=f"Keep backups somewhere else than {folder}.",
            id="attune.E008",
        )
    ]


def _is_backup(file: Path) -> bool:
    with suppress(OSError):
        if file.is_file():
            with file.open("rb") as opened:
                return opened.read(len(BACKUP_BEGINS)) == BACKUP_BEGINS
    return False


def _is_here(host: str) -> bool:
    """Whether a host is this machine: a folder with a socket, or an address that never leaves."""
    if not host or host.startswith("/") or host == "localhost":
        return True
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return False
