"""Making an account by invitation, and setting up its second factor."""

from datetime import timedelta

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from attune.accounts.actions import InvitationUnusable, open_invitation
from attune.accounts.adapter import ENROLLING
from attune.accounts.audience import Audience, audience
from attune.accounts.forms import InvitationForm
from attune.accounts.limits import Limit, limited

BACKEND = "attune.accounts.backends.AuthenticationBackend"
INVITATIONS = Limit("invitations", 10, timedelta(minutes=10))


@audience(Audience.ANYONE)
@limited(INVITATIONS)
def invitation(request: HttpRequest) -> HttpResponse:
    """Open an account with a one-time code."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = open_invitation(form.cleaned_data["code"], at=timezone.now())
        except InvitationUnusable:
            form.add_error("code", _("This code does not work. Check it, or ask for a new one."))
        else:
            login(request, user, backend=BACKEND)
            request.session[ENROLLING] = True
            return redirect("second_factor_setup")
    return render(request, "accounts/invitation.jinja", {"form": form})


@audience(Audience.ANYONE)
def second_factor_setup(request: HttpRequest) -> HttpResponse:
    """Offer the two ways to a second factor, the passkey first."""
    if not request.user.is_authenticated:
        return redirect("invitation")
    if is_mfa_enabled(request.user) or not request.session.get(ENROLLING):
        return redirect("mfa_index")
    return render(request, "accounts/second_factor_setup.jinja")


@audience(Audience.ANYONE)
def choose_password(request: HttpRequest) -> HttpResponse:
    """Take a password while enrolling; the authenticator app comes next."""
    if not request.user.is_authenticated or not request.session.get(ENROLLING):
        return redirect("invitation")
    form = SetPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, request.user)
        return redirect("mfa_activate_totp")
    return render(request, "accounts/choose_password.jinja", {"form": form})
