"""The directory on the staff pages. Whatever is saved here is recorded for the finder."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from attune.directory.actions import (
    CannotPublish,
    confirm_still_true,
    publish,
    record_change_of,
    reopen_verification,
    withdraw,
)
from attune.directory.dates import day_of
from attune.directory.models import (
    Credential,
    Fee,
    ListedIssue,
    Listing,
    Practice,
    Practitioner,
    TherapyOffered,
    Verification,
    WeeklyPlace,
)
from attune.directory.queries import missing_to_publish


class DirectoryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Records a change of the listing with everything that is saved or deleted."""

    # What, when it changes, makes every check of the practitioner's credentials void.
    identifying: tuple[str, ...] = ()

    def practitioner_of(self, row: Any) -> Practitioner:
        return row.practitioner  # type: ignore[no-any-return]

    def save_related(
        self,
        request: HttpRequest,
        form: Any,
        formsets: Any,
        change: bool,  # noqa: FBT001 - Django's
    ) -> None:
        super().save_related(request, form, formsets, change)
        practitioner = self.practitioner_of(form.instance)
        if change and set(form.changed_data) & set(self.identifying):
            reopen_verification(practitioner, at=timezone.now())
            messages.warning(
                request, _("What was checked has changed. The checks have ended; check again.")
            )
        record_change_of(practitioner, at=timezone.now())
        self._withdraw_if_incomplete(request, practitioner)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        self.delete_queryset(request, type(obj)._default_manager.filter(pk=obj.pk))  # noqa: SLF001

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with transaction.atomic():
            for practitioner in {self.practitioner_of(row) for row in queryset}:
                record_change_of(practitioner, at=timezone.now())
            super().delete_queryset(request, queryset)

    def _withdraw_if_incomplete(self, request: HttpRequest, practitioner: Practitioner) -> None:
        """Take a published listing off the pages when a fee or a practice has gone."""
        listing = Listing.objects.filter(
            practitioner=practitioner, state=Listing.State.PUBLISHED
        ).first()
        if listing and (missing := missing_to_publish(listing, day_of(timezone.now()))):
            withdraw(listing, at=timezone.now())
            messages.warning(request, " ".join((_("The listing is withdrawn."), *missing)))


class CredentialInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Credential
    extra = 0
    show_change_link = True


class PracticeInline(admin.StackedInline):  # type: ignore[type-arg]
    model = Practice
    extra = 0


@admin.register(Practitioner)
class PractitionerAdmin(DirectoryAdmin):
    list_display = ("name", "email", "listing_state")
    list_filter = ("listing__state", "gender")
    list_select_related = ("listing",)
    search_fields = ("name", "sort_name", "email", "code", "credentials__number")
    ordering = ("sort_name",)
    readonly_fields = ("code",)
    raw_id_fields = ("user",)
    filter_horizontal = ("languages", "communities")
    inlines = (CredentialInline, PracticeInline)
    identifying = ("name", "email")

    def practitioner_of(self, row: Practitioner) -> Practitioner:
        return row

    @admin.display(description="listing", ordering="listing__state")
    def listing_state(self, row: Practitioner) -> str:
        return row.listing.get_state_display() if hasattr(row, "listing") else _("none")


class VerificationInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Verification
    extra = 1


@admin.register(Credential)
class CredentialAdmin(DirectoryAdmin):
    list_display = ("practitioner", "kind", "register", "therapy_type", "number", "checked_until")
    list_filter = ("kind", "register")
    list_select_related = ("practitioner", "register", "therapy_type")
    search_fields = ("practitioner__name", "practitioner__sort_name", "number")
    raw_id_fields = ("practitioner",)
    inlines = (VerificationInline,)
    identifying = ("register", "number")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Credential]:
        return super().get_queryset(request).prefetch_related("verifications")

    @admin.display(description="checked until")
    def checked_until(self, row: Credential) -> str:
        latest = max((one.expires_on for one in row.verifications.all()), default=None)
        return latest.isoformat() if latest else _("not checked")


class ListedIssueInline(admin.TabularInline):  # type: ignore[type-arg]
    model = ListedIssue
    extra = 0


class TherapyOfferedInline(admin.TabularInline):  # type: ignore[type-arg]
    model = TherapyOffered
    extra = 0


class FeeInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Fee
    extra = 0


class WeeklyPlaceInline(admin.TabularInline):  # type: ignore[type-arg]
    model = WeeklyPlace
    extra = 0


class ListingForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_consented_at(self) -> Any:
        consented_at = self.cleaned_data["consented_at"]
        if self.instance.state == Listing.State.PUBLISHED and not consented_at:
            raise forms.ValidationError(_("Withdraw the listing before you take out the consent."))
        return consented_at


@admin.register(Listing)
class ListingAdmin(DirectoryAdmin):
    form = ListingForm
    list_display = (
        "practitioner",
        "title",
        "state",
        "booking_mode",
        "paused_until",
        "confirmed_on",
    )
    list_filter = ("state", "booking_mode", "confirmed_on", "paused_until")
    list_select_related = ("practitioner",)
    search_fields = ("practitioner__name", "practitioner__sort_name", "code", "title")
    ordering = ("practitioner__sort_name",)
    # Changed by the actions below, which look at what is missing.
    readonly_fields = ("code", "state", "created_at", "version")
    raw_id_fields = ("practitioner",)
    filter_horizontal = ("client_groups", "payment_routes")
    inlines = (ListedIssueInline, TherapyOfferedInline, FeeInline, WeeklyPlaceInline)
    actions = ("publish_listings", "withdraw_listings", "confirm_listings")

    @admin.action(description="Publish")
    def publish_listings(self, request: HttpRequest, queryset: QuerySet[Listing]) -> None:
        for listing in queryset.select_related("practitioner"):
            try:
                publish(listing, at=timezone.now())
            except CannotPublish as error:
                messages.error(request, f"{listing}: {error}")
            else:
                messages.success(request, _("%(name)s is published.") % {"name": listing})

    @admin.action(description="Withdraw")
    def withdraw_listings(self, request: HttpRequest, queryset: QuerySet[Listing]) -> None:
        for listing in queryset.select_related("practitioner"):
            withdraw(listing, at=timezone.now())
            messages.success(request, _("%(name)s is withdrawn.") % {"name": listing})

    @admin.action(description="Confirm: the practitioner said today that openings are right")
    def confirm_listings(self, request: HttpRequest, queryset: QuerySet[Listing]) -> None:
        for listing in queryset.select_related("practitioner"):
            confirm_still_true(listing, at=timezone.now())
            messages.success(request, _("%(name)s is confirmed.") % {"name": listing})
