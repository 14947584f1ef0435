"""No word that says why somebody came stands where others can read it (S23).

Allowed are the library's own addresses and titles, and ``/therapists/``, which anybody reads.
"""

import ast
import logging
import re
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core import mail
from django.test import Client
from icalendar import Calendar

import attune
from attune.accounts.audience import Audience, audience_of
from attune.accounts.contacts import send_contact_code
from attune.accounts.models import AccountNotice, User
from attune.accounts.notices import notify
from attune.booking.access import Details
from attune.booking.actions import (
    Person,
    Wanted,
    book,
    cancel,
    cancel_by_practitioner,
    change_time,
    hold_time,
)
from attune.directory.actions import add_listings
from attune.enquiries.actions import send_return_link, start_enquiry
from attune.enquiries.answers import Answers
from attune.outbox.actions import enqueue
from attune.outbox.duties import known_duties
from attune.outbox.models import Message
from attune.outbox.registry import known_kinds, renderer_of
from attune.outbox.sending import send_due
from attune.privacy.actions import erase
from attune.privacy.complaints import Said, acknowledge, complain
from booking.browsing import page as booking_page
from booking.browsing import walk_to_summary
from diaries import a_contact, a_listing, monday
from enquiries.people import three_people
from enquiries.walk import Walk
from health_words import health_words_in
from project.test_access_matrix import _show_second_factor, routes

SOURCE = Path(attune.__file__).parent
# Addresses that say what anybody may read, whoever asks.
PUBLIC = ("/therapists/", "/library/")
# What nobody but staff and editors ever asks for: it names what they look after.
OF_STAFF = (Audience.STAFF, Audience.EDITOR, Audience.NOBODY)


@pytest.fixture
def _clock(now, time_machine):
    time_machine.move_to(now, tick=False)


def with_words(texts: Iterable[str]) -> dict[str, set[str]]:
    """Return the texts that hold any, with those."""
    return {text: words for text in texts if (words := health_words_in(text))}


def test_the_words_are_found_however_they_are_written():
    for text in ("low-mood", "/match/Depression/", "your_therapist", "Panic attacks", "OCD"):
        assert health_words_in(text), text
    assert not health_words_in("Your appointment on Monday 23 November at 10:00am")


def test_no_address_of_the_url_table_holds_one():
    found = {
        str(route): words
        for route in routes()
        if audience_of(route.view) not in OF_STAFF
        and (words := health_words_in(str(route), without=("/library/therapies/", *PUBLIC)))
    }
    assert found == {}


def test_no_name_of_a_duty_a_message_or_an_event_holds_one():
    names = [*(one.name for one in known_duties()), *kinds_of_ours(), *_events()]
    names += [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.DEFAULT_FROM_EMAIL]
    assert with_words(names) == {}


def _events() -> set[str]:
    """Return the first argument of every call of a logger in the source."""
    calls = [
        node
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func.value) in ("log", "logger")
    ]
    assert calls
    return {ast.unparse(call.args[0]) for call in calls}


def test_no_file_that_pages_load_is_named_with_one():
    names = {
        name
        for finder in finders.get_finders()
        for name, _storage in finder.list([])
        if (Path(attune.__file__).parent / name.partition("/")[0]).is_dir()
    }
    assert names
    assert with_words(names) == {}


# -- mail ----------------------------------------------------------------------------------------
ADA = Details(name="Ada Clark", phone="07700 900123", note="I feel low since my divorce.")


def _booked(now, hour=10, week=1):
    listing = a_listing(now, name=f"Ben Okello{hour}{week}")
    wanted = Wanted(datetime.combine(monday(now, week), time(hour), UTC))
    contact = a_contact(now, f"ada{hour}{week}@home.example")
    return book(hold_time(listing, wanted, Person(contact), at=now), ADA, at=now)


def _every_message(now) -> None:
    """Have every kind of message queued and sent, from the thing it is about."""
    kept, moved = _booked(now), _booked(now, hour=11)
    change_time(moved, Wanted(moved.start + timedelta(days=1)), version=1, at=now)
    send_due(now)
    for left in (timedelta(hours=72), timedelta(hours=24), timedelta(days=-1, hours=-1)):
        send_due(kept.start - left)
    cancel(_booked(now, hour=9, week=2), version=1, at=now)
    send_due(now)
    cancel_by_practitioner(_booked(now, hour=10, week=2), "full", version=1, at=now)
    send_contact_code("ada@home.example", origin="here", at=now)
    send_return_link(start_enquiry(Answers(), at=now), "ada@home.example", origin="here", at=now)
    _messages_of_members(now)
    editor = User.objects.create_user("clio@example.org", name="Clio")
    for kind in ("page-waits", "page-came-back"):
        enqueue(kind, editor.code, key=kind, at=now)
    for later in (timedelta(0), timedelta(days=15)):
        send_due(now + later)


def _messages_of_members(now) -> None:
    ada = User.objects.create_user("ada@home.example")
    notify(ada, AccountNotice.Kind.FACTOR, at=now)
    complaints = [
        complain(
            Said("complaint", "data", "I feel low.", "ada@home.example", f"key-{number}"), at=now
        )
        for number in range(2)
    ]
    acknowledge(complaints[0], at=now)
    send_due(now)
    erase(ada, at=now)


