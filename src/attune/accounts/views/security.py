"""How you sign in: what gets you in, where you are signed in, and who tried (S7)."""

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from allauth.account.signals import password_changed, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from attune.accounts.access import web_session_of, web_sessions_of
from attune.accounts.audience import (
    ENROLLING,
    Audience,
    audience,
    needs_step_up,
)
from attune.accounts.forms import posted
from attune.accounts.history import history_of
from attune.accounts.models import SignIn, User, WebSession
from attune.core.phrases import moment_words

MOST_SHOWN = 50
Kind = Authenticator.Type


@audience(Audience.MEMBER)
def security(request: HttpRequest) -> HttpResponse:
    """Show everything about how somebody signs in, on one page."""
    user, now = cast("User", request.user), timezone.now()
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    history = list(history_of(user, now)[: MOST_SHOWN + 1])
    context = {
        "has_passkey": Kind.WEBAUTHN in kinds,
        "has_totp": Kind.TOTP in kinds,
        "has_recovery_codes": Kind.RECOVERY_CODES in kinds,
        "has_password": user.has_usable_password(),
        "browsers": [
            _browser_row(one, request.session.session_key) for one in web_sessions_of(user, now)
        ],
        "history": [_history_row(one) for one in history[:MOST_SHOWN]],
        "has_more": len(history) > MOST_SHOWN,
    }
    return render(request, "accounts/security.jinja", context)


def _browser_row(one: WebSession, this: str | None) -> dict[str, Any]:
    return {
        "code": one.code,
        "device": one.device or _("A browser"),
        "is_this": one.session_key == this,
        "since": _when(one.signed_in_at),
        "seen": _when(one.seen_at),
    }


def _history_row(one: SignIn) -> dict[str, str]:
    how = one.get_how_display()
    words = _("Refused: %(how)s") if one.was_refused else _("Signed in with %(how)s")
    return {"when": _when(one.at), "what": words % {"how": how}, "device": one.device}


def _when(moment: datetime | None) -> str:
    if moment is None:
        return _("not known")
    return moment_words(moment.astimezone(ZoneInfo(settings.VISITOR_ZONE)), settings.VISITOR_ZONE)


@audience(Audience.MEMBER)
@require_POST
def end_session(request: HttpRequest, code: str) -> HttpResponse:
    """Sign one browser out; it is asked to sign in again at its next page."""
    web_session_of(cast("User", request.user), code, timezone.now()).delete()
    return redirect("mfa_index")


@audience(Audience.MEMBER)
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign every other browser out."""
    others = WebSession.objects.filter(user=cast("User", request.user))
    others.exclude(session_key=request.session.session_key).delete()
    return redirect("mfa_index")


@audience(Audience.HOLDER)
@login_required
@needs_step_up
def choose_password(request: HttpRequest) -> HttpResponse:
    """Take a password, or another one; an authenticator app comes with it (S1)."""
    user = cast("User", request.user)
    had_one = user.has_usable_password()
    form = SetPasswordForm(user, posted(request))
    if form.is_valid():
        form.save()
        # Every other browser is signed out by it; this one stays.
        update_session_auth_hash(request, user)
        told = password_changed if had_one else password_set
        told.send(User, request=request, user=user)
        has_app = is_mfa_enabled(user, [Kind.TOTP])
        return redirect("mfa_index" if has_app else "mfa_activate_totp")
    context = {
        "form": form,
        "is_enrolling": bool(request.session.get(ENROLLING)),
        "had_one": had_one,
    }
    return render(request, "accounts/choose_password.jinja", context)


@audience(Audience.MEMBER)
@needs_step_up
def remove_password(request: HttpRequest) -> HttpResponse:
    """Do without a password from now on."""
    user = cast("User", request.user)
    if request.method != "POST":
        return render(request, "accounts/remove_password.jinja")
    user.set_unusable_password()
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)
    password_changed.send(User, request=request, user=user)
    return redirect("mfa_index")
