"""Accounts on the staff pages."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from attune.accounts.actions import invite
from attune.accounts.audience import Audience, audience, needs_second_factor
from attune.accounts.ledger import record_opening
from attune.accounts.models import Invitation, User
from attune.accounts.sealing import email_hash


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Accounts without their addresses: that somebody is a member is told to nobody.

    Somebody who writes to us is found by the whole address that they write from. Who was looked for
    or at reads of it in their ledger.
    """

    list_display = ("code", "name", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active")
    search_fields = ("code", "name")
    search_help_text = _("A name, a code, or a whole email address")
    fields = ("code", "name", "is_active", "is_staff", "groups", "last_login", "created_at")
    readonly_fields = ("code", "last_login", "created_at")
    actions = ("give_new_code",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        if "@" in search_term:
            found = queryset.filter(email_hash=email_hash(search_term))
            for user in found:
                _note(request, user, what=_("whether your address has an account"))
            return found, False
        return super().get_search_results(request, queryset, search_term)

    @audience(Audience.STAFF)
    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        user = self.get_object(request, object_id)
        if user is not None and request.method == "GET":
            _note(request, user, what=_("since when you have an account, and its state"))
        return super().change_view(request, object_id, *args, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Erasing is its owner's own deed, and destroys more than this row."""
        return False

    @admin.action(description="Give a new one-time code (the person lost their sign-in)")
    def give_new_code(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Let somebody with a role sign in anew; a code for a member would open what is theirs."""
        for user in queryset:
            if not needs_second_factor(user):
                messages.error(
                    request,
                    _("%(who)s is a member, who signs in by a code in their mailbox.")
                    % {"who": user},
                )
                continue
            _note(request, user, what=_("a one-time code that opens your account"))
            code = invite(
                email=user.email, name=user.name, is_staff=user.is_staff, at=timezone.now()
            )
            messages.warning(
                request,
                _("One-time code for %(who)s, shown once, good for 24 hours: %(code)s")
                % {"who": user, "code": code},
            )


def _note(request: HttpRequest, user: User, *, what: str) -> None:
    """Write into somebody's ledger what the staff looked at."""
    record_opening(
        about=user.email_hash,
        by=cast("User", request.user),
        what=what,
        purpose=_("to answer somebody who wrote to this service"),
        at=timezone.now(),
    )


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ("name", "is_staff", "expires_at", "used_at")
    search_fields = ("name",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False
