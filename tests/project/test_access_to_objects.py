"""Own, another's, none: every route with a code in its address, for whose object it is.

Each such route says in one of the tables below how its object is made, or why it is nobody's. A new
route fails here until it does. Another person's object and a missing one give the same answer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from http import HTTPStatus

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from attune.accounts.audience import Audience, audience_of
from attune.accounts.contacts import token_for as contact_token
from attune.accounts.models import User, WebSession
from attune.accounts.unfinished import Form, keep
from attune.booking.access import Details
from attune.booking.actions import Person, Wanted, book, hold_time
from attune.booking.links import Purpose, token_for
from attune.booking.models import Appointment
from attune.directory.models import SavedListing
from attune.directory.saving import save_listing
from attune.enquiries.actions import send_return_link, start_enquiry
from attune.enquiries.answers import Answers
from attune.enquiries.models import Enquiry, ReturnLink
from attune.privacy.complaints import Said, acknowledge, complain
from attune.privacy.consents import record_consent
from attune.privacy.wordings import STATISTICS
from attune.vocabulary.codes import new_secret_code
from booking.browsing import choose, confirm_address
from diaries import a_contact, a_listing, monday
from project import audiences
from project.test_access_matrix import _show_second_factor, routes

# A walk over every page.
pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.access]

ADA = Details(name="Ada Clark", phone="07700 900123", note="I feel low since my divorce.")
NOBODYS = new_secret_code()


@dataclass(frozen=True)
class Owner:
    """Somebody who has signed in, with their second factor shown just now."""

    user: User
    client: Client


# What a route's object is made by: returns the code in its address.
Make = Callable[[Owner, datetime], str]


def an_appointment(owner: Owner, now: datetime, hour: int = 10) -> Appointment:
    practitioner = getattr(owner.user, "practitioner", None)
    listing = practitioner.listing if practitioner else a_listing(now)
    wanted = Wanted(datetime.combine(monday(now), time(hour), UTC))
    contact = a_contact(now, f"{new_secret_code()}@home.example")
    return book(hold_time(listing, wanted, Person(contact), at=now), ADA, at=now)


def a_passkey(owner: Owner, now: datetime) -> str:
    # Long enough that the number stands for nothing else on a page.
    pk = 700_000_001 + Authenticator.objects.count()
    Authenticator.objects.create(
        pk=pk, user=owner.user, type="webauthn", data={"name": "Phone", "credential": {}}
    )
    return str(pk)


def a_members_appointment(owner: Owner, now: datetime) -> str:
    listing = a_listing(now)
    wanted = Wanted(datetime.combine(monday(now), time(10), UTC))
    contact = a_contact(now, owner.user.email)
    return book(hold_time(listing, wanted, Person(contact), at=now), ADA, at=now).code


def a_saved_person(owner: Owner, now: datetime) -> str:
    return save_listing(owner.user, a_listing(now), at=now).code


def an_enquiry(owner: Owner, now: datetime) -> str:
    return start_enquiry(Answers(), member=owner.user, at=now).code


def an_agreement(owner: Owner, now: datetime) -> str:
    return record_consent(STATISTICS, given=True, user=owner.user, at=now).code


def unfinished_work(owner: Owner, now: datetime) -> str:
    return keep(owner.user, Form("/account/", (("note", "a draft"),)), at=now).code


def a_browser(owner: Owner, now: datetime) -> str:
    return WebSession.objects.get(user=owner.user).code


# Objects of somebody who signs in: as a practitioner where the route is for those.
OWNED: dict[str, Make] = {
    "/practice/appointments/<code>/seen/": lambda owner, now: an_appointment(owner, now).code,
    "/practice/appointments/<code>/cancel/": lambda owner, now: an_appointment(owner, now).code,
    "/accounts/2fa/webauthn/keys/<pk>/edit/": a_passkey,
    "/accounts/2fa/webauthn/keys/<pk>/remove/": a_passkey,
    "/account/agreements/<code>/": an_agreement,
    "/account/answers/<code>/continue/": an_enquiry,
    "/account/answers/<code>/delete/": an_enquiry,
    "/account/appointments/<code>/": a_members_appointment,
    "/account/appointments/<code>/calendar/": a_members_appointment,
    "/account/appointments/<code>/cancel/": a_members_appointment,
    "/account/appointments/<code>/change/": a_members_appointment,
    "/account/saved/<code>/": a_saved_person,
    "/account/saved/<code>/note/": a_saved_person,
    "/account/saved/<code>/remove/": a_saved_person,
    "/account/security/<code>/end/": a_browser,
    "/account/unfinished/<code>/": unfinished_work,
    "/account/unfinished/<code>/throw\\-away/": unfinished_work,
}


def a_link(purpose: Purpose) -> Callable[[datetime], tuple[str, list[str]]]:
    def make(now: datetime) -> tuple[str, list[str]]:
        nobody = Owner(User(), Client())
        mine, others = an_appointment(nobody, now), an_appointment(nobody, now, hour=11)
        right = token_for(mine, purpose)
        signature = right.partition(".")[2]
        wrong = [
            # Another's code with my signature, my code with none, and with that of other purposes.
            f"{others.code}.{signature}",
            mine.code,
            *(token_for(mine, one) for one in Purpose if one is not purpose),
        ]
        return right, wrong

    return make


def a_return_link(now: datetime) -> tuple[str, list[str]]:
    enquiry = start_enquiry(Answers(), at=now)
    send_return_link(enquiry, "ada@home.example", origin="here", at=now)
    return ReturnLink.objects.latest("pk").code, [enquiry.code]


def a_complaints_answer(now: datetime) -> tuple[str, list[str]]:
    said = Said("complaint", "data", "What happened.", "ada@home.example", new_secret_code())
    complaint = complain(said, at=now)
    acknowledge(complaint, at=now)
    complaint.refresh_from_db()
    return complaint.link_code, [complaint.code, complaint.reference, said.key]


# Asked to remove what is not there, these say that it is not there: twice is harmless.
REMOVES = {
    "/account/answers/<code>/delete/": Enquiry,
    "/account/saved/<code>/remove/": SavedListing,
}


# What a link is the only key to: the right one, and what is nearly right.
BY_LINK = {
    "/appointments/<token>/": a_link(Purpose.MANAGE),
    "/appointments/<token>/change/": a_link(Purpose.MANAGE),
    "/appointments/<token>/cancel/": a_link(Purpose.MANAGE),
    "/appointments/<token>/calendar/": a_link(Purpose.MANAGE),
    "/practice/link/<token>/": a_link(Purpose.PRACTITIONER),
    "/practice/link/<token>/seen/": a_link(Purpose.PRACTITIONER),
    "/practice/link/<token>/cancel/": a_link(Purpose.PRACTITIONER),
    "/match/return/<code>/": a_return_link,
    "/privacy/answer/<code>/": a_complaints_answer,
}
# What depends on the browser: a hold that it has there.
BY_BROWSER = tuple(
    f"/book/<code>/{step}"
    for step in ("", "address/", "code/", "check/", "keep/", "give\\-up/", "booked/")
)
# Routes whose code names nobody's object.
OF_NOBODY = {
    "/match/<number>/": "the number of a question",
    "/match/<number>/skip/": "the number of a question",
    "/therapists/<code>/": "a public listing",
    "/api/v1/listings/<code>": "a public listing",
    "/api/v1/listings/<code>/slots": "a public listing",
    "/media/images/<name>": "a picture of a public page",
    "/library/search/<token>/": "words that were typed, sealed: the address is what was typed",
    "/library/therapies/<slug>/before\\-your\\-first\\-session/": "a public page",
    "/<path>": "a public page",
    "/appointments/<token>/met/": "opens after the appointment: tests/booking/test_mail.py",
    "/api/v1/contacts/<contact>/confirm": "a contact's code with six digits; held below",
    "/account/offers/<code>/": "an offer, the same for each member",
    "/account/offers/<code>/claim/": "an offer, the same for each member",
    "/account/offers/<code>/claimed/": "what one's own claim gave: tests/offers/test_pages.py",
    "/account/saved/add/<code>/": "a public listing",
    "/account/take\\-back/<kind>/": "a kind of request",
    "/leaving\\-to/<sealed>/": "an address elsewhere, signed: tests/web/test_leaving_to.py",
    "/demo/sign\\-in/<token>/": "demonstrations only: tests/demo/test_sign_in.py",
}
# Objects of the site, not of a person: who may use these is a matter of roles alone.
ROLES = (Audience.STAFF, Audience.EDITOR, Audience.NOBODY)


@pytest.fixture(autouse=True)
def _clock(now, time_machine):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def someone(now):
    """Return somebody who has signed in; a practitioner has a listing and a diary."""

    def sign_in(name: str, *, is_practitioner: bool) -> Owner:
        user = User.objects.create_user(f"{name}@example.org", name=name)
        if is_practitioner:
            listing = a_listing(now, name=f"{name.title()} Okello")
            listing.practitioner.user = user
            listing.practitioner.save()
        client = Client()
        client.force_login(user)
        _show_second_factor(client, user)
        return Owner(User.objects.get(pk=user.pk), client)

    return sign_in


def with_code(pattern: str, code: str) -> str:
    return re.sub(r"<\w+>", code, pattern).replace("\\", "")


def told(answer, code: str) -> tuple:
    """Return all that an answer tells, without the code that was asked for."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return answer.status_code, answer.get("Location", "").replace(code, ""), body.replace(code, "")


