"""The vocabulary on the staff pages, where it is looked up: terms come from the data files.

Evidence and contacts are kept by editors, at /editor/.
"""

from typing import Any

from django.contrib import admin
from django.db.models import URLField
from django.http import HttpRequest

from attune.vocabulary.models import (
    AccessNeed,
    ClientGroup,
    Community,
    Language,
    PaymentRoute,
    Place,
    PresentingIssue,
    Register,
    StyleScale,
    TherapyType,
)


class LookUpAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Rows that are read here and changed in the data files."""

    formfield_overrides = {URLField: {"assume_scheme": "https"}}  # noqa: RUF012 - as Django types it

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AxisAdmin(LookUpAdmin):
    search_fields = ("label", "slug", "synonyms")


@admin.register(AccessNeed, Community, Language, PaymentRoute, StyleScale)
class TermAdmin(AxisAdmin):
    list_display = ("label", "slug", "replaced_by")
    list_select_related = ("replaced_by",)


@admin.register(ClientGroup)
class ClientGroupAdmin(AxisAdmin):
    list_display = ("label", "slug", "is_open", "priced_as")
    list_filter = ("is_open",)


@admin.register(PresentingIssue)
class PresentingIssueAdmin(AxisAdmin):
    list_display = ("label", "slug", "group", "is_safety_topic", "needs_training_in")
    list_filter = ("group", "is_safety_topic", "fits_ipt_focus")
    list_select_related = ("group",)


@admin.register(TherapyType)
class TherapyTypeAdmin(AxisAdmin):
    list_display = ("label", "slug", "group", "shape")
    list_filter = ("group", "shape")
    list_select_related = ("group",)


@admin.register(Register)
class RegisterAdmin(LookUpAdmin):
    list_display = ("short_name", "name", "check_url", "is_pattern_confirmed")
    list_filter = ("is_pattern_confirmed",)
    search_fields = ("short_name", "name")


@admin.register(Place)
class PlaceAdmin(LookUpAdmin):
    list_display = ("name", "code", "kind", "country", "region", "accuracy_km", "source")
    list_filter = ("kind", "country", "source")
    search_fields = ("code", "normalised")
    # Counting millions of postcodes for each page would take seconds.
    show_full_result_count = False
