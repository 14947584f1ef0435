"""How somebody is reached: whether we may write to their address, and another address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from attune.accounts.access import member_in
from attune.accounts.addresses import change_address
from attune.accounts.audience import Audience, audience, needs_step_up
from attune.accounts.channels import can_do_without_mail, is_marked, mark_safe, mark_unsafe
from attune.accounts.contacts import CodeRefused, TooManyCodes, confirm_contact, send_contact_code
from attune.accounts.forms import (
    CODE_REFUSED,
    TOO_MANY_CODES,
    CodeForm,
    NewAddressForm,
    posted,
)
from attune.accounts.limits import CODES_TYPED, MAIL_ASKED_FOR, limited, origin_of
from attune.accounts.unfinished import never_kept

# What a session calls the address that is being proven.
NEW_ADDRESS = "new_address"


@audience(Audience.MEMBER)
@require_safe
def reach(request: HttpRequest) -> HttpResponse:
    """Show whether mail may be sent, and offer the other."""
    member = member_in(request)
    context = {
        "is_unsafe": is_marked(member),
        "can_do_without_mail": can_do_without_mail(member),
    }
    return render(request, "accounts/reach.jinja", context)


@audience(Audience.MEMBER)
@never_kept
@require_POST
@needs_step_up
def send_nothing(request: HttpRequest) -> HttpResponse:
    """Mark the address as unsafe, if its owner can sign in without it."""
    member = member_in(request)
    if can_do_without_mail(member):
        mark_unsafe(member, at=timezone.now())
    return redirect("account_reach")


@audience(Audience.MEMBER)
@never_kept
@require_POST
@needs_step_up
def send_again(request: HttpRequest) -> HttpResponse:
    mark_safe(member_in(request), at=timezone.now())
    return redirect("account_reach")


@audience(Audience.MEMBER)
@limited(MAIL_ASKED_FOR)
@needs_step_up
def new_address(request: HttpRequest) -> HttpResponse:
    """Ask for another address, and send a code there."""
    form = NewAddressForm(posted(request))
    if form.is_valid():
        try:
            sent = send_contact_code(
                form.cleaned_data["email"], origin=origin_of(request), at=timezone.now()
            )
        except TooManyCodes:
            form.add_error("email", TOO_MANY_CODES)
        else:
            request.session[NEW_ADDRESS] = sent
            return redirect("account_email_code")
    return render(request, "accounts/new_address.jinja", {"form": form})


@audience(Audience.MEMBER)
@never_kept
@limited(CODES_TYPED)
@needs_step_up
def prove_address(request: HttpRequest) -> HttpResponse:
    """Take the code, and make the address the account's own."""
    sent = request.session.get(NEW_ADDRESS)
    if sent is None:
        return redirect("account_email")
    form = CodeForm(posted(request))
    if form.is_valid():
        now = timezone.now()
        try:
            contact = confirm_contact(sent, form.cleaned_data["code"], at=now)
            change_address(member_in(request), contact, here=request.session.session_key, at=now)
        except CodeRefused:
            form.add_error("code", CODE_REFUSED)
        else:
            del request.session[NEW_ADDRESS]
            request.session.cycle_key()
            return redirect("account_email_changed")
    return render(request, "accounts/prove_address.jinja", {"form": form})


@audience(Audience.MEMBER)
@require_safe
def address_changed(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/address_changed.jinja")
