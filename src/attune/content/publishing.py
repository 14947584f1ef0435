"""What a workflow does at its end. Wagtail asks for this before any model is there."""

from typing import Any


def publish_approved(workflow_state: Any, user: Any = None) -> None:
    """Publish what every step approved: nobody needs leave to publish past the steps for it."""
    revision = workflow_state.content_object.get_latest_revision()
    revision.publish(user=user, skip_permission_checks=True)
