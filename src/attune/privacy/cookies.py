"""The cookies that a browser may keep of ours, as the cookie page names them."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from attune.privacy import choice

Words = str | Promise


@dataclass(frozen=True)
class Cookie:
    """One small file that we ask a browser to keep."""

    name: str
    purpose: Words
    lifetime: Words


COOKIES = (
    Cookie(
        settings.SESSION_COOKIE_NAME,
        _(
            "Connects your browser with your answers, a booking, or your sign-in."
            " It holds a random code. It is set once there is something to connect."
        ),
        _("30 days, or until you leave, delete your answers or sign out"),
    ),
    Cookie(
        settings.CSRF_COOKIE_NAME,
        _(
            "Shows that a form you send came from one of our pages. It holds a random code."
            " It is set by pages with such a form."
        ),
        _("One year"),
    ),
    Cookie(
        choice.NAME,
        _(
            "Keeps your answer to our question about counting. After a no, it holds the word no"
            " and nothing else. After a yes, it holds a random code."
        ),
        _("Half a year, or until you leave. Then we ask again"),
    ),
)
