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
from attune.core.matching.eligibility import Eligible, find_eligible
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
    total = eligible.total
    last = total if limit is None else offset + limit if limit else 0
    if sort == "fit" and order is not None:
        ordered = _in_order_seen(question, eligible, order, needed=last, seed=seed)
    else:
        needed = max(last, ORDER_KEPT) if limit != 0 else 0
        rows = best_first(question, eligible.rows, needed=needed, seed=seed, sort=sort)
        ordered = _by_code(index, rows)
    return MatchResult(
        total=total,
        matches=explain(question, list(ordered.values())[offset:last]),
        removed=eligible.removed,
        relaxations=relaxations(question, eligible) if with_relax or total < FEW else (),
        not_used=_not_used(question),
        order=tuple(ordered),
    )


def _in_order_seen(
    question: Question, eligible: Eligible, order: Sequence[str], *, needed: int, seed: int
) -> dict[str, int]:
    """Keep those of an order who still fit, and let others follow as far as needed."""
    row_of, passes = question.index.rows, eligible.passes
    kept = {
        code: row for code in order if (row := row_of.get(code)) is not None and passes.item(row)
    }
    if needed > len(kept):
        seen = np.array(list(kept.values()), dtype=np.intp)
        others = np.setdiff1d(eligible.rows, seen, assume_unique=True)
        more = best_first(question, others, needed=needed - len(kept), seed=seed, sort="fit")
        kept |= _by_code(question.index, more)
    return kept


def _by_code(index: Index, rows: Rows) -> dict[str, int]:
    return dict(zip(index.codes_of(rows), rows.tolist(), strict=True))


def _not_used(question: Question) -> tuple[str, ...]:
    """Name the answers that were given and do not count here."""
    enquiry = question.enquiry
    unused = []
    if any(step is not None for step in enquiry.style.values()):
        unused.append("style")
    if enquiry.max_distance_km is not None and question.limit_km is None:
        unused.append("max_distance_km")
    return tuple(unused)
