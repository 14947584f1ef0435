"""Making an account by invitation, and setting up its second factor."""

from datetime import timedelta

from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from attune.accounts.actions import InvitationUnusable, open_invitation
from attune.accounts.audience import ENROLLING, Audience, audience, has_second_factor
from attune.accounts.forms import InvitationForm
from attune.accounts.limits import Limit, limited
from attune.accounts.sign_in import next_in, remember_next

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
            login(request, user)
            request.session[ENROLLING] = True
            return redirect("second_factor_setup")
    return render(request, "accounts/invitation.jinja", {"form": form})


@audience(Audience.HOLDER)
def second_factor_setup(request: HttpRequest) -> HttpResponse:
    """Offer the ways to a second factor, the passkey first.

    To whoever came by invitation, and to a member who was about to open something sealed.
    """
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), login_url="account_login")
    remember_next(request)
    is_enrolling = bool(request.session.get(ENROLLING))
    if is_mfa_enabled(request.user) and not is_enrolling:
        if not has_second_factor(request):
            raise ReauthenticationRequired
        return redirect("mfa_index")
    context = {"is_enrolling": is_enrolling, "was_going_on": bool(next_in(request))}
    return render(request, "accounts/second_factor_setup.jinja", context)
