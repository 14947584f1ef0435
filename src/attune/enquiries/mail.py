"""The mail with a link to come back: neutral words, since anyone may see a mailbox."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from attune.accounts.ledger import record_opening
from attune.accounts.sealing import unseal
from attune.core.phrases import date_words
from attune.directory.dates import day_of
from attune.enquiries.access import usable_link
from attune.outbox.registry import Email, renders


@renders("come-back")
def come_back(code: str, now: datetime) -> Email | None:
    """Write the mail for one link; None once it was used, ran out, or its answers are gone."""
    link = usable_link(code, now)
    if link is None:
        return None
    record_opening(
        about=link.email_hash,
        by=None,
        what="Your email address",
        purpose="To send you the link that you asked for",
        at=now,
    )
    address = settings.PUBLIC_URL + reverse("enquiry_return", args=[code])
    until = date_words(day_of(link.expires_at))
    return Email(
        to=unseal(
            link.email_sealed, model="enquiries.ReturnLink", row=link.code, field="email_sealed"
        ),
        subject=_("Your link"),
        text=_(
            "Hello,\n\n"
            "This link takes you back to where you left off:\n\n"
            "%(address)s\n\n"
            "It works once, until %(until)s. If you did not ask for it, you can ignore this mail.\n"
        )
        % {"address": address, "until": until},
    )
