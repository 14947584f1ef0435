"""How long a match takes among 100,000 listings.

    python bench/match.py [--listings 100000] [--enquiries 400]

Prints processor time of this thread for matches with ten explained people, and beside it, for the
first few of the same enquiries, a plain scan in Python that gives the same answers.
"""

import argparse
import gc
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np

from attune.core.geo import LatLon, Whereabouts
from attune.core.index import FeeEntry, Index, ListingEntry, PracticeEntry
from attune.core.matching import find_matches
from attune.core.matching.enquiry import Enquiry, parse_enquiry
from attune.core.vocabulary import Direction, Evidence, Vocabulary

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from bars import Bar, report

from core.oracle import plain_matches

SEED = 20260414
P50_MS, P99_MS = 3.0, 12.0
NOW = datetime(2026, 4, 14, 9, 12, tzinfo=UTC)
BASE_DAY = date(2026, 4, 13)
TOWNS = (
    (51.51, -0.13, 30), (52.48, -1.90, 9), (53.48, -2.24, 9), (53.80, -1.55, 7), (55.86, -4.25, 7),
    (55.95, -3.19, 5), (51.45, -2.59, 6), (51.48, -3.18, 4), (54.60, -5.93, 3), (54.97, -1.61, 5),
    (52.95, -1.15, 4), (50.82, -0.14, 4), (52.20, 0.12, 3), (51.75, -1.26, 3), (52.63, 1.30, 2),
)  # fmt: skip


def slugs(name: str, count: int) -> tuple[str, ...]:
    return tuple(f"{name}-{number}" for number in range(count))


def vocabulary() -> Vocabulary:
    issues, therapies = slugs("issue", 66), slugs("therapy", 48)
    chance = Random(SEED)
    directions = (Direction.OFFER, Direction.CONSIDER, Direction.OPTION, Direction.NOT_USUALLY)
    return Vocabulary(
        issues=issues,
        therapy_types=therapies,
        languages=slugs("language", 90),
        access_needs=("step-free", *slugs("access", 6)),
        communities=slugs("community", 18),
        client_groups=("adults", "young-adults", "older-adults", "couples"),
        priced_as={"young-adults": "adults", "older-adults": "adults"},
        evidence={
            (issue, therapy): Evidence(chance.choice(directions), is_reviewed=True)
            for issue in issues[:30]
            for therapy in chance.sample(therapies, 8)
        },
    )


def listings(count: int, words: Vocabulary) -> list[ListingEntry]:
    chance = Random(SEED)
    return [listing(number, chance, words) for number in range(count)]


