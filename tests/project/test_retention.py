"""Retention by date: each duty removes what its app's data map says, and not a moment earlier.

A new duty is proven here, or named among those that remove nothing.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db.models import Model

from attune.accounts.actions import invite
from attune.accounts.ledger import record_opening
from attune.accounts.models import (
    AccountNotice,
    Contact,
    Invitation,
    LedgerEntry,
    SealingKey,
    SignIn,
    Tally,
    UnfinishedWork,
    User,
    WebSession,
)
from attune.accounts.notices import notify
from attune.accounts.unfinished import Form, keep
from attune.booking.actions import Details, Person, Wanted, book_at_once, hold_time
from attune.booking.models import Appointment
from attune.directory.actions import record_change
from attune.directory.models import DirectoryChange
from attune.enquiries.models import Enquiry, ReturnLink
from attune.offers.models import Offer, OfferClaim
from attune.offers.queries import CLAIMS_KEPT_FOR
from attune.outbox.duties import known_duties
from attune.outbox.models import Message
from attune.privacy.actions import ask_for, wait_from_now_on
from attune.privacy.models import (
    Complaint,
    Consent,
    Delayed,
    Farewell,
    Visit,
    WaitFirst,
    WeekTotal,
)
from diaries import a_contact, a_listing, monday
from offers.offering import an_offer, claimed

pytestmark = pytest.mark.django_db
REMOVES_NOTHING = {"content-scheduled-pages"}
A_DAY, A_MOMENT = timedelta(days=1), timedelta(seconds=1)

# Makes one row at ``now`` and returns the last moment at which it is still there.
Case = Callable[[datetime], datetime]
cases: list[tuple[str, type[Model], Case]] = []


@pytest.fixture(autouse=True)
def clock(now, settings, tmp_path, time_machine):
    """Stop the clock, and keep the list of erased keys of this test apart."""
    copy = tmp_path / "attune.key"
    copy.write_bytes(settings.KEY_FILE.read_bytes())
    settings.KEY_FILE = copy
    time_machine.move_to(now, tick=False)


def removes(duty: str, model: type[Model]) -> Callable[[Case], Case]:
    def add(case: Case) -> Case:
        cases.append((duty, model, case))
        return case

    return add


def duty_named(name):
    return next(one for one in known_duties() if one.name == name)


def ada():
    return User.objects.create_user("ada@home.example")


@removes("accounts-old-tallies", Tally)
def counts_when_their_time_is_over(now):
    Tally.objects.create(key="k", count=1, ends_at=now + timedelta(hours=1))
    return now + timedelta(hours=1)


@removes("accounts-old-web-sessions", WebSession)
def browsers_when_they_run_out(now):
    WebSession.objects.create(session_key="k", session_data="", expire_date=now + 30 * A_DAY)
    return now + 30 * A_DAY


@removes("accounts-old-sign-ins", SignIn)
def sign_ins_after_ninety_days(now):
    SignIn.objects.create(user=ada(), at=now, how=SignIn.How.CODE)
    return now + 90 * A_DAY


@removes("accounts-old-invitations", Invitation)
def invitations_a_day_after_they_ran_out(now):
    invite(email="dev@desk.example", name="Dev", is_staff=True, at=now)
    return now + 2 * A_DAY


@removes("accounts-old-notices", AccountNotice)
def notices_after_thirty_days(now):
    notify(ada(), AccountNotice.Kind.FACTOR, at=now)
    return now + 30 * A_DAY - A_MOMENT


@removes("accounts-unfinished-work", UnfinishedWork)
def unfinished_work_after_a_day(now):
    keep(ada(), Form("/", (("note", "a draft"),)), at=now)
    return now + A_DAY - A_MOMENT


@removes("offers-old-claims", OfferClaim)
def claims_after_twelve_months(now):
    claimed(an_offer("CODE-ONE", at=now), ada(), at=now)
    Offer.objects.update(state=Offer.State.WITHDRAWN)
    return now + CLAIMS_KEPT_FOR - A_MOMENT


@removes("accounts-old-ledger-lines", LedgerEntry)
def openings_after_two_years(now):
    record_opening(about="a" * 64, by=None, what="a", purpose="b", at=now)
    return now + 730 * A_DAY


def ten(now):
    return Wanted(datetime.combine(monday(now), time(10), UTC))


@removes("booking-retention", Appointment)
@removes("booking-retention", Contact)
def holds_after_a_day(now):
    hold_time(a_listing(now), ten(now), Person(a_contact(now)), at=now)
    return now + A_DAY


@removes("booking-retention", Appointment)
@removes("booking-retention", Contact)
def appointments_ninety_days_after_their_time(now):
    person = Person(a_contact(now))
    book_at_once(a_listing(now), ten(now), person, Details(), idempotency_key="k", at=now)
    return ten(now).start + 90 * A_DAY


@removes("booking-retention", Contact)
def addresses_that_led_to_nothing_after_a_day(now):
    a_contact(now)
    return now + A_DAY


def an_enquiry(now):
    return Enquiry.objects.create(
        answers_sealed=b"1", created_at=now, updated_at=now, expires_at=now + 30 * A_DAY
    )


@removes("enquiries that ran out", Enquiry)
def answers_after_thirty_days(now):
    return an_enquiry(now).expires_at - A_MOMENT


@removes("enquiries that ran out", ReturnLink)
def links_after_a_week(now):
    link = ReturnLink.objects.create(
        enquiry=an_enquiry(now), email_sealed=b"1", created_at=now, expires_at=now + 7 * A_DAY
    )
    return link.expires_at - A_MOMENT


@removes("finder-old-changes", DirectoryChange)
def changes_of_listings_after_a_week(now):
    # Loading the vocabulary recorded one.
    DirectoryChange.objects.all().delete()
    record_change(None, at=now)
    return now + 7 * A_DAY


def a_message(now, **state):
    Message.objects.create(
        kind="k", about="a", key="k", message_id="m", created_at=now, due_at=now, **state
    )
    return now + 30 * A_DAY


@removes("outbox-retention", Message)
def messages_thirty_days_after_they_were_sent(now):
    return a_message(now, sent_at=now)


@removes("outbox-retention", Message)
def messages_thirty_days_after_they_were_dropped(now):
    return a_message(now, dropped_at=now)


@removes("privacy-statistics", Visit)
def visitors_when_their_week_is_over(now):
    # Wednesday's week ends on Sunday at midnight, in winter time.
    Visit.objects.create(visitor="v", week=date(2026, 11, 16), event="library")
    return datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC)


@removes("privacy-statistics", WeekTotal)
def totals_after_two_years(now):
    week = date(2026, 11, 16)
    WeekTotal.objects.create(week=week, event="library", visitors=10)
    # The week that begins two years later is the last in which it is shown.
    return datetime(2028, 11, 19, 23, 59, 59, tzinfo=UTC)


@removes("privacy-old-consents", Consent)
def agreements_of_browsers_after_a_year(now):
    Consent.objects.create(
        browser="b", purpose="statistics", wording="en-1", answer="given", at=now
    )
    return now + 365 * A_DAY


@removes("privacy-old-complaints", Complaint)
def complaints_two_years_after_they_were_closed(now):
    Complaint.objects.create(
        reference="r",
        key="k",
        kind="complaint",
        about="data",
        text_sealed=b"1",
        answer_sealed=b"1",
        outcome="done",
        received_at=now,
        acknowledge_by=now,
        closed_at=now,
    )
    return now + 730 * A_DAY


@removes("privacy-erasures", User)
@removes("privacy-erasures", SealingKey)
def accounts_fourteen_days_after_it_was_asked_for(now):
    ask_for(ada(), Delayed.Kind.ERASURE, at=now)
    return now + 14 * A_DAY - A_MOMENT


@removes("privacy-old-requests", Delayed)
def copies_a_week_after_they_were_ready(now):
    ask_for(ada(), Delayed.Kind.COPY, at=now)
    return now + 21 * A_DAY - A_MOMENT


@removes("privacy-old-requests", WaitFirst)
@removes("privacy-old-requests", Delayed)
def the_wait_fourteen_days_after_it_was_turned_off(now):
    user = ada()
    wait_from_now_on(user, at=now)
    ask_for(user, Delayed.Kind.NO_WAIT, at=now)
    return now + 14 * A_DAY - A_MOMENT


@removes("privacy-old-requests", Farewell)
def addresses_of_last_messages_after_a_day(now):
    Farewell.objects.create(email_sealed=b"1", at=now)
    return now + A_DAY


def test_every_duty_is_proven_here():
    proven = {duty for duty, _, _ in cases} | REMOVES_NOTHING
    assert proven == {one.name for one in known_duties()}


@pytest.mark.parametrize(
    ("duty", "model", "case"),
    cases,
    ids=[f"{case.__name__}-{model.__name__}" for _, model, case in cases],
)
def test_it_goes_in_its_time_and_not_earlier(duty, model, case, now):
    kept_until = case(now)
    duty_named(duty).work(kept_until)
    assert model.objects.count() == 1
    duty_named(duty).work(kept_until + A_MOMENT)
    assert model.objects.count() == 0


def test_a_total_of_few_is_no_total(now):
    for number in range(9):
        Visit.objects.create(visitor=str(number), week=date(2026, 11, 16), event="library")
    duty_named("privacy-statistics").work(now + 7 * A_DAY)
    assert not Visit.objects.exists()
    assert not WeekTotal.objects.exists()


@pytest.mark.parametrize("state", [{}, {"sent_at": None}])
def test_a_message_that_waits_is_never_removed(now, state):
    a_message(now, **state)
    duty_named("outbox-retention").work(now + 3650 * A_DAY)
    assert Message.objects.count() == 1


def test_a_complaint_that_is_open_is_never_removed(now):
    complaints_two_years_after_they_were_closed(now)
    Complaint.objects.update(closed_at=None, outcome="")
    duty_named("privacy-old-complaints").work(now + 3650 * A_DAY)
    assert Complaint.objects.count() == 1


def test_where_somebody_asked_from_is_forgotten_after_a_day(now):
    contact = a_contact(now)
    link = ReturnLink.objects.create(
        enquiry=an_enquiry(now), email_sealed=b"1", created_at=now, expires_at=now + 7 * A_DAY
    )
    person = Person(contact)
    book_at_once(a_listing(now), ten(now), person, Details(), idempotency_key="k", at=now)
    for model in (Contact, ReturnLink):
        model.objects.update(origin_hash="somewhere")
    for later, expected in ((A_DAY, "somewhere"), (A_DAY + A_MOMENT, "")):
        for name in ("booking-retention", "enquiries that ran out"):
            duty_named(name).work(now + later)
        for row in (contact, link):
            row.refresh_from_db()
            assert row.origin_hash == expected
