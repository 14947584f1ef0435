"""Passkeys, authenticator apps and recovery codes, and confirming with them: allauth's pages.

They change how somebody gets in, so each asks first who it is; except while enrolling.
"""

from typing import Any, cast

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import BaseReauthenticateView
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from attune.accounts.actions import confirm_own_address
from attune.accounts.adapter import SecondFactorAdapter, home_of, is_last_factor
from attune.accounts.audience import CODE, Audience, audience, needs_step_up
from attune.accounts.contacts import CodeRefused, TooManyCodes
from attune.accounts.forms import CODE_REFUSED, TOO_MANY_CODES, CodeForm
from attune.accounts.limits import CODES_TYPED, limited
from attune.accounts.models import User
from attune.accounts.sign_in import (
    ask_own_code,
    own_code_asked_for,
    own_code_is_used,
    remembered_next,
)


class _NewSessionId:
    """Confirming who it is opens more than before, so the session gets another id (S4)."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        self.request.session.cycle_key()
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        return answer


class ConfirmByMail(_NewSessionId, BaseReauthenticateView):  # type: ignore[misc]  # untyped
    """For those without a second factor: a code to their own address."""

    form_class = CodeForm
    template_name = "account/reauthenticate.jinja"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "send" not in request.POST:
            answer: HttpResponse = super().post(request, *args, **kwargs)
            return answer
        try:
            ask_own_code(request, cast("User", request.user), at=timezone.now())
        except TooManyCodes:
            context = self.get_context_data(form=CodeForm(), limit_words=TOO_MANY_CODES)
            refused: HttpResponse = self.render_to_response(context)
            return refused
        return redirect(self.passthrough_next_url(request.path))

    def form_valid(self, form: CodeForm) -> HttpResponse:
        request = self.request
        try:
            confirm_own_address(
                cast("User", request.user),
                own_code_asked_for(request),
                form.cleaned_data["code"],
                at=timezone.now(),
            )
        except CodeRefused:
            form.add_error("code", CODE_REFUSED)
            refused: HttpResponse = self.form_invalid(form)
            return refused
        own_code_is_used(request)
        record_authentication(request, request.user, method=CODE, reauthenticated=True)
        answer: HttpResponse = super().form_valid(form)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"was_sent": bool(own_code_asked_for(self.request)), "limit_words": ""}
        given: dict[str, Any] = super().get_context_data(**kwargs)
        return context | given


class ConfirmByFactor(_NewSessionId, base.ReauthenticateView):  # type: ignore[misc]  # untyped
    pass


class ConfirmByPasskey(_NewSessionId, webauthn.ReauthenticateWebAuthnView):  # type: ignore[misc]  # untyped
    """allauth's, which says on the page why a passkey was refused."""

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = self.render_to_response(self.get_context_data() | {"form": form})
        return answer


class RemovePasskey(webauthn.RemoveWebAuthnView):  # type: ignore[misc]  # untyped
    """allauth's, which keeps the last factor of those who need one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        last = {"is_last": is_last_factor(self.object), "is_kept": False}
        given: dict[str, Any] = super().get_context_data(**kwargs)
        return last | given

    def form_valid(self, form: Any) -> HttpResponse:
        if not SecondFactorAdapter().can_delete_authenticator(self.get_object()):
            kept: HttpResponse = self.render_to_response(
                self.get_context_data(form=form, is_kept=True)
            )
            return kept
        answer: HttpResponse = super().form_valid(form)
        return answer


class RemoveTotp(totp.DeactivateTOTPView):  # type: ignore[misc]  # untyped
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        last = {"is_last": is_last_factor(self.authenticator)}
        given: dict[str, Any] = super().get_context_data(**kwargs)
        return last | given


# Somebody who enrols has no second factor yet, and could not open a page for members.
_enrolling = audience(Audience.HOLDER)
_member = audience(Audience.MEMBER)

authenticate = _enrolling(base.authenticate)
add_passkey = _enrolling(login_required(needs_step_up(webauthn.add_webauthn)))
set_up_totp = _enrolling(login_required(needs_step_up(totp.activate_totp)))
see_recovery_codes = _enrolling(login_required(needs_step_up(recovery_codes.view_recovery_codes)))
new_recovery_codes = _member(needs_step_up(recovery_codes.generate_recovery_codes))
passkeys = _member(webauthn.list_webauthn)
rename_passkey = _member(needs_step_up(webauthn.edit_webauthn))
remove_passkey = _member(needs_step_up(RemovePasskey.as_view()))
remove_totp = _member(needs_step_up(RemoveTotp.as_view()))
confirm_by_mail = limited(CODES_TYPED)(_member(ConfirmByMail.as_view()))
confirm_by_factor = _member(ConfirmByFactor.as_view())
confirm_by_passkey = _member(ConfirmByPasskey.as_view())


@_enrolling
@login_required
def factor_done(request: HttpRequest) -> HttpResponse:
    """Lead on to what somebody was going to open when a second factor was missing."""
    return redirect(remembered_next(request) or home_of(request.user))
