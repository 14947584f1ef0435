"""What stands in invented diaries: days away, meetings that are booked, and past counters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

from attune.accounts.models import Contact
from attune.accounts.sealing import email_hash, keyed_hash, seal
from attune.booking.access import Details, sealed_details
from attune.booking.models import Appointment, RuleException
from attune.booking.queries import Meeting, channels_for, meeting_for
from attune.booking.words import amount_words
from attune.core.availability import DayException, bookable_starts
from attune.core.entries import FeeEntry
from attune.core.spans import Span, moment_of
from attune.demo.cast import ADA, BEN, CLEO
from attune.demo.draw import random_code
from attune.demo.stock import stock
from attune.directory.entries import NewListing, NewPractice
from attune.directory.models import Counters, Listing, Practice

DAYS_AHEAD = 28
REFERENCE_LETTERS = "BCDFGHJKLMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Client:
    name: str
    email: str
    note: str = ""


CLIENTS = (
    Client("Ada Lanyon-Gyasi", ADA, "Is there somewhere to leave a bicycle?"),
    Client("Cleo Windlesham", CLEO),
)


@dataclass(frozen=True)
class Diary:
    """One practitioner's practices, as written and as planned."""

    listing: Listing
    entry: NewListing
    practices: Mapping[str, Practice]
    exceptions: Mapping[str, tuple[DayException, ...]]


def draw_diaries(
    listings: Sequence[Listing], entries: Sequence[NewListing], *, seed: int, today: date
) -> list[Diary]:
    people = [one.practitioner_id for one in listings]
    practices = {one.code: one for one in Practice.objects.filter(practitioner__in=people)}
    random = Random(f"{seed}/days away")  # noqa: S311 - nothing here is secret
    return [
        Diary(listing, entry, practices, _exceptions(random, entry, today))
        for listing, entry in zip(listings, entries, strict=True)
    ]


def _exceptions(
    random: Random, entry: NewListing, today: date
) -> dict[str, tuple[DayException, ...]]:
    """Close the same days everywhere (a week away, or a day); open one Sunday now and then."""
    closed: list[date] = []
    if random.random() < 0.15:
        first = today + timedelta(days=random.randint(3, 40))
        closed = [first + timedelta(days=one) for one in range(7)]
    elif random.random() < 0.4:
        closed = [today + timedelta(days=random.randint(2, 40))]
    extra = today + timedelta(days=(6 - today.weekday()) % 7 + 7)
    opens = random.random() < 0.06 and extra not in closed
    found = {}
    for place, practice in enumerate(entry.practices):
        days = [DayException(day, is_open=False) for day in closed]
        if opens and place == 0:
            days.append(DayException(extra, is_open=True, start=time(10), end=time(12)))
        found[practice.code] = tuple(days)
    return found


def write_exceptions(diaries: Sequence[Diary]) -> None:
    RuleException.objects.bulk_create(
        RuleException(
            practice=diary.practices[code],
            day=one.day,
            kind=RuleException.Kind.EXTRA if one.is_open else RuleException.Kind.CLOSED,
            start=one.start,
            end=one.end,
        )
        for diary in diaries
        for code, days in diary.exceptions.items()
        for one in days
    )


def write_appointments(diaries: Sequence[Diary], *, seed: int, now: datetime) -> None:
    """Book some of the free times of each diary that can be booked, for invented clients."""
    random = Random(f"{seed}/appointments")  # noqa: S311 - nothing here is secret
    clients = _clients(random)
    rows = [row for diary in diaries for row in _appointments(random, diary, clients, now)]
    contacts = Contact.objects.bulk_create([row.contact for row in rows], batch_size=2000)
    for row, contact in zip(rows, contacts, strict=True):
        row.contact = contact
    Appointment.objects.bulk_create(rows, batch_size=2000)


def _clients(random: Random) -> Iterator[Client]:
    """Yield Ada, Cleo, and after them people without end."""
    yield from CLIENTS
    names = stock().names
    for number in count(1):
        origin, other = random.sample(names, 2)
        name = f"{random.choice(origin.either)} {random.choice(other.families)}"
        yield Client(name, f"client.{number:05d}@demo.example")


