"""The panel of /account/ on what somebody agreed to."""

from datetime import datetime

from attune.accounts.models import User
from attune.accounts.panels import Panel, home_panel
from attune.privacy.consents import consents_of


@home_panel(order=80)
def agreements(user: User, now: datetime) -> Panel:
    """Say how many agreements stand, and lead to them."""
    standing = [one for one in consents_of(user) if one.can_withdraw]
    return Panel("privacy/_agreements_panel.jinja", {"standing": standing})
