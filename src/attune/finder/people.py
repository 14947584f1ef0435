"""What is shown of a practitioner whatever was asked: read together, kept as plain values."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from attune.core.entries import ACCESS_LEVELS
from attune.core.geo import LatLon, rounded_to_about_1_km
from attune.core.matching.enquiry import DAYS
from attune.directory.models import (
    Channel,
    Credential,
    Fee,
    ListedIssue,
    Listing,
    Practice,
    TherapyOffered,
    Verification,
    WeeklyPlace,
)
from attune.finder.rows import access_of

# More than a busy process shows in a day; a full store is emptied, since it is cheap to fill.
MOST_KEPT = 20_000


@dataclass(frozen=True)
class Place:
    """Where a practice is, as far as it is told before a booking."""

    town: str
    outward_postcode: str
    zone: str
    channels: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Person:
    """A practitioner's public face. Each is only like itself, so that words of it can be kept.

    Args:
        listing_id: row number, for use inside only.
        role: title and pronouns: "Psychotherapist, she/her".
        registered_with: short name of the register, or "".
        checked_on: when the registration was last checked.
        paused_until, confirmed_on: as in ``Listing``.
        places: practice code -> where it is.
        facts: the listing as the API gives it, less what changes by the hour.
    """

    listing_id: int
    code: str
    name: str
    role: str
    one_line: str
    href: str
    book_href: str
    save_href: str
    booking_mode: str
    registered_with: str
    checked_on: date | None
    paused_until: date | None
    confirmed_on: date | None
    places: Mapping[str, Place]
    facts: Mapping[str, Any]


def public_listings(listings: QuerySet[Listing]) -> QuerySet[Listing]:
    """Return listings with all that is public about them, in a fixed number of queries."""
    return listings.select_related("practitioner").prefetch_related(
        "client_groups",
        "payment_routes",
        "practitioner__languages",
        "practitioner__communities",
        Prefetch(
            "practitioner__practices",
            Practice.objects.order_by("pk").prefetch_related("access"),
        ),
        Prefetch(
            "practitioner__credentials",
            Credential.objects.order_by("pk").select_related("register", "therapy_type"),
        ),
        Prefetch(
            "practitioner__credentials__verifications",
            Verification.objects.order_by("-expires_on"),
        ),
        Prefetch("fees", Fee.objects.order_by("pk").select_related("client_group")),
        Prefetch(
            "listed_issues",
            ListedIssue.objects.select_related("issue").order_by("focus_rank", "issue__position"),
        ),
        Prefetch("therapies_offered", TherapyOffered.objects.select_related("therapy_type__group")),
        Prefetch("weekly_places", WeeklyPlace.objects.select_related("practice")),
    )


class People:
    """The people that this process has shown lately, as one state of the index knows them."""

    def __init__(self, known: Mapping[str, Person] | None = None) -> None:
        self._known = dict(known or {})

    def without(self, listing_ids: Collection[int]) -> "People":
        """Return a store that has to read these again."""
        kept = [one for one in list(self._known.values()) if one.listing_id not in listing_ids]
        return People({one.code: one for one in kept})

    def get(self, codes: Iterable[str], *, today: date) -> dict[str, Person]:
        """Return these people by code; those not known yet are read in one go."""
        known, wanted = self._known, list(codes)
        missing = [code for code in wanted if code not in known]
        if missing:
            if len(known) > MOST_KEPT:
                known = self._known = {}
            for listing in public_listings(Listing.objects.filter(code__in=missing)):
                known[listing.code] = person_of(listing, today=today)
        return {code: known[code] for code in wanted if code in known}


def person_of(listing: Listing, *, today: date) -> Person:
    """Prepare one of ``public_listings``."""
    practitioner = listing.practitioner
    check = registration_check(listing, today=today)
    register = check.credential.register if check else None
    href = reverse("profile", args=(listing.code,))
    return Person(
        listing_id=listing.pk,
        code=listing.code,
        name=practitioner.name,
        role=", ".join(filter(None, (listing.title, practitioner.pronouns))),
        one_line=listing.one_line,
        href=href,
        book_href=f"{href}#times",
        save_href=reverse("save_person", args=(listing.code,)),
        booking_mode=listing.booking_mode,
        registered_with=register.short_name if register else "",
        checked_on=check.checked_on if check else None,
        paused_until=listing.paused_until,
        confirmed_on=listing.confirmed_on,
        places={one.code: _place(one) for one in practitioner.practices.all()},
        facts=_facts(listing, check, training_checks(listing, today=today)),
    )


def registration_check(listing: Listing, *, today: date) -> Verification | None:
    """Return the check of registration that holds for longest; None: none holds today."""
    kind = Credential.Kind.REGISTRATION
    found = [
        check
        for credential in listing.practitioner.credentials.all()
        if credential.kind == kind
        for check in _holding(credential, today)
    ]
    return max(found, key=lambda check: check.expires_on, default=None)


def training_checks(listing: Listing, *, today: date) -> dict[str, Verification]:
    """Return the check that holds of the training in each therapy, by its slug."""
    return {
        credential.therapy_type.slug: check
        for credential in listing.practitioner.credentials.all()
        if credential.therapy_type
        for check in _holding(credential, today)[:1]
    }


def _holding(credential: Credential, today: date) -> list[Verification]:
    return [one for one in credential.verifications.all() if one.expires_on >= today]


def _place(practice: Practice) -> Place:
    return Place(
        town=practice.town,
        outward_postcode=practice.outward_postcode,
        zone=practice.zone,
        channels=tuple(practice.channels),
    )


def _facts(
    listing: Listing, check: Verification | None, trained: Mapping[str, Verification]
) -> dict[str, Any]:
    practitioner = listing.practitioner
    practices = list(practitioner.practices.all())
    issues = [(one.issue.slug, one.focus_rank) for one in listing.listed_issues.all()]
    return {
        "code": listing.code,
        "name": practitioner.name,
        "pronouns": practitioner.pronouns,
        "gender": practitioner.gender or None,
        "languages": [one.slug for one in practitioner.languages.all()],
        "channels": [
            channel
            for channel in Channel.values
            if any(channel in one.channels for one in practices)
        ],
        "practices": [_practice_facts(one) for one in practices],
        "fees": [_fee_facts(one) for one in listing.fees.all()],
        "focus_issues": [slug for slug, rank in issues if rank],
        "also_issues": [slug for slug, rank in issues if not rank],
        "therapy_types": [
            {"slug": slug, "training_checked": slug in trained}
            for slug in (one.therapy_type.slug for one in listing.therapies_offered.all())
        ],
        "client_groups": [one.slug for one in listing.client_groups.all()],
        "access": _lowest_access(practices),
        "weekly_places": [_weekly_place_facts(one) for one in listing.weekly_places.all()],
        "booking_mode": listing.booking_mode,
        "registration": check
        and {
            "register": check.credential.register and check.credential.register.slug,
            "checked_on": check.checked_on.isoformat(),
        },
    }


def _practice_facts(practice: Practice) -> dict[str, Any]:
    """Return a practice as far as it is told before a booking: never its address."""
    point = None
    if practice.latitude is not None and practice.longitude is not None:
        point = rounded_to_about_1_km(LatLon(practice.latitude, practice.longitude))
    return {
        "code": practice.code,
        "channels": list(practice.channels),
        "town": practice.town or None,
        "outward_postcode": practice.outward_postcode or None,
        "lat": point and point.lat,
        "lon": point and point.lon,
        "zone": practice.zone,
        "access": _access(practice),
    }


def _access(practice: Practice) -> dict[str, str]:
    return access_of(practice, [one.slug for one in practice.access.all()])


def _lowest_access(practices: Iterable[Practice]) -> dict[str, str]:
    """Return, for each need, the lowest level of the practices that say something about it."""
    lowest: dict[str, str] = {}
    for access in map(_access, practices):
        for need, level in access.items():
            lowest[need] = min(level, lowest.get(need, level), key=ACCESS_LEVELS.index)
    return lowest


def _fee_facts(fee: Fee) -> dict[str, Any]:
    return {
        "client_group": fee.client_group.slug,
        "minutes": fee.minutes,
        "kind": fee.kind,
        "minor": fee.minor,
        "upper_minor": fee.upper_minor,
        "currency": fee.currency,
        "concession_minor": fee.concession_minor,
    }


def _weekly_place_facts(place: WeeklyPlace) -> dict[str, Any]:
    return {
        "practice": place.practice.code,
        "weekday": DAYS[place.weekday],
        "start": f"{place.start:%H:%M}",
        "zone": place.practice.zone,
        "from_date": place.from_date.isoformat(),
    }
