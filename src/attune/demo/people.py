"""Inventing practitioners: each drawn from the seed and their number, with a profile of their own.

Nobody here exists. The same seed, number and day give the same person.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from attune.core.availability import WeeklyHours
from attune.core.phrases import list_words
from attune.demo.hours import Week, when_words
from attune.demo.prose import Writer, lower_first, with_article, with_capitals
from attune.demo.stock import Discipline, Names, Stock, Town
from attune.directory.entries import (
    Check,
    NewFee,
    NewListing,
    NewPractice,
    NewTherapy,
    NewWeeklyPlace,
    Registration,
)
from attune.vocabulary.codes import ALPHABET

CHECKERS = ("Dev Marsh (demonstration)", "Oriel Tandy (demonstration)")
# Usual fee of a 50-minute session, in pounds.
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
SESSION_MINUTES = 50
KM_PER_DEGREE = 111.2
JITTER_KM = 2.0


@dataclass(frozen=True)
class Labels:
    """What languages and communities are called, by slug."""

    languages: Mapping[str, str]
    communities: Mapping[str, str]


@dataclass(frozen=True)
class Standing:
    """Whether a listing may be offered, and if not, why not."""

    is_paused: bool = False
    is_unconfirmed: bool = False
    # Its check has run out, or nobody has looked at all.
    check_ran_out: bool = False
    is_unchecked: bool = False


def standings(count: int, random: Random) -> list[Standing]:
    """Return one standing each: 10% paused, 10% unconfirmed, 5% unverified; the first is open."""
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


def random_code(random: Random, length: int = 12) -> str:
    """Return a public code that follows from the seed: these people need no secret."""
    return "".join(random.choices(ALPHABET, k=length))


class Inventor:
    """Invents people one after another; no two with one name, opening line or profile."""

    def __init__(self, stock: Stock, labels: Labels, *, seed: int, today: date) -> None:
        self._stock, self._labels, self._seed, self._today = stock, labels, seed, today
        self._writer = Writer(stock.prose)
        self._names: set[str] = set()

    def invent(self, number: int, standing: Standing) -> NewListing:
        """Return the ``number``-th person."""
        random = Random(f"{self._seed}/{number}")  # noqa: S311 - nothing here is secret
        stock, today = self._stock, self._today
        town = random.choices(stock.towns, [one.thousands for one in stock.towns])[0]
        discipline = _discipline(random, stock.disciplines, town)
        gender = random.choices(("woman", "man", "non-binary", ""), (66, 24, 3, 7))[0]
        name, spoken = self._name(random, gender)
        focus, also = _issues(random, stock, discipline)
        therapies = _therapies(random, discipline)
        week = Week.draw(random, today)
        charity = random.choice(stock.prose["charity"]) if random.random() < 0.03 else ""
        groups = ("adults", *_client_groups(random, discipline))
        fees = _fees(random, stock, discipline, town, groups, is_free=bool(charity))
        room = random.choice(stock.prose["room"])
        practices = _practices(random, stock, town, week, room=room, today=today)
        communities = _communities(random, discipline, self._labels)
        facts = with_capitals(
            self._own_words(random, discipline, focus, therapies)
            | self._what_holds(practices, fees, week, spoken, communities)
            | {"when": when_words(week), "charity": charity}
            | {"room": room if any(one.town for one in practices) else ""}
        )
        facts = {name: value for name, value in facts.items() if value or name.startswith("if_")}
        mode = random.choices(("introductory-call", "direct", "ask-first"), (48, 42, 10))[0]
        return NewListing(
            name=name,
            email=f"{number:05d}.{_plain(name)}@demo.example",
            phone=f"07700 900{number % 1000:03d}",
            pronouns=_pronouns(random, gender),
            gender=gender,
            languages=("en", *spoken),
            communities=communities,
            registration=_registration(random, discipline, number, standing, today),
            title=discipline.title,
            state="draft" if standing.is_unchecked else "published",
            consented_at=datetime.combine(today, time(9), UTC) - timedelta(days=200),
            one_line=self._writer.one_line(random, facts),
            how_i_work=self._writer.how_i_work(random, facts),
            what_to_expect=self._writer.what_to_expect(random, facts),
            client_groups=groups,
            payment_routes=("charity",) if charity else _payment_routes(random),
            focus_issues=focus,
            also_issues=also,
            therapies=tuple(_offered(random, slug, today) for slug in therapies),
            fees=fees,
            practices=practices,
            booking_mode=mode,
            introductory_minutes=random.choice((15, 20, 20)),
            notice_hours=random.choice((4, 12, 24, 24, 48)),
            cancellation_hours=random.choice((24, 24, 48, 48, 72)),
            how_to_pay="" if charity else random.choice(stock.prose["how_to_pay"]),
            style=_style(random),
            paused_until=today + timedelta(days=random.randint(7, 90))
            if standing.is_paused
            else None,
            confirmed_on=today - timedelta(days=_days_since_confirmed(random, standing)),
            code=random_code(random),
            practitioner_code=random_code(random),
        )

    def _name(self, random: Random, gender: str) -> tuple[str, tuple[str, ...]]:
        """Return a name nobody has yet, and languages that this person speaks beside English."""
        for _ in range(50):
            origin, married = random.sample(self._stock.names, 2)
            name = (
                f"{random.choice(_first_names(origin, gender))} {random.choice(married.families)}"
            )
            if name not in self._names:
                break
        self._names.add(name)
        own = [*origin.languages[:2], *married.languages[:1]]
        spoken = random.sample(own, 1) if own and random.random() < 0.4 else []
        if random.random() < 0.03:
            spoken.append("bfi")
        return name, tuple(spoken)

    def _own_words(
        self,
        random: Random,
        discipline: Discipline,
        focus: Sequence[str],
        therapies: Sequence[str],
    ) -> dict[str, str]:
        """Return the facts that come from what this person is and does."""
        issues = [self._stock.issues[slug] for slug in focus]
        methods = [self._stock.therapies[slug] for slug in therapies]
        title = lower_first(discipline.title)
        how, how_two = random.sample([line for one in methods for line in one.how], 2)
        return {
            "title": title,
            "a_title": with_article(title),
            "therapy": methods[0].words,
            "therapies": list_words([one.words for one in methods[:3]]) if methods[1:] else "",
            "how": how,
            "how_two": how_two,
            "years": str(random.randint(3, 28)),
            "before": random.choice(self._stock.prose["before"]),
            "minutes": str(SESSION_MINUTES),
            **{f"issue_{place}": one.words for place, one in zip("abc", issues, strict=False)},
            **{
                f"said_{place}": random.choice(one.said)
                for place, one in zip("ab", issues, strict=False)
            },
        }

    def _what_holds(
        self,
        practices: Sequence[NewPractice],
        fees: Sequence[NewFee],
        week: Week,
        spoken: Sequence[str],
        communities: Sequence[str],
    ) -> dict[str, str]:
        """Return the facts that a sentence may depend on; one that does not hold is left out."""
        labels = self._labels
        rooms = [one for one in practices if one.town]
        is_online = len(rooms) < len(practices)
        facts = {
            "if_room": bool(rooms),
            "if_online": is_online,
            "if_both": is_online and bool(rooms),
            "if_evening": week.has_evening,
            "if_paid": bool(fees[0].minor),
            "if_concession": bool(fees[0].concession_minor),
        }
        return {
            "town": rooms[0].town if rooms else "",
            "language": labels.languages[spoken[0]].partition(" (")[0] if spoken else "",
            "community": lower_first(labels.communities[communities[0]]) if communities else "",
            **{name: "" for name, holds in facts.items() if holds},
        }


def _discipline(random: Random, all_of_them: Sequence[Discipline], town: Town) -> Discipline:
    fitting = [one for one in all_of_them if not one.regions or town.region in one.regions]
    return random.choices(fitting, [one.share for one in fitting])[0]


def _first_names(origin: Names, gender: str) -> Sequence[str]:
    named = {"woman": origin.women, "man": origin.men, "non-binary": origin.either}
    return named.get(gender) or (*origin.women, *origin.men, *origin.either)


def _pronouns(random: Random, gender: str) -> str:
    usual = {"woman": "she/her", "man": "he/him", "non-binary": "they/them"}.get(gender, "")
    return usual if gender == "non-binary" or random.random() < 0.55 else ""


def _plain(name: str) -> str:
    """Return a name as it can stand in a mail address."""
    return "".join(one if one.isascii() and one.isalpha() else "-" for one in name).lower()


def _issues(
    random: Random, stock: Stock, discipline: Discipline
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return up to five main issues that go together, and others also worked with."""
    known = list(stock.issues)
    usual = [stock.issues[slug].often for slug in known]
    pool = list(discipline.issues)
    random.shuffle(pool)

    def candidates() -> Iterator[str]:
        yield from pool[: random.randint(2, 3)]
        first = random.choices(known, usual)[0]
        yield first
        yield from random.sample(stock.issues[first].near, len(stock.issues[first].near))
        while True:
            yield random.choices(known, usual)[0]

    chosen: list[str] = []
    wanted = random.choice((2, 3, 3, 4, 5, 5))
    total = wanted + random.randint(2, 9)
    for slug in candidates():
        if slug not in chosen:
            chosen.append(slug)
        if len(chosen) == total:
            break
    return tuple(chosen[:wanted]), tuple(chosen[wanted:])


