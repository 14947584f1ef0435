"""What accounts send: codes. Neutral words, since anyone may see a mailbox."""

from datetime import datetime

from django.utils.translation import gettext as _

from attune.accounts.contacts import CONTACT_CODE, digits_for, email_of
from attune.accounts.models import Contact
from attune.outbox.letters import Letter
from attune.outbox.registry import Email, renders


@renders(CONTACT_CODE)
def contact_code(about: str, now: datetime) -> Email | None:
    """Write the mail with a code; None once it was used or ran out."""
    contact = Contact.objects.filter(code=about, confirmed_at=None, expires_at__gt=now).first()
    if contact is None:
        return None
    return Letter(
        subject=_("Your code"),
        opening=_("Your code is %(code)s.") % {"code": digits_for(contact)},
        closing=_(
            "It works for 30 minutes. If you did not ask for it, there is nothing you need to do."
        ),
    ).to(email_of(contact))