def missing_like(code: str) -> str:
    """Return a code of the same kind that nobody has."""
    return "987654321" if code.isdigit() else NOBODYS


def with_parts() -> dict[str, object]:
    return {
        str(route): audience_of(route.view)
        for route in routes()
        if "<" in str(route) and audience_of(route.view) not in ROLES
    }


def test_every_route_with_a_code_says_whose_object_it_opens():
    said = {*OWNED, *BY_LINK, *BY_BROWSER, *OF_NOBODY}
    assert sorted(with_parts().keys() - said) == []


def test_each_route_is_for_whom_it_was_agreed():
    assert audiences.told() == audiences.AGREED.read_text(encoding="utf-8"), (
        "If it is meant: PYTHONPATH=src:tests python tests/project/audiences.py"
    )


def test_no_route_is_in_two_tables_and_none_is_there_in_vain():
    tables = (OWNED, BY_LINK, BY_BROWSER, OF_NOBODY)
    said = [pattern for table in tables for pattern in table]
    assert len(said) == len(set(said))
    assert {*OWNED, *BY_LINK, *BY_BROWSER} <= with_parts().keys()


@pytest.mark.parametrize("pattern", OWNED)
def test_its_owner_opens_it_and_for_others_it_is_missing(pattern, someone, now):
    is_practitioners = with_parts()[pattern] is Audience.PRACTITIONER
    owner = someone("ben", is_practitioner=is_practitioners)
    other = someone("cleo", is_practitioner=is_practitioners)
    code, others = OWNED[pattern](owner, now), OWNED[pattern](other, now)
    missing = missing_like(code)
    for method in ("get", "post"):
        refused, absent = (
            told(getattr(other.client, method)(with_code(pattern, one)), one)
            for one in (code, missing)
        )
        assert refused == absent
        if pattern in REMOVES:
            assert REMOVES[pattern].objects.filter(code=code).exists()
        else:
            assert refused[0] in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
    opened = [
        getattr(who.client, method)(with_code(pattern, its)).status_code
        for who, its in ((owner, code), (other, others))
        for method in ("get", "post")
    ]
    assert all(status < 500 and status != HTTPStatus.NOT_FOUND for status in opened), opened
    assert set(opened) != {HTTPStatus.METHOD_NOT_ALLOWED}