def _therapies(random: Random, discipline: Discipline) -> tuple[str, ...]:
    extra = min(len(discipline.also), random.choice((0, 1, 1, 2, 2, 3)))
    return (*discipline.core, *random.sample(discipline.also, extra))


def _offered(random: Random, slug: str, today: date) -> NewTherapy:
    year = today.year - random.randint(2, 20)
    kind = random.choice(("Diploma", "Postgraduate diploma", "Certificate", "Advanced training"))
    is_checked = random.random() < 0.55
    return NewTherapy(
        slug,
        training=f"{kind}, {year}" if is_checked or random.random() < 0.6 else "",
        check=_check(random, today, "certificate seen") if is_checked else None,
    )


def _check(random: Random, today: date, where: str) -> Check:
    checked_on = today - timedelta(days=random.randint(5, 330))
    return Check(checked_on, random.choice(CHECKERS), where, checked_on + timedelta(days=365))


def _registration(
    random: Random, discipline: Discipline, number: int, standing: Standing, today: date
) -> Registration:
    written = discipline.number.format(number)
    where = "the register's own page"
    if standing.is_unchecked:
        return Registration(discipline.register, written)
    if standing.check_ran_out:
        ended = today - timedelta(days=random.randint(1, 60))
        check = Check(ended - timedelta(days=365), random.choice(CHECKERS), where, ended)
        return Registration(discipline.register, written, check)
    return Registration(discipline.register, written, _check(random, today, where))


