"""What a member asked for and what waits, as pages say it."""

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from attune.accounts.models import User
from attune.core.phrases import moment_words
from attune.privacy.actions import COPY_READY_FOR
from attune.privacy.models import Delayed
from attune.privacy.queries import delayed_of, waits_first

Kind = Delayed.Kind


class Told(NamedTuple):
    """A sentence, and which request the button beside it takes back."""

    sentence: str
    kind: str


def requests_told(user: User, now: datetime) -> list[Told]:
    """Say what waits and until when; of a copy, how long it can be taken."""
    waits = waits_first(user, now)
    found = [
        Told(_sentence(one, now), one.kind)
        for one in delayed_of(user).values()
        if one.kind != Kind.NO_WAIT or waits
    ]
    return [one for one in found if one.sentence]


def _sentence(one: Delayed, now: datetime) -> str:
    due = {"when": moment_words(one.due_at, settings.VISITOR_ZONE)}
    if one.kind == Kind.ERASURE:
        return _("Everything is erased on %(when)s.") % due
    if one.kind == Kind.NO_WAIT:
        return _("From %(when)s on, copies and erasures no longer wait.") % due
    if now < one.due_at:
        return _("Your copy of everything is ready on %(when)s.") % due
    until = one.due_at + COPY_READY_FOR
    if now < until:
        ready = {"when": moment_words(until, settings.VISITOR_ZONE)}
        return _("Your copy of everything is ready. You can take it until %(when)s.") % ready
    return ""
