"""The registry of sealed columns: rotation and the search for traces rely on it."""

from django.apps import apps
from django.db.models import BinaryField

from attune.accounts.sealed_fields import sealed_fields


def test_every_sealed_column_is_registered_and_every_registered_one_exists():
    columns = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.fields
        if isinstance(field, BinaryField) and field.name.endswith("_sealed")
    }
    assert columns == {(one.model, one.column) for one in sealed_fields()}


def test_what_a_column_is_bound_to_is_a_field_of_its_row():
    for one in sealed_fields():
        assert not one.row or one.model_class._meta.get_field(one.row)


def test_no_two_columns_are_bound_to_the_same():
    bound = [(one.label, one.field) for one in sealed_fields()]
    assert len(bound) == len(set(bound))