@pytest.mark.parametrize("pattern", OWNED)
def test_whoever_has_not_signed_in_is_asked_to_for_all_codes_alike(pattern, someone, now):
    is_practitioners = with_parts()[pattern] is Audience.PRACTITIONER
    code = OWNED[pattern](someone("ben", is_practitioner=is_practitioners), now)
    missing = missing_like(code)
    for method in ("get", "post"):
        mine, absent = (
            told(getattr(Client(), method)(with_code(pattern, one)), one) for one in (code, missing)
        )
        assert mine == absent
        assert "/accounts/login/" in mine[1] or mine[0] == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("pattern", BY_LINK)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_opens_its_own_and_what_is_nearly_right_answers_like_none(pattern, method, now):
    right, wrong = BY_LINK[pattern](now)
    none = told(getattr(Client(), method)(with_code(pattern, NOBODYS)), NOBODYS)
    answers = {one: told(getattr(Client(), method)(with_code(pattern, one)), one) for one in wrong}
    assert {one: answer for one, answer in answers.items() if answer != none} == {}
    assert told(getattr(Client(), method)(with_code(pattern, right)), right) != none or (
        none[0] == HTTPStatus.METHOD_NOT_ALLOWED
    )


@pytest.mark.parametrize("pattern", BY_BROWSER)
def test_what_one_browser_holds_is_not_there_in_another(pattern, now):
    listing = a_listing(now)
    address = with_code(pattern, listing.code)
    before = {method: getattr(Client(), method)(address) for method in ("get", "post")}
    mine = Client()
    choose(mine, listing, datetime.combine(monday(now), time(10), UTC))
    confirm_address(mine, listing, "ada.planted@home.example")
    assert Appointment.objects.filter(state="held").count() == 1
    for method, was in before.items():
        answer = getattr(Client(), method)(address)
        assert (answer.status_code, answer.get("Location")) == (
            was.status_code,
            was.get("Location"),
        )
        assert b"ada.planted" not in answer.content
    assert Appointment.objects.filter(state="held").count() == 1
    summary = reverse("book_summary", args=[listing.code])
    assert mine.get(summary).status_code == HTTPStatus.OK
    assert Client().get(summary).status_code == HTTPStatus.FOUND


def test_the_code_of_an_address_confirms_nothing_without_its_digits(now):
    contact = a_contact(now, confirmed=False)
    answers = [
        Client().post(
            f"/api/v1/contacts/{code}/confirm", {"code": "000000"}, content_type="application/json"
        )
        for code in (contact.code, NOBODYS)
    ]
    assert [one.status_code for one in answers] == [422, 422]
    assert answers[0].json() == answers[1].json()
    assert contact_token(contact) not in answers[0].content.decode()
