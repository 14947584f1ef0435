"""One person's answers, and the JSON they travel in.

Every answer is optional. The same JSON serves the command line, the API, the stored
questionnaire and the tests; ``parse_enquiry`` is the only way in.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal, TypeVar

from attune.core.errors import InvalidInput
from attune.core.money import Money
from attune.core.vocabulary import Vocabulary

Weight = Literal["must", "nice"]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEIGHTS = ("must", "nice")
WISHES_ABOUT = ("gender", "language", "access", "community")
STYLE_SCALES = ("lead", "emotion", "time", "challenge")
MATTERS_MOST = ("fit", "soon", "near", "cost")

MOST_ISSUES = 3
MOST_THERAPY_TYPES = 5
MOST_TIMES = 30
MOST_WISHES = 12
MOST_EXCLUDED = 50
FARTHEST_KM = 200
FARTHEST_DAYS = 28
HIGHEST_BUDGET_MINOR = 100_000
LONGEST_PLACE = 120

T = TypeVar("T")


@dataclass(frozen=True)
class TimeWindow:
    """Hours of the week: Monday is 0; minutes of the day, whole or half hours, end excluded."""

    days: tuple[int, ...]
    start_minute: int
    end_minute: int


@dataclass(frozen=True)
class Wish:
    """Something wanted of the practitioner: ``about`` gender, language, access or community."""

    about: str
    value: str
    weight: Weight


@dataclass(frozen=True)
class Budget:
    """The most that a session may cost.

    ``reduced_fee``: a concession, or the lower end of a range, also counts.
    """

    money: Money
    reduced_fee: bool = False


@dataclass(frozen=True)
class Enquiry:
    """What one person answered. ``place`` is what they typed; distances are in kilometres."""

    for_whom: str = "adults"
    issues: tuple[str, ...] = ()
    therapy_types: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    place: str | None = None
    max_distance_km: int | None = None
    times: tuple[TimeWindow, ...] = ()
    times_weight: Weight = "nice"
    within_days: int | None = None
    budget: Budget | None = None
    wishes: tuple[Wish, ...] = ()
    style: Mapping[str, int | None] = field(default_factory=dict)
    matters_most: str | None = None
    exclude: tuple[str, ...] = ()


def parse_enquiry(data: object, words: Vocabulary) -> Enquiry:
    """Read an enquiry from decoded JSON.

    Raises:
        InvalidInput: naming the field, its value and what is accepted.
    """
    read = _Reader(_mapping("enquiry", data, ENQUIRY_KEYS), words)
    return Enquiry(
        for_whom=read.one_of("for_whom", words.client_groups, default="adults"),
        issues=read.slugs("issues", words.issues, most=MOST_ISSUES),
        therapy_types=read.slugs("therapy_types", words.therapy_types, most=MOST_THERAPY_TYPES),
        channels=read.slugs("channels", words.channels, most=len(words.channels)),
        place=read.place(),
        max_distance_km=read.whole("max_distance_km", 1, FARTHEST_KM),
        times=read.many("times", _time_window, most=MOST_TIMES),
        times_weight=read.one_of("times_weight", WEIGHTS, default="nice"),
        within_days=read.whole("within_days", 1, FARTHEST_DAYS),
        budget=read.budget(),
        wishes=read.wishes(),
        style=read.style(),
        matters_most=read.one_of("matters_most", MATTERS_MOST, default=None),
        exclude=read.many("exclude", _listing_code, most=MOST_EXCLUDED),
    )


def enquiry_as_json(enquiry: Enquiry) -> dict[str, Any]:
    """Return the JSON shape of an enquiry; ``parse_enquiry`` of it gives the enquiry back."""
    budget = enquiry.budget
    return {
        "for_whom": enquiry.for_whom,
        "issues": list(enquiry.issues),
        "therapy_types": list(enquiry.therapy_types),
        "channels": list(enquiry.channels),
        "place": enquiry.place,
        "max_distance_km": enquiry.max_distance_km,
        "times": [_window_as_json(window) for window in enquiry.times],
        "times_weight": enquiry.times_weight,
        "within_days": enquiry.within_days,
        "budget": budget and budget_as_json(budget),
        "wishes": wishes_as_json(enquiry.wishes),
        "style": dict(enquiry.style),
        "matters_most": enquiry.matters_most,
        "exclude": list(enquiry.exclude),
    }


def budget_as_json(budget: Budget) -> dict[str, Any]:
    """Return the JSON shape of a budget."""
    return {
        "minor": budget.money.minor,
        "currency": budget.money.currency,
        "reduced_fee": budget.reduced_fee,
    }


def wishes_as_json(wishes: Sequence[Wish]) -> list[dict[str, str]]:
    """Return the JSON shape of wishes."""
    return [{"about": one.about, "value": one.value, "weight": one.weight} for one in wishes]


ENQUIRY_KEYS = tuple(Enquiry.__dataclass_fields__)


class _Reader:
    """Reads one field after another; a missing or null one gives its default."""

    def __init__(self, data: Mapping[str, Any], words: Vocabulary) -> None:
        self.data, self.words = data, words

    def one_of(self, name: str, accepted: Sequence[str], *, default: Any) -> Any:
        value = self.data.get(name)
        return default if value is None else _one_of(name, value, accepted)

    def whole(self, name: str, lowest: int, highest: int) -> int | None:
        value = self.data.get(name)
        return None if value is None else _whole(name, value, lowest, highest)

    def many(self, name: str, read: Callable[[str, Any], T], *, most: int) -> tuple[T, ...]:
        value = self.data.get(name)
        if value is None:
            return ()
        if not isinstance(value, list | tuple):
            raise InvalidInput(name, value, f"a list of at most {most}")
        if len(value) > most:
            raise InvalidInput(name, value, f"at most {most}")
        return tuple(read(f"{name}[{place}]", one) for place, one in enumerate(value))

    def slugs(self, name: str, accepted: Sequence[str], *, most: int) -> tuple[str, ...]:
        values = self.many(name, lambda at, one: _one_of(at, one, accepted), most=most)
        if len(set(values)) < len(values):
            raise InvalidInput(name, list(values), "each value once")
        return values

    def place(self) -> str | None:
        value = self.data.get("place")
        if value is None:
            return None
        if not isinstance(value, str) or not 0 < len(value.strip()) <= LONGEST_PLACE:
            raise InvalidInput("place", value, "a UK postcode or a town")
        return value.strip()

    def budget(self) -> Budget | None:
        value = self.data.get("budget")
        if value is None:
            return None
        fields = _mapping("budget", value, ("minor", "currency", "reduced_fee"))
        minor = _whole("budget.minor", fields.get("minor"), 0, HIGHEST_BUDGET_MINOR)
        currency = fields.get("currency", "GBP")
        if not isinstance(currency, str) or not re.fullmatch("[A-Z]{3}", currency):
            raise InvalidInput("budget.currency", currency, "three capital letters, such as GBP")
        reduced_fee = fields.get("reduced_fee", False)
        if not isinstance(reduced_fee, bool):
            raise InvalidInput("budget.reduced_fee", reduced_fee, "true or false")
        return Budget(Money(minor, currency), reduced_fee)

    def wishes(self) -> tuple[Wish, ...]:
        wishes = self.many("wishes", self._wish, most=MOST_WISHES)
        if len({(one.about, one.value) for one in wishes}) < len(wishes):
            raise InvalidInput("wishes", wishes_as_json(wishes), "each wish once")
        return wishes

    def _wish(self, name: str, value: Any) -> Wish:
        fields = _mapping(name, value, ("about", "value", "weight"))
        about = _one_of(f"{name}.about", fields.get("about"), WISHES_ABOUT)
        return Wish(
            about=about,
            value=_one_of(f"{name}.value", fields.get("value"), self.words.wish_values(about)),
            weight=_one_of(f"{name}.weight", fields.get("weight", "nice"), WEIGHTS),
        )

    def style(self) -> dict[str, int | None]:
        value = self.data.get("style")
        if value is None:
            return {}
        fields = _mapping("style", value, STYLE_SCALES)
        return {
            scale: None if step is None else _whole(f"style.{scale}", step, -3, 3)
            for scale, step in fields.items()
        }


def _mapping(name: str, value: object, keys: Collection[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidInput(name, value, f"an object with {', '.join(keys)}")
    for key in value:
        if key not in keys:
            inside = str(key) if name == "enquiry" else f"{name}.{key}"
            raise InvalidInput(inside, value[key], f"only {', '.join(keys)}")
    return value


def _one_of(name: str, value: Any, accepted: Sequence[str]) -> Any:
    if isinstance(value, str) and value in accepted:
        return value
    if len(accepted) <= 12:
        raise InvalidInput(name, value, f"one of {', '.join(accepted)}")
    likely = get_close_matches(str(value), accepted, n=3, cutoff=0.5) or accepted[:3]
    raise InvalidInput(
        name, value, f"one of the {len(accepted)} known values, such as {', '.join(likely)}"
    )


def _whole(name: str, value: Any, lowest: int, highest: int) -> int:
    # True and False are whole numbers to Python, never to a person.
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise InvalidInput(name, value, f"a whole number from {lowest} to {highest}")
    return value


def _time_window(name: str, value: Any) -> TimeWindow:
    fields = _mapping(name, value, ("days", "from", "to"))
    days = fields.get("days")
    if not isinstance(days, list | tuple) or not days:
        raise InvalidInput(f"{name}.days", days, f"a list of {', '.join(DAYS)}")
    numbers = {DAYS.index(_one_of(f"{name}.days", day, DAYS)) for day in days}
    start = _minute_of_day(f"{name}.from", fields.get("from"))
    end = _minute_of_day(f"{name}.to", fields.get("to"))
    if end <= start:
        raise InvalidInput(f"{name}.to", fields["to"], f"a time after {fields['from']}, to 24:00")
    return TimeWindow(tuple(sorted(numbers)), start, end)


def _minute_of_day(name: str, value: Any) -> int:
    if isinstance(value, str) and re.fullmatch("([01][0-9]|2[0-3]):[03]0|24:00", value):
        return int(value[:2]) * 60 + int(value[3:])
    raise InvalidInput(name, value, "a whole or half hour, such as 17:00 or 17:30")


def _window_as_json(window: TimeWindow) -> dict[str, Any]:
    return {
        "days": [DAYS[day] for day in window.days],
        "from": _clock(window.start_minute),
        "to": _clock(window.end_minute),
    }


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _listing_code(name: str, value: Any) -> str:
    if isinstance(value, str) and re.fullmatch("[a-z0-9]{1,16}", value):
        return value
    raise InvalidInput(name, value, "the code at the end of a profile's address")
