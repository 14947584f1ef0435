"""A person's answers as one value, and how they are put in words for the database.

What is stored is the enquiry's JSON, exactly as the command line and the API read it, with one
more key, ``page``, for what only these pages need.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from attune.core.geo import LatLon, Whereabouts
from attune.core.matching.enquiry import Enquiry, enquiry_as_json, parse_enquiry
from attune.core.vocabulary import Vocabulary

PAGE = "page"


@dataclass(frozen=True)
class Answers:
    """The enquiry, the place as it was found, and which questions were answered or passed over."""

    enquiry: Enquiry = field(default_factory=Enquiry)
    where: Whereabouts | None = None
    answered: frozenset[int] = frozenset()
    skipped: frozenset[int] = frozenset()
    # What was typed on the home page and matched no word of ours: question 2 starts from it.
    looked_for: str = ""
    # A place typed there that we could not find: question 4 says so.
    looked_near: str = ""

    def with_answer(self, number: int, **changes: Any) -> "Answers":  # noqa: ANN401 - enquiry fields
        """Return these answers with one question answered."""
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

    @property
    def is_place_rough(self) -> bool:
        """Whether the place is known only more roughly than the distance that was asked for."""
        if self.where is None:
            return False
        return self.where.accuracy_km > (self.enquiry.max_distance_km or self.where.accuracy_km)


def as_json(answers: Answers) -> dict[str, Any]:
    where = answers.where
    return {
        **enquiry_as_json(answers.enquiry),
        PAGE: {
            "where": asdict(where) if where else None,
            "answered": sorted(answers.answered),
            "skipped": sorted(answers.skipped),
            "looked_for": answers.looked_for,
            "looked_near": answers.looked_near,
        },
    }


def from_json(data: Mapping[str, Any], words: Vocabulary) -> Answers:
    """Read what ``as_json`` wrote. Raises ``InvalidInput`` if it was not us who wrote it."""
    page = data[PAGE]
    where = page["where"]
    return Answers(
        enquiry=parse_enquiry({key: data[key] for key in data if key != PAGE}, words),
        where=Whereabouts(**{**where, "point": LatLon(**where["point"])}) if where else None,
        answered=frozenset(page["answered"]),
        skipped=frozenset(page["skipped"]),
        looked_for=page["looked_for"],
        looked_near=page["looked_near"],
    )


def with_change(answers: Answers, change: Mapping[str, Any], words: Vocabulary) -> Answers:
    """Return the answers with some keys of the enquiry's JSON replaced. Raises ``InvalidInput``.

    For wishes taken away or softened beside the results, where the place never changes.
    """
    enquiry = parse_enquiry({**enquiry_as_json(answers.enquiry), **change}, words)
    return replace(answers, enquiry=enquiry)
