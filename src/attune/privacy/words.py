"""Complaints, consents and weeks, as pages say them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from attune.core.phrases import checked_date_words, count_words, moment_words
from attune.privacy.models import Complaint, Consent


def day_words(moment: datetime) -> str:
    """Return "3 March 2026", on the site's clock."""
    return checked_date_words(moment.astimezone(ZoneInfo(settings.VISITOR_ZONE)).date())


def state_words(complaint: Complaint, today: date) -> str:
    """Return how far it is: "12 days left to acknowledge", "acknowledged 3 March 2026"."""
    if complaint.closed_at:
        return _("closed %(day)s") % {"day": day_words(complaint.closed_at)}
    if complaint.acknowledged_at:
        return _("acknowledged %(day)s") % {"day": day_words(complaint.acknowledged_at)}
    left = (complaint.acknowledge_by - today).days
    if left < 0:
        return _("%(days)s late: acknowledge it now") % {"days": _days(-left)}
    if left == 0:
        return _("to be acknowledged today")
    return _("%(days)s left to acknowledge") % {"days": _days(left)}


def outcome_words(complaint: Complaint) -> str:
    """Return what the person reads first of an answer."""
    if not complaint.closed_at:
        return _(
            "We have read your message and are dealing with it. We write again when it is done."
        )
    return {
        Complaint.Outcome.DONE: _("We have done what you asked."),
        Complaint.Outcome.PARTLY: _("We have done a part of what you asked."),
        Complaint.Outcome.NOT_DONE: _("We have not done what you asked."),
    }[Complaint.Outcome(complaint.outcome)]


def answer_words(consent: Consent) -> str:
    """Return "You said yes on Tuesday 14 April 2026, 10:00am"."""
    said = {
        Consent.Answer.GIVEN: _("You said yes on %(when)s"),
        Consent.Answer.REFUSED: _("You said no on %(when)s"),
        Consent.Answer.WITHDRAWN: _("You took your yes back on %(when)s"),
    }[Consent.Answer(consent.answer)]
    return said % {"when": moment_words(consent.at, settings.VISITOR_ZONE)}


def visitor_words(number: int | None) -> str:
    """Return a count of people, and nothing that tells one under ten."""
    return f"{number:,}" if number is not None else _("fewer than 10")


def _days(number: int) -> str:
    return count_words(number, _("day"), _("days"))