def _communities(random: Random, discipline: Discipline, labels: Labels) -> tuple[str, ...]:
    count = random.choice((0, 0, 1, 1, 2, 3))
    drawn = random.sample(list(labels.communities), count)
    return tuple(dict.fromkeys((*discipline.communities, *drawn)))


def _client_groups(random: Random, discipline: Discipline) -> list[str]:
    extra = [group for group in ("young-adults", "older-adults") if random.random() < 0.4]
    couples = ["couples"] if random.random() < 0.08 else []
    return list(dict.fromkeys([*extra, *discipline.groups, *couples]))


def _payment_routes(random: Random) -> tuple[str, ...]:
    insurer = ("insurer",) if random.random() < 0.25 else ()
    employer = ("employer",) if random.random() < 0.15 else ()
    return ("self", *insurer, *employer)


def _fees(
    random: Random,
    stock: Stock,
    discipline: Discipline,
    town: Town,
    groups: Sequence[str],
    *,
    is_free: bool,
) -> tuple[NewFee, ...]:
    """Return a fee for one person and, at more, for couples, families or groups where seen."""
    if is_free:
        kind = random.choice(("free", "free", "donation"))
        return tuple(
            NewFee(one, SESSION_MINUTES, kind) for one in ("adults", *_priced_apart(groups))
        )
    pounds = USUAL_FEE[town.region] * discipline.fee * random.uniform(0.85, 1.2)
    minor = _to_five_pounds(pounds)
    upper = minor + random.choice((1000, 1500, 2000)) if random.random() < 0.12 else None
    lower = _to_five_pounds(pounds * random.uniform(0.55, 0.8))
    has_concession = random.random() < 0.35 and lower < minor
    single = NewFee(
        "adults",
        SESSION_MINUTES,
        "range" if upper else "fixed",
        minor=minor,
        upper_minor=upper,
        concession_minor=lower if has_concession else None,
        concession_rule=random.choice(stock.prose["concession_rule"]) if has_concession else "",
    )
    factors = {"couples": 1.3, "families": 1.5, "groups": 0.5}
    others = (
        NewFee(group, SESSION_MINUTES, "fixed", minor=_to_five_pounds(pounds * factors[group]))
        for group in _priced_apart(groups)
    )
    return (single, *others)


