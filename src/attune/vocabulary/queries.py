"""Reads of the vocabulary that more than one page or app makes."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar

from django.conf import settings
from django.db.models import Q, QuerySet

from attune.core.vocabulary import Direction, Evidence, Vocabulary
from attune.vocabulary.models import (
    AccessNeed,
    ClientGroup,
    Community,
    CrisisContact,
    EvidenceStatement,
    HelpRoute,
    Language,
    Nation,
    PresentingIssue,
    Term,
    TherapyType,
)

AnyTerm = TypeVar("AnyTerm", bound=Term)

# Of two statements about one pair the first of these rules: a therapy that is not usually
# recommended for some adults with an issue is not praised to all of them.
CAUTIOUS_FIRST = (
    Direction.NOT_USUALLY,
    Direction.OFFER,
    Direction.CONSIDER,
    Direction.OPTION,
    Direction.SILENT,
)
GENDERS = {"woman": "a woman", "man": "a man", "non-binary": "someone non-binary"}
CHANNELS = {"in-person": "in person", "video": "by video", "phone": "by phone"}


def core_vocabulary(today: date) -> Vocabulary:
    """Return the words of a day as plain values, in the order of the data files; seven queries.

    Terms that were replaced are left out, and client groups that are not open.
    """
    issues = list(in_use(PresentingIssue))
    groups = list(in_use(ClientGroup).filter(is_open=True))
    therapies = in_use(TherapyType)
    statements = list(counting_statements(today))
    labels: dict[str, Mapping[str, str]] = {
        "issues": _labels(issues),
        "therapy_types": _labels(therapies),
        "languages": _labels(in_use(Language)),
        "access_needs": _labels(in_use(AccessNeed)),
        "communities": _labels(in_use(Community)),
        "client_groups": _labels(groups),
        "genders": GENDERS,
        "channels": CHANNELS,
    }
    return Vocabulary(
        **{axis: tuple(words) for axis, words in labels.items()},
        # What to call a therapy inside a sentence: "interpersonal therapy", "CBT".
        labels=labels | {"therapies_in_text": {one.slug: one.short_label for one in therapies}},
        priced_as={group.slug: group.priced_as for group in groups if group.priced_as},
        training_needed={
            issue.slug: frozenset(issue.needs_training_in)
            for issue in issues
            if issue.needs_training_in
        },
        evidence=ruling_statements(statements),
        holds_until=min(
            filter(None, (day for one in statements for day in (one.lapses_on, one.suspended_on))),
            default=None,
        ),
        safety_issues=frozenset(issue.slug for issue in issues if issue.is_safety_topic),
    )


def in_use(model: type[AnyTerm]) -> QuerySet[AnyTerm]:
    """Return an axis's terms that nothing has replaced, in order."""
    return model._default_manager.filter(replaced_by=None)  # noqa: SLF001  # Django's public name


def _labels(terms: Iterable[Term]) -> dict[str, str]:
    return {term.slug: term.label for term in terms}


def statements_in_force(today: date) -> QuerySet[EvidenceStatement]:
    """Return the statements that hold for adults at large and that nothing has taken back.

    What pages show and what matching counts both come from here.
    """
    return EvidenceStatement.objects.filter(
        Q(suspended_on=None) | Q(suspended_on__gt=today),
        Q(lapses_on=None) | Q(lapses_on__gt=today),
        holds_for_adults=True,
    ).select_related("issue", "therapy_type")


def counting_statements(today: date) -> QuerySet[EvidenceStatement]:
    """Return the statements that may rank listings.

    They are in force, hold for adults at large, and a named person has checked them; on a
    demonstration site unchecked ones count too, and the reason says so.
    """
    statements = statements_in_force(today)
    return statements if settings.IS_DEMO_SITE else statements.exclude(checked_by="")


def ruling_statements(
    statements: Iterable[EvidenceStatement],
) -> dict[tuple[str, str], Evidence]:
    """Return (issue, therapy type) -> the one statement that rules for adults."""
    ruling: dict[tuple[str, str], Evidence] = {}
    by_caution = sorted(
        statements, key=lambda one: CAUTIOUS_FIRST.index(Direction(one.direction)), reverse=True
    )
    for one in by_caution:
        evidence = Evidence(Direction(one.direction), is_reviewed=bool(one.checked_by))
        ruling[one.issue.slug, one.therapy_type.slug] = evidence
    return ruling


def crisis_contacts(nation: str = "") -> QuerySet[CrisisContact]:
    """Return crisis contacts, most urgent first; ``nation``: UK-wide ones and that nation's."""
    return _near(CrisisContact.objects.all(), nation)


def help_routes(nation: str = "", *, for_children: bool = False) -> QuerySet[HelpRoute]:
    """Return free help for adults, or for people under 18; ``nation`` as for crisis contacts."""
    return _near(HelpRoute.objects.filter(for_children=for_children), nation)


AnyContact = TypeVar("AnyContact", CrisisContact, HelpRoute)


def _near(contacts: QuerySet[AnyContact], nation: str) -> QuerySet[AnyContact]:
    return contacts.filter(nation__in=(nation, Nation.UK)) if nation else contacts
