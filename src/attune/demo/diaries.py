"""What stands in invented diaries: days away, meetings that are booked, and past counters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from attune.accounts.sealing import email_hash, keyed_hash, seal, seal_json
from attune.booking.access import Details
from attune.booking.models import Appointment, Contact, RuleException
from attune.booking.queries import Meeting, channels_for, meeting_for
from attune.core.availability import DayException, bookable_starts
from attune.core.money import Money
from attune.core.phrases import money_words
from attune.core.spans import Span, moment_of
from attune.demo.people import random_code
from attune.directory.entries import NewListing, NewPractice
from attune.directory.models import Counters, Listing, Practice

DAYS_AHEAD = 28
CLIENT_FIRST_NAMES = (
    "Ada",
    "Cleo",
    "Jo",
    "Sam",
    "Alex",
    "Max",
    "Lee",
    "Pat",
    "Ray",
    "Val",
    "Nic",
    "Bo",
)
REFERENCE_LETTERS = "BCDFGHJKLMNPQRSTVWXYZ"


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
    rows = [row for diary in diaries for row in _appointments(random, diary, now)]
    contacts = Contact.objects.bulk_create([row.contact for row in rows], batch_size=2000)
    for row, contact in zip(rows, contacts, strict=True):
        row.contact = contact
    Appointment.objects.bulk_create(rows, batch_size=2000)


def _appointments(random: Random, diary: Diary, now: datetime) -> Iterator[Appointment]:
    meeting = meeting_for(diary.listing)
    count = random.choice((0, 0, 1, 1, 2, 3))
    if meeting is None or diary.listing.state != Listing.State.PUBLISHED:
        return
    taken: list[Span] = []
    for _ in range(count):
        practice = random.choice(diary.entry.practices)
        starts = _free_starts(diary, practice, meeting, taken, now)
        if not starts:
            continue
        # The nearest times go first, as they do in life.
        start = moment_of(random.choice(starts[: max(3, len(starts) // 2)]))
        appointment = _appointment(random, diary, practice, meeting, start=start, now=now)
        taken.append(Span(appointment.during[0], appointment.during[1]))
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
    client = _client(random)
    contact = _contact(random, client, now)
    code = random_code(random, 28)
    booked_at = now - timedelta(hours=random.randint(2, 240))
    is_seen = random.random() < 0.7
    return Appointment(
        code=code,
        reference="".join(random.choices(REFERENCE_LETTERS, k=8)),
        practitioner_id=diary.listing.practitioner_id,
        listing=diary.listing,
        practice=diary.practices[practice.code],
        channel=random.choice(channels_for(meeting.kind, practice.channels)),
        kind=meeting.kind,
        during=(start, start + timedelta(minutes=meeting.minutes + meeting.buffer_minutes)),
        start=start,
        minutes=meeting.minutes,
        zone=practice.zone,
        fee_words=_fee_words(diary.entry, meeting),
        cancellation_hours=diary.listing.cancellation_hours,
        state=Appointment.State.BOOKED,
        contact=contact,
        email_hash=contact.email_hash,
        details_sealed=seal_json(
            asdict(Details(name=client)), model="appointment", row=code, field="details"
        ),
        created_at=booked_at,
        booked_at=booked_at,
        asked_at=booked_at,
        seen_at=booked_at + timedelta(hours=1) if is_seen else None,
    )


def _client(random: Random) -> str:
    return f"{random.choice(CLIENT_FIRST_NAMES)} {random.randint(1000, 9999)}"


def _contact(random: Random, client: str, now: datetime) -> Contact:
    code = random_code(random, 28)
    email = f"{client.replace(' ', '.').lower()}@demo.example"
    return Contact(
        code=code,
        email_sealed=seal(email, model="contact", row=code, field="email"),
        email_hash=email_hash(email),
        origin_hash=keyed_hash("demo", purpose="origin"),
        nonce=random_code(random, 28),
        created_at=now,
        expires_at=now + timedelta(minutes=30),
        confirmed_at=now,
    )


def _fee_words(entry: NewListing, meeting: Meeting) -> str:
    fee = entry.fees[0]
    if meeting.kind == Appointment.Kind.INTRODUCTORY_CALL or not fee.minor:
        return "Nothing to pay"
    return f"{money_words(Money(fee.minor, fee.currency))} for {meeting.minutes} minutes"


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
