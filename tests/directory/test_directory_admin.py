import re

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attune.accounts.actions import note_second_factor
from attune.accounts.models import User
from attune.directory.entries import Registration
from attune.directory.models import Credential, DirectoryChange, Fee, Listing, Verification
from attune.directory.queries import is_verified_on
from directory.listings import CHECK, NOW, TODAY, listed

pytestmark = pytest.mark.django_db
LISTINGS = reverse("admin:directory_listing_changelist")


@pytest.fixture
def staff(client, time_machine):
    """Dev, signed in with a second factor; the clock stands still."""
    time_machine.move_to(NOW, tick=False)
    dev = User.objects.create_user("dev@demo.example", name="Dev", is_staff=True, is_superuser=True)
    client.defaults["wsgi.url_scheme"] = "https"
    client.force_login(dev)
    request = RequestFactory().post("/")
    request.session, request.user = client.session, dev
    note_second_factor(request, dev, kind="test")
    request.session.save()
    return client


def change(staff, row, **values):
    """Open a row's page, put these values into its form, and save it."""
    address = reverse(f"admin:directory_{row._meta.model_name}_change", args=[row.pk])
    form = staff.get(address).context["adminform"].form
    sets = staff.get(address).context["inline_admin_formsets"]
    data = {}
    for one in [form, *(f for s in sets for f in [s.formset.management_form, *s.formset.forms])]:
        for bound in one:
            value = bound.value()
            if isinstance(value, list) and bound.name == "channels":
                value = ",".join(value)
            if bound.field.__class__.__name__ == "SplitDateTimeField":
                parts = bound.subwidgets[0].data["subwidgets"]
                data.update({part["name"]: part["value"] or "" for part in parts})
            elif value is not None and value is not False:
                data[bound.html_name] = value
    answer = staff.post(address, {**data, **values}, follow=True)
    found = re.findall(r'class="errorlist[^>]*>(.*?)</ul>', answer.content.decode(), re.DOTALL)
    assert not found, found
    return answer


def act(staff, action, *listings):
    data = {"action": action, "_selected_action": [one.pk for one in listings]}
    return staff.post(LISTINGS, data, follow=True).content.decode()


def test_publishing_is_refused_with_what_is_missing(staff):
    listing = listed(state="draft", registration=Registration("bacp", "T-1"), fees=())
    page = act(staff, "publish_listings", listing)
    assert "No registration has been checked, or the check has run out." in page
    assert "No fee is given." in page
    assert Listing.objects.get().state == "draft"


def test_a_complete_listing_is_published_and_withdrawn(staff):
    listing = listed(state="draft")
    assert "is published" in act(staff, "publish_listings", listing)
    assert Listing.objects.get().state == "published"
    assert "is withdrawn" in act(staff, "withdraw_listings", listing)
    assert Listing.objects.get().state == "withdrawn"


def test_openings_are_confirmed_for_today(staff):
    listing = listed(confirmed_on=None)
    act(staff, "confirm_listings", listing)
    assert Listing.objects.get().confirmed_on == TODAY


def test_saving_a_listing_records_a_change(staff):
    listing = listed()
    DirectoryChange.objects.all().delete()
    change(staff, listing, title="Psychotherapist")
    assert Listing.objects.get().title == "Psychotherapist"
    assert {one.listing_id for one in DirectoryChange.objects.all()} == {listing.pk}


def test_a_listing_whose_last_fee_goes_is_withdrawn(staff):
    listing = listed()
    page = change(staff, listing, **{"fees-0-DELETE": "on"}).content.decode()
    assert not Fee.objects.exists()
    assert "The listing is withdrawn. No fee is given." in page
    assert Listing.objects.get().state == "withdrawn"


@pytest.mark.parametrize(("field", "value"), [("name", "Ben Married"), ("email", "b@demo.example")])
def test_a_new_name_or_address_ends_the_checks(staff, field, value):
    listing = listed()
    page = change(staff, listing.practitioner, **{field: value}).content.decode()
    assert "The checks have ended" in page
    assert not is_verified_on(listing.practitioner, TODAY)
    assert Listing.objects.get().state == "withdrawn"


def test_a_new_number_of_the_register_ends_the_checks(staff):
    listing = listed()
    change(staff, Credential.objects.get(kind="registration"), number="T-99")
    assert not is_verified_on(listing.practitioner, TODAY)


def test_new_pronouns_end_no_check(staff):
    listing = listed()
    change(staff, listing.practitioner, pronouns="they/them")
    assert is_verified_on(listing.practitioner, TODAY)
    assert Listing.objects.get().state == "published"


def test_a_check_typed_by_staff_verifies_and_is_recorded(staff):
    listing = listed(registration=Registration("bacp", "T-1"), state="draft")
    DirectoryChange.objects.all().delete()
    change(
        staff,
        Credential.objects.get(kind="registration"),
        **{
            "verifications-0-checked_on": str(CHECK.checked_on),
            "verifications-0-checked_by": CHECK.checked_by,
            "verifications-0-expires_on": str(CHECK.expires_on),
        },
    )
    assert Verification.objects.filter(credential__kind="registration").count() == 1
    assert is_verified_on(listing.practitioner, TODAY)
    assert DirectoryChange.objects.get().listing_id == listing.pk


def test_deleting_records_a_change(staff):
    listing = listed()
    DirectoryChange.objects.all().delete()
    address = reverse("admin:directory_practitioner_delete", args=[listing.practitioner_id])
    staff.post(address, {"post": "yes"})
    assert not Listing.objects.exists()
    assert DirectoryChange.objects.get().listing_id == listing.pk


@pytest.mark.parametrize("model", ["practitioner", "listing", "credential"])
def test_lists_cost_the_same_for_one_row_and_three(staff, model):
    address = reverse(f"admin:directory_{model}_changelist")
    listed(1)
    costs = []
    for more in ((), (2, 3)):
        for number in more:
            listed(number)
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(address, {"q": "ben"}).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]
