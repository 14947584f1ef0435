"""The cast for booking: Ben sees people from 9:00 to 12:00 on weekdays, Ada would like to come."""

from datetime import date, time, timedelta

from attune.accounts.sealing import email_hash, seal
from attune.booking.models import Contact, WeeklyRule
from attune.directory.models import (
    Credential,
    Fee,
    Listing,
    Practice,
    Practitioner,
    Verification,
)
from attune.vocabulary.codes import new_secret_code
from attune.vocabulary.models import ClientGroup, Register


def a_listing(now, name="Ben Okello", **settings):
    """A published, checked and confirmed listing with one online practice."""
    person = Practitioner.objects.create(
        name=name, sort_name=name.casefold(), email=f"{name.split()[0].lower()}@practice.example"
    )
    listing = Listing.objects.create(
        **{
            "practitioner": person,
            "state": "published",
            "consented_at": now,
            "title": "Counsellor",
            "confirmed_on": now.date(),
            "paused_until": None,
            **settings,
        }
    )
    checked = Credential.objects.create(
        practitioner=person,
        kind="registration",
        register=Register.objects.first(),
        number=new_secret_code(),
    )
    Verification.objects.create(
        credential=checked,
        checked_on=now.date() - timedelta(days=1),
        checked_by="Dev",
        expires_on=now.date() + timedelta(days=300),
    )
    Fee.objects.create(
        listing=listing,
        client_group=ClientGroup.objects.get(slug="adults"),
        minutes=50,
        kind="fixed",
        minor=6500,
    )
    a_practice(listing)
    return listing


def a_practice(listing, *, channels=("video",), start=time(9), end=time(12), days=range(5), **rest):
    practice = Practice.objects.create(
        practitioner=listing.practitioner, channels=list(channels), **rest
    )
    WeeklyRule.objects.bulk_create(
        WeeklyRule(practice=practice, weekday=day, start=start, end=end) for day in days
    )
    return practice


def a_contact(now, email="ada@home.example", *, confirmed=True):
    code = new_secret_code()
    return Contact.objects.create(
        code=code,
        email_sealed=seal(email, model="contact", row=code, field="email"),
        email_hash=email_hash(email),
        origin_hash="here",
        created_at=now,
        expires_at=now + timedelta(minutes=30),
        confirmed_at=now if confirmed else None,
    )


def monday(now, weeks=1) -> date:
    """A Monday ahead: 23 November 2026 for the tests' fixed moment."""
    return now.date() + timedelta(days=7 * weeks - now.weekday())
