"""The vocabulary on the staff pages: looked up, not edited, but for checks and contacts."""

from datetime import date

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import RequestFactory

from attune.vocabulary.models import (
    CrisisContact,
    EvidenceStatement,
    HelpRoute,
    Place,
    PresentingIssue,
)
from attune.vocabulary.signals import vocabulary_changed

pytestmark = pytest.mark.django_db
MODELS = [model for model in admin.site._registry if model._meta.app_label == "vocabulary"]


@pytest.fixture
def request_by_staff():
    request = RequestFactory().get("/staff/")
    request.user = get_user_model()(email="dev@example.org", is_staff=True, is_superuser=True)
    return request


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_list_can_be_searched_with_a_fixed_number_of_queries(
    model, request_by_staff, django_assert_max_num_queries
):
    page = admin.site._registry[model]
    assert page.search_fields
    changes = page.get_changelist_instance(request_by_staff)
    found, _ = page.get_search_results(request_by_staff, changes.queryset, "a")
    with django_assert_max_num_queries(1):
        for row in found[:50]:
            for column in page.list_display:
                str(getattr(row, column))


@pytest.mark.parametrize("model", [PresentingIssue, Place])
def test_terms_and_places_are_changed_in_the_data_files_only(model, request_by_staff):
    page = admin.site._registry[model]
    assert not page.has_add_permission(request_by_staff)
    assert not page.has_change_permission(request_by_staff)
    assert not page.has_delete_permission(request_by_staff)


@pytest.mark.parametrize("model", [CrisisContact, HelpRoute])
def test_a_site_may_change_its_contacts(model, request_by_staff):
    page = admin.site._registry[model]
    assert page.has_add_permission(request_by_staff)
    assert page.has_change_permission(request_by_staff)


def test_checking_a_statement_reaches_the_finder_and_cannot_change_its_words(request_by_staff):
    page = admin.site._registry[EvidenceStatement]
    one = EvidenceStatement.objects.first()
    form_class = page.get_form(request_by_staff, one)
    assert set(form_class.base_fields) == {"checked_by", "suspended_on"}
    told = []

    def hear(sender, at, **_):
        told.append(at)

    vocabulary_changed.connect(hear)
    try:
        form = form_class({"checked_by": "Dr Example", "suspended_on": ""}, instance=one)
        page.save_model(request_by_staff, form.save(commit=False), form, change=True)
    finally:
        vocabulary_changed.disconnect(hear)
    assert EvidenceStatement.objects.get(pk=one.pk).checked_by == "Dr Example"
    assert len(told) == 1
    assert told[0].date() >= date(2026, 1, 1)
