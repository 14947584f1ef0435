"""The panels of /account/ on what somebody agreed to, and on what we hold of them."""

from datetime import datetime

from attune.accounts.models import User
from attune.accounts.panels import Panel, home_panel
from attune.privacy.asked import requests_told
from attune.privacy.consents import consents_of


@home_panel(order=80)
def agreements(user: User, now: datetime) -> Panel:
    """Say how many agreements stand, and lead to them."""
    standing = [one for one in consents_of(user) if one.can_withdraw]
    return Panel("privacy/_agreements_panel.jinja", {"standing": standing})


@home_panel(order=81)
def our_data(user: User, now: datetime) -> Panel:
    """Lead to what we hold, and say what waits, with a way to take it back."""
    return Panel("privacy/_data_panel.jinja", {"requests": requests_told(user, now)})
