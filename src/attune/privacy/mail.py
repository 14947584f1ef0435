"""What is mailed: that something is there or is done, never what."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from attune.accounts.sealing import unseal
from attune.core.phrases import date_words
from attune.outbox.letters import Letter
from attune.outbox.registry import Email, renders
from attune.privacy.access import complaint_by_link, opened
from attune.privacy.actions import FAREWELL, SEALED_FAREWELL
from attune.privacy.complaints import ANSWERED, RECEIVED, WAITS
from attune.privacy.models import Complaint, Farewell
from attune.privacy.words import day_words


@renders(RECEIVED)
def received(code: str, now: datetime) -> Email | None:
    """Write to whoever sent it that it is here, and by when they hear."""
    complaint = Complaint.objects.filter(code=code).first()
    if complaint is None:
        return None
    return Letter(
        subject=_("We have your message"),
        opening=_("Your message has arrived."),
        rows=(
            (_("Reference"), complaint.reference),
            (_("You hear from us by"), date_words(complaint.acknowledge_by)),
        ),
        closing=_("If you did not write to us, there is nothing you need to do."),
    ).to(opened(complaint, "email"))


@renders(ANSWERED)
def answered(link: str, now: datetime) -> Email | None:
    """Write that there is an answer; None once the link was used, or another is on its way."""
    complaint = complaint_by_link(link, now)
    if complaint is None:
        return None
    address = settings.PUBLIC_URL + reverse("complaint_answer", args=[link])
    return Letter(
        subject=_("There is an answer"),
        opening=_("There is an answer to your message."),
        rows=((_("Reference"), complaint.reference),),
        links=((_("Read it"), address),),
        closing=_("The link works once, for 30 days."),
    ).to(opened(complaint, "email"))


@renders(WAITS)
def waits(code: str, now: datetime) -> Email | None:
    """Tell the operator; None once it is acknowledged, or where no operator is named."""
    complaint = Complaint.objects.filter(code=code, acknowledged_at=None).first()
    if complaint is None or not settings.CONTACT:
        return None
    return Letter(
        subject=_("A message waits for you"),
        opening=_("Somebody wrote to this service, and waits to hear that it arrived."),
        rows=((_("Acknowledge it by"), date_words(complaint.acknowledge_by)),),
        links=((_("Open the list"), settings.PUBLIC_URL + reverse("complaints")),),
    ).to(settings.CONTACT)


@renders(FAREWELL)
def farewell(code: str, now: datetime) -> Email | None:
    """Write to an address whose account was erased; None once the address is gone too."""
    row = Farewell.objects.filter(code=code).first()
    if row is None:
        return None
    return Letter(
        subject=_("Your account is closed"),
        opening=_("Your account was closed on %(day)s, as it was asked for from that account.")
        % {"day": day_words(row.at)},
        closing=_(
            "This is our last message. If it was not you who asked for it: somebody else can read"
            " your mail or use your device. Change the password of this mailbox."
        ),
    ).to(unseal(row.email_sealed, row=row.code, **SEALED_FAREWELL))
