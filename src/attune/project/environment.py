"""Settings from the environment: typed helpers that name a bad value and the accepted ones."""

import os
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

CHECKOUT = Path(__file__).resolve().parents[3]
ACCEPTED_MAIL_SCHEMES = ("smtp", "smtps", "file", "console")
LONGEST_LINE = 120


class SettingError(Exception):
    """A setting that cannot be used; the message names it and what is accepted."""

    def __init__(self, name: str, value: str, accepted: str) -> None:
        self.name, self.value = name, value
        super().__init__(f"{name}={value!r} cannot be used. Accepted: {accepted}.")


def path(name: str, default: Path) -> Path:
    value = os.environ.get(name, "")
    if not value:
        return default
    found = Path(value).expanduser()
    if not found.is_absolute():
        raise SettingError(name, value, "an absolute path")
    return found


def port(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
        raise SettingError(name, value, "a whole number from 1 to 65535")
    return int(value)


def hosts(name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    value = os.environ.get(name, "")
    if not value:
        return default
    names = tuple(part.strip() for part in value.split(","))
    if any(not one or "/" in one or " " in one for one in names):
        raise SettingError(
            name, value, "host names with commas between them, as in find.example.org,example.org"
        )
    return names


def networks(name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Return network addresses: single ones, or whole networks like 10.0.0.0/8."""
    value = os.environ.get(name, "")
    try:
        return tuple(ip_network(part.strip()) for part in value.split(",") if value)
    except ValueError:
        raise SettingError(
            name, value, "network addresses with commas between them, as in 127.0.0.1,10.0.0.0/8"
        ) from None


def line(name: str) -> str:
    """Return a few words that pages print as they are."""
    value = os.environ.get(name, "").strip()
    if len(value) > LONGEST_LINE or not value.isprintable():
        raise SettingError(name, value, f"one line of at most {LONGEST_LINE} characters")
    return value


def email(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if value:
        try:
            validate_email(value)
        except ValidationError:
            raise SettingError(
                name, value, "an email address, as in help@find.example.org"
            ) from None
    return value


@dataclass(frozen=True)
class DatabaseAddress:
    """Where an external PostgreSQL answers."""

    name: str
    user: str
    password: str
    host: str
    port: str
    options: dict[str, str]


def database(name: str = "DATABASE_URL") -> DatabaseAddress | None:
    """Return the external database's address, or None: use the embedded one."""
    value = os.environ.get(name, "")
    if not value:
        return None
    accepted = "postgresql://USER:PASSWORD@HOST:PORT/NAME"
    try:
        url = urlsplit(value)
        number = url.port
    except ValueError:
        raise SettingError(name, _without_password(value), accepted) from None
    if url.scheme not in ("postgres", "postgresql") or not url.path.strip("/"):
        raise SettingError(name, _without_password(value), accepted)
    query = {key: values[-1] for key, values in parse_qs(url.query).items()}
    return DatabaseAddress(
        name=unquote(url.path.strip("/")),
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        host=unquote(url.hostname or "") or query.pop("host", ""),
        port=str(number or ""),
        options=query,
    )


def _without_password(value: str) -> str:
    scheme, mark, rest = value.partition("://")
    return f"{scheme}{mark}...@{rest.rpartition('@')[2]}" if "@" in rest else value


@dataclass(frozen=True)
class MailAddress:
    """How mail leaves: by SMTP, to files, or to the console."""

    scheme: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    folder: Path | None = None
    uses_starttls: bool = False


def mail(default_folder: Path, name: str = "EMAIL_URL") -> MailAddress:
    value = os.environ.get(name, "")
    if not value:
        return MailAddress("file", folder=default_folder)
    accepted = (
        "smtp://USER:PASSWORD@HOST:587 (with ?starttls=no for a plain connection), "
        "smtps://USER:PASSWORD@HOST:465, file:///absolute/folder, or console:"
    )
    try:
        url = urlsplit(value)
        number = url.port
    except ValueError:
        raise SettingError(name, _without_password(value), accepted) from None
    if url.scheme not in ACCEPTED_MAIL_SCHEMES:
        raise SettingError(name, _without_password(value), accepted)
    if url.scheme == "console":
        return MailAddress("console")
    if url.scheme == "file":
        if not url.path.startswith("/"):
            raise SettingError(name, value, accepted)
        return MailAddress("file", folder=Path(unquote(url.path)))
    if not url.hostname:
        raise SettingError(name, _without_password(value), accepted)
    starttls = parse_qs(url.query).get("starttls", ["yes"])[-1]
    if starttls not in ("yes", "no"):
        raise SettingError(name, _without_password(value), accepted)
    return MailAddress(
        url.scheme,
        host=url.hostname,
        port=number or (465 if url.scheme == "smtps" else 587),
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        uses_starttls=url.scheme == "smtp" and starttls == "yes",
    )


def pg_bin(name: str = "ATTUNE_PG_BIN") -> Path | None:
    """Return the folder of PostgreSQL programs to use instead of the embedded ones."""
    value = os.environ.get(name, "")
    if not value:
        return None
    folder = Path(value).expanduser()
    missing = [tool for tool in ("initdb", "pg_ctl", "postgres") if not (folder / tool).exists()]
    if not folder.is_absolute() or missing:
        raise SettingError(name, value, "a folder that holds initdb, pg_ctl and postgres")
    return folder


def secret(name: str) -> str:
    value = os.environ.get(name, "")
    if value and len(value) < 32:
        raise SettingError(name, "(hidden)", "32 characters or more")
    return value
