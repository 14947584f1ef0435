"""What the questionnaire reads from its neighbours."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from attune.directory.models import Listing
from attune.vocabulary import places
from attune.vocabulary.models import (
    CrisisContact,
    HelpRoute,
    IssueGroup,
    Nation,
    PresentingIssue,
    StyleScale,
    Term,
    TherapyGroup,
    TherapyType,
)
from attune.vocabulary.names import normalised
from attune.vocabulary.queries import crisis_contacts, help_routes

# Words too common to say anything about why somebody comes.
SHORTEST_WORD = 3
MOST_FOUND = 8


@dataclass(frozen=True)
class Group:
    """A heading in the chooser and what stands under it, as (slug, label) pairs."""

    label: str
    options: tuple[tuple[str, str], ...]


def resolved(place: str | None) -> places.Resolved | None:
    """Return a typed place, found; None: nothing was typed, or it is not known."""
    return places.resolve(place) if place else None


def issue_groups() -> list[Group]:
    return _groups(IssueGroup.objects.prefetch_related("issues"), "issues")


def therapy_groups() -> list[Group]:
    return _groups(TherapyGroup.objects.prefetch_related("therapy_types"), "therapy_types")


def _groups(groups: Iterable[IssueGroup | TherapyGroup], terms: str) -> list[Group]:
    return [
        Group(
            group.label,
            tuple(
                (term.slug, term.label)
                for term in getattr(group, terms).all()
                if term.replaced_by_id is None
            ),
        )
        for group in groups
    ]


def style_scales() -> list[StyleScale]:
    return list(StyleScale.objects.all())


@dataclass(frozen=True)
class Found:
    """What somebody's own words led to: slugs, in the order of the words."""

    issues: tuple[str, ...]
    therapy_types: tuple[str, ...]


def terms_in(text: str) -> Found:
    """Return the issues and therapies whose name or synonym stands in ``text`` word for word."""
    typed = f" {normalised(text)} "
    return Found(
        _slugs_in(typed, PresentingIssue.objects.filter(replaced_by=None)),
        _slugs_in(typed, TherapyType.objects.filter(replaced_by=None)),
    )


def _slugs_in(typed: str, terms: Iterable[Term]) -> tuple[str, ...]:
    places = {
        term.slug: min(found)
        for term in terms
        if (found := [at for name in names_of(term) if (at := typed.find(f" {name} ")) >= 0])
    }
    return tuple(sorted(places, key=places.__getitem__))


def issues_like(text: str) -> tuple[tuple[str, str], ...]:
    """Return up to eight (slug, label) pairs of issues that share a word's beginning with
    ``text``, those that share most first."""
    words = [word for word in normalised(text).split() if len(word) >= SHORTEST_WORD]
    shared = {
        (issue.slug, issue.label): sum(
            any(part.startswith(word) for name in names_of(issue) for part in name.split())
            for word in words
        )
        for issue in PresentingIssue.objects.filter(replaced_by=None)
    }
    found = sorted((pair for pair in shared if shared[pair]), key=lambda pair: -shared[pair])
    return tuple(found[:MOST_FOUND])


def names_of(term: Term) -> list[str]:
    """Return every name that a term goes by, in the form in which names are compared."""
    names = [term.label, term.slug, *term.synonyms]
    if isinstance(term, TherapyType):
        names.append(term.short_label)
    return [name for one in names if (name := normalised(one))]


def codes_of_people(names: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return listing codes by what was typed (folded): a name, which several may share, or a
    code."""
    typed = {name.casefold() for name in names}
    found: dict[str, list[str]] = defaultdict(list)
    sought = Q(code__in=typed)
    for name in typed:
        sought |= Q(practitioner__name__iexact=name)
    rows = Listing.objects.filter(sought).values_list("code", "practitioner__name") if typed else ()
    for code, name in rows:
        for key in {code, name.casefold()} & typed:
            found[key].append(code)
    return {key: tuple(codes) for key, codes in found.items()}


def names_of_people(codes: Sequence[str]) -> tuple[str, ...]:
    """Return the names behind listing codes, in alphabetical order."""
    if not codes:
        return ()
    rows = Listing.objects.filter(code__in=codes).order_by("practitioner__sort_name")
    return tuple(rows.values_list("practitioner__name", flat=True))


def names_by_code(codes: Collection[str]) -> dict[str, str]:
    """Return the names behind listing codes, by code."""
    rows = Listing.objects.filter(code__in=codes)
    return dict(rows.values_list("code", "practitioner__name"))


def urgent_help(nation: str = "") -> list[CrisisContact]:
    """Return whom to call or text now, the most urgent first: in a nation, or, where that is not
    known, anywhere in the UK."""
    return list(crisis_contacts(nation or Nation.UK))


def all_urgent_help(place: str | None) -> list[tuple[str, list[CrisisContact]]]:
    """Return the same under headings, with every nation's when the place is not known."""
    contacts = crisis_contacts(nation_of(place))
    headings = {
        CrisisContact.Urgency.EMERGENCY: _("If you or somebody else is in danger now"),
        CrisisContact.Urgency.URGENT: _("If you need help today"),
        CrisisContact.Urgency.TALK: _("If you want to talk to somebody"),
    }
    groups = [
        (heading, [one for one in contacts if one.urgency == urgency])
        for urgency, heading in headings.items()
    ]
    return [(heading, found) for heading, found in groups if found]


def nation_of(place: str | None) -> str:
    found = resolved(place)
    return (found.nation or "") if found else ""


def help_for_children() -> list[HelpRoute]:
    return list(help_routes(for_children=True))


def free_help(nation: str) -> list[HelpRoute]:
    """Return free help for adults in a nation, UK-wide routes too; everywhere when not known."""
    return list(help_routes(nation))