def kinds_of_ours() -> list[str]:
    """Return the kinds of messages, without those that other tests made for themselves."""
    kinds = map(str, known_kinds())
    return [one for one in kinds if renderer_of(one).__module__.startswith("attune.")]


@pytest.mark.django_db
def test_no_mail_holds_one_in_sender_subject_opening_or_files(now, settings, tmp_path):
    # The list of erased keys of this test, apart from others'.
    copy = tmp_path / "attune.key"
    copy.write_bytes(settings.KEY_FILE.read_bytes())
    settings.KEY_FILE, settings.CONTACT = copy, "office@operator.example"
    _every_message(now)
    sent = set(Message.objects.exclude(sent_at=None).values_list("kind", flat=True))
    assert sorted(set(kinds_of_ours()) - sent) == []
    found = {}
    for one in mail.outbox:
        told = [one.subject, one.from_email, *one.body.strip().splitlines()[:6]]
        for name, content, _kind in one.attachments:
            event = next(iter(Calendar.from_ical(content).walk("VEVENT")))
            told += [name, *(str(event.get(part, "")) for part in ("SUMMARY", "CATEGORIES", "UID"))]
        for _html in (alternative[0] for alternative in one.alternatives):
            told += re.findall(r"<title>(.*?)</title>", _html, re.DOTALL)
        found |= with_words(told)
    assert found == {}


# -- a walk through the site -----------------------------------------------------------------------
class Seen:
    """What a browser, and whoever looks over its shoulder, sees of the pages that are walked."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.addresses: set[str] = set()
        self.titles: set[str] = set()
        self.policies: set[str] = set()

    def look(self, answer) -> None:
        """Note the addresses that a page leads to, and its title if it is private."""
        self.policies.add(answer.headers.get("Referrer-Policy", "none"))
        self.addresses.add(answer.request["PATH_INFO"] + "?" + answer.request["QUERY_STRING"])
        self.addresses.add(answer.headers.get("Location", ""))
        self.addresses.add(answer.headers.get("Content-Disposition", ""))
        page = answer.content.decode(errors="replace")
        main = page.partition("<main")[2].partition("<footer")[0]
        self.addresses |= set(map(unescape, re.findall(r'(?:href|action|src)="([^"]*)"', main)))
        if 'class="is-private"' in page:
            title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1]
            self.titles.add(" ".join(unescape(title).split()))


def _ours(address: str) -> bool:
    return bool(address) and not address.startswith(("http", "tel:", "sms:", "mailto:", *PUBLIC))


@pytest.mark.django_db
@pytest.mark.usefixtures("_clock")
def test_a_walk_through_the_site_shows_none_and_writes_none(now, caplog):
    add_listings(three_people(now), at=now)
    listing = a_listing(now)
    caplog.set_level(logging.INFO)
    client = Client()
    walk, seen = Walk(client), Seen(client)
    answers = [
        (2, {"issues": ["depression", "panic", "bereavement"]}),
        (3, {"therapy_types": ["ipt", "cbt"]}),
    ]
    for number, typed in answers:
        seen.look(walk.answer(number, **typed))
    for number in range(1, 10):
        seen.look(client.get(f"/match/{number}/"))
    for address in ("/match/results/", "/match/check/", "/match/save/", "/match/delete/"):
        seen.look(client.get(address))
    seen.look(client.post("/match/begin/", {"words": "low mood and grief", "place": "Leeds"}))
    seen.look(client.post("/library/search/", {"words": "panic attacks"}, follow=False))
    seen.look(walk_to_summary(client, listing, datetime.combine(monday(now), time(10), UTC)))
    typed = {"name": "Ada", "note": "depression", "reach": "mail", "reminders": "none"}
    seen.look(client.post(booking_page("summary", listing), typed))
    seen.look(client.get(booking_page("done", listing)))
    assert seen.titles
    assert with_words(filter(_ours, seen.addresses)) == {}
    assert with_words(seen.titles) == {}
    assert seen.policies == {"same-origin"}
    assert _words_in_lines(caplog) == {}


def _words_in_lines(caplog) -> dict[str, set[str]]:
    lines = [f"{one.name} {one.getMessage()}" for one in caplog.records if one.levelno >= 20]
    assert lines
    return {
        line: words
        for line in lines
        if (words := health_words_in(line, without=("library/", "therapists/")))
    }


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["anonymous", "member", "practitioner"])
@pytest.mark.usefixtures("_clock")
def test_no_private_page_that_opens_by_its_address_has_one_in_its_title(now, kind):
    client = Client(raise_request_exception=False)
    if kind != "anonymous":
        user = User.objects.create_user(f"{kind}@example.org", name="Robin")
        if kind == "practitioner":
            listing = a_listing(now)
            listing.practitioner.user = user
            listing.practitioner.save()
        client.force_login(user)
        _show_second_factor(client, user)
    seen = Seen(client)
    for route in routes():
        if audience_of(route.view) not in OF_STAFF and "logout" not in str(route):
            seen.look(client.get(route.address))
    assert with_words(seen.titles) == {}
    assert seen.policies <= {"same-origin"}
