"""How somebody signs in, as a section of their own page."""

from datetime import datetime

from allauth.mfa.utils import is_mfa_enabled

from attune.accounts.access import web_sessions_of
from attune.accounts.models import User
from attune.accounts.panels import Panel, home_panel


@home_panel(order=90)
def how_you_sign_in(user: User, now: datetime) -> Panel:
    return Panel(
        "accounts/_security_panel.jinja",
        {
            "has_factor": is_mfa_enabled(user),
            "browsers": web_sessions_of(user, now).count(),
        },
    )
