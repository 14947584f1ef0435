"""What counts, and how much: the one table. The page that explains the choice renders it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Criterion:
    """``weight``: points for the best value, before what matters most to the person."""

    slug: str
    label: str
    weight: float
    words: str


CRITERIA = (
    Criterion(
        "need",
        "What you come with",
        30,
        "How far they work with what you chose. Your first choice counts most, and their main"
        " areas count more than what they also work with.",
    ),
    Criterion(
        "therapy",
        "Therapy",
        12,
        "Whether they offer a therapy that you named, and more when we have checked their"
        " training. If you are not sure: whether they offer any therapy that guidelines offer or"
        " list as an option. All of those count the same.",
    ),
    Criterion(
        "soon",
        "How soon",
        18,
        "How soon the first free time is that fits your week, and whether they have a weekly place"
        " for a new client.",
    ),
    Criterion(
        "near",
        "How near",
        12,
        "How near they are in a straight line, if you want to meet in person.",
    ),
    Criterion(
        "cost",
        "Cost",
        10,
        "How far a session costs less than the most you can pay.",
    ),
    Criterion(
        "wishes",
        "Your wishes",
        12,
        "Whether they meet what would be nice for you. A wish they do not meet costs about twice"
        " what one they meet gives. If they have not said, that counts as neither.",
    ),
    Criterion(
        "replies",
        "Replies",
        3,
        "How often they answer within 48 hours, once we know. Until then it does not count.",
    ),
    Criterion(
        "fair-share",
        "A fair share",
        3,
        "Less for people who already have many new requests, or were shown a lot for the times"
        " they have free. So new and less known therapists are seen too.",
    ),
)

# What matters most to the person makes these weigh so many times as much.
MATTERS_MOST_FACTORS: dict[str, dict[str, float]] = {
    "fit": {"need": 2.0, "therapy": 2.0},
    "soon": {"soon": 3.0},
    "near": {"near": 4.0},
    "cost": {"cost": 4.0},
}

_STYLE = (
    "How you like to work. Studies have not found that matching people on it helps. It is"
    " something to talk about when you meet."
)
DOES_NOT_COUNT = (
    ("style", _STYLE),
    ("payment", "Money. No one can pay to be shown, or to be shown higher."),
    ("looks", "Photos, names and how long someone has been listed."),
    ("you", "Anything about you that you did not answer here."),
)

# Issues in the person's order: the first counts most.
ISSUE_SHARES = {1: (1.0,), 2: (0.6, 0.4), 3: (0.5, 0.3, 0.2)}
# By level of the index: not listed, rank 1 to 5 among the main ones, also works with it.
ISSUE_LEVEL_VALUES = (0.0, 1.0, 1.0, 1.0, 0.9, 0.9, 0.5)
# Not offered, offered, offered with checked training.
NAMED_THERAPY_VALUES = (0.0, 0.75, 1.0)

# Of "soon": the first free time, and a stated weekly place.
FIRST_FREE_SHARE, WEEKLY_PLACE_SHARE = 0.8, 0.2
# A free time that is not in their times counts for this part of one that is.
OUTSIDE_TIMES_SHARE = 0.25
# Openings that nobody confirmed for this many days count half; for longer, not at all.
STALE_AFTER_DAYS, CONFIRMED_FOR_DAYS = 15, 21
STALE_SHARE = 0.5

# Half the points at half the distance asked for, or at this one when none was.
USUAL_HALF_KM = 10.0
# Without a budget, "cost matters most" measures against this.
USUAL_BUDGET_MINOR, USUAL_CURRENCY = 15_000, "GBP"

# Not said is neither: meeting a wish gives a third more, missing it costs two thirds.
WISH_MET, WISH_PARTLY, WISH_UNKNOWN, WISH_MISSED = 1.0, 5 / 6, 2 / 3, 0.0

# Answers within 48 hours: as if two in four had been seen before. Even odds earn nothing, so that
# nobody gains by answering badly over someone not yet known.
PRIOR_ANSWERED, PRIOR_ASKED = 2, 4
# Showings per free time at which the points for a fair share are halved.
HALF_SHARE_LOAD = 4.0

# Scores closer than this are equal: the seed of the day decides.
TOLERANCE = 0.5


def weights_for(matters_most: str | None) -> dict[str, float]:
    """Return criterion -> weight for what matters most to the person."""
    factors = MATTERS_MOST_FACTORS.get(matters_most or "", {})
    return {one.slug: one.weight * factors.get(one.slug, 1.0) for one in CRITERIA}
