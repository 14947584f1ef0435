"""Bring the database's vocabulary up to the data files. Loading twice changes nothing."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar

from django.db import connection, models, transaction

from attune.vocabulary.data_files import digest, read_csv, read_toml
from attune.vocabulary.differences import follow
from attune.vocabulary.models import (
    AccessNeed,
    ClientGroup,
    Community,
    Contact,
    CrisisContact,
    DataFile,
    EvidenceLeftOut,
    EvidenceStatement,
    HelpRoute,
    IssueGroup,
    Language,
    PaymentRoute,
    Place,
    PresentingIssue,
    Register,
    StyleScale,
    Term,
    TherapyGroup,
    TherapyType,
)
from attune.vocabulary.names import normalised
from attune.vocabulary.signals import vocabulary_changed

Row = Mapping[str, Any]
AnyModel = TypeVar("AnyModel", bound=models.Model)
# Any number that no other advisory lock of ours uses.
LOADING_LOCK = 7_401_001


@dataclass(frozen=True)
class LoadReport:
    """What a load did.

    Attributes:
        loaded: names of the data files that had changed.

        kept:
            file name -> slugs that the database has and the file no longer names. They stay:
            stored choices point at them.
    """

    loaded: tuple[str, ...]
    kept: Mapping[str, tuple[str, ...]]


def load_vocabulary(now: datetime) -> LoadReport:
    """Load each data file that changed since it was last loaded, all in one transaction.

    Tells ``signals.vocabulary_changed`` when anything was loaded.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two machines may start at once; the second then finds nothing to do.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOADING_LOCK])
        known = dict(DataFile.objects.values_list("name", "digest"))
        by_name = loaders(now.date())
        current = {name: digest(name) for name in by_name}
        changed = [name for name in by_name if known.get(name) != current[name]]
        kept = {name: by_name[name](name) for name in changed}
        for name in changed:
            DataFile.objects.update_or_create(
                name=name, defaults={"digest": current[name], "loaded_at": now}
            )
        if changed:
            vocabulary_changed.send(sender=DataFile, at=now)
    return LoadReport(tuple(changed), {name: slugs for name, slugs in kept.items() if slugs})


def loaders(today: date) -> Mapping[str, Callable[[str], tuple[str, ...]]]:
    """Return data file -> what loads it, in the order of what points at what.

    A loader takes the file's name and returns the slugs that it kept though the file dropped them.
    """
    return {
        "issues.toml": load_issues,
        "therapies.toml": load_therapies,
        "training.toml": load_training,
        "facets.toml": load_facets,
        "languages.csv": load_languages,
        "registers.toml": load_registers,
        "postcode_areas.csv": load_areas,
        "towns.csv": load_towns,
        "evidence.csv": partial(load_evidence, today=today),
        "evidence_left_out.csv": load_evidence_left_out,
        "crisis_contacts.toml": load_crisis_contacts,
        "help_routes.toml": load_help_routes,
    }


def load_issues(name: str) -> tuple[str, ...]:
    def extra(row: Row) -> Row:
        return {
            "is_safety_topic": row.get("safety", False),
            "fits_ipt_focus": row.get("ipt", False),
        }

    return _load_grouped(name, IssueGroup, PresentingIssue, extra)


def load_therapies(name: str) -> tuple[str, ...]:
    def extra(row: Row) -> Row:
        return {"short_label": row["short"], "shape": row.get("shape", "")}

    return _load_grouped(name, TherapyGroup, TherapyType, extra)


def load_training(name: str) -> tuple[str, ...]:
    """Set which issues need checked training; an issue that the file leaves out needs none."""
    needed = {row["issue"]: row["therapies"] for row in read_toml(name)["needs"]}
    therapies = set(TherapyType.objects.values_list("slug", flat=True))
    for issue in PresentingIssue.objects.all():
        issue.needs_training_in = needed.pop(issue.slug, [])
        if strays := set(issue.needs_training_in) - therapies:
            raise ValueError(f"{name}: no therapy is called {', '.join(sorted(strays))}")
        issue.save(update_fields=["needs_training_in"])
    if needed:
        raise ValueError(f"{name}: no issue is called {', '.join(sorted(needed))}")
    return ()


