"""The words that an enquiry and a listing may use, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property


class Direction(StrEnum):
    """What a guideline says of a therapy for an issue."""

    OFFER = "offer"
    CONSIDER = "consider"
    OPTION = "option"
    NOT_USUALLY = "not-usually-recommended"
    SILENT = "silent"


# All three earn the same: a guideline names the therapy as one that can be had.
LISTED = frozenset({Direction.OFFER, Direction.CONSIDER, Direction.OPTION})


@dataclass(frozen=True)
class Evidence:
    """One current statement; ``is_reviewed``: a named person has checked it."""

    direction: Direction
    is_reviewed: bool

    @property
    def is_listed(self) -> bool:
        return self.direction in LISTED

    @property
    def is_cautioned(self) -> bool:
        return self.direction is Direction.NOT_USUALLY


@dataclass(frozen=True)
class Vocabulary:
    """Slugs in a fixed order, one axis a field; the index's rows follow this order.

    Args:
        client_groups: the open ones.
        labels: axis -> slug -> label, with the names of the fields below as axes.
        priced_as: client group -> the group whose fee it pays, where it has none of its own.
        training_needed: issue -> therapy types; one of them must have checked training.
        evidence: (issue, therapy type) -> the statement in force for adults.
        holds_until: the first day on which one of them is no longer in force; None: none ends.
        safety_issues: help comes before any list of therapists.
    """

    issues: tuple[str, ...]
    therapy_types: tuple[str, ...]
    languages: tuple[str, ...]
    access_needs: tuple[str, ...]
    communities: tuple[str, ...]
    client_groups: tuple[str, ...]
    genders: tuple[str, ...] = ("woman", "man", "non-binary")
    channels: tuple[str, ...] = ("in-person", "video", "phone")
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    priced_as: Mapping[str, str] = field(default_factory=dict)
    training_needed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    evidence: Mapping[tuple[str, str], Evidence] = field(default_factory=dict)
    holds_until: date | None = None
    safety_issues: frozenset[str] = frozenset()

    @cached_property
    def listed_therapies(self) -> Mapping[str, tuple[int, ...]]:
        """Issue -> places among ``therapy_types`` of those that a statement lists for it."""
        return {
            issue: tuple(
                place
                for place, therapy in enumerate(self.therapy_types)
                if (one := self.evidence.get((issue, therapy))) and one.is_listed
            )
            for issue in self.issues
        }

    @cached_property
    def cautioned_therapies(self) -> Mapping[str, frozenset[str]]:
        """Issue -> therapy types that are not usually recommended for it."""
        return {
            issue: frozenset(
                therapy
                for therapy in self.therapy_types
                if (one := self.evidence.get((issue, therapy))) and one.is_cautioned
            )
            for issue in self.issues
        }

    def wish_values(self, about: str) -> tuple[str, ...]:
        """Return the values that a wish about gender, language, access or community may have."""
        axes = {
            "gender": self.genders,
            "language": self.languages,
            "access": self.access_needs,
            "community": self.communities,
        }
        return axes[about]
