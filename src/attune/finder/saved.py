"""The people whom a member saved, as their page and the panel on it show them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from attune.accounts.models import User
from attune.accounts.panels import Panel, home_panel
from attune.core.phrases import date_words, short_moment_words
from attune.directory.access import saved_by
from attune.directory.dates import day_of
from attune.directory.models import Listing, SavedListing
from attune.directory.saving import TooManySaved, save_listing
from attune.finder.access import shown_listings
from attune.finder.listings import accepting_state, next_free
from attune.finder.loading import Loaded, current

MOST_ON_THE_PANEL = 5
# Whom somebody wished to save before they were signed in: what a web session calls it.
WISH = "wish-to-save"


class SavedRow(NamedTuple):
    """
    One saved person in words.

    Args:
        href: of what was saved of them.

        profile: address of their profile; "" once there is none to see.

        when: the next free time, or why there is none.
    """

    href: str
    code: str
    seed: str
    name: str
    title: str
    status: str
    profile: str
    when: str

    @property
    def facts(self) -> list[str]:
        """What stands below the name in a list."""
        return [self.status, self.when]


def saved_rows(found: Sequence[SavedListing], now: datetime) -> list[SavedRow]:
    """Return them in their order; two queries, however many they are."""
    if not found:
        return []
    loaded, today = current(now), day_of(now)
    shown = set(
        shown_listings(now)
        .filter(pk__in=[one.listing_id for one in found])
        .values_list("pk", flat=True)
    )
    return [
        SavedRow(
            href=reverse("saved_one", args=[one.code]),
            code=one.code,
            seed=one.listing.code,
            name=one.listing.practitioner.name,
            title=one.listing.title,
            status=str(SavedListing.Status(one.status).label),
            profile=reverse("profile", args=[one.listing.code]) if one.listing_id in shown else "",
            when=_when(one.listing, loaded, now, today)
            if one.listing_id in shown
            else _("Not listed here any more."),
        )
        for one in found
    ]


def _when(listing: Listing, loaded: Loaded, now: datetime, today: date) -> str:
    state = accepting_state(listing, today)
    if state == "paused" and listing.paused_until:
        return _("Not taking new clients now. Expected back on %(day)s.") % {
            "day": date_words(listing.paused_until)
        }
    if state == "unconfirmed":
        return _("Their times are not confirmed at the moment.")
    if listing.booking_mode == Listing.BookingMode.ASK_FIRST:
        return _("Wants to hear from people before a first meeting.")
    first = next_free(listing.code, loaded, now)
    if first is None:
        return _("No free time in the next weeks.")
    return _("Next free: %(time)s") % {"time": short_moment_words(first, settings.VISITOR_ZONE)}


@home_panel(order=30)
def saved_people(user: User, now: datetime) -> Panel | None:
    """Show whom somebody saved last."""
    found = list(saved_by(user)[: MOST_ON_THE_PANEL + 1])
    if not found:
        return None
    rows = saved_rows(found[:MOST_ON_THE_PANEL], now)
    return Panel("finder/_saved_panel.jinja", {"rows": rows, "are_more": len(found) > len(rows)})


@receiver(user_logged_in, dispatch_uid="finder.save_what_was_wished")
def save_what_was_wished(request: HttpRequest | None, user: User, **_: object) -> None:
    """Save whom somebody wished to save before they signed in."""
    session = getattr(request, "session", {})
    code, now = session.pop(WISH, ""), timezone.now()
    listing = shown_listings(now).filter(code=code).first() if code else None
    if listing is not None:
        try:
            save_listing(user, listing, at=now)
        except TooManySaved:
            # Their list says so when they try again; signing in goes on.
            return