def load_facets(name: str) -> tuple[str, ...]:
    data = read_toml(name)
    since = data["valid_from"]

    def group(row: Row) -> Row:
        return {"is_open": row.get("open", True), "priced_as": row.get("priced_as", "")}

    def scale(row: Row) -> Row:
        return {"low": row["low"], "high": row["high"]}

    return (
        *_load_terms(ClientGroup, data["client_groups"], since, group),
        *_load_terms(AccessNeed, data["access_needs"], since),
        *_load_terms(Community, data["communities"], since),
        *_load_terms(PaymentRoute, data["payment_routes"], since),
        *_load_terms(StyleScale, data["style_scales"], since, scale),
    )


def load_languages(name: str) -> tuple[str, ...]:
    rows = [
        {**row, "also": row["also"].split(";") if row["also"] else []} for row in read_csv(name)
    ]
    return _load_terms(Language, rows, read_toml("facets.toml")["valid_from"])


def load_registers(name: str) -> tuple[str, ...]:
    rows = [
        Register(
            slug=row["slug"],
            name=row["name"],
            short_name=row["short"],
            check_url=row["url"],
            number_pattern=row.get("pattern", ""),
            number_looks_like=row.get("looks_like", ""),
            is_pattern_confirmed=row.get("confirmed", False),
        )
        for row in read_toml(name)["registers"]
    ]
    return _upsert(Register, rows)


def load_areas(name: str) -> tuple[str, ...]:
    return _replace_places(
        name,
        [
            Place(
                kind=Place.Kind.AREA,
                country=row["country"],
                code=row["code"],
                name=row["name"],
                normalised=normalised(row["name"]),
                region=row["region"],
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
                accuracy_km=float(row["accuracy_km"]),
                source=name,
            )
            for row in read_csv(name)
        ],
    )


def load_towns(name: str) -> tuple[str, ...]:
    return _replace_places(
        name,
        [
            Place(
                kind=Place.Kind.TOWN,
                country=row["country"],
                name=row["name"],
                normalised=normalised(row["name"]),
                alternatives=[normalised(one) for one in row["also"].split(";") if one],
                region=row["region"],
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
                accuracy_km=town_radius_km(int(row["population"])),
                population=int(row["population"]),
                source=name,
            )
            for row in read_csv(name)
        ],
    )


def load_evidence(name: str, *, today: date) -> tuple[str, ...]:
    """Load the statements; a changed one needs a person's check again.

    One that left the file is suspended, so that it neither counts nor shows; when it returns it is
    in force again once a person has checked it. What staff suspended stays so while its row stands,
    and what editors wrote here is theirs.
    """
    issues = dict(PresentingIssue.objects.values_list("slug", "id"))
    therapies = dict(TherapyType.objects.values_list("slug", "id"))
    left = {
        (one.issue_id, one.therapy_type_id, one.population): one
        for one in EvidenceStatement.objects.all()
    }
    for row in read_csv(name):
        key = (issues[row["issue"]], therapies[row["therapy"]], row["population"])
        statement = left.pop(key, None) or EvidenceStatement(
            issue_id=key[0], therapy_type_id=key[1], population=key[2]
        )
        follow(statement, _words_of_statement(row))
    gone = [one for one in left.values() if one.loaded is not None]
    for statement in gone:
        statement.suspended_on = statement.suspended_on or today
        # It differs from its row when that returns, and is taken as a new one.
        statement.loaded = statement.loaded and {}
        statement.save(update_fields=["suspended_on", "loaded"])
    return tuple(str(statement) for statement in gone)


def _words_of_statement(row: Row) -> Row:
    return {
        "holds_for_adults": row["holds_for_adults"] == "yes",
        "direction": row["direction"],
        "strength": row["strength"],
        "sentence": row["sentence"],
        "source": row["source"],
        "source_url": row["source_url"],
        "as_of": date.fromisoformat(row["as_of"]),
    }


def load_evidence_left_out(name: str) -> tuple[str, ...]:
    EvidenceLeftOut.objects.all().delete()
    EvidenceLeftOut.objects.bulk_create(EvidenceLeftOut(**row) for row in read_csv(name))
    return ()


