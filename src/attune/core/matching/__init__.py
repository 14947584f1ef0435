"""Who fits an enquiry, in which order, and why. Pure: index and enquiry in, matches out.

``eligibility`` says who may be shown, ``scoring`` what counts, ``weights`` how much, ``ranking``
in which order, ``explain`` why, and ``relax`` what to soften when few remain.
"""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from attune.core.columns import Rows
from attune.core.geo import Whereabouts
from attune.core.index import Index
from attune.core.matching.eligibility import find_eligible
from attune.core.matching.enquiry import Enquiry
from attune.core.matching.explain import explain
from attune.core.matching.matches import MatchResult
from attune.core.matching.question import Question
from attune.core.matching.ranking import Sort, best_first
from attune.core.matching.relax import relaxations

FEW = 3
ORDER_KEPT = 50


def find_matches(
    index: Index,
    enquiry: Enquiry,
    where: Whereabouts | None,
    *,
    now: datetime,
    seed: int,
    zone: str = "Europe/London",
    limit: int | None = 10,
    offset: int = 0,
    sort: Sort = "fit",
    order: Sequence[str] | None = None,
    with_relax: bool = False,
) -> MatchResult:
    """
    Return the people who fit an enquiry.

    Args:
        where: the enquiry's place, resolved; None means online only.

        seed: of the day; it turns the order of equals. The same seed gives the same order.

        zone: IANA name of the clock that the enquiry's times are read on.

        limit, offset: which part of the order to explain. None: all of it. 0: only count.

        order: codes in an order already seen (``MatchResult.order``). Those who still fit keep it,
            and others follow. Only for sort "fit".

        with_relax: say what to soften even when three or more fit.
    """
    question = Question(index, enquiry, where, now, zone)
    eligible = find_eligible(question)
    total = len(eligible.rows)
    last = total if limit is None else offset + limit if limit else 0
    if sort == "fit" and order is not None:
        ordered = _still_fitting(index, order, eligible.rows)
        if last > len(ordered):
            others = np.setdiff1d(eligible.rows, ordered, assume_unique=True)
            more = best_first(question, others, needed=last - len(ordered), seed=seed, sort=sort)
            ordered = np.concatenate((ordered, more))
    else:
        needed = max(last, ORDER_KEPT) if limit != 0 else 0
        ordered = best_first(question, eligible.rows, needed=needed, seed=seed, sort=sort)
    return MatchResult(
        total=total,
        matches=explain(question, ordered[offset:last]),
        removed=eligible.removed,
        relaxations=relaxations(question, eligible) if with_relax or total < FEW else (),
        not_used=_not_used(question),
        order=tuple(index.codes_of(ordered)),
    )


def _still_fitting(index: Index, order: Sequence[str], rows: Rows) -> Rows:
    """Return the rows of those in ``order`` who are among ``rows`` (ascending)."""
    seen = [row for code in order if (row := index.rows.get(code)) is not None]
    kept = np.array(seen, dtype=np.intp)
    return kept[rows.searchsorted(kept, "right") > rows.searchsorted(kept)]


def _not_used(question: Question) -> tuple[str, ...]:
    """Name the answers that were given and do not count here."""
    enquiry = question.enquiry
    unused = []
    if any(step is not None for step in enquiry.style.values()):
        unused.append("style")
    if enquiry.max_distance_km is not None and question.limit_km is None:
        unused.append("max_distance_km")
    return tuple(unused)
