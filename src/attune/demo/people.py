"""Inventing practitioners: each drawn from the seed and their number, with a profile of their own.

Nobody here exists. The same seed, number and day give the same person.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from attune.demo.draw import Draw
from attune.demo.facts import Labels, facts_of
from attune.demo.fees import SESSION_MINUTES, draw_fees
from attune.demo.prose import Writer
from attune.demo.rooms import draw_practices
from attune.demo.stock import Discipline, Names, Stock, Town
from attune.directory.bulk import sort_name
from attune.directory.entries import Check, NewFee, NewListing, NewTherapy, Registration

CHECKERS = ("Dev Marsh (demonstration)", "Oriel Tandy (demonstration)")
REGISTER_PAGE = "the register's own page"
CHECK_LASTS = timedelta(days=365)


@dataclass(frozen=True)
class Standing:
    """Whether a listing may be offered, and if not, why not."""

    is_paused: bool = False
    is_unconfirmed: bool = False
    # Its check has run out, or nobody has looked at all.
    check_ran_out: bool = False
    is_unchecked: bool = False


def standings(count: int, random: Random) -> list[Standing]:
    """Return one each: 10% paused, 10% unconfirmed, 5% unverified; the first may be offered."""
    unverified = round(count * 0.05)
    others = [
        *[Standing(is_paused=True)] * round(count * 0.1),
        *[Standing(is_unconfirmed=True)] * round(count * 0.1),
        *[Standing(check_ran_out=True)] * (unverified - unverified // 2),
        *[Standing(is_unchecked=True)] * (unverified // 2),
    ]
    others += [Standing()] * (count - 1 - len(others))
    random.shuffle(others)
    return [Standing(), *others]


class Inventor:
    """Invents people one after another, while the stock lasts with names and lines of their own."""

    def __init__(self, stock: Stock, labels: Labels, *, seed: int, today: date) -> None:
        self._stock, self._labels, self._seed, self._today = stock, labels, seed, today
        self._writer = Writer(stock.prose)
        self._names: set[str] = set()

    def invent(self, number: int, standing: Standing) -> NewListing:
        """Return the ``number``-th person."""
        random = Random(f"{self._seed}/{number}")  # noqa: S311 - nothing here is secret
        draw = Draw(random, self._stock, self._today, tuple(self._labels.communities))
        charity = draw.one_of("charity") if draw.happens(0.03) else ""
        name, spoken, gender = self._person(draw)
        entry = replace(
            _practice_of(draw, number, standing, is_free=bool(charity)),
            name=name,
            email=f"{sort_name(name).replace(' ', '.')}.{number}@demo.example",
            phone=f"07700 900{number % 1000:03d}",
            gender=gender,
            pronouns=_pronouns(draw, gender),
            languages=("en", *spoken),
        )
        facts = facts_of(entry, draw, self._labels, charity)
        return replace(
            entry,
            one_line=self._writer.one_line(random, facts),
            how_i_work=self._writer.how_i_work(random, facts),
            what_to_expect=self._writer.what_to_expect(random, facts),
        )

    def _person(self, draw: Draw) -> tuple[str, tuple[str, ...], str]:
        """Return a name nobody has yet, languages spoken beside English, and a gender."""
        random = draw.random
        gender = random.choices(("woman", "man", "non-binary", ""), (66, 24, 3, 7))[0]
        for _ in range(50):
            origin, other = random.sample(self._stock.names, 2)
            first = random.choice(_first_names(origin, gender))
            name = f"{first} {random.choice(other.families)}"
            if name not in self._names:
                break
        self._names.add(name)
        own = [*origin.languages[:2], *other.languages[:1]]
        spoken = random.sample(own, 1) if own and draw.happens(0.4) else []
        return name, (*spoken, *(["bfi"] if draw.happens(0.03) else [])), gender


def _practice_of(draw: Draw, number: int, standing: Standing, *, is_free: bool) -> NewListing:
    """Return a listing with everything but the person and their sentences."""
    random, today = draw.random, draw.today
    town = random.choices(draw.stock.towns, [one.thousands for one in draw.stock.towns])[0]
    discipline = _discipline(draw, town)
    focus, also = _issues(draw, discipline)
    groups = ("adults", *_client_groups(draw, discipline))
    fees = draw_fees(draw, discipline, town.region, groups, is_free=is_free)
    mode = random.choices(("introductory-call", "direct", "ask-first"), (48, 42, 10))[0]
    call_minutes = random.choice((15, 20, 20))
    if mode == "introductory-call":
        fees = (*fees, NewFee("adults", call_minutes, "free"))
    return NewListing(
        name="",
        email="",
        registration=_registration(draw, discipline, number, standing),
        title=discipline.title,
        state="draft" if standing.is_unchecked else "published",
        consented_at=datetime.combine(today, time(9), UTC) - timedelta(days=200),
        communities=_communities(draw, discipline),
        client_groups=groups,
        payment_routes=("charity",) if is_free else _payment_routes(draw),
        focus_issues=focus,
        also_issues=also,
        therapies=_therapies(draw, discipline),
        fees=fees,
        practices=draw_practices(draw, town),
        booking_mode=mode,
        session_minutes=SESSION_MINUTES,
        introductory_minutes=call_minutes,
        notice_hours=random.choice((4, 12, 24, 24, 48)),
        cancellation_hours=random.choice((24, 24, 48, 48, 72)),
        how_to_pay="" if is_free else draw.one_of("how_to_pay"),
        style=_style(draw),
        paused_until=today + timedelta(random.randint(7, 90)) if standing.is_paused else None,
        confirmed_on=today - timedelta(_days_since_confirmed(draw, standing)),
        code=draw.code(),
        practitioner_code=draw.code(),
    )


def _discipline(draw: Draw, town: Town) -> Discipline:
    fitting = [
        one for one in draw.stock.disciplines if not one.regions or town.region in one.regions
    ]
    return draw.random.choices(fitting, [one.share for one in fitting])[0]


def _first_names(origin: Names, gender: str) -> Sequence[str]:
    named = {"woman": origin.women, "man": origin.men, "non-binary": origin.either}
    return named.get(gender) or (*origin.women, *origin.men, *origin.either)


def _pronouns(draw: Draw, gender: str) -> str:
    usual = {"woman": "she/her", "man": "he/him", "non-binary": "they/them"}.get(gender, "")
    return usual if gender == "non-binary" or draw.happens(0.55) else ""


def _issues(draw: Draw, discipline: Discipline) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return up to five main issues that go together, and others also worked with."""
    main = draw.random.choice((2, 3, 3, 4, 5, 5))
    total = main + draw.random.randint(2, 9)
    chosen: dict[str, None] = {}
    for slug in _candidates(draw, discipline):
        chosen[slug] = None
        if len(chosen) == total:
            break
    return tuple(chosen)[:main], tuple(chosen)[main:]


