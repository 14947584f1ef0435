"""Nobody of the staff can open what a member told us: no page of theirs does (S16)."""

import pytest
from django.contrib import admin
from django.urls import reverse

from attune.accounts.ledger import lines_about
from attune.accounts.models import Contact, Invitation, User
from attune.accounts.sealing import seal
from attune.booking.access import Details, sealed_details
from attune.booking.adoption import hand_over
from attune.booking.models import Appointment
from attune.enquiries.models import Enquiry
from booking.browsing import choose, confirm_address
from diaries import a_listing, monday
from privacy.members import ADA, member, signed_in

# A walk over every page.
pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOTE, NAME, ANSWER = "planted note of Ada", "planted name of Ada", "planted answer of Ada"


@pytest.fixture
def clock(now, time_machine):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def ada(client, now, clock):
    """A member with an appointment, answers and an invitation, each with a planted text."""
    ada = member(ADA)
    listing = a_listing(now)
    choose(client, listing, monday_at_ten(now))
    confirm_address(client, listing, ADA)
    appointment = Appointment.objects.get()
    details = Details(name=NAME, note=NOTE, phone="01926 000000")
    appointment.details_sealed = sealed_details(appointment, details)
    appointment.save()
    hand_over(appointment, ada)
    Enquiry.objects.create(
        code="planted",
        answers_sealed=seal(ANSWER, model="t", row="planted", field="f", key=ada.key),
        created_at=now,
        updated_at=now,
        expires_at=now,
    )
    return ada


def monday_at_ten(now):
    from datetime import UTC, datetime, time

    return datetime.combine(monday(now), time(10), UTC)


@pytest.fixture
def staff(clock):
    return signed_in(member("dev@example.org", is_staff=True, is_superuser=True), method="mfa")


def pages_of_the_staff():
    """Yield the list and a page of each row, of every table that the staff pages have."""
    yield reverse("admin:index")
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"admin:{name}_changelist")
        for row in model._default_manager.all()[:20]:
            yield reverse(f"admin:{name}_change", args=[row.pk])
            yield reverse(f"admin:{name}_history", args=[row.pk])
    for name in ("complaints", "statistics"):
        yield reverse(name)


def test_no_page_of_the_staff_shows_what_a_member_told_us(ada, staff):
    assert Contact.objects.exists()
    shown = 0
    for address in pages_of_the_staff():
        answer = staff.get(address)
        assert answer.status_code in (200, 302, 403), address
        shown += answer.status_code == 200
        text = answer.content.decode()
        for planted in (ADA, NOTE, NAME, ANSWER, "01926 000000"):
            assert planted not in text, address
    assert shown > 20


def test_a_member_reads_that_the_staff_looked_for_their_address(ada, staff):
    staff.get(reverse("admin:accounts_user_changelist"), {"q": "Ada@Home.example "})
    (line,) = lines_about(ada)
    assert line.what == "whether your address has an account"
    assert line.by_code == User.objects.with_email("dev@example.org").get().code


def test_an_address_that_nobody_has_leaves_no_line(ada, staff):
    staff.get(reverse("admin:accounts_user_changelist"), {"q": "nobody@home.example"})
    assert not lines_about(ada).exists()


def test_a_member_reads_that_the_staff_looked_at_their_account(ada, staff):
    staff.get(reverse("admin:accounts_user_change", args=[ada.pk]))
    page = signed_in(ada).get(reverse("ledger")).content.decode()
    assert "Since when you have an account, and its state" in page
    assert "Wednesday 18 November 2026, 10:00am" in page


def test_the_staff_cannot_make_a_code_that_opens_a_members_account(ada, staff):
    data = {"action": "give_new_code", "_selected_action": [ada.pk]}
    answer = staff.post(reverse("admin:accounts_user_changelist"), data, follow=True)
    assert b"signs in by a code in their mailbox" in answer.content
    assert not Invitation.objects.exists()


def test_who_has_a_role_gets_a_code_and_a_line(staff):
    ben = member("ben@practice.example", is_staff=True)
    data = {"action": "give_new_code", "_selected_action": [ben.pk]}
    answer = staff.post(reverse("admin:accounts_user_changelist"), data, follow=True)
    assert b"One-time code for" in answer.content
    assert lines_about(ben).get().what == "a one-time code that opens your account"
