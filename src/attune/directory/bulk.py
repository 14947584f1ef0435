"""Writing many listings at once, table by table."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection
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

# Letters that are not another one with an accent.
_LETTERS = str.maketrans("łŁøØđĐı", "lLoOdDi")
# What a fee is apart from whose, named alike in ``NewFee`` and in the table.
_FEE_TERMS = (
    *("minutes", "kind", "minor", "upper_minor"),
    *("currency", "concession_minor", "concession_rule"),
)

Ids = Mapping[str, int]
Row = TypeVar("Row", bound=Model)
Entry = TypeVar("Entry")


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


def keep_registrations_still() -> None:
    """Let nobody else write a credential until this transaction ends; reading goes on.

    What it read of registrations stays true, then, until it has written its own.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f'LOCK TABLE "{Credential._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE'  # noqa: SLF001 - Django's own name for it
        )


def sort_name(name: str) -> str:
    """Return what a list of names is sorted by: no accents, case folded, family name first."""
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS))
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
                ),
                offered.check,
            )
            for offered in one.therapies
            if offered.check
        )
    _write(credential for credential, _ in pairs)
    copy_rows(
        Verification,
        ("credential_id", "checked_on", "checked_by", "where", "expires_on"),
        (
            (credential.pk, check.checked_on, check.checked_by, check.where, check.expires_on)
            for credential, check in pairs
            if check
        ),
    )


def _write_what_is_offered(entries: Sequence[NewListing], listings: Sequence[Listing]) -> None:
    terms_of = attrgetter(*_FEE_TERMS)
    issues, therapies, groups = _ids(PresentingIssue), _ids(TherapyType), _ids(ClientGroup)
    both = list(zip(entries, listings, strict=True))
    copy_rows(
        ListedIssue,
        ("listing_id", "issue_id", "focus_rank"),
        (
            (listing.pk, issues[slug], rank)
            for one, listing in both
            for rank, slug in [
                *enumerate(one.focus_issues, 1),
                *((None, slug) for slug in one.also_issues),
            ]
        ),
    )
    copy_rows(
        TherapyOffered,
        ("listing_id", "therapy_type_id", "position", "training"),
        (
            (listing.pk, therapies[offered.therapy_type], position, offered.training)
            for one, listing in both
            for position, offered in enumerate(one.therapies)
        ),
    )
    copy_rows(
        Fee,
        ("listing_id", "client_group_id", *_FEE_TERMS),
        (
            (listing.pk, groups[fee.client_group], *terms_of(fee))
            for one, listing in both
            for fee in one.fees
        ),
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
    copy_rows(
        WeeklyPlace,
        ("listing_id", "practice_id", "weekday", "start", "from_date"),
        (
            (listing.pk, practice.pk, place.weekday, place.start, place.from_date)
            for (plan, _, listing), practice in zip(plans, practices, strict=True)
            for place in plan.weekly_places
        ),
    )
    hours = {
        practice.pk: plan.hours for (plan, _, _), practice in zip(plans, practices, strict=True)
    }
    practices_added.send(sender=Practice, hours=hours)


def _write(rows: Iterable[Row]) -> list[Row]:
    """Stream rows whose numbers are needed afterwards; the numbers are drawn beforehand."""
    ready = list(rows)
    if not ready:
        return ready
    model = type(ready[0])
    fields = model._meta.concrete_fields  # noqa: SLF001 - Django's own name for it
    for row, number in zip(ready, _numbers_for(model, len(ready)), strict=True):
        row.pk = number
        row._state.adding = False  # noqa: SLF001 - what saving would set
    copy_rows(
        model,
        [str(field.column) for field in fields],
        ([field.pre_save(row, True) for field in fields] for row in ready),  # noqa: FBT003
    )
    return ready


def _numbers_for(model: type[Model], count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],  # noqa: SLF001 - Django's own name for it
        )
        return [number for (number,) in cursor.fetchall()]


def copy_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Stream rows into a table: several times as fast as inserting, and gives no numbers."""
    table = model._meta.db_table  # noqa: SLF001 - Django's own name for it
    names = ", ".join(f'"{name}"' for name in columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy,
    ):
        for row in rows:
            copy.write_row(row)


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
    """Write the rows of one many-to-many table; ``relation`` is Django's descriptor of it."""
    ids = _ids(term)
    field = relation.field
    copy_rows(
        relation.through,
        (f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"),
        (
            (owner.pk, ids[slug])
            for owner, entry in zip(owners, entries, strict=True)
            for slug in slugs_of(entry)
        ),
    )
