"""Who may use a route. Every view says so; one that does not is refused.

The access matrix in the tests is generated from these marks and the URL table.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

View = TypeVar("View", bound=Callable[..., Any])
STEP_UP_LASTS = timedelta(minutes=30)
# How a sign-in by a code from the mailbox is recorded.
CODE = "code"
# Set in the session of whoever came by invitation, until they have a second factor.
ENROLLING = "enrolling"


class Audience(StrEnum):
    """Who may use a route."""

    ANYONE = "anyone"
    # Anyone, but what is found depends on what the browser or the link holds.
    HOLDER = "holder"
    # Whoever is signed in; those who need a second factor have shown it.
    MEMBER = "member"
    PRACTITIONER = "practitioner"
    STAFF = "staff"
    # Whoever a group lets into the editor of the library.
    EDITOR = "editor"
    # Demonstration sites only; elsewhere the address does not exist.
    DEMO = "demo"
    # Pages of a library that this site does without.
    NOBODY = "nobody"


def audience(who: Audience) -> Callable[[View], View]:
    """Declare who may use a view."""

    def mark(view: View) -> View:
        view.audience = who  # type: ignore[attr-defined]
        return view

    return mark


# Views of libraries, by module: the marks that we cannot write into their source.
OF_LIBRARIES = {
    "django.contrib.admin": Audience.STAFF,
    # The admin's "view on site", and its redirects of old addresses.
    "django.contrib.contenttypes": Audience.STAFF,
    "django.views.generic": Audience.STAFF,
    "allauth.account": Audience.ANYONE,
    "allauth.mfa": Audience.ANYONE,
    "ninja": Audience.ANYONE,
    "django.contrib.sitemaps": Audience.ANYONE,
    # People come by invitation, and their groups are given on the staff pages.
    "wagtail.users": Audience.NOBODY,
    "wagtail.documents": Audience.NOBODY,
    "wagtail.sites": Audience.NOBODY,
    "taggit": Audience.NOBODY,
    "wagtail": Audience.EDITOR,
}
MAY_EDIT = "wagtailadmin.access_admin"


def audience_of(view: Callable[..., Any]) -> Audience | None:
    """Return the audience that a view declares, or the one declared here for its library."""
    # A class's view, or one that a library bound to its arguments.
    inner = getattr(view, "view_class", None) or getattr(view, "func", view)
    declared = getattr(view, "audience", None) or getattr(inner, "audience", None)
    if declared is not None:
        return Audience(declared)
    module = getattr(inner, "__module__", "")
    return next((who for prefix, who in OF_LIBRARIES.items() if module.startswith(prefix)), None)


class AudienceMiddleware:
    """Refuse every view to those it does not name, and undeclared views to all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],
        args: Any,
        kwargs: Any,
    ) -> HttpResponse | None:
        who = audience_of(view)
        if who in (Audience.ANYONE, Audience.HOLDER):
            return None
        if who in (None, Audience.NOBODY) or (who is Audience.DEMO and not settings.IS_DEMO_SITE):
            raise Http404("No such page.")
        if who is Audience.DEMO:
            return None
        return refusal(request, Audience(who))

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Leave what is the server's out of a request that waits in the session for a step-up.

        allauth keeps all of it, and a server may hand over its whole environment, keys included.
        """
        if isinstance(exception, ReauthenticationRequired):
            request.META = {
                name: value for name, value in request.META.items() if _is_of_request(name)
            }


def _is_of_request(name: str) -> bool:
    of_cgi = ("HTTP_", "CONTENT_", "REQUEST_", "SERVER_", "REMOTE_")
    whole = ("PATH_INFO", "SCRIPT_NAME", "QUERY_STRING")
    return name != "HTTP_COOKIE" and (name.startswith(of_cgi) or name in whole)


def refusal(request: HttpRequest, who: Audience) -> HttpResponse | None:
    """Return what to answer instead of the page, or None if this person may see it."""
    user = request.user
    if not user.is_authenticated:
        return redirect_to_login(request.get_full_path(), login_url="account_login")
    # In this order: the session tells at once, what somebody may do takes three queries.
    if not has_second_factor(request) and needs_second_factor(user):
        return redirect("second_factor_setup")
    if who is Audience.STAFF and not user.is_staff:
        raise Http404("No such page.")
    if who is Audience.EDITOR and not user.has_perm(MAY_EDIT):
        raise Http404("No such page.")
    if who is Audience.PRACTITIONER and not hasattr(user, "practitioner"):
        raise Http404("No such page.")
    return None


def needs_second_factor(user: Any) -> bool:
    """Whether this account opens what belongs to others (S2)."""
    return user.is_staff or hasattr(user, "practitioner") or user.has_perm(MAY_EDIT)


def has_second_factor(request: HttpRequest, *, within: timedelta | None = None) -> bool:
    """Whether this sign-in showed a second factor, at all or within a time from now."""
    return _showed(request, "mfa", within=within)


def _showed(request: HttpRequest, method: str, *, within: timedelta | None) -> bool:
    earliest = time.time() - within.total_seconds() if within else 0
    records = get_authentication_records(request, request.user)
    return any(one.get("method") == method and one["at"] >= earliest for one in records)


def opens_sealed_data(view: View) -> View:
    """Ask for the second factor again before a view that opens sealed data (S3)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if has_second_factor(request, within=STEP_UP_LASTS):
            return view(request, *args, **kwargs)
        if not is_mfa_enabled(request.user):
            return redirect_to_login(request.path, login_url="second_factor_setup")
        raise ReauthenticationRequired

    return guarded  # type: ignore[return-value]


def needs_step_up(view: View) -> View:
    """Ask who it is again before a view that acts for good, or shows what must not be taken.

    Whoever has a second factor shows it; for others a code by mail is what there is (S8, S33).
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not has_stepped_up(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return guarded  # type: ignore[return-value]


def has_stepped_up(request: HttpRequest) -> bool:
    """Whether this person showed within half an hour the best that they have to show."""
    if has_second_factor(request, within=STEP_UP_LASTS):
        return True
    if request.session.get(ENROLLING):
        return True
    return not is_mfa_enabled(request.user) and _showed(request, CODE, within=STEP_UP_LASTS)
