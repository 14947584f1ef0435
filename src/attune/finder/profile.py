"""What the page of one practitioner says, ready before it is rendered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attune.booking.models import Appointment
from attune.booking.queries import Slot, meeting_for, slots_for
from attune.booking.words import (
    amount_words,
    days_of,
    length_words,
    place_words,
    terms_words,
)
from attune.core.matching.weights import CONFIRMED_FOR_DAYS, STALE_AFTER_DAYS
from attune.core.phrases import checked_date_words, date_words, list_words, short_moment_words
from attune.directory.dates import day_of
from attune.directory.models import Channel, Fee, Listing, Practice, Verification
from attune.finder.people import registration_check, training_checks
from attune.finder.words import cannot_book_words, rest_of_price_words, weekly_place_words
from attune.vocabulary.models import StyleScale

SHOWN_DAYS = 28
REPLY_DAYS = 90
# Fewer than this say nothing yet.
FEWEST_ASKED = 5
MAIN_ISSUES = 3

OPEN_DAYS = 3

Pair = tuple[str, str]
# Label and value, as the page's summary lists take them.
Row = dict[str, Any]


@dataclass(frozen=True)
class Therapy:
    """One therapy offered: what it is called, the training stated, and our check of it."""

    label: str
    training: str
    checked: str


@dataclass(frozen=True)
class Registration:
    """The register that a practitioner is on, where anybody can look, and our own look."""

    name: str
    number: str
    href: str
    checked: str


@dataclass(frozen=True)
class Notice:
    """What a reader needs to know first."""

    kind: str
    title: str
    text: str


@dataclass(frozen=True)
class Profile:
    """One practitioner's page. Texts are plain; lists keep the practitioner's own order."""

    code: str
    name: str
    role: str
    one_line: str
    notice: Notice | None
    facts: tuple[Pair, ...]
    how_i_work: tuple[str, ...]
    what_to_expect: tuple[str, ...]
    style: tuple[Row, ...]
    main_issues: tuple[str, ...]
    other_issues: tuple[str, ...]
    for_whom: tuple[Row, ...]
    therapies: tuple[Therapy, ...]
    fees: tuple[Row, ...]
    fee_notes: tuple[str, ...]
    practices: tuple[tuple[str, tuple[str, ...]], ...]
    registration: Registration
    weekly_places: tuple[str, ...]
    meeting: str
    cannot_book: str
    days: tuple[Mapping[str, Any], ...]
    no_times: str

    def open_days(self, chosen: str) -> int:
        """Return how many days stand open: three, or as many as show the chosen time."""
        places = [
            place
            for place, day in enumerate(self.days, 1)
            if chosen in {value for value, *_words in day["slots"]}
        ]
        return max([OPEN_DAYS, *places])


def profile_of(listing: Listing, now: datetime) -> Profile:
    """Prepare the page of a listing that ``access.shown_listing`` gave."""
    today = day_of(now)
    practitioner = listing.practitioner
    slots = slots_for(listing, now, SHOWN_DAYS)
    notice = _notice(listing, today)
    issues = list(listing.listed_issues.all())
    main = [one.issue.label for one in issues if one.focus_rank][:MAIN_ISSUES]
    return Profile(
        code=listing.code,
        name=practitioner.name,
        role=", ".join(filter(None, (listing.title, practitioner.pronouns))),
        one_line=listing.one_line,
        notice=notice,
        facts=_facts(listing, slots, today),
        how_i_work=_paragraphs(listing.how_i_work),
        what_to_expect=_paragraphs(listing.what_to_expect),
        style=_style(listing),
        main_issues=tuple(main),
        other_issues=tuple(one.issue.label for one in issues if one.issue.label not in main),
        for_whom=_for_whom(listing),
        therapies=_therapies(listing, training_checks(listing, today=today)),
        fees=tuple(_row(fee.client_group.label, _fee(fee)) for fee in listing.fees.all()),
        fee_notes=_fee_notes(listing),
        practices=tuple(_practice(one) for one in practitioner.practices.all()),
        registration=_registration(listing, today),
        weekly_places=() if notice and notice.kind == "warning" else _weekly_places(listing, today),
        meeting=_meeting(listing),
        cannot_book=cannot_book_words(listing.booking_mode, practitioner.name),
        days=tuple(days_of(slots, listing)),
        no_times=notice.text if notice else _no_free_time(),
    )


# -- the parts, from the top of the page down --------------------------------------------------


def _notice(listing: Listing, today: date) -> Notice | None:
    name = listing.practitioner.name
    if listing.paused_until and listing.paused_until > today:
        return Notice(
            "warning",
            _("%(name)s is not taking new clients now") % {"name": name},
            _("They expect to be back on %(day)s.") % {"day": date_words(listing.paused_until)},
        )
    if listing.confirmed_on is None:
        return Notice("warning", _("These times are not confirmed"), _hidden_times_words())
    days = (today - listing.confirmed_on).days
    if days < STALE_AFTER_DAYS:
        return None
    title = ngettext(
        "Times last confirmed %(days)s day ago", "Times last confirmed %(days)s days ago", days
    ) % {"days": days}
    if days > CONFIRMED_FOR_DAYS:
        return Notice("warning", title, _hidden_times_words())
    return Notice("info", title, _("You can still book the times that are shown."))


def _hidden_times_words() -> str:
    return _("We show no times until they say that their openings are still right.")


def _facts(listing: Listing, slots: Sequence[Slot], today: date) -> tuple[Pair, ...]:
    """Return the three facts: fee, next free time, replies. What is not known says so."""
    fee = min(
        listing.fees.all(),
        key=lambda one: (
            one.client_group.position,
            abs(one.minutes - listing.session_minutes),
        ),
    )
    return (
        (amount_words(fee), rest_of_price_words(fee)),
        _next_free(slots),
        _replies(listing, today),
    )


def _next_free(slots: Sequence[Slot]) -> Pair:
    if not slots:
        return _("No free time"), _("in the next %(days)s days") % {"days": SHOWN_DAYS}
    first = slots[0]
    return short_moment_words(first.start, first.zone), _("is the next free time")


def _no_free_time() -> str:
    return _("No time is free in the next %(days)s days.") % {"days": SHOWN_DAYS}


def _replies(listing: Listing, today: date) -> Pair:
    counted = listing.counters.filter(day__gt=today - timedelta(days=REPLY_DAYS)).aggregate(
        asked=Sum("asked", default=0), answered=Sum("answered_in_time", default=0)
    )
    if counted["asked"] < FEWEST_ASKED:
        return _("Reply time"), _("is not known yet")
    share = _("%(answered)s of %(asked)s") % counted
    return share, _("answered within 48 hours (last %(days)s days)") % {"days": REPLY_DAYS}


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("\n") if part.strip())


def _style(listing: Listing) -> tuple[Row, ...]:
    """Return what is said on each scale of how they work; unsaid ones are left out."""
    return tuple(
        _row(scale.label, _style_words(scale, value))
        for scale in StyleScale.objects.all()
        for value in [getattr(listing, f"style_{scale.slug}")]
        if value is not None
    )


def _style_words(scale: StyleScale, value: int) -> str:
    if value == 0:
        return _("In between, or it depends")
    return scale.low if value < 0 else scale.high


def _for_whom(listing: Listing) -> tuple[Row, ...]:
    """Return who they see, in which languages, and experience that they choose to state."""
    said = (
        (_("Who I see"), listing.client_groups),
        (_("Languages"), listing.practitioner.languages),
        (_("Experience with"), listing.practitioner.communities),
    )
    rows = [_row(label, [one.label for one in terms.all()]) for label, terms in said]
    return tuple(row for row in rows if row["value"])


def _row(label: str, value: str | list[str]) -> Row:
    return {"label": label, "value": value}


def _therapies(listing: Listing, checks: Mapping[str, Verification]) -> tuple[Therapy, ...]:
    return tuple(
        Therapy(one.therapy_type.label, one.training, _checked(checks.get(one.therapy_type.slug)))
        for one in listing.therapies_offered.all()
    )


def _checked(check: Verification | None) -> str:
    """Return "Checked 3 March 2026 by Dev Rao", or "Not yet checked"."""
    if check is None:
        return _("Not yet checked")
    words = {"date": checked_date_words(check.checked_on), "who": check.checked_by}
    return _("Checked %(date)s by %(who)s") % words


def _fee(fee: Fee) -> str:
    return f"{amount_words(fee)} {rest_of_price_words(fee)}"


def _fee_notes(listing: Listing) -> tuple[str, ...]:
    """Return who can pay less, how one pays, who else pays, and what cancelling costs."""
    rules = dict.fromkeys(fee.concession_rule for fee in listing.fees.all() if fee.concession_rule)
    notes = [_("Reduced fee: %(rule)s") % {"rule": rule} for rule in rules]
    if listing.how_to_pay:
        notes.append(_("How to pay: %(how)s") % {"how": listing.how_to_pay})
    routes = [one.label for one in listing.payment_routes.all()]
    if routes:
        notes.append(_("Who can pay: %(routes)s") % {"routes": "; ".join(routes)})
    return (*notes, terms_words(listing))


def _practice(practice: Practice) -> tuple[str, tuple[str, ...]]:
    """Return where it is, to the outward postcode, and what it says of access."""
    channels = [Channel(one).label for one in Channel.values if one in practice.channels]
    how = _("You can meet %(how)s.") % {"how": list_words(channels, _("or"))}
    if Channel.IN_PERSON not in practice.channels:
        return _("Online"), (how,)
    needs = [one.label for one in practice.access.all()]
    return place_words(practice), (how, _step_free(practice), *needs)


def _step_free(practice: Practice) -> str:
    words = {
        Practice.StepFree.YES: _("Step-free access"),
        Practice.StepFree.PARTLY: _("Partly step-free. Ask before you come"),
        Practice.StepFree.NO: _("Not step-free"),
        Practice.StepFree.UNKNOWN: _("We do not know if it is step-free"),
    }
    return words[Practice.StepFree(practice.step_free)]


def _registration(listing: Listing, today: date) -> Registration:
    check = registration_check(listing, today=today)
    if check is None or check.credential.register is None:
        raise ValueError("Only listings with a registration that holds are shown.")
    register = check.credential.register
    return Registration(register.name, check.credential.number, register.check_url, _checked(check))


def _weekly_places(listing: Listing, today: date) -> tuple[str, ...]:
    return tuple(
        weekly_place_words(one.weekday, one.start, max(one.from_date, today))
        for one in listing.weekly_places.all()
    )


def _meeting(listing: Listing) -> str:
    """Return what is booked first: "a first session of 50 minutes"."""
    meeting = meeting_for(listing)
    if meeting is None:
        return ""
    words = {"length": length_words(meeting.minutes)}
    if meeting.kind == Appointment.Kind.INTRODUCTORY_CALL:
        return _("You book an introductory call of %(length)s first.") % words
    return _("You book a first session of %(length)s.") % words