def listing(number: int, chance: Random, words: Vocabulary) -> ListingEntry:
    practices = [practice(f"p{number}x{place}", chance) for place in range(chance.choice((1, 2)))]
    chosen = chance.sample(words.issues, 14)
    fee = chance.randrange(3000, 12000, 500)
    return ListingEntry(
        listing_id=number,
        code=f"c{number}",
        verified_until=BASE_DAY + timedelta(days=chance.randrange(-15, 300)),
        paused_until=BASE_DAY + timedelta(days=20) if chance.random() < 0.1 else None,
        confirmed_on=BASE_DAY - timedelta(days=chance.randrange(24)),
        gender=chance.choice(("woman", "woman", "man", "")),
        languages=frozenset({"language-0", *chance.sample(words.languages, chance.randrange(2))}),
        communities=frozenset(chance.sample(words.communities, 2)),
        client_groups=frozenset(chance.sample(words.client_groups, 2)) | {"adults"},
        issues={slug: rank + 1 if rank < 5 else 0 for rank, slug in enumerate(chosen)},
        therapies={slug: chance.random() < 0.5 for slug in chance.sample(words.therapy_types, 4)},
        fees={"adults": FeeEntry("fixed", fee, None, "GBP", fee * 3 // 5, 50)},
        notice_hours=chance.choice((0, 12, 24, 48)),
        weekly_places=((practices[0].code, chance.randrange(5), 1080, BASE_DAY),)
        if chance.random() < 0.2
        else (),
        asked=chance.choice((0, 0, 4, 20)),
        answered=0,
        shown=chance.randrange(60),
        open_asks=chance.randrange(3),
        practices=tuple(practices),
    )


def practice(code: str, chance: Random) -> PracticeEntry:
    kinds = (frozenset({"in-person"}), frozenset({"video", "phone"}), frozenset({"video"}))
    channels = chance.choices((kinds[0], kinds[1], kinds[2]), (5, 3, 2))[0]
    lat, lon, _ = chance.choices(TOWNS, [one[2] for one in TOWNS])[0]
    point = LatLon(lat + chance.gauss(0, 0.15), lon + chance.gauss(0, 0.2))
    return PracticeEntry(
        code=code,
        channels=channels,
        point=point if "in-person" in channels else None,
        zone="Europe/London",
        starts=starts(chance),
        access={"step-free": chance.choice(("yes", "partly", "no", "unknown"))},
    )


def starts(chance: Random) -> np.ndarray:
    """Three hours on each of three weekdays, two thirds of them taken."""
    base = (BASE_DAY - date(1970, 1, 1)).days * 1440
    days, opening = chance.sample(range(6), 3), chance.choice((480, 540, 780, 960, 1020))
    return np.array(
        [
            base + day * 1440 + opening + 60 * slot
            for day in range(35)
            if day % 7 in days
            for slot in range(4)
            if chance.random() < 0.4
        ],
        dtype=np.int64,
    )


def questions(count: int, words: Vocabulary) -> list[tuple[Enquiry, Whereabouts | None]]:
    """A fixed set: half with times, three in five online, some with musts."""
    chance = Random(SEED + 1)
    return [question(number, chance, words) for number in range(count)]


def question(number: int, chance: Random, words: Vocabulary) -> tuple[Enquiry, Whereabouts | None]:
    data: dict[str, object] = {"issues": chance.sample(words.issues, chance.randrange(1, 4))}
    where = None
    if number % 5 < 3:
        data["channels"] = ["video", "phone"]
    else:
        lat, lon, _ = chance.choices(TOWNS, [one[2] for one in TOWNS])[0]
        where = Whereabouts(LatLon(lat, lon), chance.choice((0.2, 1.0, 20.0)), "a town")
        data |= {"place": "a town", "max_distance_km": chance.choice((5, 10, 15, 25))}
        data["channels"] = chance.choice((["in-person"], ["in-person", "video"]))
    if number % 2:
        days = chance.sample(("mon", "tue", "wed", "thu", "fri", "sat"), 2)
        data["times"] = [{"days": days, "from": "17:00", "to": "21:00"}]
        data["times_weight"] = chance.choice(("must", "nice", "nice"))
        data["within_days"] = chance.choice((7, 14, None))
    if chance.random() < 0.6:
        minor = chance.randrange(3000, 9000, 500)
        data["budget"] = {"minor": minor, "currency": "GBP", "reduced_fee": chance.random() < 0.3}
    if chance.random() < 0.5:
        two = [wish(chance, words), wish(chance, words)]
        data["wishes"] = two if two[0]["about"] != two[1]["about"] else two[:1]
    if chance.random() < 0.3:
        data["therapy_types"] = chance.sample(words.therapy_types, 1)
    data["matters_most"] = chance.choice((None, "fit", "soon", "near", "cost"))
    return parse_enquiry(data, words), where


def wish(chance: Random, words: Vocabulary) -> dict[str, str]:
    about = chance.choice(("gender", "gender", "language", "access", "community"))
    value = "step-free" if about == "access" else chance.choice(words.wish_values(about))
    return {"about": about, "value": value, "weight": chance.choice(("must", "nice", "nice"))}


def thread_times(work: Callable[[int], object], count: int) -> list[float]:
    """Return the milliseconds of processor time of each call, fastest first."""
    times = []
    for number in range(count):
        start = time.thread_time()
        work(number)
        times.append((time.thread_time() - start) * 1000)
    return sorted(times)


def at(times: Sequence[float], part: float) -> float:
    return times[min(len(times) - 1, int(len(times) * part))]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--listings", type=int, default=100_000)
    parser.add_argument("--enquiries", type=int, default=400)
    parser.add_argument("--plain", type=int, default=3, help="enquiries for the plain scan")
    options = parser.parse_args()

    words = vocabulary()
    entries = listings(options.listings, words)
    start = time.thread_time()
    index = Index.build(entries, words, BASE_DAY)
    built = time.thread_time() - start
    practices = len(index.columns.listing_of)
    print(f"{len(index):,} listings, {practices:,} practices, built in {built:.1f} s")

    asked = questions(options.enquiries, words)

    def match(number: int) -> object:
        enquiry, where = asked[number]
        return find_matches(index, enquiry, where, now=NOW, seed=1)

    # What the listings were made from is no part of a server.
    gc.collect()
    gc.freeze()
    match(0)
    times = thread_times(match, len(asked))
    p50, p99 = at(times, 0.5), at(times, 0.99)
    figure = f"p50 {p50:.2f} ms, p99 {p99:.2f} ms"

    def plain(number: int) -> object:
        enquiry, where = asked[number]
        return plain_matches(entries, words, enquiry, where, now=NOW, seed=1)

    if options.plain:
        same = thread_times(match, options.plain)
        slow = thread_times(plain, options.plain)
        ratio = sum(slow) / sum(same)
        figure += (
            f"; beside a plain scan of the same {options.plain}: {sum(same) / options.plain:.2f} ms"
            f" and {sum(slow) / options.plain:,.0f} ms each, 1 to {ratio:,.0f}"
        )

    latest = [index.with_changes(entries[:1], ())]

    def change(number: int) -> object:
        latest[0] = latest[0].with_changes([entries[number]], ())
        return find_matches(latest[0], *asked[0], now=NOW, seed=1)

    changed = thread_times(change, 20)
    print(f"change of one listing and the match after it: p50 {at(changed, 0.5):.2f} ms")
    bar = (
        f"Match among {len(index):,} listings: p50 at most {P50_MS:g} ms, p99 at most {P99_MS:g} ms"
    )
    return report(Bar(bar, figure, p50 <= P50_MS and p99 <= P99_MS))


if __name__ == "__main__":
    sys.exit(main())
