"""The vocabulary on the staff pages. Terms come from the data files; here they are looked up."""

from typing import Any

from django.contrib import admin
from django.db.models import URLField
from django.http import HttpRequest
from django.utils import timezone

from attune.vocabulary.models import (
    AccessNeed,
    ClientGroup,
    Community,
    CrisisContact,
    EvidenceStatement,
    HelpRoute,
    Language,
    PaymentRoute,
    Place,
    PresentingIssue,
    Register,
    StyleScale,
    TherapyType,
)
from attune.vocabulary.signals import vocabulary_changed


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


@admin.register(EvidenceStatement)
class EvidenceStatementAdmin(LookUpAdmin):
    """The words come from the data file; that a named person has checked them is set here."""

    list_display = (
        "issue",
        "therapy_type",
        "population",
        "direction",
        "holds_for_adults",
        "checked_by",
        "suspended_on",
    )
    list_filter = ("direction", "holds_for_adults", "suspended_on", "issue")
    list_select_related = ("issue", "therapy_type")
    search_fields = ("sentence", "source", "issue__label", "therapy_type__label")
    readonly_fields = (
        "issue",
        "therapy_type",
        "population",
        "holds_for_adults",
        "direction",
        "strength",
        "sentence",
        "source",
        "source_url",
        "as_of",
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        vocabulary_changed.send(sender=EvidenceStatement, at=timezone.now())


@admin.register(CrisisContact, HelpRoute)
class ContactAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """A site may keep its own words and numbers: a later check here outlasts the data file's."""

    list_display = ("name", "nation", "phone", "text_number", "hours", "checked_on")
    list_filter = ("nation", "checked_on")
    search_fields = ("name", "slug", "phone", "source")
    date_hierarchy = "checked_on"
    formfield_overrides = {URLField: {"assume_scheme": "https"}}  # noqa: RUF012 - as Django types it

    # Pages that show contacts keep them ready as long as the words stay the same.
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        vocabulary_changed.send(sender=type(obj), at=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        vocabulary_changed.send(sender=type(obj), at=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        super().delete_queryset(request, queryset)
        vocabulary_changed.send(sender=queryset.model, at=timezone.now())
