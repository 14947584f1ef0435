"""Which day it is, for everything that a listing dates."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings


def day_of(now: datetime) -> date:
    """
    Return the date on the site's clock (``VISITOR_ZONE``).

    Checks, pauses and confirmations are dates without a zone. They begin and end at this clock's
    midnight, for pages, API, index and booking alike, and wherever a practice is.
    """
    return now.astimezone(ZoneInfo(settings.VISITOR_ZONE)).date()
