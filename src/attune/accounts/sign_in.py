"""What a browser remembers between asking for a code and typing it: to sign in, or to confirm.

The address stands in the web session, which is sealed.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from allauth.account.utils import get_next_redirect_url
from django.http import HttpRequest

from attune.accounts.contacts import send_contact_code
from attune.accounts.limits import origin_of
from attune.accounts.models import User

_SIGN_IN, _STEP_UP, _AFTERWARDS = "sign-in", "step-up", "after-factor"


@dataclass(frozen=True)
class SignInUnderWay:
    """A code that was asked for: what it will confirm, and where its owner goes then."""

    contact_code: str
    email: str
    next: str


def ask_for_code(request: HttpRequest, email: str, *, next_page: str, at: datetime) -> None:
    """Send a code with which this browser can sign in. Raises ``TooManyCodes``."""
    code = send_contact_code(email, origin=origin_of(request), at=at)
    request.session[_SIGN_IN] = asdict(SignInUnderWay(code, email, next_page))


def sign_in_under_way(request: HttpRequest) -> SignInUnderWay | None:
    held = request.session.get(_SIGN_IN)
    return SignInUnderWay(**held) if held else None


def sign_in_is_over(request: HttpRequest) -> None:
    request.session.pop(_SIGN_IN, None)


def ask_own_code(request: HttpRequest, user: User, *, at: datetime) -> None:
    """Send somebody who is signed in a code to confirm that it is them. Raises ``TooManyCodes``."""
    request.session[_STEP_UP] = send_contact_code(user.email, origin=origin_of(request), at=at)


def own_code_asked_for(request: HttpRequest) -> str:
    """Return what the code that was sent will confirm; "" when none was."""
    return str(request.session.get(_STEP_UP, ""))


def own_code_is_used(request: HttpRequest) -> None:
    request.session.pop(_STEP_UP, None)


def next_in(request: HttpRequest) -> str:
    """Return the address on this site that the request names to go on to; "" for none."""
    return get_next_redirect_url(request) or ""


def remember_next(request: HttpRequest) -> None:
    """Keep where to go on to while a second factor is set up, which takes several pages."""
    if found := next_in(request):
        request.session[_AFTERWARDS] = found


def remembered_next(request: HttpRequest) -> str:
    """Return it and forget it; "" for none."""
    return str(request.session.pop(_AFTERWARDS, ""))
