"""Values in British English words: one way to write a date, a time, a sum or a distance.

Pages, mail, calendar files, the API's sentences and the command line all use these, so that the
same time reads the same everywhere.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from attune.core.money import Money

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SYMBOLS = {"GBP": "£", "EUR": "€"}
# Abbreviated or several names for the zones that people here meet; others show their city.
ZONE_WORDS = {"Europe/London": "UK time", "Europe/Dublin": "Irish time"}


def date_words(day: date) -> str:
    """Return "Tuesday 14 April 2026"."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def short_date_words(day: date) -> str:
    """Return "Tue 14 Apr"."""
    return f"{DAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]}"


def checked_date_words(day: date) -> str:
    """Return "3 March 2026", as in "Checked 3 March 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def time_words(moment: time | datetime) -> str:
    """Return "10:00am", "12:30pm", "12:00am": wall time as given, on the twelve-hour clock."""
    half = "am" if moment.hour < 12 else "pm"
    return f"{moment.hour % 12 or 12}:{moment.minute:02d}{half}"


def span_words(start: datetime, end: datetime, zone: str) -> str:
    """Return "10:00am to 10:50am" in ``zone`` (an IANA name); both ends are aware."""
    place = ZoneInfo(zone)
    return f"{time_words(start.astimezone(place))} to {time_words(end.astimezone(place))}"


def moment_words(moment: datetime, zone: str) -> str:
    """Return "Tuesday 14 April 2026, 10:00am" in ``zone`` (an IANA name)."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{date_words(local)}, {time_words(local)}"


# A page of results says some forty moments, many of them more than once.
@lru_cache(maxsize=4096)
def short_moment_words(moment: datetime, zone: str) -> str:
    """Return "Tue 14 Apr, 10:00am" in ``zone`` (an IANA name)."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{short_date_words(local)}, {time_words(local)}"


def zone_words(zone: str) -> str:
    """Return what people call a zone: "UK time", or "New York time"."""
    return ZONE_WORDS.get(zone) or f"{zone.rpartition('/')[2].replace('_', ' ')} time"


def money_words(money: Money) -> str:
    """Return "£65", "£47.50" or "€60"; other currencies keep their code: "USD 60"."""
    units, minor = divmod(money.minor, 100)
    amount = f"{units:,}.{minor:02d}" if minor else f"{units:,}"
    symbol = SYMBOLS.get(money.currency)
    return f"{symbol}{amount}" if symbol else f"{money.currency} {amount}"


def distance_words(km: float) -> str:
    """Return "under 1 km", "1.9 km" below ten, "12 km" from ten on."""
    if km < 1:
        return "under 1 km"
    return f"{km:.1f} km" if km < 9.95 else f"{km:.0f} km"


def list_words(parts: Sequence[str], joint: str = "and") -> str:
    """Return "a", "a and b" or "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {joint} {parts[-1]}"


def count_words(number: int, one: str, many: str) -> str:
    """Return "1 person" or "8 people"."""
    return f"{number:,} {one if number == 1 else many}"


def about_count_words(number: int) -> str:
    """Return a count as it is up to 20, then "about 40": two leading figures are enough."""
    if number <= 20:
        return f"{number}"
    scale = 10 ** max(1, len(str(number)) - 2)
    return f"about {round(number / scale) * scale:,}"
