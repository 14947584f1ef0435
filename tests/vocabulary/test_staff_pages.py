"""The vocabulary on the staff pages: looked up, not edited."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import RequestFactory

from attune.vocabulary.models import Place, PresentingIssue

pytestmark = pytest.mark.django_db
MODELS = [model for model in admin.site._registry if model._meta.app_label == "vocabulary"]


@pytest.fixture
def request_by_staff():
    request = RequestFactory().get("/staff/")
    request.user = get_user_model()(code="dev", is_staff=True, is_superuser=True)
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
