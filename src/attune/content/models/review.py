"""How a clinician reviews a page."""

from calendar import monthrange
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import AbstractGroupApprovalTask, Revision, TaskState

from attune.content.models.kept import Reviewer
from attune.content.models.settings import ReviewSettings


def stamp(revision: Revision, reviewer: Reviewer, *, on: date) -> None:
    """Write into a revision that a clinician reviewed its words."""
    page = revision.as_object()
    months = ReviewSettings.load().months
    revision.content |= {
        "reviewed_by": reviewer.pk,
        "reviewed_on": on.isoformat(),
        "next_review_on": months_after(on, months).isoformat(),
        "reviewed_digest": page.digest(),
    }
    revision.save(update_fields=["content"])


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + year, month + 1)[1]
    return date(day.year + year, month + 1, min(day.day, last))


class ClinicalReviewTask(AbstractGroupApprovalTask):
    """Review by a clinician. Where there is none, or the page needs none, it is passed over.

    A page that was passed over says that it was not reviewed.
    """

    def start(self, workflow_state: Any, user: Any = None) -> TaskState:
        state: TaskState = super().start(workflow_state, user=user)
        # As it was handed in, not as it is published.
        page = workflow_state.content_object.get_latest_revision_as_object()
        if not (getattr(page, "needs_clinical_review", False) and Reviewer.exists_here()):
            state.status = TaskState.STATUS_SKIPPED
            state.finished_at = timezone.now()
            state.comment = _("Passed over: no clinician reviews such pages here.")
            state.save()
        return state

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return bool(super().user_can_access_editor(obj, user)) and hasattr(user, "reviewer")

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        # Without a name and a registration, nobody reviews; an administrator is not a clinician.
        if not (hasattr(user, "reviewer") and self._user_in_groups(user)):
            return []
        return [
            ("reject", _("Send back"), True),
            ("approve", _("Approve as a clinician"), False),
            ("approve", _("Approve with a comment"), True),
        ]

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **data: Any) -> None:
        if action_name == "approve":
            stamp(task_state.revision, user.reviewer, on=timezone.localdate())
        super().on_action(task_state, user, action_name, **data)

    @classmethod
    def get_description(cls) -> str:
        return _("A clinician approves the words; the page then says who, and when")