def _appointments(
    random: Random, diary: Diary, clients: Iterator[Client], now: datetime
) -> Iterator[Appointment]:
    meeting = meeting_for(diary.listing)
    if meeting is None or diary.listing.state != Listing.State.PUBLISHED:
        return
    taken: list[Span] = []
    for _ in range(3 if diary.entry.email == BEN else random.choice((0, 0, 1, 1, 2, 3))):
        practice = random.choice(diary.entry.practices)
        starts = _free_starts(diary, practice, meeting, taken, now)
        if not starts:
            continue
        # The nearest times go first, as they do in life.
        start = moment_of(random.choice(starts[: max(3, len(starts) // 2)]))
        taken.append(Span(start, start + _length(meeting)))
        appointment = _appointment(random, diary, practice, meeting, start=start, now=now)
        _give_to(appointment, next(clients), random)
        yield appointment


def _free_starts(
    diary: Diary, practice: NewPractice, meeting: Meeting, taken: Sequence[Span], now: datetime
) -> list[int]:
    starts = bookable_starts(
        practice.hours,
        diary.exceptions[practice.code],
        taken,
        zone=practice.zone,
        first_day=now.astimezone(ZoneInfo(practice.zone)).date() + timedelta(days=1),
        days=DAYS_AHEAD,
        minutes=meeting.minutes,
        buffer_minutes=meeting.buffer_minutes,
    )
    return [int(one) for one in starts]


def _appointment(
    random: Random,
    diary: Diary,
    practice: NewPractice,
    meeting: Meeting,
    *,
    start: datetime,
    now: datetime,
) -> Appointment:
    booked_at = now - timedelta(hours=random.randint(2, 240))
    is_seen = random.random() < 0.7
    return Appointment(
        code=random_code(random, 28),
        reference="".join(random.choices(REFERENCE_LETTERS, k=8)),
        practitioner_id=diary.listing.practitioner_id,
        listing=diary.listing,
        practice=diary.practices[practice.code],
        channel=random.choice(channels_for(meeting.kind, practice.channels)),
        kind=meeting.kind,
        during=(start, start + _length(meeting)),
        start=start,
        minutes=meeting.minutes,
        zone=practice.zone,
        fee_words=_fee_words(diary.entry, meeting),
        cancellation_hours=diary.listing.cancellation_hours,
        state=Appointment.State.BOOKED,
        created_at=booked_at,
        booked_at=booked_at,
        asked_at=booked_at,
        seen_at=booked_at + timedelta(hours=1) if is_seen else None,
    )


def _length(meeting: Meeting) -> timedelta:
    return timedelta(minutes=meeting.minutes + meeting.buffer_minutes)


def _give_to(appointment: Appointment, client: Client, random: Random) -> None:
    """Say whose appointment it is: the address they confirmed, and what they told, sealed."""
    code = random_code(random, 28)
    appointment.contact = Contact(
        code=code,
        email_sealed=seal(client.email, model="contact", row=code, field="email"),
        email_hash=email_hash(client.email),
        origin_hash=keyed_hash("demo", purpose="origin"),
        nonce=random_code(random, 28),
        created_at=appointment.created_at,
        expires_at=appointment.created_at + timedelta(minutes=30),
        confirmed_at=appointment.created_at,
    )
    appointment.email_hash = appointment.contact.email_hash
    appointment.details_sealed = sealed_details(
        appointment, Details(name=client.name, note=client.note)
    )


def _fee_words(entry: NewListing, meeting: Meeting) -> str:
    for fee in entry.fees:
        if (fee.client_group, fee.minutes) == ("adults", meeting.minutes):
            return amount_words(
                FeeEntry(
                    fee.kind,
                    fee.minor,
                    fee.upper_minor,
                    fee.currency,
                    fee.concession_minor,
                    fee.minutes,
                )
            )
    return ""


def write_counters(diaries: Sequence[Diary], *, seed: int, today: date) -> None:
    """Write how often each was shown and asked lately; a third have no replies to go by yet."""
    random = Random(f"{seed}/counters")  # noqa: S311 - nothing here is secret
    Counters.objects.bulk_create(
        [row for diary in diaries for row in _counters(random, diary.listing, today)],
        batch_size=2000,
    )


def _counters(random: Random, listing: Listing, today: date) -> Iterator[Counters]:
    has_replies = random.random() < 0.66
    reliability = random.betavariate(6, 2)
    for days_ago in sorted(random.sample(range(1, 80), 3)):
        asked = random.randint(1, 4) if has_replies else 0
        yield Counters(
            listing=listing,
            day=today - timedelta(days=days_ago),
            shown=random.randint(2, 60),
            asked=asked,
            booked=random.randint(0, asked),
            answered_in_time=sum(random.random() < reliability for _ in range(asked)),
        )
