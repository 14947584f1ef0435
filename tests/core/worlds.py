"""Small invented worlds: listings of every sort, and enquiries that go with them."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random

import numpy as np
from hypothesis import strategies as st

from attune.core.geo import LatLon, Whereabouts
from attune.core.index import FeeEntry, Index, ListingEntry, PracticeEntry
from attune.core.vocabulary import Direction, Evidence, Vocabulary

# The clocks in London go back on 25 October 2026.
NOW = datetime(2026, 10, 14, 10, 7, 30, tzinfo=UTC)
BASE_DAY = date(2026, 10, 12)
CENTRE = LatLon(52.28, -1.58)
NEARBY = Whereabouts(CENTRE, 0.2, "a postcode")
ROUGHLY = Whereabouts(CENTRE, 20.0, "an area")
ZONES = ("Europe/London", "Europe/London", "Europe/Dublin", "America/New_York")

WORDS = Vocabulary(
    issues=("depression", "anxiety", "grief", "trauma", "eating"),
    therapy_types=("cbt", "ipt", "emdr", "gestalt"),
    languages=("en", "pl", "cy"),
    access_needs=("step-free", "quiet-room"),
    communities=("lgbtq", "carers"),
    client_groups=("adults", "young-adults", "couples"),
    priced_as={"young-adults": "adults"},
    training_needed={"eating": frozenset({"cbt"})},
    evidence={
        ("depression", "cbt"): Evidence(Direction.OFFER, is_reviewed=True),
        ("depression", "ipt"): Evidence(Direction.OPTION, is_reviewed=False),
        ("anxiety", "cbt"): Evidence(Direction.CONSIDER, is_reviewed=True),
        ("anxiety", "gestalt"): Evidence(Direction.SILENT, is_reviewed=True),
        ("trauma", "emdr"): Evidence(Direction.OFFER, is_reviewed=True),
        ("trauma", "gestalt"): Evidence(Direction.NOT_USUALLY, is_reviewed=True),
    },
)


@lru_cache
def world(seed, size=70):
    """Return listings and their index; every seed gives another world."""
    chance = Random(seed)
    entries = [listing(number, chance) for number in range(size)]
    return entries, Index.build(entries, WORDS, BASE_DAY)


def listing(number, chance):
    practices = tuple(
        practice(f"p{number}x{place}", chance) for place in range(chance.choice((1, 1, 2, 3)))
    )
    main = chance.sample(WORDS.issues, chance.randrange(1, 5))
    asked = chance.choice((0, 0, 3, 30))
    return ListingEntry(
        listing_id=100 + number,
        code=f"c{number}",
        practices=practices,
        is_published=chance.random() < 0.95,
        verified_until=chance.choice(
            (None, *[NOW.date() + timedelta(days=d) for d in (-1, 0, 9, 99, 99)])
        ),
        paused_until=chance.choice(
            (None, None, None, *[NOW.date() + timedelta(days=d) for d in (0, 1)])
        ),
        confirmed_on=NOW.date() - timedelta(days=chance.choice((0, 3, 9, 14, 15, 21, 22))),
        gender=chance.choice(("woman", "man", "non-binary", "")),
        languages=frozenset(chance.sample(WORDS.languages, chance.randrange(1, 3))),
        communities=frozenset(chance.sample(WORDS.communities, chance.randrange(3))),
        client_groups=frozenset(chance.sample(WORDS.client_groups, 1)) | {"adults"},
        issues={slug: chance.choice((0, place + 1)) for place, slug in enumerate(main)},
        therapies={
            slug: chance.random() < 0.5
            for slug in chance.sample(WORDS.therapy_types, chance.randrange(4))
        },
        fees={
            group: fee(chance) for group in chance.choice((("adults",), ("adults", "couples"), ()))
        },
        notice_hours=chance.choice((0, 12, 24, 49)),
        weekly_places=tuple(
            (
                one.code,
                chance.randrange(7),
                30 * chance.randrange(48),
                NOW.date() + timedelta(days=chance.choice((-9, 20, 28, 29))),
            )
            for one in practices
            if chance.random() < 0.4
        ),
        asked=asked,
        answered=chance.randrange(asked + 1),
        shown=chance.randrange(90),
        open_asks=chance.randrange(4),
    )


def practice(code, chance):
    channels = chance.choice(
        ({"in-person"}, {"in-person", "video"}, {"video"}, {"video", "phone"}, {"phone"})
    )
    point = LatLon(CENTRE.lat + chance.uniform(-0.3, 0.3), CENTRE.lon + chance.uniform(-0.5, 0.5))
    return PracticeEntry(
        code=code,
        channels=frozenset(channels),
        point=point if "in-person" in channels else None,
        zone=chance.choice(ZONES),
        starts=starts(chance),
        access={
            need: chance.choice(("yes", "yes", "partly", "no"))
            for need in WORDS.access_needs
            if chance.random() < 0.7
        },
    )


def starts(chance):
    """Up to sixty starts on multiples of five minutes, from before now to after the last day."""
    first = (BASE_DAY - date(1970, 1, 1)).days * 288
    some = chance.sample(range(36 * 288), chance.choice((0, 1, 5, 60)))
    return np.array(sorted((first + one) * 5 for one in some), dtype=np.int64)


def fee(chance):
    kind = chance.choice(("free", "donation", "fixed", "fixed", "fixed", "range"))
    if kind in {"free", "donation"}:
        return FeeEntry(kind, 0, None, "GBP", None, 50)
    minor = chance.randrange(3000, 9000, 250)
    upper = minor + 2000 if kind == "range" else None
    concession = chance.choice((None, minor // 2))
    return FeeEntry(kind, minor, upper, chance.choice(("GBP", "GBP", "EUR")), concession, 50)


def optional(strategy):
    return st.none() | strategy


def some_of(values, most):
    return st.lists(st.sampled_from(values), unique=True, max_size=most)


@st.composite
def windows(draw):
    days = draw(some_of(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), 5)) or ["tue"]
    start = draw(st.integers(0, 46))
    end = draw(st.integers(start + 1, 48))
    return {"days": days, "from": clock(start), "to": clock(end)}


def clock(half_hour):
    return f"{half_hour // 2:02d}:{half_hour % 2 * 30:02d}"


WISHES = st.sampled_from(
    [
        (about, value)
        for about in ("gender", "language", "access", "community")
        for value in WORDS.wish_values(about)
    ]
)


@st.composite
def wish_lists(draw):
    chosen = draw(st.lists(WISHES, unique=True, max_size=3))
    weight = st.sampled_from(("must", "nice", "nice"))
    return [{"about": about, "value": value, "weight": draw(weight)} for about, value in chosen]


@st.composite
def style_answers(draw):
    return draw(st.dictionaries(st.sampled_from(("lead", "time")), optional(st.integers(-3, 3))))


def enquiries_as_json():
    """Every shape of enquiry; each answer is often left out."""
    return st.fixed_dictionaries(
        {},
        optional={
            "for_whom": st.sampled_from(WORDS.client_groups),
            "issues": some_of(WORDS.issues, 3),
            "therapy_types": some_of(WORDS.therapy_types, 2),
            "channels": some_of(WORDS.channels, 2),
            "place": st.just("CV34 4AA"),
            "max_distance_km": optional(st.sampled_from((2, 5, 10, 15, 25, 40))),
            "times": st.lists(windows(), max_size=2),
            "times_weight": st.sampled_from(("must", "nice")),
            "within_days": optional(st.integers(1, 28)),
            "budget": optional(
                st.fixed_dictionaries(
                    {
                        "minor": st.sampled_from((0, 2500, 4500, 6000, 8000)),
                        "currency": st.sampled_from(("GBP", "GBP", "EUR")),
                        "reduced_fee": st.booleans(),
                    }
                )
            ),
            "wishes": wish_lists(),
            "style": style_answers(),
            "matters_most": optional(st.sampled_from(("fit", "soon", "near", "cost"))),
            "exclude": some_of(("c1", "c2", "c3", "c4", "unknown"), 3),
        },
    )


worlds = st.integers(0, 11)
places = st.sampled_from((None, NEARBY, NEARBY, ROUGHLY))
seeds = st.integers(0, 3)