def _priced_apart(groups: Sequence[str]) -> list[str]:
    return [one for one in groups if one in ("couples", "families", "groups")]


def _to_five_pounds(pounds: float) -> int:
    return max(2000, round(pounds / 5) * 500)


def _style(random: Random) -> dict[str, int]:
    return {
        scale: random.randint(-3, 3)
        for scale in ("lead", "emotion", "time", "challenge")
        if random.random() < 0.7
    }


def _days_since_confirmed(random: Random, standing: Standing) -> int:
    if standing.is_unconfirmed:
        return random.randint(22, 120)
    return random.randint(15, 20) if random.random() < 0.12 else random.randint(0, 14)


def _practices(
    random: Random, stock: Stock, town: Town, week: Week, *, room: str, today: date
) -> tuple[NewPractice, ...]:
    """Return a room, a line for video and phone, or both, and now and then a second room."""
    shape = random.choices(("both", "room", "online"), (55, 22, 23))[0]
    homes = {"both": ("room", "online"), "room": ("room",), "online": ("online",)}[shape]
    if shape != "online" and random.random() < 0.1:
        homes = (*homes, "second room")
    shared = week.shared_between(random, homes)
    return tuple(
        _line(random, stock, shared[home], today)
        if home == "online"
        else _room(
            random, stock, _nearby(random, stock, town, home), shared[home], room=room, today=today
        )
        for home in homes
    )


def _nearby(random: Random, stock: Stock, town: Town, home: str) -> Town:
    """Return the town of a room; a second one is in another town of the same region."""
    if home == "room":
        return town
    near = [one for one in stock.towns if one.region == town.region and one.town != town.town]
    return random.choice(near) if near else town


def _room(
    random: Random,
    stock: Stock,
    town: Town,
    hours: tuple[WeeklyHours, ...],
    *,
    room: str,
    today: date,
) -> NewPractice:
    street = random.choice(stock.prose["street"])
    needs = [one for one in ("assistance-dog", "quiet-room", "easy-read") if random.random() < 0.25]
    return NewPractice(
        channels=("in-person",),
        town=town.town,
        outward_postcode=town.outward,
        latitude=round(town.latitude + random.gauss(0, JITTER_KM / KM_PER_DEGREE), 4),
        longitude=round(town.longitude + random.gauss(0, 1.6 * JITTER_KM / KM_PER_DEGREE), 4),
        address=f"{random.randint(1, 120)} {street} Row (invented)\n{town.town}\n{town.outward}",
        joining_details=f"My room is {room}.",
        step_free=random.choices(("yes", "partly", "no", "unknown"), (40, 15, 25, 20))[0],
        access=tuple(needs),
        hours=hours,
        weekly_places=_weekly_places(random, hours, today),
        code=random_code(random),
    )


def _line(random: Random, stock: Stock, hours: tuple[WeeklyHours, ...], today: date) -> NewPractice:
    return NewPractice(
        channels=("video", "phone") if random.random() < 0.6 else ("video",),
        joining_details=random.choice(stock.prose["joining"]),
        access=("captions",) if random.random() < 0.3 else (),
        hours=hours,
        weekly_places=_weekly_places(random, hours, today),
        code=random_code(random),
    )


def _weekly_places(
    random: Random, hours: Sequence[WeeklyHours], today: date
) -> tuple[NewWeeklyPlace, ...]:
    """Return at most one weekly time that is open to somebody new, from a day soon."""
    if not hours or random.random() < 0.55:
        return ()
    chosen = random.choice(hours)
    day = today + timedelta(days=random.randint(1, 28))
    first = day + timedelta(days=(chosen.weekday - day.weekday()) % 7)
    return (NewWeeklyPlace(chosen.weekday, chosen.start, first),)
