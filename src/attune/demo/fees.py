"""What invented practitioners charge."""

from collections.abc import Sequence

from attune.demo.draw import Draw
from attune.demo.stock import Discipline
from attune.directory.entries import NewFee

SESSION_MINUTES = 50
# Usual fee of a session, in pounds.
USUAL_FEE = {
    "london": 80,
    "south-east": 65,
    "south-west": 58,
    "east": 58,
    "midlands": 55,
    "scotland": 54,
    "north": 50,
    "wales": 48,
}
# How many times the fee for one person.
PRICED_APART = {"couples": 1.3, "families": 1.5, "groups": 0.5}
LOWEST_MINOR = 2000


def draw_fees(
    draw: Draw, discipline: Discipline, region: str, groups: Sequence[str], *, is_free: bool
) -> tuple[NewFee, ...]:
    """Return a fee for one person and another for couples, families or groups where seen."""
    apart = [group for group in groups if group in PRICED_APART]
    if is_free:
        kind = draw.random.choice(("free", "free", "donation"))
        return tuple(NewFee(group, SESSION_MINUTES, kind) for group in ("adults", *apart))
    pounds = USUAL_FEE[region] * discipline.fee * draw.random.uniform(0.85, 1.2)
    others = (
        NewFee(group, SESSION_MINUTES, "fixed", minor=_to_five_pounds(pounds * PRICED_APART[group]))
        for group in apart
    )
    return (_for_one(draw, pounds), *others)


def _for_one(draw: Draw, pounds: float) -> NewFee:
    minor = _to_five_pounds(pounds)
    upper = minor + draw.random.choice((1000, 1500, 2000)) if draw.happens(0.12) else None
    lower = _to_five_pounds(pounds * draw.random.uniform(0.55, 0.8))
    has_concession = draw.happens(0.35) and lower < minor
    return NewFee(
        "adults",
        SESSION_MINUTES,
        "range" if upper else "fixed",
        minor=minor,
        upper_minor=upper,
        concession_minor=lower if has_concession else None,
        concession_rule=draw.one_of("concession_rule") if has_concession else "",
    )


def _to_five_pounds(pounds: float) -> int:
    return max(LOWEST_MINOR, round(pounds / 5) * 500)
