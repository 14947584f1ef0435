"""Accounts on the staff pages."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from attune.accounts.actions import invite
from attune.accounts.models import Invitation, User
from attune.accounts.sealing import email_hash


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Accounts without their addresses: that somebody is a member is told to nobody.

    Somebody who writes to us is found by the whole address that they write from.
    """

    list_display = ("code", "name", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active")
    search_fields = ("code", "name")
    search_help_text = _("A name, a code, or a whole e-mail address")
    fields = ("code", "name", "is_active", "is_staff", "groups", "last_login", "created_at")
    readonly_fields = ("code", "last_login", "created_at")
    actions = ("give_new_code",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        if "@" in search_term:
            return queryset.filter(email_hash=email_hash(search_term)), False
        return super().get_search_results(request, queryset, search_term)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Erasing is its owner's own deed, and destroys more than this row."""
        return False

    @admin.action(description="Give a new one-time code (the person lost their sign-in)")
    def give_new_code(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            code = invite(
                email=user.email, name=user.name, is_staff=user.is_staff, at=timezone.now()
            )
            messages.warning(
                request,
                _("One-time code for %(who)s, shown once, good for 24 hours: %(code)s")
                % {"who": user, "code": code},
            )


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ("name", "is_staff", "expires_at", "used_at")
    search_fields = ("name",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False