def load_crisis_contacts(name: str) -> tuple[str, ...]:
    return _load_contacts(CrisisContact, read_toml(name)["contacts"])


def load_help_routes(name: str) -> tuple[str, ...]:
    return _load_contacts(HelpRoute, read_toml(name)["routes"])


def _load_contacts(
    model: type[CrisisContact] | type[HelpRoute], rows: Sequence[Row]
) -> tuple[str, ...]:
    """Load contacts; one whose words were changed here keeps them, and the file's wait beside."""
    here = {one.slug: one for one in _rows(model).all()}
    for position, row in enumerate(rows):
        contact = here.pop(row["slug"], None) or model(slug=row["slug"])
        words = {field: row.get(field, default) for field, default in _contact_fields(model)}
        follow(contact, words | {"position": position})
    return tuple(sorted(here))


def _contact_fields(model: type[Contact]) -> Iterable[tuple[str, Any]]:
    """Yield each field that a file may set, with what it is when the file leaves it out."""
    own = {"id", "slug", "position", "loaded", "offered"}
    for field in model._meta.concrete_fields:  # noqa: SLF001  # Django's public name
        if field.name not in own:
            yield field.name, field.get_default()


def town_radius_km(population: int) -> float:
    """Return about half the width of a town: 3,500 people to a square kilometre, 1 km at least."""
    return round(max(1.0, math.sqrt(population / 3500 / math.pi)), 1)


def _rows(model: type[AnyModel]) -> models.Manager[AnyModel]:
    return model._default_manager  # noqa: SLF001  # Django's public name


def _replace_places(name: str, rows: Iterable[Place]) -> tuple[str, ...]:
    """Replace what was loaded from this file before; imported places are left alone."""
    Place.objects.filter(source=name).delete()
    Place.objects.bulk_create(rows, batch_size=2000)
    return ()


def _load_grouped(
    name: str,
    group_model: type[IssueGroup] | type[TherapyGroup],
    model: type[PresentingIssue] | type[TherapyType],
    extra: Callable[[Row], Row],
) -> tuple[str, ...]:
    data = read_toml(name)
    groups = data["groups"]
    _upsert(
        group_model,
        [
            group_model(slug=group["slug"], label=group["label"], position=position)
            for position, group in enumerate(groups)
        ],
    )
    ids = dict(_rows(group_model).values_list("slug", "id"))
    rows = [{**term, "group": ids[group["slug"]]} for group in groups for term in group["terms"]]
    return _load_terms(
        model, rows, data["valid_from"], lambda row: {**extra(row), "group_id": row["group"]}
    )


def _nothing_more(row: Row) -> Row:
    return {}


def _load_terms(
    model: type[Term],
    rows: Sequence[Row],
    since: date,
    extra: Callable[[Row], Row] = _nothing_more,
) -> tuple[str, ...]:
    """Load one axis in the order of its rows; return the slugs that only the database has."""
    _upsert(
        model,
        [
            model(
                slug=row["slug"],
                label=row["label"],
                position=position,
                synonyms=list(row["also"]),
                valid_from=row.get("valid_from", since),
                **extra(row),
            )
            for position, row in enumerate(rows)
        ],
    )
    for row in rows:
        if "replaced_by" in row:
            successor = _rows(model).get(slug=row["replaced_by"])
            _rows(model).filter(slug=row["slug"]).update(replaced_by=successor)
    gone = _rows(model).exclude(slug__in=[row["slug"] for row in rows])
    return tuple(gone.values_list("slug", flat=True))


def _upsert(model: type[AnyModel], rows: Sequence[AnyModel]) -> tuple[str, ...]:
    """Insert rows, or take over their values where the slug is known; return the other slugs."""
    taken = {"id", "slug", "replaced_by", "needs_training_in"}
    concrete = model._meta.concrete_fields  # noqa: SLF001  # Django's public name
    fields = [field.name for field in concrete if field.name not in taken]
    _rows(model).bulk_create(
        rows, update_conflicts=True, unique_fields=["slug"], update_fields=fields
    )
    slugs = [getattr(row, "slug") for row in rows]  # noqa: B009  # not on every model
    return tuple(_rows(model).exclude(slug__in=slugs).values_list("slug", flat=True))
