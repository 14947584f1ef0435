"""Mail to editors: that something waits, never what it is about."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from attune.accounts.models import User
from attune.outbox.registry import Email, renders

PAGE_WAITS, PAGE_CAME_BACK = "page-waits", "page-came-back"


@renders(PAGE_WAITS)
def page_waits(code: str, now: datetime) -> Email | None:
    """Write to somebody whose check a page waits for."""
    return _written(code, _("A page waits for you"), _("A page waits for your check."))


@renders(PAGE_CAME_BACK)
def page_came_back(code: str, now: datetime) -> Email | None:
    """Write to somebody whose page was sent back."""
    return _written(
        code, _("A page came back"), _("A page came back to you, with a word on what to change.")
    )


def _written(code: str, subject: str, sentence: str) -> Email | None:
    user = User.objects.filter(code=code, is_active=True).first()
    if user is None:
        return None
    text = f"{_('Hello,')}\n\n{sentence}\n\n{settings.PUBLIC_URL}/editor/\n"
    return Email(to=user.email, subject=subject, text=text)
