"""Filling an empty database with invented people, for a demonstration or for development."""

from datetime import date, datetime
from random import Random

from django.conf import settings
from django.db import transaction

from attune.accounts.models import User
from attune.accounts.signals import address_proven
from attune.core.errors import AttuneError
from attune.demo.cast import ADA, BEN, DEV, DEV_NAME, ben
from attune.demo.diaries import draw_diaries, write_appointments, write_counters, write_exceptions
from attune.demo.facts import Labels
from attune.demo.library import add_library_people
from attune.demo.offers import add_offers
from attune.demo.people import Inventor, standings
from attune.demo.stock import stock
from attune.directory.actions import add_listings
from attune.directory.dates import day_of
from attune.directory.entries import NewListing
from attune.directory.models import Listing
from attune.vocabulary.models import Community, Language


class NotEmpty(AttuneError):
    """Invented people are never put beside those who are there already."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(
            f"There are {count:,} listings here already. "
            "Invented people go into an empty database only."
        )


def load_demo(practitioners: int, seed: int, now: datetime) -> int:
    """Invent this many practitioners with their diaries, and mark the site as a demonstration.

    The same number, seed and day (the visitor's) give the same people. Returns how many there
    are. Raises ``NotEmpty`` where a listing exists.
    """
    today = day_of(now)
    with transaction.atomic():
        if found := Listing.objects.count():
            raise NotEmpty(found)
        # First, so that there is no moment at which they are here and the pages do not say so.
        mark_as_demo_site()
        entries = invented(practitioners, seed=seed, today=today)
        listings = add_listings(entries, at=now)
        diaries = draw_diaries(listings, entries, seed=seed, today=today)
        write_exceptions(diaries)
        write_appointments(diaries, seed=seed, now=now)
        write_counters(diaries, seed=seed, today=today)
        _give_sign_ins(listings[0], now)
        add_library_people(today=today)
        add_offers(now=now, today=today)
    return len(listings)


def invented(practitioners: int, *, seed: int, today: date) -> list[NewListing]:
    """Return Ben and, after him, as many invented people as make up the number."""
    labels = Labels(
        languages=dict(Language.objects.values_list("slug", "label")),
        communities=dict(Community.objects.values_list("slug", "label")),
    )
    inventor = Inventor(stock(), labels, seed=seed, today=today)
    random = Random(f"{seed}/standings")  # noqa: S311 - nothing here is secret
    everyone = standings(practitioners, random)
    return [
        ben(today),
        *(inventor.invent(number, standing) for number, standing in enumerate(everyone[1:], 1)),
    ]


def mark_as_demo_site() -> None:
    """From the next start on, every page says that its people are invented."""
    settings.DEMO_MARK.parent.mkdir(parents=True, exist_ok=True)
    settings.DEMO_MARK.write_text("The people on this site are invented.\n", encoding="utf-8")


def _give_sign_ins(bens: Listing, now: datetime) -> None:
    """Make the accounts of Ben, Dev and Ada, who has proven her address; none has a password."""
    person = bens.practitioner
    person.user = User.objects.create_user(BEN, name=person.name)
    person.save(update_fields=["user"])
    User.objects.create_user(DEV, name=DEV_NAME, is_staff=True, is_superuser=True)
    ada = User.objects.create_user(ADA)
    address_proven.send(User, user=ada, email_hash=ada.email_hash, at=now)
