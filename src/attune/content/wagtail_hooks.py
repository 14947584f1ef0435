"""What Wagtail takes from us when it starts: editors, menus, reports; and what it leaves out."""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.account import AvatarSettingsPanel
from wagtail.documents.wagtail_hooks import DocumentsSummaryItem
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.permissions import register_permission_policy
from wagtail.signals import (
    task_submitted,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)
from wagtail.snippets.models import register_snippet

from attune.content import editing
from attune.content.editor_views import content_checks, decide, differences, reviews
from attune.content.snippets import (
    EvidenceGroup,
    KeptGroup,
    LookedUpPolicy,
    VocabularyGroup,
)
from attune.vocabulary.models import EvidenceLeftOut, PresentingIssue, TherapyType

# Sections of libraries whose pages nobody may use here.
NOT_HERE = {"documents", "users", "groups", "sites", "collections", "help"}

editing.set_up()
register_form_field_override(models.URLField, override={"assume_scheme": "https"})
for model in (EvidenceLeftOut, PresentingIssue, TherapyType):
    register_permission_policy(model, LookedUpPolicy(model))
for group in (KeptGroup, EvidenceGroup, VocabularyGroup):
    register_snippet(group)

# It would keep a picture as it came, place and camera included, that no page shows.
AvatarSettingsPanel.is_active = lambda _panel: False

# Its mail names pages in the subject; ours (``mail.py``) says that something waits.
for signal, sender, name in (
    (task_submitted, TaskState, "group_approval_task_submitted_email_notification"),
    (workflow_submitted, WorkflowState, "workflow_state_submitted_email_notification"),
    (workflow_rejected, WorkflowState, "workflow_state_rejected_email_notification"),
    (workflow_approved, WorkflowState, "workflow_state_approved_email_notification"),
):
    signal.disconnect(sender=sender, dispatch_uid=name)


@hooks.register("register_admin_urls")
def report_addresses() -> list[Any]:
    return [
        path("reviews/", reviews, name="editor_reviews"),
        path("content-checks/", content_checks, name="editor_checks"),
        path("differences/", differences, name="editor_differences"),
        path("differences/<str:kind>/<int:number>/", decide, name="editor_decide"),
    ]


def _report(label: Any, name: str, icon: str, order: int) -> None:
    @hooks.register("register_reports_menu_item")
    def item() -> MenuItem:
        return MenuItem(label, reverse(name), name=name, icon_name=icon, order=order)


_report(_("Reviews due"), "editor_reviews", "date", 10)
_report(_("Content checks"), "editor_checks", "tick", 20)
_report(_("Differences from the project"), "editor_differences", "resubmit", 30)


@hooks.register("construct_main_menu")
@hooks.register("construct_settings_menu")
def leave_out(request: Any, menu_items: list[MenuItem]) -> None:
    menu_items[:] = [one for one in menu_items if one.name not in NOT_HERE]


@hooks.register("construct_homepage_summary_items", order=200)
def leave_documents_uncounted(request: Any, items: list[Any]) -> None:
    items[:] = [one for one in items if not isinstance(one, DocumentsSummaryItem)]


@hooks.register("after_edit_page")
def go_on_with_what_waits(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Lead whoever approved or sent back a page to what else waits for them.

    A clinician may not look through the pages, which Wagtail would show them.
    """
    return redirect("wagtailadmin_home") if request.POST.get("action-workflow-action") else None
