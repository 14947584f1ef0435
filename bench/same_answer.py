"""Whether the time of an answer tells a known address from an unknown one.

    python bench/same_answer.py

At every place where somebody names an address, known and unknown ones are asked for in turn, each
in a browser and from a network of its own. Prints both means, and for each place the area under
the curve (AUC) with which a time tells one kind from the other: 0.5 is chance. Makes a database of
its own on the server that the settings name, and drops it. The bar: at most 0.55 at every place,
whichever kind takes longer. Where the first times are above it, up to twice as many more are added
to them: chance shrinks with more times, and a leak does not.
"""

import logging
import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import fmean

import django

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attune.project.settings")
django.setup()

# Models exist from here on.
from bars import Bar, report  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.client import ClientHandler  # noqa: E402
from django.test.utils import setup_test_environment, teardown_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

import databases  # noqa: E402
from attune.accounts.models import User  # noqa: E402
from diaries import a_listing  # noqa: E402
from entries import ENTRIES, Entry  # noqa: E402

HIGHEST_AUC = 0.55
PAIRS = 200
MOST_ROUNDS = 3
WARM_UP = 20
HANDLER = ClientHandler(enforce_csrf_checks=False)
PASSWORD = "a password that nobody types"


@contextmanager
def own_database() -> Iterator[None]:
    name = f"bench_same_answer_{os.getpid()}"
    databases.copy_template(name)
    setup_test_environment()
    try:
        with databases.using(name):
            yield
    finally:
        teardown_test_environment()
        databases.drop(name)


def members(now: datetime) -> None:
    """Make as many accounts as are asked for, each with a password."""
    a_listing(now, name="Entry Listing")
    # One hash for all of them: what takes long is to compare it, not whose it is.
    password = make_password(PASSWORD)
    with transaction.atomic():
        for number in range(MOST_ROUNDS * PAIRS + WARM_UP):
            user = User.objects.create_user(known(number))
            user.password = password
            user.save(update_fields=["password"])


def known(number: int) -> str:
    return f"known.{number:05d}@bench.example"


def unknown(number: int) -> str:
    return f"other.{number:05d}@bench.example"


def seconds(entry: Entry, email: str, chance: random.Random) -> float:
    """Return how long the answer takes, in a browser of its own."""
    network = f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"
    browser = Client(REMOTE_ADDR=network)
    # Each browser would make all middleware anew.
    browser.handler = HANDLER
    press = entry.prepare(browser, email)
    began = time.perf_counter()
    answer = press()
    taken = time.perf_counter() - began
    if answer.status_code not in (200, 202, 302, 303, 422):
        raise RuntimeError(f"{entry}: {answer.status_code} for {email}")
    return taken


def measured(entry: Entry, chance: random.Random) -> tuple[list[float], list[float]]:
    """Ask for known and unknown addresses in turn, each kind first as often as the other."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(WARM_UP + MOST_ROUNDS * PAIRS):
        asked = number - WARM_UP
        if asked > 0 and asked % PAIRS == 0 and auc(times[True], times[False]) <= HIGHEST_AUC:
            break
        for is_known in chance.sample((True, False), 2):
            taken = seconds(entry, (known if is_known else unknown)(number), chance)
            if asked >= 0:
                times[is_known].append(taken)
    return times[True], times[False]


def auc(some: list[float], others: list[float]) -> float:
    """Return how often one of ``some`` is above one of ``others``, or below if that is more."""
    ranked = sorted([(one, True) for one in some] + [(one, False) for one in others])
    ranks = sum(rank for rank, (_, is_some) in enumerate(ranked, 1) if is_some)
    above = (ranks - len(some) * (len(some) + 1) / 2) / (len(some) * len(others))
    return max(above, 1 - above)


def main() -> int:
    chance = random.Random(1)
    bars = []
    logging.disable(logging.INFO)
    with own_database():
        members(timezone.now())
        for entry in ENTRIES:
            some, others = measured(entry, chance)
            found = auc(some, others)
            figure = (
                f"{found:.3f}; known {fmean(some) * 1000:.2f} ms,"
                f" unknown {fmean(others) * 1000:.2f} ms, {len(some)} each"
            )
            bars.append(
                Bar(
                    f"{entry}: the time of the answer does not tell a known address from an"
                    f" unknown one (AUC at most {HIGHEST_AUC})",
                    figure,
                    found <= HIGHEST_AUC,
                )
            )
            print(f"{entry!s:<28} {figure}", flush=True)
    return report(*bars)


if __name__ == "__main__":
    sys.exit(main())
