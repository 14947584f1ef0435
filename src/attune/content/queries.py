"""What the explaining pages read: help by nation, starting points, evidence in words."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from attune.core.matching.enquiry import Enquiry
from attune.core.matching.matches import Match
from attune.finder.cards import Card, cards_of
from attune.finder.loading import current
from attune.finder.queries import match
from attune.vocabulary.models import (
    Contact,
    CrisisContact,
    EvidenceStatement,
    HelpRoute,
    Nation,
    PresentingIssue,
)

# What many people come with; six, so that nobody has to read a long list first.
STARTING_POINTS = ("depression", "anxiety", "relationships", "bereavement", "stress", "trauma")

# A therapy that is named is a wish, not a must: some who come first may not offer it.
LOOKED_THROUGH, SHOWN = 30, 3


@dataclass(frozen=True)
class NationalHelp:
    """Where to turn in one nation, in the order to show."""

    nation: Nation
    contacts: tuple[Contact, ...]


def starting_points() -> list[PresentingIssue]:
    """Return the issues that the first page offers, in its order; those not loaded are left out."""
    found = {
        issue.slug: issue for issue in PresentingIssue.objects.filter(slug__in=STARTING_POINTS)
    }
    return [found[slug] for slug in STARTING_POINTS if slug in found]


def crisis_contacts() -> list[CrisisContact]:
    """Return every contact for help that cannot wait, emergencies first."""
    order = list(CrisisContact.Urgency)
    return sorted(
        CrisisContact.objects.all(),
        key=lambda one: (order.index(CrisisContact.Urgency(one.urgency)), one.position),
    )


def free_help_for_adults() -> list[NationalHelp]:
    return by_nation(HelpRoute.objects.filter(for_children=False).order_by("position"))


def free_help_for_children() -> list[HelpRoute]:
    return list(HelpRoute.objects.filter(for_children=True).order_by("position"))


def by_nation(contacts: Iterable[Contact]) -> list[NationalHelp]:
    """Return contacts under their nations, the whole of the UK first; empty ones are out."""
    order = list(Nation)
    placed = sorted(contacts, key=lambda one: order.index(Nation(one.nation)))
    return [
        NationalHelp(Nation(nation), tuple(group))
        for nation, group in groupby(placed, key=lambda one: one.nation)
    ]


def current_evidence(therapy: str) -> list[EvidenceStatement]:
    """Return what guidance says today of a therapy (its slug) for adults, in the issues' order."""
    return list(
        EvidenceStatement.objects.filter(
            therapy_type__slug=therapy, suspended_on=None, holds_for_adults=True
        )
        .select_related("issue")
        .order_by("issue__position", "population")
    )


def who_practise(therapy: str, *, now: datetime) -> list[Card]:
    """Return three people who offer a therapy (its slug) online, as matching orders them today."""
    enquiry = Enquiry(therapy_types=(therapy,), matters_most="fit")
    found = match(enquiry, loaded=current(now), now=now, limit=LOOKED_THROUGH)
    those = tuple(one for one in found.result.matches if _offers_what_was_named(one))[:SHOWN]
    return cards_of(replace(found, result=replace(found.result, matches=those)))


def _offers_what_was_named(match: Match) -> bool:
    return any(one.criterion == "therapy" and one.value > 0 for one in match.components)