def _candidates(draw: Draw, discipline: Discipline) -> Iterator[str]:
    """Yield issues without end: the discipline's own, then one with what goes with it, then any."""
    random, issues = draw.random, draw.stock.issues
    usual = [one.often for one in issues.values()]
    own = random.sample(discipline.issues, len(discipline.issues))
    yield from own[: random.randint(2, 3)]
    first = random.choices(list(issues), usual)[0]
    yield first
    yield from random.sample(issues[first].near, len(issues[first].near))
    while True:
        yield random.choices(list(issues), usual)[0]


def _therapies(draw: Draw, discipline: Discipline) -> tuple[NewTherapy, ...]:
    extra = min(len(discipline.also), draw.random.choice((0, 1, 1, 2, 2, 3)))
    slugs = (*discipline.core, *draw.random.sample(discipline.also, extra))
    return tuple(_offered(draw, slug) for slug in slugs)


def _offered(draw: Draw, slug: str) -> NewTherapy:
    kinds = ("Diploma", "Postgraduate diploma", "Certificate", "Advanced training")
    training = f"{draw.random.choice(kinds)}, {draw.today.year - draw.random.randint(2, 20)}"
    if draw.happens(0.55):
        return NewTherapy(slug, training, _check(draw, "certificate seen"))
    return NewTherapy(slug, training if draw.happens(0.6) else "")


def _check(draw: Draw, where: str) -> Check:
    checked_on = draw.today - timedelta(days=draw.random.randint(5, 330))
    return Check(checked_on, draw.random.choice(CHECKERS), where, checked_on + CHECK_LASTS)


def _registration(
    draw: Draw, discipline: Discipline, number: int, standing: Standing
) -> Registration:
    check: Check | None = _check(draw, REGISTER_PAGE)
    if standing.is_unchecked:
        check = None
    elif standing.check_ran_out:
        ended = draw.today - timedelta(days=draw.random.randint(1, 60))
        check = Check(ended - CHECK_LASTS, CHECKERS[0], REGISTER_PAGE, ended)
    return Registration(discipline.register, discipline.number.format(number), check)


def _communities(draw: Draw, discipline: Discipline) -> tuple[str, ...]:
    count = draw.random.choice((0, 0, 1, 1, 2, 3))
    drawn = draw.random.sample(draw.communities, count)
    return tuple(dict.fromkeys((*discipline.communities, *drawn)))


def _client_groups(draw: Draw, discipline: Discipline) -> list[str]:
    extra = [group for group in ("young-adults", "older-adults") if draw.happens(0.4)]
    couples = ["couples"] if draw.happens(0.08) else []
    return list(dict.fromkeys([*extra, *discipline.groups, *couples]))


def _payment_routes(draw: Draw) -> tuple[str, ...]:
    others = {"insurer": 0.25, "employer": 0.15}
    return ("self", *(route for route, chance in others.items() if draw.happens(chance)))


def _style(draw: Draw) -> dict[str, int]:
    scales = ("lead", "emotion", "time", "challenge")
    return {scale: draw.random.randint(-3, 3) for scale in scales if draw.happens(0.7)}


def _days_since_confirmed(draw: Draw, standing: Standing) -> int:
    if standing.is_unconfirmed:
        return draw.random.randint(22, 120)
    return draw.random.randint(15, 20) if draw.happens(0.12) else draw.random.randint(0, 14)
