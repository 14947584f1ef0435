"""Where a form was sent from, for pages that are the same for everybody and so hold no token."""

from urllib.parse import urlsplit

from django.http import HttpRequest


def comes_from_here(request: HttpRequest) -> bool:
    """Whether nothing says that another site sent this form.

    Every browser of the last years names the origin of a POST. One that names nothing sends no
    cookie from another site either (SameSite), so that there is nothing of anybody's to change.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()
