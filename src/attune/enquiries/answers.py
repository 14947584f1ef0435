"""A person's answers as one value, and how they are put in words for the database.

What is stored is the enquiry's JSON, exactly as the command line and the API read it, with one
more key, ``page``, for what only these pages need.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from attune.core.matching.enquiry import Enquiry, enquiry_as_json, parse_enquiry
from attune.core.vocabulary import Vocabulary

PAGE = "page"


@dataclass(frozen=True)
class Answers:
    """The enquiry, and which of the questions were answered or passed over."""

    enquiry: Enquiry = field(default_factory=Enquiry)
    answered: frozenset[int] = frozenset()
    skipped: frozenset[int] = frozenset()
    # Typed on the home page and not understood: questions 2 and 4 start from it.
    looked_for: str = ""
    looked_near: str = ""

    def with_answer(self, number: int, **changes: Any) -> "Answers":
        """Return these answers with one question answered; ``changes`` are enquiry fields."""
        return replace(
            self,
            enquiry=replace(self.enquiry, **changes),
            answered=self.answered | {number},
            skipped=self.skipped - {number},
        )

    def without_answer(self, number: int, fields: tuple[str, ...]) -> "Answers":
        """Return these answers with one question passed over and what it held put back."""
        unsaid = Enquiry()
        return replace(
            self,
            enquiry=replace(self.enquiry, **{name: getattr(unsaid, name) for name in fields}),
            answered=self.answered - {number},
            skipped=self.skipped | {number},
        )

    @property
    def cannot_pay(self) -> bool:
        budget = self.enquiry.budget
        return budget is not None and budget.money.minor == 0


def as_json(answers: Answers) -> dict[str, Any]:
    return {
        **enquiry_as_json(answers.enquiry),
        PAGE: {
            "answered": sorted(answers.answered),
            "skipped": sorted(answers.skipped),
            "looked_for": answers.looked_for,
            "looked_near": answers.looked_near,
        },
    }


def from_json(data: Mapping[str, Any], words: Vocabulary) -> Answers:
    """Read what ``as_json`` wrote. Raises ``InvalidInput`` if it was not us who wrote it."""
    page = data[PAGE]
    return Answers(
        enquiry=parse_enquiry({key: data[key] for key in data if key != PAGE}, words),
        answered=frozenset(page["answered"]),
        skipped=frozenset(page["skipped"]),
        looked_for=page["looked_for"],
        looked_near=page["looked_near"],
    )


def with_change(answers: Answers, change: Mapping[str, Any], words: Vocabulary) -> Answers:
    """Return the answers with some keys of the enquiry's JSON replaced. Raises ``InvalidInput``."""
    enquiry = parse_enquiry({**enquiry_as_json(answers.enquiry), **change}, words)
    return replace(answers, enquiry=enquiry)
