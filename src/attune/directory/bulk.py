"""Writing many listings at once, table by table."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Model

from attune.directory.entries import Check, NewListing, NewPractice
from attune.directory.models import (
    Credential,
    Fee,
    ListedIssue,
    Listing,
    Practice,
    Practitioner,
    TherapyOffered,
    Verification,
    WeeklyPlace,
)
from attune.directory.signals import practices_added
from attune.vocabulary.models import (
    AccessNeed,
    ClientGroup,
    Community,
    Language,
    PaymentRoute,
    PresentingIssue,
    Register,
    Term,
    TherapyType,
)

Ids = Mapping[str, int]
Row = TypeVar("Row", bound=Model)
Entry = TypeVar("Entry")
_BATCH = 2000


def write_listings(entries: Sequence[NewListing]) -> list[Listing]:
    """Write new practitioners with their listings, inside the caller's transaction.

    Every slug must be in the vocabulary and every registration new: callers have checked.
    Returns the listings in the order given.
    """
    people = _write(
        Practitioner(
            code=one.practitioner_code,
            name=one.name,
            sort_name=sort_name(one.name),
            email=one.email,
            phone=one.phone,
            pronouns=one.pronouns,
            gender=one.gender,
        )
        for one in entries
    )
    listings = _write(_listing(one, person) for one, person in zip(entries, people, strict=True))
    _write_credentials(entries, people)
    _write_what_is_offered(entries, listings)
    _write_practices(entries, people, listings)
    _link(Practitioner.languages, people, entries, lambda one: one.languages, Language)
    _link(Practitioner.communities, people, entries, lambda one: one.communities, Community)
    _link(Listing.client_groups, listings, entries, lambda one: one.client_groups, ClientGroup)
    _link(Listing.payment_routes, listings, entries, lambda one: one.payment_routes, PaymentRoute)
    return listings


def sort_name(name: str) -> str:
    """Return what a list of names is sorted by: no accents, case folded, family name first."""
    plain = unicodedata.normalize("NFKD", name)
    letters = "".join(one for one in plain if not unicodedata.combining(one)).casefold()
    given, _, family = letters.rpartition(" ")
    return f"{family} {given}".strip()


def _listing(one: NewListing, person: Practitioner) -> Listing:
    return Listing(
        code=one.code,
        practitioner=person,
        state=one.state,
        consented_at=one.consented_at,
        title=one.title,
        one_line=one.one_line,
        how_i_work=one.how_i_work,
        what_to_expect=one.what_to_expect,
        booking_mode=one.booking_mode,
        session_minutes=one.session_minutes,
        introductory_minutes=one.introductory_minutes,
        buffer_minutes=one.buffer_minutes,
        notice_hours=one.notice_hours,
        cancellation_hours=one.cancellation_hours,
        how_to_pay=one.how_to_pay,
        paused_until=one.paused_until,
        confirmed_on=one.confirmed_on,
        **{f"style_{scale}": value for scale, value in one.style.items()},
    )


def _write_credentials(entries: Sequence[NewListing], people: Sequence[Practitioner]) -> None:
    registers, therapies = _ids(Register), _ids(TherapyType)
    pairs: list[tuple[Credential, Check | None]] = []
    for one, person in zip(entries, people, strict=True):
        registration = Credential(
            practitioner=person,
            kind=Credential.Kind.REGISTRATION,
            register_id=registers[one.registration.register],
            number=one.registration.number,
        )
        pairs.append((registration, one.registration.check))
        pairs += (
            (
                Credential(
                    practitioner=person,
                    kind=Credential.Kind.TRAINING,
                    therapy_type_id=therapies[offered.therapy_type],
                    issuer=offered.training[:120],
                ),
                offered.check,
            )
            for offered in one.therapies
            if offered.check
        )
    _write(credential for credential, _ in pairs)
    _write(
        Verification(
            credential=credential,
            checked_on=check.checked_on,
            checked_by=check.checked_by,
            where=check.where,
            expires_on=check.expires_on,
        )
        for credential, check in pairs
        if check
    )


def _write_what_is_offered(entries: Sequence[NewListing], listings: Sequence[Listing]) -> None:
    issues, therapies, groups = _ids(PresentingIssue), _ids(TherapyType), _ids(ClientGroup)
    both = list(zip(entries, listings, strict=True))
    _write(
        ListedIssue(listing=listing, issue_id=issues[slug], focus_rank=rank)
        for one, listing in both
        for rank, slug in [
            *enumerate(one.focus_issues, 1),
            *((None, slug) for slug in one.also_issues),
        ]
    )
    _write(
        TherapyOffered(
            listing=listing,
            therapy_type_id=therapies[offered.therapy_type],
            position=position,
            training=offered.training,
        )
        for one, listing in both
        for position, offered in enumerate(one.therapies)
    )
    _write(
        Fee(
            listing=listing,
            client_group_id=groups[fee.client_group],
            minutes=fee.minutes,
            kind=fee.kind,
            minor=fee.minor,
            upper_minor=fee.upper_minor,
            currency=fee.currency,
            concession_minor=fee.concession_minor,
            concession_rule=fee.concession_rule,
        )
        for one, listing in both
        for fee in one.fees
    )


def _write_practices(
    entries: Sequence[NewListing], people: Sequence[Practitioner], listings: Sequence[Listing]
) -> None:
    plans: list[tuple[NewPractice, Practitioner, Listing]] = [
        (plan, person, listing)
        for one, person, listing in zip(entries, people, listings, strict=True)
        for plan in one.practices
    ]
    practices = _write(
        Practice(
            code=plan.code,
            practitioner=person,
            channels=list(plan.channels),
            zone=plan.zone,
            town=plan.town,
            outward_postcode=plan.outward_postcode,
            address=plan.address,
            joining_details=plan.joining_details,
            latitude=plan.latitude,
            longitude=plan.longitude,
            step_free=plan.step_free,
        )
        for plan, person, _ in plans
    )
    _link(
        Practice.access,
        practices,
        [plan for plan, _, _ in plans],
        lambda one: one.access,
        AccessNeed,
    )
    _write(
        WeeklyPlace(
            listing=listing,
            practice=practice,
            weekday=place.weekday,
            start=place.start,
            from_date=place.from_date,
        )
        for (plan, _, listing), practice in zip(plans, practices, strict=True)
        for place in plan.weekly_places
    )
    hours = {
        practice.pk: plan.hours for (plan, _, _), practice in zip(plans, practices, strict=True)
    }
    practices_added.send(sender=Practice, hours=hours)


def _write(rows: Iterable[Row]) -> list[Row]:
    ready = list(rows)
    if not ready:
        return ready
    manager = type(ready[0])._default_manager  # noqa: SLF001 - Django's own name for it
    return manager.bulk_create(ready, batch_size=_BATCH)


def _ids(term: type[Term] | type[Register]) -> Ids:
    rows = term._default_manager  # noqa: SLF001 - Django's own name for it
    return dict(rows.values_list("slug", "pk"))


def _link(
    relation: Any,
    owners: Sequence[Model],
    entries: Sequence[Entry],
    slugs_of: Callable[[Entry], Iterable[str]],
    term: type[Term],
) -> None:
    """Write the rows of one many-to-many table."""
    ids = _ids(term)
    owner_column = f"{relation.field.m2m_field_name()}_id"
    term_column = f"{relation.field.m2m_reverse_field_name()}_id"
    _write(
        relation.through(**{owner_column: owner.pk, term_column: ids[slug]})
        for owner, entry in zip(owners, entries, strict=True)
        for slug in slugs_of(entry)
    )
