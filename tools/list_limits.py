"""Write docs/reference/limits.md: what may be sent, how much comes back, how often, how long.

Made from the URL table, the marks beside the views and the settings; a test holds the page to it.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "limits.md"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

HEAD = """# Limits

Made by `tools/list_limits.py` from the URL table, the marks beside the views and the settings.

## How often

Each row is one count by origin: a network address, or the first 64 bits of one of IPv6.
All processes share it, and so do all routes of a row.
Over it: status 429, one page that says when to come back, `Retry-After`, and nothing done.
While nothing can be counted, what changes something gets status 503, and what is only read goes on.
Pages that are only read are not counted, unless a row says so.
Why: [limits-count-changes.md](../decisions/limits-count-changes.md).

| what is counted | most | within | reading counts | routes |
| --- | --- | --- | --- | --- |
"""
OF_SUBJECTS = """
## How often something may fail, or be sent

Counted where it happens, beside the limits above.

| what | most |
| --- | --- |
"""


def page() -> str:
    """Return the page as it has to be."""
    return "".join(
        (
            HEAD,
            *_table(_rates()),
            OF_SUBJECTS,
            *_table(_of_subjects()),
            "\n## How much, how many, how long\n\n| what | most |\n| --- | --- |\n",
            *_table(_sizes()),
            "\n## Connections to elsewhere\n\n| where to | time | size |\n| --- | --- | --- |\n",
            *_table(_outside()),
        )
    )


def _table(rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    return (f"| {' | '.join(row)} |\n" for row in rows)


def _rates() -> Iterator[tuple[str, ...]]:
    from attune.accounts.limits import CHANGES, spoken

    found: dict[Any, set[str]] = {CHANGES: set()}
    for route, view in _routes():
        for limit in _limits_of(view):
            found.setdefault(limit, set()).add(f"`{route}`")
    for limit, routes in sorted(found.items(), key=lambda one: one[0].purpose):
        many = "all others" if limit is CHANGES else ", ".join(sorted(routes))
        most = f"any number: {limit.why}" if limit.most is None else str(limit.most)
        within = "" if limit.most is None else spoken(limit.within)
        yield limit.purpose, most, within, "yes" if limit.reads else "no", many


def _limits_of(view: Any) -> set[Any]:
    from attune.accounts.limits import limit_of

    return {limit_of(view, method) for method in METHODS}


def _routes() -> Iterator[tuple[str, Any]]:
    from django.contrib.admindocs.views import simplify_regex
    from django.urls import URLPattern, get_resolver

    def below(resolver: Any, prefix: str) -> Iterator[tuple[str, Any]]:
        for entry in resolver.url_patterns:
            pattern = prefix + entry.pattern.regex.pattern.removeprefix("^").replace(r"\Z", "")
            if isinstance(entry, URLPattern):
                yield simplify_regex(pattern), entry.callback
            else:
                yield from below(entry, pattern)

    return below(get_resolver(), "")


def _of_subjects() -> Iterator[tuple[str, ...]]:
    from allauth.account import app_settings

    from attune.accounts import contacts
    from attune.booking import actions as booking
    from attune.enquiries import actions as enquiries
    from attune.outbox import sending

    failed = app_settings.RATE_LIMITS["login_failed"]
    yield (
        "failed sign-ins, by origin (ip) and account (key), whether or not it exists",
        f"`{failed}`",
    )
    yield "wrong codes of an app or a list, by origin and account", f"`{failed}`"
    yield "attempts at a code that was mailed", str(contacts.MOST_ATTEMPTS)
    yield "codes mailed to one address in an hour", str(contacts.CODES_AN_HOUR_TO_ONE_ADDRESS)
    yield "codes mailed for one origin in an hour", str(contacts.CODES_AN_HOUR_FROM_ONE_ORIGIN)
    yield "links to answers mailed to one address in an hour", str(enquiries.LINKS_AN_HOUR)
    many = enquiries.LINKS_AN_HOUR_FROM_ONE_PLACE
    yield "links to answers mailed for one origin in an hour", str(many)
    yield "appointments ahead of one address", str(booking.MOST_UPCOMING)
    yield "attempts to send one message", str(sending.MOST_ATTEMPTS)


def _sizes() -> Iterator[tuple[str, ...]]:
    from django.conf import settings

    from attune.accounts import limits
    from attune.content import queries, searching
    from attune.finder import api, listings
    from attune.project import web_server

    kilobytes, megabytes = 1024, 1024 * 1024
    form = f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE // kilobytes} KB"
    picture = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE // megabytes
    pixels = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000
    yield "a form, or what is sent to the API", form
    yield "a form with files, outside the editor and the staff pages", form
    longest = f"{limits.LONGEST_WITH_FILES // megabytes} MB"
    yield "a form with files, in the editor and on the staff pages", longest
    yield "a picture", f"{picture} MB"
    yield "a picture, unpacked", f"{pixels} million pixels"
    yield "fields of a form", f"{settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,}"
    yield "words to look for in the library", f"{searching.LONGEST_SEARCH} characters"
    yield "pages that a search shows", str(queries.MOST_FOUND)
    yield "listings on a page of the API", str(api.LARGEST_PAGE)
    yield "matches in an answer of the API", str(listings.MOST_MATCHES)
    yield "one statement of a page in the database", f"{web_server.STATEMENT_SECONDS} s"
    yield "the head of a request, from its first byte to its last", f"{web_server.HEAD_SECONDS} s"
    yield "requests at once in each of the processes", str(web_server.THREADS)


def _outside() -> Iterator[tuple[str, ...]]:
    from django.conf import settings

    yield "the mail server", f"{settings.EMAIL_TIMEOUT} s for each answer", "one message"
    yield "an address that somebody gave", "all of it within what the caller says", "the same"


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attune.project.settings")
    django.setup()
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
