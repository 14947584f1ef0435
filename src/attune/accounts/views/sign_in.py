"""Signing in, which is also how an account begins: nobody is asked whether they have one."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.views import LoginView
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from attune.accounts.actions import account_with_code
from attune.accounts.adapter import home_of
from attune.accounts.audience import CODE, Audience, audience
from attune.accounts.contacts import CodeRefused, TooManyCodes
from attune.accounts.forms import (
    CODE_REFUSED,
    NOT_A_PASSKEY_OF_OURS,
    TOO_MANY_CODES,
    CodeForm,
    EmailForm,
    posted,
)
from attune.accounts.limits import CODES_TYPED, MAIL_ASKED_FOR, limited
from attune.accounts.models import User
from attune.accounts.sign_in import (
    ask_for_code,
    next_in,
    remember_next,
    sign_in_is_over,
    sign_in_under_way,
)
from attune.accounts.unfinished import never_kept


class Door(LoginView):  # type: ignore[misc]  # untyped
    """The page with every way in; by itself it takes a password."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given: dict[str, Any] = super().get_context_data(**kwargs)
        return door_context(self.request) | given


class PasskeyLogin(LoginWebAuthnView):  # type: ignore[misc]  # untyped
    """allauth's, which says on the page why a passkey was refused."""

    def form_invalid(self, form: Any) -> HttpResponse:
        return door_page(self.request, refused_passkey=NOT_A_PASSKEY_OF_OURS)


door = never_kept(audience(Audience.HOLDER)(Door.as_view()))
passkey_login = audience(Audience.HOLDER)(PasskeyLogin.as_view())


def door_context(request: HttpRequest) -> dict[str, Any]:
    return {
        "form": LoginForm(request=request),
        "mail_form": EmailForm(),
        "refused_passkey": "",
        "redirect_field_name": "next",
        "redirect_field_value": next_in(request),
    }


def door_page(request: HttpRequest, **context: Any) -> HttpResponse:
    return render(request, "account/login.jinja", door_context(request) | context)


@audience(Audience.HOLDER)
@never_kept
@never_cache
@limited(MAIL_ASKED_FOR)
@require_POST
def send_code(request: HttpRequest) -> HttpResponse:
    """Send a code to the address that was typed, whoever it belongs to."""
    if request.user.is_authenticated:
        return redirect(next_in(request) or home_of(request.user))
    form = EmailForm(request.POST)
    if form.is_valid():
        try:
            ask_for_code(
                request,
                form.cleaned_data["email"],
                next_page=next_in(request),
                at=timezone.now(),
            )
        except TooManyCodes:
            form.add_error("email", TOO_MANY_CODES)
        else:
            return redirect("sign_in_code")
    return door_page(request, mail_form=form)


@audience(Audience.HOLDER)
@limited(CODES_TYPED)
@never_cache
def give_code(request: HttpRequest) -> HttpResponse:
    """Take the code that was sent; whoever has it reads that mailbox."""
    under_way = sign_in_under_way(request)
    if request.user.is_authenticated:
        return redirect(next_in(request) or home_of(request.user))
    if under_way is None:
        return redirect("account_login")
    form = CodeForm(posted(request))
    if form.is_valid():
        try:
            user = account_with_code(
                under_way.contact_code, form.cleaned_data["code"], at=timezone.now()
            )
        except CodeRefused:
            form.add_error("code", CODE_REFUSED)
        else:
            sign_in_is_over(request)
            return enter(request, user, under_way.next)
    return render(request, "accounts/code.jinja", {"form": form, "under_way": under_way})


def enter(request: HttpRequest, user: User, next_page: str) -> HttpResponse:
    """Sign somebody in who proved their address: allauth asks for what they need besides."""
    record_authentication(request, user, method=CODE, proved=user.email_hash)
    where = next_page or home_of(user)
    if user.last_login is None and not is_mfa_enabled(user):
        where = f"{reverse('welcome')}?{urlencode({'next': where})}"
    answer: HttpResponse = perform_login(request, Login(user=user, redirect_url=where))
    return answer


@audience(Audience.MEMBER)
def welcome(request: HttpRequest) -> HttpResponse:
    """Offer a passkey on the first visit; nobody needs one to go on."""
    remember_next(request)
    where = next_in(request) or home_of(request.user)
    return render(request, "accounts/welcome.jinja", {"next_page": where})
