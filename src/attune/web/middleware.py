"""What every answer needs before it leaves."""

from collections.abc import Callable
from typing import Any

from csp.constants import HEADER
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from wagtail.contrib.redirects.middleware import RedirectMiddleware

from attune.accounts.audience import Audience, audience_of

EDITOR = "/editor/"
# About one's own account: also the pages before somebody is signed in.
ACCOUNT = ("/account/", "/accounts/")
# What a browser forgets when somebody leaves or signs out.
ALL_OF_OURS = '"cache", "cookies", "storage"'


class EditorPolicyMiddleware:
    """Loosen the content policy under /editor/, and there alone.

    Its previews are answered by a request within the request, which has set the policy of a public
    page; the outer one rules.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(EDITOR):
            response.headers.pop(HEADER, None)
            response._csp_replace = settings.EDITOR_CONTENT_POLICY  # type: ignore[attr-defined]  # noqa: SLF001  # how django-csp takes it
        return response


class PrivatePagesMiddleware:
    """Keep pages that depend on who asks out of every store and index.

    A page that all may see alike is left as it is; all others are neither kept by the browser nor
    by anything between, so that Back shows nothing after somebody has left. Signing out empties
    what the browser keeps of ours.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "is_private", False):
            response["Cache-Control"] = "private, no-store"
            response["X-Robots-Tag"] = "noindex, nofollow"
        if getattr(request, "has_signed_out", False):
            response["Clear-Site-Data"] = ALL_OF_OURS
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],
        args: Any,
        kwargs: Any,
    ) -> None:
        is_own = request.path_info.startswith(ACCOUNT)
        request.is_private = is_own or audience_of(view) is not Audience.ANYONE  # type: ignore[attr-defined]


@receiver(user_logged_out, dispatch_uid="web.signed_out")
def note_sign_out(request: HttpRequest | None, **_: Any) -> None:
    """Signing out, on whichever page, also empties the browser."""
    if request is not None:
        request.has_signed_out = True  # type: ignore[attr-defined]


class MovedPagesMiddleware(RedirectMiddleware):  # type: ignore[misc]  # Wagtail has no types
    """Lead from where a page was to where it is; asked for anew each time.

    A page may get its old name back, and a browser that had kept the way to the new one would go
    in circles.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        answer: HttpResponse = super().process_response(request, response)
        if answer is not response:
            answer["Cache-Control"] = "no-cache"
        return answer
