"""Help pages as files: they must open when the database, or all of our code, is down."""

import os
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.urls import resolve

PAGES = ("/help-now/", "/free-help/")


def publish_help() -> list[Path]:
    """Render each help page through its own view and put it in place; return the files.

    The view sees a request without session, person or cookie: what it needs of those would be
    missing from the file too, and fails here.
    """
    return [_publish(address) for address in PAGES]


def _publish(address: str) -> Path:
    view, args, kwargs = resolve(address)
    response = view(_bare_request(address), *args, **kwargs)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answers {response.status_code}, so it is not published.")
    target: Path = settings.PUBLISHED_DIR / address.strip("/") / "index.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    # Renamed into place: whoever asks in the meantime gets the page as it was.
    fresh = target.with_suffix(".new")
    with fresh.open("wb") as file:
        file.write(response.content)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(target)
    return target


def _bare_request(address: str) -> WSGIRequest:
    return WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": address,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": str(settings.PORT),
            "wsgi.input": BytesIO(),
        }
    )
