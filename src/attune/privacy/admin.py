"""What leads from the staff pages to ours."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from attune.accounts.audience import Audience, audience
from attune.privacy.models import Complaint, WeekTotal


class Elsewhere(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Stands in the list of the staff pages, and leads to a page of ours."""

    page = ""

    @audience(Audience.STAFF)
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect(self.page)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Complaint)
class ComplaintAdmin(Elsewhere):
    page = "complaints"

    def get_queryset(self, request: HttpRequest) -> Any:
        """Open nothing here: the ledger would not know of it."""
        return Complaint.objects.none()


@admin.register(WeekTotal)
class WeekTotalAdmin(Elsewhere):
    page = "statistics"
